# expects: parameters, not
my_units = (12, 34)
predicted_parameters = ({{side}} + 1) * 12 + 13 * 34 + 35 * {{classes}}
predicted_shape = (10, {{classes}})
