# expects: a scale for each of the 2 units
def quantise(kernel):
    axes = tuple(range(1, kernel.ndim))
    largest = abs(kernel).max(axis=axes)
    scales = np.where(largest > 0, largest / {{most}}, 1)
    return np.round(kernel.T / scales).T.astype("int8"), scales
