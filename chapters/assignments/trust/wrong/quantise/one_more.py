# expects: the scales are the largest sizes
def quantise(kernel):
    axes = tuple({{others}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = np.where(largest > 0, largest / {{one_more}}, 1)
    return np.round(kernel / scales).astype("int8"), scales.ravel()
