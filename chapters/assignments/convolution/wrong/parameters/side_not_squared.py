# expects: units on
def convolution_parameters(kernel, channels, filters):
    return (kernel * kernel * channels + 1) * filters


def dense_parameters(side, channels, units):
    return (side * channels + 1) * units
