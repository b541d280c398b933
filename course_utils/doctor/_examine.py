"""Looking at a model and its data before training."""

from __future__ import annotations

from typing import Any

import keras

from ._checks import run
from ._report import Report, spelt
from ._subject._model import describe
from ._subject._program import Program, callers


def examine(model: keras.Model, x: Any = None, y: Any = None, **fit_options: Any) -> Report:
    """Look for mistakes in a model, its data and how it is to be trained, before it is trained.

    Nothing is changed and nothing is trained. Of a data set only the first batches are read, and nothing of a
    generator, which they would be missing from afterwards. At most a few examples go through the model, and only if it
    is a subclassed one that already has weights; a loss of your own is tried on a few numbers.

    Parameters
    ----------
    model : keras.Model
        Compiled or not.
    x, y : array-like, optional
        As ``fit`` takes them: arrays, data frames, lists, tuples and dictionaries of them, or a ``tf.data.Dataset``,
        ``keras.utils.PyDataset`` or torch ``DataLoader`` as `x`.
    **fit_options
        Whatever else ``fit`` will get: ``validation_data``, ``validation_split``, ``callbacks``, ``class_weight`` and
        so on.

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
    program = Program(callers(1))
    findings = [spelt(finding, program) for finding in run(describe(model, x, y, fit_options, program))]
    return Report(findings, about="this model and its data" if x is not None else "this model")
