"""Letting go of networks that are no longer needed: TensorFlow, left alone, keeps every one that was ever trained."""

from __future__ import annotations

import gc
import sys
from inspect import getclosurevars, isfunction
from typing import Any


def free_memory() -> None:
    """Release the memory of every trained network that no variable refers to any more.

    A network of 18 million parameters holds 0.2 GB with what Adam remembers of it. Python gives that back only when
    its garbage collector runs, and TensorFlow not even then; this calls the first and reminds the second. A network
    that a variable still refers to stays as it is and can be trained further.

    Notes
    -----
    In each training step Keras adds the gradients up over all devices, even if there is only one. TensorFlow registers
    how to differentiate that sum, for ever, and the registration holds the whole training step with its network. Nobody
    differentiates a sum of gradients, so these registrations can go. See
    https://github.com/tensorflow/tensorflow/issues/80895.

    Examples
    --------
    >>> for units in (256, 512, 1024):  # doctest: +SKIP
    ...     model = train(network(units))
    ...     accuracy[units] = model.evaluate(X_val, y_val)[1]
    ...     del model
    ...     free_memory()
    """
    ops = sys.modules.get("tensorflow.python.framework.ops")
    if ops:
        gradients = ops.gradient_registry._registry
        for name in [name for name, entry in gradients.items() if _of_a_sum_over_devices(entry["type"])]:
            del gradients[name]
    gc.collect()


def _of_a_sum_over_devices(gradient: Any) -> bool:
    # `tf.custom_gradient` wraps twice what `all_reduce` defines.
    for inner in ("tape_grad_fn", "grad_fn"):
        if not isfunction(gradient):
            return False
        gradient = getclosurevars(gradient).nonlocals.get(inner)
    return ".all_reduce." in getattr(gradient, "__qualname__", "")
