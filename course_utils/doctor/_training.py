"""A training as the review reads it: its history, its model and data, and what guessing would reach."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import keras
import numpy as np

from ..network import kind
from ._checks import run
from ._codes import CODES
from ._report import Finding
from ._subject._data import is_tensorflow_data
from ._subject._model import Head, Loss, Subject, describe
from ._subject._program import Program

_ACCURACIES = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy", "binary_accuracy")
_NOTHING = np.empty(0)
_BEGINNING = 0.05  # share of the first value in a running mean
# The constant that comes nearest to all targets, by Keras' names of the loss.
_SQUARED = ("MeanSquaredError", "mean_squared_error", "mse")
_ABSOLUTE = ("MeanAbsoluteError", "mean_absolute_error", "mae")


@dataclass(frozen=True)
class Chance:
    """What the best answer that ignores the inputs reaches.

    Attributes
    ----------
    answer : str
        That answer in words.
    loss : float
        Its loss.
    accuracy : float or None
        Its accuracy; None for a regression.
    classes : int or None
        Among how many classes it chooses; None for a regression and for several labels at once.
    """

    answer: str
    loss: float
    accuracy: float | None = None
    classes: int | None = None


@dataclass(frozen=True)
class Training:
    """The history of a training and, where they are known, its model and data.

    Attributes
    ----------
    values : mapping of str to ndarray
        The history's columns of numbers.
    model, x, y : Any
        As :func:`review` takes them.
    stopped_early : bool
        Whether ``fit`` was asked for more epochs than there are.
    program : Program
        What the user wrote around it.
    asked : int or None
        Steps of an epoch that ``fit`` was told to make; None where nobody knows.
    """

    values: Mapping[str, np.ndarray]
    model: Any = None
    x: Any = None
    y: Any = None
    stopped_early: bool = False
    program: Program = field(default_factory=Program)
    asked: int | None = None

    @property
    def loss(self) -> np.ndarray:
        """Training loss of each epoch."""
        return self.values.get("loss", _NOTHING)

    @property
    def accuracy(self) -> np.ndarray:
        """Training accuracy of each epoch; empty if it was not measured."""
        return next((self.values[name] for name in _ACCURACIES if name in self.values), _NOTHING)

    @property
    def val_accuracy(self) -> np.ndarray:
        """Validation accuracy, as often as it was measured."""
        return next((self.values[f"val_{name}"] for name in _ACCURACIES if f"val_{name}" in self.values), _NOTHING)

    @cached_property
    def validation(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Epochs that ended with a validation, counted from 1, and the training and validation losses of each."""
        val_loss = self.values.get("val_loss", _NOTHING)
        if not 0 < len(val_loss) <= len(self.loss):
            return _NOTHING, _NOTHING, _NOTHING
        every = len(self.loss) // len(val_loss)  # fit's validation_freq
        epochs = np.arange(1, len(val_loss) + 1) * every
        return epochs, self.loss[epochs - 1], val_loss

    @cached_property
    def subject(self) -> Subject | None:
        """Model and data as ``examine`` sees them; None without a model, or with one that cannot be described."""
        if self.model is not None:
            with contextlib.suppress(Exception):
                return describe(self.model, self.x, self.y, {}, self.program)
        return None

    @property
    def name(self) -> str:
        """What the user calls the model."""
        return self.program.name_of(self.model, "model")

    @property
    def called(self) -> tuple[str, str]:
        """What the user calls x and y."""
        return self.program.name_of(self.x, "X"), self.program.name_of(self.y, "y")

    @property
    def ten_by_heart(self) -> str:
        """The line that lets the model learn ten examples by heart, which every model that works can."""
        x, y = self.called
        if is_tensorflow_data(self.x):
            return f"{self.name}.fit({x}.take(1), epochs=200)"
        if self.y is None and hasattr(self.x, "__getitem__") and not hasattr(self.x, "shape"):  # a PyDataset
            return f"{self.name}.fit(*{x}[0], epochs=200)"
        return f"{self.name}.fit({x}[:10], {y}[:10], epochs=200)"

    @property
    def held_out(self) -> int:
        """About how many examples were validated on: nobody tells."""
        return 100 if self._examples is None else max(int(0.2 * self._examples), 20)

    @property
    def trained_on(self) -> int:
        """About how many examples were trained on, at least."""
        return 50 if self._examples is None else int(0.8 * self._examples)

    @property
    def steps(self) -> float:
        """Steps in an epoch, if the model was trained in this training only; infinite where nobody knows."""
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is None or not len(self.loss):
            return math.inf
        return float(keras.ops.convert_to_numpy(optimizer.iterations)) / len(self.loss)

    @property
    def _examples(self) -> int | None:
        parts = self.subject.x.parts if self.subject else ()
        return len(parts[0].values) if parts and parts[0].whole else None

    @cached_property
    def head(self) -> Head | None:
        """The model's only output, if nothing but its loss is in the history's loss."""
        subject = self.subject
        if subject is None or subject.has_own_training or subject.model.losses:  # penalties
            return None
        return subject.head

    @property
    def kind(self) -> str | None:
        """Kind of that loss: sparse, categorical, binary or regression; None for any other."""
        return self.head.loss.kind if self.head and self.head.loss else None

    @cached_property
    def cause(self) -> Finding | None:
        """What ``examine`` finds that can have made this training fail."""
        found = run(self.subject) if self.subject else ()
        return next((finding for finding in found if CODES[finding.code].spoils and finding.severity != "hint"), None)

    @cached_property
    def chance(self) -> Chance | None:
        """What guessing would reach, where the model, or its labels, tell."""
        head, subject = self.head, self.subject
        if subject is None or head is None or head.loss is None or head.units is None or head.loss.ignores is not None:
            return None
        target = subject.target
        labels = target.rows.astype(float) if target and target.whole and not target.bad else None
        if head.loss.kind == "regression":
            return _of_regression(head.loss, labels)
        return _of_classes(head.loss, head.units, labels)

    @cached_property
    def is_weighted(self) -> bool:
        """Whether the program gives weights to classes or examples."""
        words = {word.arg for call in self.program.calls("fit") for word in call.keywords}
        return bool(words & {"class_weight", "sample_weight"})

    @property
    def lags(self) -> bool:
        """Whether the running means of batch normalisation are still, in good part, those that they began with."""
        layers = [layer for layer in self.subject.layers if kind(layer) == "BatchNormalization"] if self.subject else []
        steps = 0.0 if math.isinf(self.steps) else self.steps * len(self.loss)
        return any(layer.momentum**steps > _BEGINNING for layer in layers)

    def has_layer(self, *words: str) -> bool:
        """Whether the class name of a layer holds one of these words."""
        layers = self.subject.layers if self.subject else ()
        return any(word in type(layer).__name__ for layer in layers for word in words)


