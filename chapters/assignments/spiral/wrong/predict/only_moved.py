# expects: the standard deviation divides what is left
my_column = {{column}}
my_new = {{high}} + 5
predicted_scaled = my_new - np.mean(my_column)
predicted_other_unit = predicted_scaled
