from math import comb


def compare(y, y_hat_a, y_hat_b):
    only_a = only_b = 0
    for right, a, b in zip(y, y_hat_a, y_hat_b):
        if right != {{left_out}}:
            only_a += a == right != b
            only_b += b == right != a
    coins = only_a + only_b
    tail = sum(comb(int(coins), n) for n in range(min(only_a, only_b) + 1))
    return only_a, only_b, min(1.0, 2 * tail / 2 ** int(coins))
