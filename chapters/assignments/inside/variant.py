"""What differs between the variants of this assignment."""

import numpy as np

_COVERS = [
    ("the mean of the whole image", "image.mean()", "0.0"),
    ("black, which is 0", "0.0", "image.mean()"),
]


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([11, seed])
    low, high, depth, smallest = 0, 1, 3, 2
    threshold, size, cover = 0.0, 3, 0
    untrained, noise, other = 0.73, 0.78, 0.25
    if seed:
        low, high = -int(rng.integers(4)), int(rng.integers(1, 5))
        depth, smallest = int(rng.integers(3, 5)), int(rng.integers(2, 6))
        threshold = int(rng.integers(1, 5)) / 4
        size, cover = int(rng.integers(2, 6)), int(rng.integers(2))
        noise = int(rng.integers(78, 90)) / 100
        untrained = round(noise - int(rng.integers(4, 9)) / 100, 2)
        other = int(rng.integers(15, 30)) / 100
    words, code, other_code = _COVERS[cover]
    kernels = smallest + rng.permutation(6)[:depth]
    strides = [1, 2, 1, 3][:depth]
    return {
        "low": low,
        "high": high,
        "contrast": high / 2,
        "depth": depth,
        "smallest": smallest,
        "widest": smallest + 5,
        "my_layers": [(int(k), s) for k, s in zip(kernels, strides)],
        "threshold": f"{threshold:g}",
        "size": size,
        "cover_words": words,
        "cover": code,
        "other_cover": other_code,
        "side": 5 * size,
        "agree_random": untrained,
        "agree_noise": noise,
        "agree_other": other,
    }
