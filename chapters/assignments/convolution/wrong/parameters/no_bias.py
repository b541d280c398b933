# expects: one weight and one bias
def convolution_parameters(kernel, channels, filters):
    return kernel * kernel * channels * filters


def dense_parameters(side, channels, units):
    return side * side * channels * units
