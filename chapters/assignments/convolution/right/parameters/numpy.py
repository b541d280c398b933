def convolution_parameters(kernel, channels, filters):
    weights = np.zeros((kernel, kernel, channels, filters))
    return weights.size + filters


def dense_parameters(side, channels, units):
    return np.int64(side**2 * channels * units + units)
