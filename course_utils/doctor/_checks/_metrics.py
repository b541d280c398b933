"""Metrics that do not fit what is predicted, or say something else than they seem to."""

from __future__ import annotations

import ast
import copy
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from ...network import kind, of_keras
from .._report import Finding
from .._subject._data import Data
from .._subject._model import Head, Loss, Subject
from .._subject._program import function_tree

_ACCURACIES = ("accuracy", "acc", "Accuracy", "BinaryAccuracy", "binary_accuracy")
_PERCENTAGES = ("mape", "MeanAbsolutePercentageError", "mean_absolute_percentage_error")
_SPARSE = ("sparse_categorical_accuracy", "SparseCategoricalAccuracy")
_ONE_HOT = ("categorical_accuracy", "CategoricalAccuracy")
_YES_NO = ("Precision", "Recall", "AUC", "BinaryAccuracy", "binary_accuracy", "TruePositives", "FalsePositives",
           "TrueNegatives", "FalseNegatives", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity",
           "SpecificityAtSensitivity")  # fmt: skip
OF_EACH_COLUMN = ("BinaryAccuracy", "binary_accuracy")
_SEVERAL = 0.1  # share of the examples that have more than one label
_F_SCORES = ("F1Score", "FBetaScore")


def metrics(subject: Subject) -> Iterator[Finding]:
    """Find a metric that asks something else than what is predicted."""
    head, target = subject.head, subject.target
    if head is None or head.loss is None or head.shape is None or len(head.shape) != 2:
        return
    for metric in head.metrics:
        name = metric_id(metric)
        finding = (
            _f_score(subject, metric, name, head, target, head.loss)
            or _on_raw_scores(subject, metric, name, head, head.loss)
            or _top_of_few(subject, metric, name, head)
            or (_both_columns(subject, metric, name, head, target, head.loss) if target else None)
            or (_largest_of_several(subject, metric, name, head, target, head.loss) if target else None)
            or (_metric(name, head, target, head.loss) if target else None)
        )
        if finding:
            yield finding
            return


def metric_id(metric: object) -> str:
    """Name a metric as the user or Keras does; ``custom`` for one of the user's own."""
    if isinstance(metric, str):
        return metric
    if kind(metric) not in ("unknown", "function"):
        return "custom" if kind(metric) == "MeanMetricWrapper" else kind(metric)
    if f"{getattr(metric, '__module__', '')}.".startswith("keras."):
        return getattr(metric, "__name__", "")
    return "custom"


def _with(subject: Subject, instead: Callable[[Any], str]) -> str:
    """Write the list of metrics with others in the place of some, as the user has it where that is known."""
    head = subject.head
    listed = []
    for metric in head.metrics if head else ():
        if another := instead(metric):
            listed.append(another)
        elif isinstance(metric, str):
            listed.append(f'"{metric}"')
        elif isinstance(metric, types.FunctionType):
            listed.append(subject.program.name_of(metric, metric.__name__))
        else:
            listed.append(subject.program.name_of(metric, f"keras.metrics.{type(metric).__name__}()"))
    return f"metrics=[{', '.join(listed)}]"


def _f_score(subject: Subject, metric: Any, name: str, head: Head, target: Data | None, loss: Loss) -> Finding | None:
    if name not in _F_SCORES and name not in ("f1_score", "fbeta_score"):
        return None
    units = head.units or 1
    if target is not None and len(target.shape) == 1:
        if units == 1:
            fix = target.mended("{}.reshape(-1, 1)" if not target.of else "{}[:, None]")
        else:
            fix = target.mended(f"keras.utils.to_categorical({{}}, {units})") + '; loss="categorical_crossentropy"'
        return Finding(
            "metric-mismatch",
            "error",
            f"The metric {name} wants labels with as many columns as the output has, {units}, but {target.name} has "
            f"the shape {target.shape}.",
            "It counts each column for itself. Keras stops with an error about 2D inputs or about shapes.",
            fix,
        )
    if target is not None and units > 1 and target.shape[1:] == (1,):
        return Finding(
            "metric-mismatch",
            "error",
            f"The metric {name} wants one-hot rows of {units}, but {target.name} has one class number for each "
            "example.",
            "It counts each column for itself. Keras stops with an error about shapes.",
            target.mended(f"keras.utils.to_categorical({{}}, {units})") + '; loss="categorical_crossentropy"',
        )
    if units == 1 and getattr(metric, "threshold", 0.5) is None and not isinstance(metric, str):
        return Finding(
            "metric-mismatch",
            "warning",
            f"The metric {name} has no threshold, and the output layer has 1 unit.",
            "Without a threshold it takes the largest unit for the answer. Of one unit, that is always the same one: "
            "it counts every example as a yes.",
            _with(subject, lambda other: f"keras.metrics.{name}(threshold=0.5)" if other is metric else ""),
        )
    return None


