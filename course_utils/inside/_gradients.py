"""The gradient of a number with respect to an array, on each of Keras' backends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Tensor = Any  # of the backend in use


def gradient(objective: Callable[[Tensor], Tensor], x: np.ndarray) -> np.ndarray:
    """Differentiate.

    Parameters
    ----------
    objective : callable
        From a tensor like `x` to a single number, by Keras' operations and models.
    x : numpy.ndarray, float32
        Where to differentiate.

    Returns
    -------
    numpy.ndarray, shape of `x`, float32
        Zero where the objective does not depend on `x`.

    Raises
    ------
    NotImplementedError
        If Keras runs on a backend without gradients.
    """
    import keras

    name = keras.backend.backend()
    if name not in _ON:
        raise NotImplementedError(f"gradients need the backend {', '.join(_ON)}, but Keras runs on {name}")
    found = _ON[name](objective, keras.ops.convert_to_tensor(x))
    return np.zeros_like(x) if found is None else np.asarray(keras.ops.convert_to_numpy(found), "float32")


def _tensorflow(objective: Callable[[Tensor], Tensor], x: Tensor) -> Tensor | None:
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        value = objective(x)
    return tape.gradient(value, x)


def _jax(objective: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    import jax

    return jax.grad(objective)(x)


def _torch(objective: Callable[[Tensor], Tensor], x: Tensor) -> Tensor | None:
    import torch

    x = x.detach().requires_grad_(True)
    with torch.enable_grad():
        value = objective(x)
    if not value.requires_grad:
        return None
    return torch.autograd.grad(value, x, allow_unused=True)[0]


_ON = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
