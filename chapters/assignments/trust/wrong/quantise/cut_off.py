# expects: may be off by half a scale
def quantise(kernel):
    axes = tuple({{others}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = np.where(largest > 0, largest / {{most}}, 1)
    return (kernel / scales).astype("int8"), scales.ravel()
