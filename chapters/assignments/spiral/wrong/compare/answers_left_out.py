# expects: what counts is the *right* class
from scipy.stats import binomtest


def compare(y, y_hat_a, y_hat_b):
    kept = (y != {{left_out}}) & (y_hat_a != {{left_out}})
    kept &= y_hat_b != {{left_out}}
    a, b = (y_hat_a == y) & kept, (y_hat_b == y) & kept
    only_a, only_b = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    p = binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    return only_a, only_b, p
