# expects: the kernel is turned round
from scipy.signal import convolve2d


def convolve(image, kernel):
    image = np.pad(np.asarray(image, float), {{pad}})
    return convolve2d(image, kernel, "valid")[:: {{stride}}, :: {{stride}}]
