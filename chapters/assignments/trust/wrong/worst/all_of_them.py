# expects: *all* groups look bad
from scipy.stats import binom


def worst(sizes, accuracy, lowest):
    bad = np.array(
        [binom.cdf(np.floor(lowest * n + 1e-9), n, accuracy) for n in sizes]
    )
    how_many = np.array([1.0])
    for p in bad:
        how_many = np.convolve(how_many, [1 - p, p])
    return bad.prod()
