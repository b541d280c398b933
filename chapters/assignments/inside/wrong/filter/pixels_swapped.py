# expects: what one pixel adds another must take away
def strongest(kernel):
    return np.where(kernel > 0, {{high}}, np.where(kernel < 0, {{low}}, 0))


def blind(kernel):
    patch = np.zeros(kernel.shape)
    up, down = kernel.max(), -kernel.min()
    most = max(up, down)
    patch.flat[kernel.argmax()] = up / most * {{high}}
    patch.flat[kernel.argmin()] = down / most * {{high}}
    return patch
