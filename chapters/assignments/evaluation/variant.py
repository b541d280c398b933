"""What differs between the variants of this assignment."""

import numpy as np

_BINS = [n for n in range(4, 20) if n != 10]
_TURNS = [
    ("left and right exchanged", "picture[:, ::-1]", "pictures[:, :, ::-1]"),
    ("top and bottom exchanged", "picture[::-1]", "pictures[:, ::-1]"),
    (
        "turned round by half a circle",
        "picture[::-1, ::-1]",
        "pictures[:, ::-1, ::-1]",
    ),
]


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([6, seed])
    asked, low, bins, noise, turn = 1, 5, 5, 4, 0
    promise, thing, positive = 0.9, "shirt", 6
    claim_low, claim_high = 0.55, 0.95
    if seed:
        asked, low = int(rng.integers(3)), int(rng.integers(2, 40))
        bins, noise = int(rng.choice(_BINS)), int(rng.integers(2, 9))
        turn = int(rng.integers(3))
        promise = int(rng.integers(60, 98)) / 100
        thing = str(rng.choice(["cat", "tumour", "mushroom", "crack", "whale"]))
        positive = int(rng.integers(11, 99))
        # Far from the bins' borders, whichever number of bins it is.
        claim_low = float(rng.choice([0.53, 0.55, 0.57]))
        claim_high = float(rng.choice([0.93, 0.95, 0.97]))
    words, turn_one, turn_all = _TURNS[turn]
    matrix = low + rng.permutation(40)[:9].reshape(3, 3)
    while matrix[asked].sum() == matrix[:, asked].sum():
        matrix = low + rng.permutation(40)[:9].reshape(3, 3)
    others = [n for n in range(10 if positive < 10 else 99) if n != positive]
    negative, other = (int(n) for n in rng.choice(others, 2, replace=False))
    recall, false_rate = rng.integers(80, 96) / 100, rng.integers(4, 9) / 100
    rare = 10 * int(rng.integers(3, 11))
    found, false = 100 * recall, 100 * (rare - 1) * false_rate
    return {
        "asked": asked,
        "low": low,
        "high": low + 40,
        "matrix": matrix.tolist(),
        "thing": thing,
        "positive": positive,
        "negative": negative,
        "other": other,
        "promise": promise,
        "bins": bins,
        "claim_low": claim_low,
        "claim_high": claim_high,
        "noise": noise,
        "turned_words": words,
        "turn_one": turn_one,
        "turn_all": turn_all,
        "recall": recall,
        "false_rate": false_rate,
        "even_precision": round(recall / (recall + false_rate), 2),
        "rare": rare,
        "found_rare": round(found),
        "false_rare": round(false),
        "rare_precision": round(found / (found + false), 2),
    }
