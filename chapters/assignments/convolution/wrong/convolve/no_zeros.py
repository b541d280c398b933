# expects: 7 × 7 pixels give
from scipy.signal import correlate2d


def convolve(image, kernel):
    return correlate2d(np.asarray(image, float), kernel, "valid")[
        :: {{stride}}, :: {{stride}}
    ]
