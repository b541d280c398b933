import math


def choose(y, p, chooses):
    ones = np.sort(p[chooses & (y == {{positive}})])[::-1]
    # As many of the surest as the promise needs; the last of them decides.
    threshold = ones[math.ceil({{promise}} * len(ones)) - 1]
    called = ~chooses & (p >= threshold)
    right = called & (y == {{positive}})
    there = np.count_nonzero(~chooses & (y == {{positive}}))
    return np.array(
        [threshold, right.sum() / max(called.sum(), 1), right.sum() / there]
    )
