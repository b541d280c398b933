def quantise(kernel):
    whole, scales = np.zeros(kernel.shape, "int8"), []
    units = np.moveaxis(kernel, {{axis}}, 0)
    for unit, place in zip(units, np.moveaxis(whole, {{axis}}, 0)):
        largest = max(unit.max(), -unit.min())
        scales.append(largest / {{most}} or 1)
        place[...] = np.floor(unit / scales[-1] + 0.5)
    return whole, scales
