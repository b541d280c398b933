# expects: each halves the height and the width
my_filters = ({{fewest}} + 2, {{fewest}} + 5)
predicted_convolution = ({{kernel}} ** 2 * my_filters[0] + 1) * my_filters[1]
predicted_dense = (({{side}} // 2) ** 2 * my_filters[1] + 1) * {{classes}}
