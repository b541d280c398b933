# expects: numbers are flattened
my_filters = ({{fewest}} + 2, {{fewest}} + 5)
predicted_convolution = ({{kernel}} ** 2 * my_filters[0] + 1) * my_filters[1]
predicted_dense = (my_filters[1] + 1) * {{classes}}
