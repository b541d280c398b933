# expects: all units have the same scale
def quantise(kernel):
    axes = tuple({{others}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = np.full(largest.shape, largest.max() / {{most}})
    return np.round(kernel / scales).astype("int8"), scales.ravel()
