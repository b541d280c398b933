"""What differs between the variants of this assignment."""

import numpy as np

_RULES = {
    "every": ("Every layer has biases.", "1"),
    "last": (
        "Only the last layer has biases.",
        "int(k == len(counts) - 1)",
    ),
    "hidden": (
        "Every layer but the last has biases.",
        "int(k < len(counts) - 1)",
    ),
}
_YES_NO = [
    (
        "a single output",
        "(1, 'sigmoid', 'binary_crossentropy', 0)",
        "(2, 'softmax', 'sparse_categorical_crossentropy', 0)",
    ),
    (
        "two outputs that sum to 1",
        "(2, 'softmax', 'sparse_categorical_crossentropy', 0)",
        "(1, 'sigmoid', 'binary_crossentropy', 0)",
    ),
]


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([2, seed])
    rule, yes_no, kinds, parts = "every", 0, 4, 20
    watched, patience, delta, smoothing = "loss", 3, 0.02, 0.1
    inputs, classes, best = 6, 5, 40
    if seed:
        rule, yes_no = str(rng.choice(list(_RULES))), int(rng.integers(2))
        kinds, parts = int(rng.integers(3, 6)), int(rng.integers(21, 61))
        watched = str(rng.choice(["loss", "accuracy"]))
        patience = int(rng.integers(2, 8))
        delta = int(rng.integers(2, 5)) / 100
        smoothing = int(rng.integers(6, 20)) / 100
        inputs, classes = int(rng.integers(4, 10)), int(rng.integers(3, 12))
        best = 10 * int(rng.integers(3, 9))
    other = str(rng.choice([name for name in _RULES if name != rule]))
    words, single, other_form = _YES_NO[yes_no]
    lower = watched == "loss"
    row = np.arange(1, kinds + 1)
    row[-1] = parts - row[:-1].sum()
    falling = f"value < curve[best] - {delta}"
    rising = f"value > curve[best] + {delta}"
    return {
        "rule": rule,
        "rule_words": _RULES[rule][0],
        "bias": _RULES[rule][1],
        "other_bias": _RULES[other][1],
        "inputs": inputs,
        "two_layers": [
            (inputs + (rule != "last")) * 8,
            (8 + (rule != "hidden")) * 3,
        ],
        "kinds": kinds,
        "last_kind": kinds - 1,
        "parts": parts,
        "my_parts": row.tolist(),
        "yes_no_words": words,
        "yes_no": single,
        "yes_no_other": other_form,
        "watched": watched,
        "lower": lower,
        "easy": [0.8, 0.6, 0.4, 0.2] if lower else [0.2, 0.4, 0.6, 0.8],
        "better_words": "lower" if lower else "higher",
        "better": falling if lower else rising,
        "worse": rising if lower else falling,
        "before": (falling if lower else rising).replace("best", "epoch - 1"),
        "no_delta": f"value {'<' if lower else '>'} curve[best]",
        "best_of_all": "np.argmin" if lower else "np.argmax",
        "patience": patience,
        "delta": delta,
        "smoothing": smoothing,
        "rest": round(1 - smoothing, 2),
        "classes": classes,
        "no_opinion": f"{np.log(classes):.2f}",
        "best": best,
        "late": 4 * best,
        "low": f"{0.4 * np.log(classes):.2f}",
        "high": f"{0.8 * np.log(classes):.2f}",
    }
