# expects: every kernel has a bias, too
my_filters = ({{fewest}} + 2, {{fewest}} + 5)
predicted_convolution = {{kernel}} ** 2 * my_filters[0] * my_filters[1]
predicted_dense = ({{side}} // 4) ** 2 * my_filters[1] * {{classes}}
