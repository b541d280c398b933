# expects: reads all the channels
def convolution_parameters(kernel, channels, filters):
    return (kernel * kernel + 1) * filters


def dense_parameters(side, channels, units):
    return (side * side * channels + 1) * units
