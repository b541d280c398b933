# expects: those that the first one makes
my_filters = ({{fewest}} + 2, {{fewest}} + 5)
predicted_convolution = ({{kernel}} ** 2 + 1) * my_filters[1]
predicted_dense = (({{side}} // 4) ** 2 * my_filters[1] + 1) * {{classes}}
