from itertools import combinations
from math import comb, prod


def worst(sizes, accuracy, lowest):
    bad = []
    for n in sizes:
        few = [k for k in range(n + 1) if k / n <= lowest + 1e-12]
        chances = [
            comb(n, k) * accuracy**k * (1 - accuracy) ** (n - k) for k in few
        ]
        bad.append(sum(chances))
    total = 1.0
    for number in range({{below}}):
        for those in combinations(range(len(bad)), number):
            total -= prod(p if k in those else 1 - p for k, p in enumerate(bad))
    return total