def _on_raw_scores(subject: Subject, metric: Any, name: str, head: Head, loss: Loss) -> Finding | None:
    """Metrics of probabilities that get logits."""
    if not loss.from_logits or loss.kind != "binary" or head.activation != "linear" or not _of_scores(metric):
        return None
    return Finding(
        "metric-mismatch",
        "warning",
        f"The metric {name} expects probabilities, but the output layer has no activation and gives raw scores.",
        "The loss knows it (from_logits=True), the metric does not: it takes a score of 0.5 for the border, which is "
        "0.",
        _with(subject, _of_scores),
    )


def _of_scores(metric: Any) -> str:
    """Write a metric of probabilities as it judges raw scores; empty for one that does so already."""
    name = metric_id(metric)
    if name not in _YES_NO:
        return ""
    if name in OF_EACH_COLUMN:
        return "keras.metrics.BinaryAccuracy(threshold=0)" if getattr(metric, "threshold", 0.5) == 0.5 else ""
    if name == "AUC":
        return "" if metric.get_config().get("from_logits") else "keras.metrics.AUC(from_logits=True)"
    given = getattr(metric, "init_thresholds", getattr(metric, "thresholds", None))
    return f"keras.metrics.{name}(thresholds=0)" if given in (None, 0.5, [0.5]) else ""


_TOP_K = ("TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "top_k_categorical_accuracy",
          "sparse_top_k_categorical_accuracy")  # fmt: skip


def _top_of_few(subject: Subject, metric: Any, name: str, head: Head) -> Finding | None:
    """Find the best k of k classes or fewer, among which the right one always is."""
    k, units = getattr(metric, "k", 5), head.units or 0
    if name not in _TOP_K or not 1 < units <= k:
        return None
    return Finding(
        "metric-mismatch",
        "warning",
        f"The metric {name} asks whether the right class is among the best {k}, and there are {units} classes only.",
        "It always is, so that this is 1 whatever the model answers.",
        _with(subject, lambda other: '"accuracy"' if other is metric else ""),
    )


def _largest_of_several(
    subject: Subject, metric: Any, name: str, head: Head, target: Data, loss: Loss
) -> Finding | None:
    """Find accuracy, which asks for the largest output only, of examples that have several labels at once."""
    units = head.units or 1
    if name not in ("accuracy", "acc", *_ONE_HOT) or loss.kind != "binary" or units < 2:
        return None
    if len(target.shape) != 2 or target.shape[1] != units or not target.is_numeric:
        return None
    labels = target.rows
    if not np.isin(labels, (0, 1)).all() or (labels.sum(axis=1) > 1).mean() < _SEVERAL:
        return None
    score = 'keras.metrics.F1Score(average="micro", threshold=0.5)'
    return Finding(
        "metric-mismatch",
        "warning",
        f"The metric {name} asks only whether the largest of the {units} outputs is a 1 in {target.name}, whose rows "
        "have several.",
        "With as many columns as outputs Keras takes the labels for one-hot rows, and compares the places of the "
        "largest numbers. What it says of the other labels is nothing.",
        _with(subject, lambda other: score if other is metric else ""),
    )


def _both_columns(subject: Subject, metric: Any, name: str, head: Head, target: Data, loss: Loss) -> Finding | None:
    """Precision and recall over two columns that say the same."""
    if not _of_one_class(metric) or head.units != 2 or head.activation != "softmax":
        return None
    if loss.kind == "sparse" or not target.is_one_hot:
        return None
    return Finding(
        "metric-mismatch",
        "warning",
        f"The metric {name} counts both of the 2 softmax columns.",
        "A hit in one column is a hit in the other: precision and recall are then the accuracy, all three the same.",
        _with(subject, _of_one_class),
    )


def _of_one_class(metric: Any) -> str:
    name = metric_id(metric)
    if isinstance(metric, str) or name not in ("Precision", "Recall") or metric.class_id is not None or metric.top_k:
        return ""
    return f'keras.metrics.{name}(class_id=1, name="{metric.name}")'


