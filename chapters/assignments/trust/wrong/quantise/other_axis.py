# expects: a scale for each of the 2 units
def quantise(kernel):
    axes = tuple({{mixed_up}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = np.where(largest > 0, largest / {{most}}, 1)
    return np.round(kernel / scales).astype("int8"), scales.ravel()
