# expects: so the scaled number stays
my_column = {{column}}
my_new = {{high}} + 5
predicted_scaled = (my_new - np.mean(my_column)) / np.std(my_column)
predicted_other_unit = {{factor}} * predicted_scaled + {{shift}}
