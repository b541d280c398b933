# expects: by 0 nothing can be divided
def quantise(kernel):
    axes = tuple(range(kernel.ndim - 1))
    largest = abs(kernel).max(axis=axes)
    scales = largest / {{most}}
    return np.round(kernel / scales).astype("int8"), scales
