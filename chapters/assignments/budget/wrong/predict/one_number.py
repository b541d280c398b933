# expects: must be two different numbers
my_filters = ({{fewest}}, {{fewest}})
predicted_convolution = ({{kernel}} ** 2 * {{fewest}} + 1) * {{fewest}}
predicted_dense = (({{side}} // 4) ** 2 * {{fewest}} + 1) * {{classes}}
