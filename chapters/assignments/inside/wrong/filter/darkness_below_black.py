# expects: pixels must lie from {{low}} to {{high}}
def strongest(kernel):
    return np.sign(kernel) * 9


def blind(kernel):
    patch = np.zeros(kernel.shape)
    up, down = kernel.max(), -kernel.min()
    most = max(up, down)
    patch.flat[kernel.argmax()] = down / most * {{high}}
    patch.flat[kernel.argmin()] = up / most * {{high}}
    return patch
