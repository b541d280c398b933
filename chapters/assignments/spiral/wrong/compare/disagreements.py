# expects: it does not matter how
from scipy.stats import binomtest


def compare(y, y_hat_a, y_hat_b):
    kept = y != {{left_out}}
    differ = (y_hat_a != y_hat_b) & kept
    only_a = int(np.sum(differ & (y_hat_a == y)))
    only_b = int(np.sum(differ)) - only_a
    p = binomtest(only_a, only_a + only_b).pvalue if differ.any() else 1.0
    return only_a, only_b, p
