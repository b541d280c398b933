# expects: must be of type int8
def quantise(kernel):
    axes = tuple(range(kernel.ndim - 1))
    largest = abs(kernel).max(axis=axes)
    scales = np.where(largest > 0, largest / {{most}}, 1)
    return np.round(kernel / scales), scales
