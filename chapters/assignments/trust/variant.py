"""What differs between the variants of this assignment."""

from math import comb

import numpy as np

_NEIGHBOURS = [
    ("the one on its right", "cells[:, :-1] > cells[:, 1:]"),
    ("the one below it", "cells[:-1] > cells[1:]"),
]


def at_most(right, n, p):
    """Return the probability of at most so many right ones of n."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(right + 1))


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([13, seed])
    bits, my_bits, weights = 8, 4, 4
    rows, columns, neighbour = 8, 9, 0
    groups_below, groups, size, accuracy = 1, 20, 40, 0.95
    axis = -1
    if seed:
        bits, my_bits = int(rng.integers(4, 9)), int(rng.integers(3, 6))
        weights = int(rng.integers(3, 6))
        rows, columns = (int(n) for n in rng.permutation(np.arange(4, 12))[:2])
        neighbour = int(rng.integers(2))
        groups_below = int(rng.integers(1, 4))
        groups = int(rng.integers(12, 30))
        size = int(rng.integers(30, 60))
        accuracy = int(rng.integers(92, 98)) / 100
        axis = int(rng.integers(-1, 1))
    words, code = _NEIGHBOURS[neighbour]
    # 1.7 steps of the scale, which are not cut off to 1.
    rounded_up = round(0.83 * 1.7 / (2 ** (my_bits - 1) - 1), 2)
    few = range(size, 0, -1)
    chance = {
        n: 1 - (1 - at_most(n, size, accuracy)) ** groups
        for n in few
        if at_most(n, size, accuracy) < 0.2
    }
    right = next(n for n, p in chance.items() if p < 0.5)
    return {
        "bits": bits,
        "most": 2 ** (bits - 1) - 1,
        "one_more": 2 ** (bits - 1),
        "axis": axis,
        "axis_words": "first" if axis == 0 else "last",
        "library": "Keras" if axis else "PyTorch",
        "two_axes": "(inputs, units)" if axis else "(units, inputs)",
        "four_axes": "(height, width, channels, kernels)"
        if axis
        else "(kernels, channels, height, width)",
        "others": "range(kernel.ndim - 1)" if axis else "range(1, kernel.ndim)",
        "mixed_up": "range(1, kernel.ndim)"
        if axis
        else "range(kernel.ndim - 1)",
        "my_bits": my_bits,
        "my_most": 2 ** (my_bits - 1) - 1,
        "weights": weights,
        "my_weights": [0.31, -0.83, rounded_up, 0.55, -0.07][:weights],
        "rows": rows,
        "columns": columns,
        "neighbour_words": words,
        "neighbour": code,
        "other_neighbour": _NEIGHBOURS[1 - neighbour][1],
        "darker": code.replace(">", "<"),
        "shape": (rows - neighbour, columns - 1 + neighbour),
        "below": groups_below,
        "groups_words": f"{groups_below} group{'s' * (groups_below > 1)}",
        "groups": groups,
        "size": size,
        "accuracy": accuracy,
        "right": right,
        "chance": f"{chance[right]:.2f}",
    }
