# expects: the scales are the largest sizes
def quantise(kernel):
    axes = tuple(range(kernel.ndim - 1))
    largest = abs(kernel).max(axis=axes)
    scales = np.where(largest > 0, largest / {{one_more}}, 1)
    return np.round(kernel / scales).astype("int8"), scales