def overlap(subject: Subject) -> Iterator[Finding]:
    """Find an intersection over union that wants class numbers and gets a probability for each class."""
    head = subject.head
    if head is None or head.shape is None or head.loss is None or head.loss.kind == "regression":
        return
    for metric in head.metrics:
        name, units = metric_id(metric), head.units or 0
        if name not in ("MeanIoU", "IoU") or isinstance(metric, str) or not metric.sparse_y_pred:
            continue
        one_hot = head.target is not None and len(head.target.shape) == len(head.shape) and units > 1
        one_hot = one_hot and head.target is not None and head.target.shape[-1] == units
        classes = f"num_classes={metric.num_classes}"
        of = f", target_class_ids={list(metric.target_class_ids)}" if name == "IoU" else ""
        truth = ", sparse_y_true=False" if one_hot and metric.sparse_y_true else ""
        mended = f"keras.metrics.{name}({classes}{of}{truth}, sparse_y_pred=False)"
        if units == 1:
            mended = "keras.metrics.BinaryIoU(threshold=0.5)"
        yield Finding(
            "metric-mismatch",
            "error" if units > 1 else "warning",
            f"The metric {name} wants one class number for each answer, and the output gives "
            + (f"{units} probabilities." if units > 1 else "a probability."),
            "It takes probabilities for class numbers: Keras stops with an error about shapes, or counts what is below "
            "1 as class 0.",
            _with(subject, lambda other, metric=metric, mended=mended: mended if other is metric else ""),  # type: ignore[misc]
        )
        return


def _metric(name: str, head: Head, target: Data, loss: Loss) -> Finding | None:
    units = head.units or 0
    if name in _PERCENTAGES and (zeros := int((target.rows == 0).sum())):
        return Finding(
            "metric-mismatch",
            "warning",
            f"The metric {name} divides by the labels, and {zeros:,} of {target.rows.size:,} in {target.name} are 0.",
            "Keras then divides by 0.0000001: one such example, and the mean is millions of percent, however good the "
            "model is.",
            'metrics=["mae"]  # how far off on average, in the unit of y',
        )
    if loss.kind == "regression":
        if name not in (*_ACCURACIES, *_SPARSE, *_ONE_HOT) or head.activation != "linear" or target.is_one_hot:
            return None
        if target.classes is not None and len(target.counts[0]) <= 2:
            return None
        return Finding(
            "metric-mismatch",
            "error",
            f"The metric {name} counts exact hits, but {target.name} is a quantity from {target.low:.4g} to "
            f"{target.high:.4g}.",
            "A prediction of 3.14 for 3.15 counts as wrong, so this stays near 0 however good the model is.",
            'metrics=["mae"]  # how far off on average, in the unit of y',
        )
    ids = target.classes is not None and not target.is_one_hot
    if units > 1 and loss.kind == "sparse" and ids and name in _ONE_HOT:
        return _wrong_accuracy(
            name, target.name, "one-hot rows", "class numbers", "It counts hits that are none, without a word."
        )
    if units > 1 and loss.kind == "categorical" and target.is_one_hot and name in _SPARSE:
        return _wrong_accuracy(
            name, target.name, "class numbers", "one-hot rows", "Keras stops with an error about shapes."
        )
    if units > 1 and loss.kind == "sparse" and ids and name in _YES_NO:
        return Finding(
            "metric-mismatch",
            "error",
            f"The metric {name} judges yes-or-no answers, but {target.name} has class numbers for {units} units.",
            "It compares a class number with every unit, and stops with an error about shapes.",
            'metrics=["accuracy"]',
        )
    if units > 2 and loss.kind == "categorical" and target.is_one_hot and name in OF_EACH_COLUMN:
        return Finding(
            "metric-mismatch",
            "warning",
            f"The metric {name} counts each of the {units} columns for itself.",
            f"In {units - 1} of {units} columns the label is 0, so that a model which always answers 0 already gets "
            f"{1 - 1 / units:.2f}.",
            'metrics=["accuracy"]  # Keras picks the right one',
        )
    if name == "Accuracy" and head.activation in ("softmax", "sigmoid"):
        wanted = {"sparse": "SparseCategoricalAccuracy", "categorical": "CategoricalAccuracy"}
        return Finding(
            "metric-mismatch",
            "error",
            "keras.metrics.Accuracy asks whether predictions equal the labels exactly, and these are probabilities.",
            "0.98 is not 1, so it counts a good answer as wrong.",
            f"metrics=[keras.metrics.{wanted.get(loss.kind, 'BinaryAccuracy')}()]",
        )
    return None


