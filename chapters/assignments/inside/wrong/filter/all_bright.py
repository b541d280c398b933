# expects: bright where the kernel is positive
def strongest(kernel):
    return np.where(kernel > 0, {{low}}, {{high}}) * 1.0


def blind(kernel):
    patch = np.zeros(kernel.shape)
    up, down = kernel.max(), -kernel.min()
    most = max(up, down)
    patch.flat[kernel.argmax()] = down / most * {{high}}
    patch.flat[kernel.argmin()] = up / most * {{high}}
    return patch
