# expects: has a bias of its own
def convolution_parameters(kernel, channels, filters):
    return kernel * kernel * channels * filters + 1


def dense_parameters(side, channels, units):
    return side * side * channels * units + 1
