"""Looking at a model and its data before training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras

from .._report import Finding, Report
from . import _fit, _inputs, _labels, _network
from ._patient import Patient, describe

__all__ = ["examine"]

_CHECKS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    *_network.CHECKS,
    *_inputs.CHECKS,
    *_labels.CHECKS,
    *_fit.CHECKS,
)
# What follows from another mistake and goes away with it.
_CONSEQUENCES = {
    "batch-in-input-shape": ("output-rank",),  # the axes that came in wrong go out wrong
    "input-rank": ("output-rank",),
    "input-type": ("input-rank", "input-size", "length-mismatch"),
    "length-mismatch": ("labels-type", "loss-label-mismatch"),  # X and y exchanged, or the parts of a split
}


def examine(model: keras.Model, x: Any = None, y: Any = None, **fit_options: Any) -> Report:
    """Look for mistakes in a model, its data and how it is to be trained, before it is trained.

    Nothing is changed and nothing is trained. Of a data set only the first batches are read, and nothing of a
    generator, which they would be missing from afterwards. At most a few examples go through the model, and only if it
    is a subclassed one that already has weights.

    Parameters
    ----------
    model : keras.Model
        Compiled or not.
    x, y : array-like, optional
        As ``fit`` takes them: arrays, data frames, lists, tuples and dictionaries of them, or a ``tf.data.Dataset``,
        ``keras.utils.PyDataset`` or torch ``DataLoader`` as `x`.
    **fit_options
        Whatever else ``fit`` will get: ``validation_data``, ``validation_split``, ``callbacks``, ``class_weight``, ….

    Returns
    -------
    Report
        Empty when nothing was found; true when training would fail or be worthless.

    Raises
    ------
    TypeError
        If `model` is no Keras model.
    """
    if not isinstance(model, keras.Model):
        hint = " fit returns a History; the model is the object before the dot." if hasattr(model, "history") else ""
        raise TypeError(f"examine needs a keras.Model, got {type(model).__module__}.{type(model).__name__}.{hint}")
    patient = describe(model, x, y, fit_options)
    findings: dict[str, Finding] = {}
    for check in _CHECKS:
        for finding in _safely(check, patient):
            findings.setdefault(finding.code, finding)  # the first of a kind is enough to read
    for code in set(findings):
        for consequence in _CONSEQUENCES.get(code, ()):
            findings.pop(consequence, None)
    return Report(findings.values(), about="this model and its data" if x is not None else "this model")


def _safely(check: Callable[[Patient], Iterator[Finding]], patient: Patient) -> list[Finding]:
    """Run a check; one that stumbles over an unusual model has nothing to say about it."""
    try:
        return list(check(patient))
    except Exception:
        return []
