# expects: standard deviations of
my_column = {{column}}
my_new = {{high}} + 5
smallest, largest = min(my_column), max(my_column)
predicted_scaled = (my_new - smallest) / (largest - smallest)
predicted_other_unit = predicted_scaled
