"""The network of the chapter on cats and dogs, trained for 26 epochs on the real photographs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _own
from ._file import arrays

if TYPE_CHECKING:
    import keras
    import numpy as np

NAME, EXPERIMENT = "cats-and-dogs", "cats-steady"


def cats_and_dogs() -> keras.Model:
    """Load our network that tells cats from dogs, trained on 18,749 photographs.

    Photographs of any size go in, as pixels from 0 to 255; 64 to 128 pixels suit it best. Out comes the probability
    that it is a dog. :func:`about` says how it was made.

    Returns
    -------
    keras.Model
        Not compiled, in float32, whatever the precision it was trained in. The first kernels are the given ones of
        :func:`course_utils.convolution.cosine_kernels`, which are not trainable.

    Raises
    ------
    PretrainedError
        If the weights are missing or damaged, or the experiment's network has changed since they were made.

    Examples
    --------
    >>> model = cats_and_dogs()  # doctest: +SKIP
    >>> model.predict(photos)  # doctest: +SKIP
    array([[0.998], [0.021]], dtype=float32)
    """
    return with_weights(list(arrays(NAME).values()))


def with_weights(weights: list[np.ndarray]) -> keras.Model:
    """Build the network and give it these weights, in the order of the model's."""
    return _own.with_weights(NAME, EXPERIMENT, weights, precision="float32")