def _wrong_accuracy(name: str, y: str, wants: str, has: str, why: str) -> Finding:
    return Finding(
        "metric-mismatch",
        "error",
        f"The metric {name} expects {wants}, but {y} has {has}.",
        why,
        'metrics=["accuracy"]  # Keras picks the right one',
    )


def numbers_in_metric(subject: Subject) -> Iterator[Finding]:
    """Find a metric or loss of one's own that calls scikit-learn or ``.numpy()``."""
    model = subject.model
    losses = [model.loss] if model.compiled and isinstance(model.loss, types.FunctionType) else []
    own = [metric for head in subject.heads for metric in head.metrics if isinstance(metric, types.FunctionType)]
    if getattr(model, "run_eagerly", False):
        return
    for function in [*losses, *own]:
        what = "" if of_keras(function) else needs_numbers(function)
        if what:
            yield with_numbers(function, what, function in losses, subject)
            return


def needs_numbers(function: types.FunctionType) -> str:
    """Name what in a function cannot work on tensors without numbers; empty for nothing."""
    used = function.__code__.co_names
    if {"py_function", "numpy_function", "pure_callback"} & set(used):
        return ""
    for name in used:
        thing = function.__globals__.get(name)
        if str(getattr(thing, "__module__", "")).startswith("sklearn") or str(
            getattr(thing, "__name__", "") if isinstance(thing, types.ModuleType) else ""
        ).startswith("sklearn"):
            return f"{name} of scikit-learn"
    return ".numpy()" if "numpy" in used and "numpy" not in function.__globals__ else ""


def with_numbers(function: types.FunctionType, what: str, is_loss: bool, subject: Subject) -> Finding:
    """Make the finding for a loss or metric that asks tensors for numbers."""
    name = function.__name__
    known = {"f1": "F1Score(threshold=0.5)", "precision": "Precision()", "recall": "Recall()", "auc": "AUC()"}
    instead = next((new for word, new in known.items() if word in name.lower()), "")
    if is_loss:
        fix = _in_ops(function) or (
            "keras.ops.mean(keras.ops.square(y_true - y_pred))  # functions of keras.ops in place of NumPy's"
        )
    elif instead:
        fix = f"metrics=[keras.metrics.{instead}]"
        target, head = subject.target, subject.head
        if instead.startswith("F1") and target is not None and len(target.shape) == 1 and head and head.units == 1:
            fix = target.mended("{}.reshape(-1, 1)" if not target.of else "{}[:, None]") + f"; {fix}"
    else:
        fix = "metrics=[]  # and compute it after training, from model.predict"
    return Finding(
        "symbolic-tensor",
        "error",
        f"{name}, a {'loss' if is_loss else 'metric'} of your own, uses {what}.",
        "It is called with tensors that have no numbers yet, or that Keras has to follow: NumPy and scikit-learn "
        "cannot work on them.",
        fix,
    )


def _in_ops(function: types.FunctionType) -> str:
    """Write a function of the user's with Keras' operations in the place of NumPy's; "" where one has no namesake."""
    tree = function_tree(function)
    if not isinstance(tree, ast.FunctionDef):
        return ""
    written = ast.unparse(_InOps().visit(copy.deepcopy(tree)))
    missing = [name for name in re.findall(r"\bkeras\.ops\.(\w+)", written) if not hasattr(keras.ops, name)]
    return "" if missing or ".numpy()" in written or "sklearn" in written else written


class _InOps(ast.NodeTransformer):
    """Puts ``keras.ops`` in the place of NumPy, and a tensor in that of its numbers."""

    def visit_Call(self, node: ast.Call) -> ast.AST:  # as ast looks for it
        self.generic_visit(node)
        is_numbers = isinstance(node.func, ast.Attribute) and node.func.attr == "numpy" and not node.args
        return node.func.value if is_numbers and isinstance(node.func, ast.Attribute) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # as ast looks for it
        self.generic_visit(node)
        is_numpy = isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
        return ast.Attribute(ast.parse("keras.ops", mode="eval").body, node.attr) if is_numpy else node


CHECKS = (metrics, overlap, numbers_in_metric)
