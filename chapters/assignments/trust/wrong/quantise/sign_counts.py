# expects: it is the size of a weight that counts
def quantise(kernel):
    axes = tuple({{others}})
    largest = kernel.min(axis=axes, keepdims=True)
    scales = np.where(largest != 0, largest / {{most}}, 1)
    return np.round(kernel / scales).astype("int8"), scales.ravel()
