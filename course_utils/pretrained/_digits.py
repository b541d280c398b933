"""The small network of the chapter on MNIST, trained for six epochs on real digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _own
from ._file import arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    import numpy as np

NAME, EXPERIMENT = "digits", "mnist-small"


def digits() -> keras.Model:
    """Load our small network for handwritten digits, trained on 54,000 of MNIST.

    Images of shape (28, 28, 1) go in, as pixels from 0, paper, to 255, ink. Out come ten probabilities. :func:`about`
    says how it was made, and under ``shifted`` what share of the test digits it has right when they are shifted by 0,
    1, 2 and more pixels.

    Returns
    -------
    keras.Model
        Not compiled.

    Raises
    ------
    PretrainedError
        If the weights are missing or damaged, or the experiment's network has changed since they were made.

    Examples
    --------
    >>> model = digits()  # doctest: +SKIP
    >>> model.predict(X_test[..., np.newaxis]).argmax(axis=1)  # doctest: +SKIP
    array([7, 2, 1, ..., 4, 5, 6])
    """
    return with_weights(list(arrays(NAME).values()))


def with_weights(weights: Sequence[np.ndarray]) -> keras.Model:
    """Build the network and give it these weights, in the order of the model's."""
    return _own.with_weights(NAME, EXPERIMENT, weights)