def read(history: Any) -> tuple[dict[str, np.ndarray], bool]:
    """Read the columns of numbers, and whether the training stopped before its last epoch.

    Parameters
    ----------
    history : keras.callbacks.History, mapping or pandas.DataFrame

    Returns
    -------
    tuple

    Raises
    ------
    TypeError
        If it is none of these.
    """
    table = getattr(history, "history", history)
    is_frame = hasattr(table, "columns") and hasattr(table, "iloc")
    if not is_frame and not isinstance(table, Mapping):
        raise TypeError(
            f"review needs what fit returned, its .history, or a frame of it, but got a {type(history).__name__}: "
            "history = model.fit(…); review(history)"
        )
    values = {}
    for name in table:
        # Some entries of a history are no numbers: lists for metrics of several values, a logger's texts.
        with contextlib.suppress(TypeError, ValueError):
            column = np.asarray(table[name], dtype=float)
            if is_frame and str(name).startswith("val_"):
                column = column[~np.isnan(column)]  # a frame's gaps, where validation_freq skips an epoch
            if column.ndim == 1 and len(column):
                values[str(name)] = column
    asked = (getattr(history, "params", None) or {}).get("epochs") or 0
    done = getattr(history, "epoch", None) or range(len(values.get("loss", ())))  # fit may have begun at a later one
    return values, bool(done) and done[-1] + 1 < asked


def _of_regression(loss: Loss, labels: np.ndarray | None) -> Chance | None:
    if labels is None:
        return None
    if loss.name in _SQUARED:
        return Chance("always answering the mean of y", float(labels.var(axis=0).mean()))
    if loss.name in _ABSOLUTE:
        return Chance("always answering the median of y", float(np.abs(labels - np.median(labels, axis=0)).mean()))
    return None


def _of_classes(loss: Loss, units: int, labels: np.ndarray | None) -> Chance | None:
    shares = _binary_shares(units, labels) if loss.kind == "binary" else _class_shares(loss, units, labels)
    if shares is None:
        return None
    entropy = -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=0)
    classes = len(shares) if shares.shape[1] == 1 else None
    if classes is None:
        answer = "always answering each label's share"
    elif np.ptp(shares) < 0.02:  # a few labels more of one class are no reason to prefer it
        answer = f"guessing among {classes} classes"
    else:
        answer = "always answering the commonest class"
    return Chance(answer, float(entropy.mean()), float(shares.max(axis=0).mean()), classes)


def _binary_shares(units: int, labels: np.ndarray | None) -> np.ndarray | None:
    """Shares of 0 and 1 in each of the labels, shape (2, units); even without labels when there is one unit."""
    if labels is None:
        return np.full((2, 1), 0.5) if units == 1 else None
    if labels.size % units or labels.min() < 0 or labels.max() > 1:
        return None
    ones = labels.reshape(-1, units).mean(axis=0)
    return np.stack([1 - ones, ones])


def _class_shares(loss: Loss, units: int, labels: np.ndarray | None) -> np.ndarray | None:
    """Share of each class, shape (units, 1); even without labels."""
    if units == 1:
        return None
    if labels is None:
        return np.full((units, 1), 1 / units)
    if loss.kind == "sparse":
        if labels.min() < 0 or labels.max() >= units or np.any(labels % 1):
            return None
        counts = np.bincount(labels.astype(int).ravel(), minlength=units)
    else:
        if labels.shape[-1] != units or labels.min() < 0 or labels.max() > 1 or not labels.sum():
            return None
        counts = labels.reshape(-1, units).sum(axis=0)
    return (counts / counts.sum())[:, None]
