def quantise(kernel):
    rows = kernel.reshape(-1, kernel.shape[-1])
    whole, scales = np.zeros(rows.shape, "int8"), []
    for k, unit in enumerate(rows.T):
        largest = max(unit.max(), -unit.min())
        scales.append(largest / {{most}} or 1)
        whole[:, k] = np.floor(unit / scales[-1] + 0.5)
    return whole.reshape(kernel.shape), scales
