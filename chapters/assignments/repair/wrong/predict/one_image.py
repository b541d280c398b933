# expects: 10 images give 10 rows
my_units = (12, 34)
predicted_parameters = (
    ({{side}} * {{side}} + 1) * 12 + 13 * 34 + 35 * {{classes}}
)
predicted_shape = ({{classes}},)
