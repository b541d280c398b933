# expects: a probability cannot be
from math import comb


def compare(y, y_hat_a, y_hat_b):
    kept = y != {{left_out}}
    a, b = (y_hat_a == y) & kept, (y_hat_b == y) & kept
    only_a, only_b = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    coins = only_a + only_b
    tail = sum(comb(coins, n) for n in range(min(only_a, only_b) + 1))
    return only_a, only_b, 2 * tail / 2**coins
