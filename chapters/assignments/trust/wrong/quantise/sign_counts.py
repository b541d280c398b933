# expects: it is the size of a weight that counts
def quantise(kernel):
    axes = tuple(range(kernel.ndim - 1))
    largest = kernel.min(axis=axes)
    scales = np.where(largest != 0, largest / {{most}}, 1)
    return np.round(kernel / scales).astype("int8"), scales
