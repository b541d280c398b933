# expects: where the kernel is zero
def strongest(kernel):
    return np.where(kernel >= 0, {{high}}, {{low}})


def blind(kernel):
    patch = np.zeros(kernel.shape)
    up, down = kernel.max(), -kernel.min()
    most = max(up, down)
    patch.flat[kernel.argmax()] = down / most * {{high}}
    patch.flat[kernel.argmin()] = up / most * {{high}}
    return patch
