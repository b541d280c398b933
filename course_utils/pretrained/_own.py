"""Networks that our own experiments have trained, with weights as they ship."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..experiments import find
from ._error import PretrainedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    import numpy as np


def with_weights(name: str, experiment: str, weights: Sequence[np.ndarray], **options: Any) -> keras.Model:
    """Build the network of an experiment and give it weights.

    Parameters
    ----------
    name : str
        Of the network, as its file has it.
    experiment : str
        That trained it.
    weights : sequence of numpy.ndarray
        In the order of the model's.
    **options
        For the experiment's ``build``.

    Returns
    -------
    keras.Model
        Not compiled.

    Raises
    ------
    PretrainedError
        If the network has weights of other shapes.
    """
    import keras

    build: Any = find([experiment])[0].build
    built = build(1, **options)
    if [w.shape for w in weights] != [tuple(w.shape) for w in built.weights]:
        raise PretrainedError(
            f"the weights of {name} do not fit the network of {experiment}, which has changed since: train it, "
            f"then pretrained.pack({name!r})"
        )
    built.set_weights([each.astype("float32") for each in weights])
    return keras.Model(built.inputs[0], built.outputs[0], name=name.replace("-", "_"))
