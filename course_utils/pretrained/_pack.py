"""Making the file of a network: what an author does, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..experiments import find, trained
from ..record import environment
from ._cats_and_dogs import EXPERIMENT, NAME, with_weights
from ._error import PretrainedError
from ._file import FOLDER, write

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_LICENCE = (
    "MIT, as the course's code. The weights were trained from scratch by the authors; no other network's went in. The "
    "photographs are not in them and are not redistributed: Microsoft Research's Cats and Dogs (Asirra, Petfinder.com)."
)


def pack(model: keras.Model | None = None, *, made: str | None = None, folder: str | Path | None = None) -> Path:
    """Make the file of :func:`cats_and_dogs` again, from the network that its experiment trains with seed 0.

    Parameters
    ----------
    model : keras.Model, optional
        That network, trained on the real photographs; by default it is taken from the cache, or trained, in minutes.
    made : str, optional
        The day on which it was trained, such as ``"2026-11-28"``; by default today.
    folder : str or pathlib.Path, optional
        Where to; by default into the package.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    PretrainedError
        If the real photographs are not here, or rounding costs a thousandth of the accuracy or more.

    Examples
    --------
    >>> pack()  # doctest: +SKIP
    """
    (experiment,) = find([EXPERIMENT])
    data = experiment.load(0)
    if data.source != "real":
        raise PretrainedError("what ships is trained on real photographs: set COURSE_DATA_DIR to where they are")
    model = model or trained(EXPERIMENT)
    weights = [each.astype(np.float16) for each in model.get_weights()]
    before, after = (_accuracy(each, data.validation) for each in (model, with_weights(weights)))
    if abs(after - before) >= 0.001:
        raise PretrainedError(f"rounding to half precision changes the accuracy from {before:.4f} to {after:.4f}")
    described = environment()
    told = {
        "what": 'cat (0) or dog (1): our network of chapter "cats-vs-dogs", weights in half precision',
        "experiment": EXPERIMENT,
        "seed": 0,
        "date": made or date.today().isoformat(),
        "data": {"cats_vs_dogs": described["editions"]["cats_vs_dogs"], "training": data.n_training},
        "accuracy": {"on": "validation", "asked": "once", "trained": before, "shipped": after},
        "licence": _LICENCE,
        "versions": {name: described["versions"][name] for name in ("python", "keras", "tensorflow", "numpy")},
    }
    return write(
        NAME, {f"{i:03d}": each for i, each in enumerate(weights)}, told, FOLDER if folder is None else Path(folder)
    )


def _accuracy(model: keras.Model, batches: tf.data.Dataset) -> float:
    right = [(model.predict_on_batch(x) > 0.5) == np.asarray(y) for x, y in batches]
    return round(float(np.concatenate(right).mean()), 5)
