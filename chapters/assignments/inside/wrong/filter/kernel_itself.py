# expects: each pixel may go as far as pixels go
def strongest(kernel):
    return (kernel / abs(kernel).max()).clip({{low}}, {{high}}) * 0.9


def blind(kernel):
    patch = np.zeros(kernel.shape)
    up, down = kernel.max(), -kernel.min()
    most = max(up, down)
    patch.flat[kernel.argmax()] = down / most * {{high}}
    patch.flat[kernel.argmin()] = up / most * {{high}}
    return patch
