# expects: parameters, not
my_units = (12, 34)
predicted_parameters = ({{side}} * {{side}} + 1) * 12 + 13 * 34
predicted_shape = (10, {{classes}})
