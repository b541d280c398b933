# expects: has a bias, too
my_units = (12, 34)
predicted_parameters = {{side}} * {{side}} * 12 + 12 * 34 + 34 * {{classes}}
predicted_shape = (10, {{classes}})
