# expects: on 3 channels have
def convolution_parameters(kernel, channels, filters):
    return (kernel * kernel + 1) * channels * filters


def dense_parameters(side, channels, units):
    return (side * side * channels + 1) * units
