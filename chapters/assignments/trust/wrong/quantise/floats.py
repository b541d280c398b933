# expects: must be of type int8
def quantise(kernel):
    axes = tuple({{others}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = np.where(largest > 0, largest / {{most}}, 1)
    return np.round(kernel / scales), scales.ravel()
