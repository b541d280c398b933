"""What differs between the variants of this assignment."""

import numpy as np


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([1, seed])
    a, c, rise, far = 2, -1, 3, (2, 1)
    inputs, hidden, classes = 2, 3, 5
    centre, spread, count, low = 0, 1, 5, 20
    if seed:
        a, c = (int(n) for n in rng.choice([1, 2, 4, 5], 2, replace=False))
        a, c = a * int(rng.choice([-1, 1])), c * int(rng.choice([-1, 1]))
        rise, far = int(rng.integers(2, 6)), tuple(rng.integers(1, 4, 2))
        inputs, hidden, classes = (
            int(rng.integers(3, 8)),
            int(rng.choice([2, 4])),
            int(rng.integers(3, 9)),
        )
        centre, spread = int(rng.integers(1, 6)), int(rng.integers(2, 6))
        count, low = int(rng.choice([4, 6, 7])), 10 * int(rng.integers(3, 9))
    sizes = [inputs, *hidden * [10], classes]
    left_out, counted, other, third = (int(n) for n in rng.permutation(5)[:4])
    column = rng.choice(np.arange(low, low + 31), count, replace=False)
    svm = int(rng.integers(840, 870))
    return {
        "a": a,
        "c": c,
        "far_a": int(far[0]) * a,
        "far_c": int(far[1]) * c,
        "rise": rise,
        "height": rise * (int(far[0]) + int(far[1]) - 1),
        "inputs": inputs,
        "hidden": hidden,
        "classes": classes,
        "of_ten": sum((n + 1) * m for n, m in zip(sizes, sizes[1:])),
        "count": count,
        "low": low,
        "high": low + 30,
        "column": column.tolist(),
        "factor": int(rng.integers(2, 10)),
        "shift": 10 * int(rng.integers(1, 10)),
        "centre": centre,
        "spread": spread,
        "left_out": left_out,
        "counted": counted,
        "other": other,
        "third": third,
        "tries": int(rng.integers(8, 21)),
        "svm": svm,
        "best": svm + int(rng.integers(4, 12)),
    }
