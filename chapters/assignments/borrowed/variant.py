"""What differs between the variants of this assignment."""

import numpy as np

# Channels behind each module of SqueezeNet that is worth cutting behind.
_CHANNELS = {"fire7": 384, "fire8": 512, "fire9": 512}
# Where the dog of a scene may be, and the cat then: the first row and column.
_PLACES = {
    "on the left": ((57, 0), (57, 114)),
    "on the right": ((57, 114), (57, 0)),
    "above": ((0, 57), (114, 57)),
    "below": ((114, 57), (0, 57)),
}
_THINGS = [
    "faults in welds",
    "edible and poisonous mushrooms",
    "cells under a microscope",
    "damaged roofs in aerial photographs",
    "cracks in concrete",
]


def values(seed):
    """Return the numbers of a variant; 0 is the one that the book shows."""
    rng = np.random.default_rng([8, seed])
    step, divisor, means = -1, 1, [103.9, 116.8, 123.7]
    cut, last_frozen, classes, most = "fire9", "fire7", 3, 16
    share, promise, draws_first, of_each = 0.9, 0.9, True, False
    rows, columns, average, by_rows = 2, 2, True, True
    place, grey, thing = "on the left", 120, 0
    right, labels = 0.91, 20
    if seed:
        step = int(rng.choice([-1, 1]))
        divisor = int(rng.choice([50, 64, 80, 100, 128]))
        means = (rng.integers(700, 1500, 3) / 10).tolist()
        while abs(means[0] - means[2]) < 12 or abs(means[0] - means[1]) < 6:
            means = (rng.integers(700, 1500, 3) / 10).tolist()
        cut = str(rng.choice(["fire7", "fire8", "fire9"]))
        number = int(cut[-1])
        last_frozen = f"fire{rng.integers(number - 3, number)}"
        classes, most = int(rng.integers(3, 9)), int(rng.integers(12, 40))
        share = int(rng.integers(15, 19)) / 20
        promise = int(rng.integers(80, 96)) / 100
        draws_first, of_each = bool(rng.integers(2)), bool(rng.integers(2))
        rows, columns = [(2, 2), (2, 7), (7, 2)][int(rng.integers(3))]
        average, by_rows = bool(rng.integers(2)), bool(rng.integers(2))
        place = str(rng.choice(list(_PLACES)))
        grey, thing = int(rng.integers(60, 190)), int(rng.integers(5))
        right, labels = (
            int(rng.integers(86, 96)) / 100,
            10 * int(rng.integers(2, 6)),
        )
    number, frozen = int(cut[-1]), int(last_frozen[-1])
    free = [f"fire{k}" for k in range(frozen + 1, number + 1)]
    order = "blue, green, red" if step < 0 else "red, green, blue"
    how, other_how = ("mean", "max") if average else ("max", "mean")
    cells = ["cells", "cells.swapaxes(1, 2)"]
    return {
        "step": step,
        "other_step": -step,
        "order": order,
        "order_list": order.split(", "),
        "means": means,
        "divisor": divisor,
        "divided": f" and then divides by {divisor}" if divisor > 1 else "",
        "atol": 0.1 / divisor,
        "cut": cut,
        "other_cut": "fire8" if cut == "fire9" else "fire9",
        "channels": _CHANNELS[cut],
        "last_frozen": last_frozen,
        "first_free": free[0],
        "frozen": frozen,
        "number": number,
        "free_words": " and ".join(
            [", ".join(free[:-1]), free[-1]][-len(free) :]
        ),
        "classes": classes,
        "few": most - 8,
        "most": most + 12,
        "my_units": most,
        "n_means": "of each kind" if of_each else "in all",
        "n_other": "in all" if of_each else "of each kind",
        "each": "n" if of_each else "n // len(kinds)",
        "each_other": "n // len(kinds)" if of_each else "n",
        "share": share,
        "promise": promise,
        "axes_words": "a row for each {} and a column for each {}".format(
            *["draw", "number of labels"][:: 1 if draws_first else -1]
        ),
        "by_draws": "" if draws_first else ".T",
        "table": "accuracies" if draws_first else "accuracies.T",
        "turned_table": "accuracies.T" if draws_first else "accuracies",
        "zeros": (7, 2) if draws_first else (2, 7),
        "rows": rows,
        "columns": columns,
        "parts": rows * columns,
        "how_of": f"np.{how}",
        "how_words": "mean" if average else "largest number",
        "other_how_of": f"np.{other_how}",
        "other_how_words": "largest number" if average else "mean",
        "by_words": "row by row" if by_rows else "column by column",
        "cells": cells[not by_rows],
        "other_cells": cells[by_rows],
        "place": place,
        "places": _PLACES[place],
        "grey": grey,
        "seed": int(rng.integers(1000)),
        "thing": _THINGS[thing],
        "right": right,
        "labels": labels,
        "low": f"{right - rng.integers(14, 24) / 100:.2f}",
    }
