# expects: so a alone is right twice and b never
from scipy.stats import binomtest


def compare(y, y_hat_a, y_hat_b):
    kept = y != {{left_out}}
    right_a = int(np.sum((y_hat_a == y) & kept))
    right_b = int(np.sum((y_hat_b == y) & kept))
    return right_a, right_b, binomtest(right_a, right_a + right_b).pvalue
