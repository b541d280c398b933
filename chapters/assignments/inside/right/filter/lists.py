def strongest(kernel):
    def pixel(weight):
        return 0 if weight == 0 else [{{low}}, {{high}}][int(weight > 0)]

    return [[pixel(weight) for weight in row] for row in kernel]


def blind(kernel):
    # As bright as the other side is heavy, for all pixels of a side.
    up, down = kernel.clip(0).sum(), -kernel.clip(max=0).sum()
    patch = np.where(kernel > 0, down, np.where(kernel < 0, up, 0))
    flat = patch.reshape(-1) / patch.max() * {{high}}
    if np.ptp(flat) < {{contrast}}:  # then a pair of pixels is enough
        first, other = kernel.argmax(), kernel.argmin()
        weights = abs(kernel.reshape(-1)[[other, first]])
        flat = np.zeros(kernel.size)
        flat[[first, other]] = weights / weights.max() * {{high}}
    return flat.reshape(kernel.shape)
