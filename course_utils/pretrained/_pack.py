"""Making the file of a network: what an author does, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..experiments import find, trained
from ..record import environment
from . import _cats_and_dogs, _digits
from ._error import PretrainedError
from ._file import FOLDER, write

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras
    import tensorflow as tf

_TRAINED_BY_US = (
    "MIT, as the course's code. The weights were trained from scratch by the authors; no other network's went in. The "
)
_FARTHEST = 6


@dataclass(frozen=True)
class _Own:
    """What ships: its experiment, its data, what it is judged by ("validation" or "test"), and what else is told."""

    experiment: str
    data: str
    on: str
    what: str
    images: str
    with_weights: Callable[[list[np.ndarray]], keras.Model]
    more: Callable[[keras.Model, tf.data.Dataset], dict[str, Any]] = lambda model, batches: {}


def _shifted(model: keras.Model, batches: tf.data.Dataset) -> dict[str, Any]:
    """Tell the share right when every digit is shifted by 0, 1, … pixels: the mean of the four directions."""
    X, y = (np.concatenate(parts) for parts in zip(*batches.as_numpy_iterator(), strict=True))
    framed = np.pad(X, [(0, 0), (_FARTHEST, _FARTHEST), (_FARTHEST, _FARTHEST), (0, 0)])
    shares = []
    for pixels in range(_FARTHEST + 1):
        starts = {(_FARTHEST + pixels * i, _FARTHEST + pixels * j) for i, j in ((-1, 0), (1, 0), (0, -1), (0, 1))}
        moved = [framed[:, i : i + X.shape[1], j : j + X.shape[2]] for i, j in starts]
        right = [model.predict(each, batch_size=500, verbose=0).argmax(axis=1) == y for each in moved]
        shares.append(round(float(np.mean(right)), 5))
    return {"shifted": shares}


_OWN = {
    _cats_and_dogs.NAME: _Own(
        _cats_and_dogs.EXPERIMENT,
        data="cats_vs_dogs",
        on="validation",
        what='cat (0) or dog (1): our network of chapter "cats-vs-dogs", weights in half precision',
        images="photographs are not in them and are not redistributed: Microsoft Research's Cats and Dogs (Asirra, "
        "Petfinder.com).",
        with_weights=_cats_and_dogs.with_weights,
    ),
    _digits.NAME: _Own(
        _digits.EXPERIMENT,
        data="mnist",
        on="test",
        what='a handwritten digit, 0 to 9: the small network of chapter "mnist-from-layers", weights in half precision',
        images="digits are not in them: MNIST, by Y. LeCun, C. Cortes and C. Burges, from NIST's collections.",
        with_weights=_digits.with_weights,
        more=_shifted,
    ),
}


def pack(
    name: str,
    model: keras.Model | None = None,
    *,
    made: str | None = None,
    folder: str | Path | None = None,
) -> Path:
    """Make the file of a network again, from what its experiment trains with seed 0.

    Parameters
    ----------
    name : str
        Of the network: ``"cats-and-dogs"`` or ``"digits"``.
    model : keras.Model, optional
        That network, trained on the real images; by default it is taken from the cache, or trained, in minutes.
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
        If no such network is ours, the real images are not here, or rounding costs a thousandth of the accuracy or
        more.

    Examples
    --------
    >>> pack("digits")  # doctest: +SKIP
    """
    if name not in _OWN:
        raise PretrainedError(f"{name!r} is no network that we train; there are: {', '.join(_OWN)}")
    own = _OWN[name]
    (experiment,) = find([own.experiment])
    data = experiment.load(0)
    if data.source != "real":
        raise PretrainedError(f"what ships is trained on real images: set COURSE_DATA_DIR to where {own.data} is")
    model = model or trained(own.experiment)
    weights = [each.astype(np.float16) for each in model.get_weights()]
    shipped = own.with_weights(weights)
    judges = data.test if own.on == "test" else data.validation
    assert judges is not None, f"{own.experiment} has no test data"
    before, after = (_accuracy(each, judges) for each in (model, shipped))
    if abs(after - before) >= 0.001:
        raise PretrainedError(f"rounding to half precision changes the accuracy from {before:.4f} to {after:.4f}")
    described = environment()
    told = {
        "what": own.what,
        "experiment": own.experiment,
        "seed": 0,
        "date": made or date.today().isoformat(),
        "data": {own.data: described["editions"][own.data], "training": data.n_training},
        "accuracy": {"on": own.on, "asked": "once", "trained": before, "shipped": after},
        **own.more(shipped, judges),
        "licence": _TRAINED_BY_US + own.images,
        "versions": {each: described["versions"][each] for each in ("python", "keras", "tensorflow", "numpy")},
    }
    named = {f"{i:03d}": each for i, each in enumerate(weights)}
    return write(name, named, told, FOLDER if folder is None else Path(folder))


def _accuracy(model: keras.Model, batches: tf.data.Dataset) -> float:
    right = []
    for x, y in batches:
        answers = model.predict_on_batch(x)
        y_hat = answers > 0.5 if answers.shape[1] == 1 else answers.argmax(axis=1)
        right.append(y_hat == np.asarray(y))
    return round(float(np.concatenate(right).mean()), 5)
