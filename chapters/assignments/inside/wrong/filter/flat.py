# expects: your patch is of one colour
def strongest(kernel):
    return np.where(kernel > 0, {{high}}, np.where(kernel < 0, {{low}}, 0))


def blind(kernel):
    return np.full(kernel.shape, {{high}} / 4)
