# expects: all units have the same scale
def quantise(kernel):
    axes = tuple(range(kernel.ndim - 1))
    largest = abs(kernel).max(axis=axes)
    scales = np.full(kernel.shape[-1], largest.max() / {{most}})
    return np.round(kernel / scales).astype("int8"), scales
