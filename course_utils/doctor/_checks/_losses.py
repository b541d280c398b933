"""Losses of one's own: tried on a few numbers, whether they are finite and give a direction."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from ...network import of_keras, without_gradients
from .._report import Finding
from .._subject._model import Subject
from .._subject._program import called, function_tree, in_line

_ROWS = 4
# What cuts numbers into steps, between which nothing changes.
_STEPS = frozenset(
    [
        "argmax",
        "argmin",
        "round",
        "rint",
        "floor",
        "ceil",
        "sign",
        "equal",
        "not_equal",
        "greater",
        "greater_equal",
        "less",
        "less_equal",
        "one_hot",
    ]
)


def own_loss(subject: Subject) -> Iterator[Finding]:
    """Try a loss of the user's own on a few predictions."""
    loss = own_loss_of(subject)
    if loss is None or subject.head is None or subject.head.shape is None:
        return
    trial = _Trial(subject, loss)
    if not trial.runs:
        return
    if not trial.is_finite_inside:
        if trial.is_finite_with_ones:
            yield _zeros_in_labels(subject, loss)
    elif not trial.changes:
        yield without_gradient(subject, loss)
    elif not trial.is_finite_at_ends and subject.head.activation in ("sigmoid", "softmax"):
        yield Finding(
            "loss-not-finite",
            "hint",
            f"The loss {loss.__name__} is not finite where a prediction is exactly 0 or 1.",
            "float32 rounds what is nearly 1 to 1, and the logarithm of 0 is minus infinity: one such prediction, and "
            "every weight is NaN.",
            clipped(loss),
        )


def _zeros_in_labels(subject: Subject, loss: types.FunctionType) -> Finding:
    """Make the finding for a loss that is infinite or NaN where a label is 0, whatever is predicted."""
    target = subject.target
    y_true = next(iter(loss.__code__.co_varnames[: loss.__code__.co_argcount]), "y_true")
    return Finding(
        "loss-not-finite",
        "error",
        f"The loss {loss.__name__} is infinite or NaN where a label in {target.name if target else 'y'} is 0.",
        "Dividing by 0, or its logarithm, gives no number; one such label, and after the first step every weight is "
        "NaN.",
        f"{y_true} = keras.ops.maximum({y_true}, 1e-3)  # as the first line of {loss.__name__}; or a loss such as "
        '"mae", that needs no division',
    )


def own_loss_of(subject: Subject) -> types.FunctionType | None:
    """Find the loss function that the user wrote; None for another kind of loss."""
    loss = subject.model.loss if subject.model.compiled else None
    own = isinstance(loss, types.FunctionType) and not of_keras(loss)
    return loss if own and len(subject.heads) == 1 else None


def clipped(loss: types.FunctionType) -> str:
    """Write the line that keeps predictions off 0 and 1, for the first line of a loss."""
    names = loss.__code__.co_varnames[: loss.__code__.co_argcount]
    y_pred = names[1] if len(names) > 1 else "y_pred"
    return f"{y_pred} = keras.ops.clip({y_pred}, 1e-7, 1 - 1e-7)  # as the first line of {loss.__name__}"


def without_gradient(subject: Subject, loss: Any) -> Finding:
    """Make the finding for a loss whose value does not move when predictions move a little."""
    name = getattr(loss, "__name__", "The loss")
    tree = function_tree(loss)
    names = [argument.arg for argument in tree.args.args] if tree else []
    y_pred = names[1] if len(names) > 1 else "y_pred"
    culprit = next(
        (
            called(node)
            for node in (ast.walk(tree) if tree else ())
            if isinstance(node, ast.Call) and called(node) in _STEPS and y_pred in in_line(node)
        ),
        "",
    )
    why = f"{culprit} cuts the predictions into steps" if culprit else "It does not depend on the predictions smoothly"
    head = subject.head
    kinds = {"softmax": "sparse_categorical_crossentropy", "sigmoid": "binary_crossentropy"}
    instead = kinds.get((head.activation or "") if head else "", "mse")
    if instead.startswith("sparse") and head is not None and head.target is not None and head.target.is_one_hot:
        instead = "categorical_crossentropy"
    return Finding(
        "loss-without-gradient",
        "error",
        f"The loss {name} has no gradient: small changes of the predictions do not change it.",
        f"{why}, so that no weight is told in which direction to go: TensorFlow and torch stop with an error, JAX "
        "trains and changes nothing.",
        f'loss="{instead}"  # and {name}, if you want to watch it, among the metrics',
    )


def _telling(labels: np.ndarray) -> np.ndarray:
    """Choose a few labels: one that holds a 0, by which many a loss divides, and one that holds something else."""
    chosen = np.arange(_ROWS)
    for place, is_so in ((-1, labels == 0), (-2, labels != 0)):  # of 1 % ones the first few may all be 0
        found = np.flatnonzero(is_so.reshape(len(labels), -1).any(axis=1))
        if len(found) and found[0] >= _ROWS:
            chosen[place] = found[0]
    return labels[chosen]


class _Trial:
    """A loss, called with a few labels and predictions."""

    def __init__(self, subject: Subject, loss: types.FunctionType):
        head = subject.head
        assert head is not None
        assert head.shape is not None
        self._loss = loss
        rng = np.random.default_rng(0)
        shape = (_ROWS, *(size or 3 for size in head.shape[1:]))
        self._predictions = rng.uniform(0.2, 0.8, shape)
        if head.activation == "softmax":
            self._predictions /= self._predictions.sum(axis=-1, keepdims=True)
        target = head.target
        if target is not None and target.is_numeric and len(target.values) >= _ROWS and not target.bad:
            self._labels = _telling(target.values)
        else:
            self._labels = rng.integers(0, 2, shape)
        self._moved = self._predictions + rng.uniform(-1e-2, 1e-2, shape)
        self._at_first = self._of(self._predictions)

    def _of(self, predictions: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray | None:
        labels = self._labels if labels is None else labels
        labels = labels.astype("float32") if labels.dtype.kind in "fb" else labels
        with without_gradients(), np.errstate(all="ignore"):
            try:
                value = self._loss(
                    keras.ops.convert_to_tensor(labels), keras.ops.convert_to_tensor(predictions.astype("float32"))
                )
                return np.asarray(keras.ops.convert_to_numpy(value), dtype="float64")
            except Exception:  # it may want labels or predictions that these are not
                return None

    @property
    def runs(self) -> bool:
        return self._at_first is not None and self._at_first.size > 0

    @property
    def changes(self) -> bool:
        moved = [self._of(self._moved), self._of(self._predictions * 0.9), self._of(self._predictions * 1.1)]
        return any(value is None or not np.array_equal(value, np.asarray(self._at_first)) for value in moved)

    @property
    def is_finite_inside(self) -> bool:
        return self._at_first is not None and bool(np.all(np.isfinite(self._at_first)))

    @property
    def is_finite_with_ones(self) -> bool:
        """Whether labels of 1 in the place of 0 are all that it takes."""
        value = self._of(self._predictions, np.where(self._labels == 0, np.ones_like(self._labels), self._labels))
        return value is not None and bool(np.all(np.isfinite(value)))

    @property
    def is_finite_at_ends(self) -> bool:
        ends = (np.round(self._predictions), 1 - np.round(self._predictions), np.ones_like(self._predictions))
        values = [self._of(end) for end in ends]
        return all(value is None or bool(np.all(np.isfinite(value))) for value in values)


CHECKS = (own_loss,)
