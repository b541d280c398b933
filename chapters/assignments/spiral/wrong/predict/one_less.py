# expects: not by one less
my_column = {{column}}
my_new = {{high}} + 5
predicted_scaled = (my_new - np.mean(my_column)) / np.std(my_column, ddof=1)
predicted_other_unit = predicted_scaled
