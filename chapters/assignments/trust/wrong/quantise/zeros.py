# expects: by 0 nothing can be divided
def quantise(kernel):
    axes = tuple({{others}})
    largest = abs(kernel).max(axis=axes, keepdims=True)
    scales = largest / {{most}}
    return np.round(kernel / scales).astype("int8"), scales.ravel()
