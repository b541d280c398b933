# expects: is no part of the training column
my_column = {{column}}
my_new = {{high}} + 5
everything = [*my_column, my_new]
predicted_scaled = (my_new - np.mean(everything)) / np.std(everything)
predicted_other_unit = predicted_scaled
