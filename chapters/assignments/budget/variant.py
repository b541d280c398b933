"""What differs between the variants of this assignment."""

import numpy as np

# Nine bright pixels each.
_PATTERNS = [
    ["..#..", "..#..", "#####", "..#..", "..#.."],
    ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
    ["#####", "..#..", "..#..", "..#..", "..#.."],
    ["..#..", "..#..", "..#..", "..#..", "#####"],
    ["#....", "#....", "#####", "#....", "#...."],
    ["....#", "....#", "#####", "....#", "....#"],
    ["#....", "#....", "#....", "#....", "#####"],
    ["....#", "....#", "....#", "....#", "#####"],
    ["#####", "#....", "#....", "#....", "#...."],
    ["#####", "....#", "....#", "....#", "....#"],
]


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([9, 1, seed])
    side, classes, kernel, channels, fewest = 22, 5, 3, 1, 4
    stride, padding = 2, "valid"
    if seed:
        side, classes = int(rng.integers(21, 25)), int(rng.integers(4, 7))
        kernel, channels = (
            int(rng.choice([3, 5, 7])),
            int(rng.choice([2, 3, 4])),
        )
        fewest = int(rng.integers(6, 40))
        stride = int(rng.integers(2, 6))
        padding = str(rng.choice(["valid", "same"]))
    chosen = [_PATTERNS[n] for n in rng.permutation(len(_PATTERNS))[:classes]]
    rows = ",\n    ".join(str(rows).replace("'", '"') for rows in chosen)
    return {
        "side": side,
        "classes": classes,
        "in_lines": str(["".join(rows) for rows in chosen]),
        "patterns": f"[\n    {rows},\n]",
        "seed": int(rng.integers(1000)),
        "stride": stride,
        "padding": padding,
        "kernel": kernel,
        "channels": channels,
        "of_channels": f"{channels} channel{'s' if channels > 1 else ''}",
        "fewest": fewest,
        "most": fewest + 20,
        "budget": 100 * int(rng.integers(18, 25)),
        "dense": (side * side + 1) * 128 + 129 * classes,
    }
