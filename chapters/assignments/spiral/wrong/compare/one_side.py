# expects: so uneven to *either* side
from scipy.stats import binomtest


def compare(y, y_hat_a, y_hat_b):
    kept = y != {{left_out}}
    a, b = (y_hat_a == y) & kept, (y_hat_b == y) & kept
    only_a, only_b = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    more, all_of_them = max(only_a, only_b), only_a + only_b
    if not all_of_them:
        return 0, 0, 1.0
    p = binomtest(more, all_of_them, alternative="greater").pvalue
    return only_a, only_b, p
