"""What differs between the variants of this assignment."""

import numpy as np


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([12, seed])
    keys, root, low, shift, largest = 3, 2, 10, 5, 0.5
    back, ahead = 2, 1
    slope_back, slope_ahead = 0.5, 1.5
    cards, weight = 8, 0.9
    which, target = 0, 2.5
    if seed:
        keys, root = int(rng.integers(3, 6)), int(rng.integers(2, 4))
        low, shift = 10 * int(rng.integers(2, 9)), int(rng.integers(2, 10))
        largest = int(rng.integers(40, 96)) / 100
        # Who looks at no later place never meets filler.
        back, ahead = (int(n) + 1 for n in rng.choice(4, 2, replace=False))
        slope_back, slope_ahead = (
            int(n) / 4 for n in rng.choice(np.arange(1, 9), 2, replace=False)
        )
        cards = int(rng.integers(6, 13))
        weight = int(rng.integers(80, 98)) / 100
        which, target = int(rng.integers(-1, 2)), int(rng.integers(3, 20)) + 0.5
    return {
        "keys": keys,
        "odds": [3, 1, 6, 2, 4][:keys],
        "my_values": [low + n for n in (4, 1, 9, 12, 2)[:keys]],
        "low": low,
        "high": low + 20,
        "root": root,
        "d": root**2,
        "shift": shift,
        "largest": largest,
        "most_keys": int(1 / largest) + 1,
        "back": back,
        "ahead": ahead,
        "slope_back": slope_back,
        "slope_ahead": slope_ahead,
        "which": which,
        "which_words": ("first", "second", "last")[which],
        "target": target,
        "cards": cards,
        "weight": weight,
        "letter": str(rng.choice(list("BFHKMRW"))),
        "digit": int(rng.integers(1, 9)),
    }
