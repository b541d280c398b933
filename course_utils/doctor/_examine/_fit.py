"""How it is trained: class shares, order, callbacks and weights."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np

from ...network import kind
from .._report import Finding
from ._inputs import index_out_of_range, input_not_finite, input_shape, length_mismatch
from ._labels import labels
from ._patient import Patient, describe, metric_name

_MANY = 20  # labels: fewer are not meant to stand for all
_MAJORITY = 0.85  # share of one class; less is no accuracy that looks like success
_BEYOND_ACCURACY = ("precision", "recall", "auc", "f1", "prc", "fbeta", "iou", "positives", "negatives")


def class_imbalance(patient: Patient) -> Iterator[Finding]:
    """Find a majority class whose share looks like a good accuracy; only where accuracy is what is looked at."""
    head, target = patient.head, patient.target
    if head is None or target is None or head.loss is None or head.loss.kind == "regression" or not target.whole:
        return
    if patient.options.get("class_weight") is not None or patient.options.get("sample_weight") is not None:
        return
    names = [metric_name(metric).lower() for metric in head.metrics]
    if not any("acc" in name for name in names) or any(word in name for name in names for word in _BEYOND_ACCURACY):
        return
    if target.classes is None or len(target.classes) < _MANY or len(head.shape or ()) > 2:
        return
    classes, counts = target.counts
    share = counts.max() / counts.sum()
    if len(classes) < 2 or share < _MAJORITY:
        return
    label = classes[counts.argmax()]
    weights = {int(c): round(float(counts.sum() / (len(counts) * n)), 2) for c, n in zip(classes, counts, strict=True)}
    yield Finding(
        "class-imbalance",
        "hint",
        f"{counts.max():,} of the {counts.sum():,} labels are class {label}: a model that always answers {label} has "
        f"an accuracy of {share:.2f}.",
        "An accuracy near that is no sign of learning; look at what becomes of the rare class.",
        f"model.fit(…, class_weight={weights})" if len(weights) <= 5 else "model.fit(…, class_weight=…)",
    )


def sorted_labels(patient: Patient) -> Iterator[Finding]:
    """Find sorted labels where ``validation_split`` takes the end of the data."""
    split, target, head = patient.options.get("validation_split"), patient.target, patient.head
    if not split or target is None or not target.whole or patient.options.get("validation_data") is not None:
        return
    if head is None or head.loss is None or head.loss.kind == "regression" or target.classes is None:
        return
    labels = target.classes
    steps = np.diff(labels)
    if len(labels) < 10 or len(np.unique(labels)) < 2 or not (np.all(steps >= 0) or np.all(steps <= 0)):
        return
    start = int(len(labels) * (1 - split))
    end, rest = np.unique(labels[start:]), np.unique(labels[:start])
    only = np.setdiff1d(end, rest)
    what = f"the {len(labels) - start:,} validation examples are all of class {end[0]}"
    if len(end) > 1:
        what = f"the {len(labels) - start:,} validation examples are all of the classes {end.min()} to {end.max()}"
    unseen = f", and {_classes(only)} in no training batch" if len(only) else ""
    yield Finding(
        "sorted-labels",
        "error",
        f"y is sorted, and validation_split={split:g} takes its end: {what}{unseen}.",
        "Keras cuts the end off before it shuffles, so the validation accuracy says nothing about the other classes.",
        "order = np.random.default_rng(0).permutation(len(X)); X, y = X[order], y[order]",
    )


def _classes(found: np.ndarray) -> str:
    """Name all classes that were found and put the verb behind them."""
    if len(found) == 1:
        return f"class {found[0]} is"
    if len(found) <= 3:
        return f"the classes {', '.join(map(str, found[:-1]))} and {found[-1]} are"
    return f"the {len(found)} classes {found[0]} to {found[-1]} are"


def monitor_unavailable(patient: Patient) -> Iterator[Finding]:
    """Find a callback that waits for a number which this fit will not produce does nothing."""
    given = patient.options.get("callbacks")
    if given is None or not patient.model.compiled:
        return
    callbacks = list(given) if isinstance(given, list | tuple) else [given]
    others = any(kind(callback) == "unknown" for callback in callbacks) or patient.has_own_training
    head = patient.head
    names = [metric_name(metric) for metric in head.metrics] if head else []
    # Of two metrics of one name the second gets another; layers of one's own may bring metrics along.
    plain = len(set(names)) == len(names) and all(names) and "unknown" not in map(kind, patient.layers)
    complete = head is not None and plain and patient.graph is not None and not others
    available = ["loss", *names]
    if patient.has_validation:
        available += [f"val_{name}" for name in available]
    for callback in callbacks:
        watches = kind(callback) in ("EarlyStopping", "ReduceLROnPlateau") or (
            kind(callback) == "ModelCheckpoint" and callback.save_best_only
        )
        monitor = getattr(callback, "monitor", None)
        if not watches or not isinstance(monitor, str) or monitor in available:
            continue
        no_validation = monitor.startswith("val_") and not patient.has_validation
        if no_validation and not others:
            yield _unavailable(callback, monitor, "there are no validation data", "model.fit(…, validation_split=0.2)")
            return
        if complete and not no_validation and not monitor.startswith(("learning_rate", "lr")):
            near = difflib.get_close_matches(monitor, available, 1, 0.5) or available[-1:]
            known = ", ".join(available)
            yield _unavailable(
                callback, monitor, f"this fit will only tell {known}", f'{kind(callback)}(monitor="{near[0]}", …)'
            )
            return


def _unavailable(callback: Any, monitor: str, because: str, fix: str) -> Finding:
    does = {
        "EarlyStopping": "It never stops the training",
        "ReduceLROnPlateau": "It never lowers the learning rate",
        "ModelCheckpoint": "It does not know which model is the best",
    }[kind(callback)]
    return Finding(
        "monitor-unavailable",
        "error",
        f"The callback {kind(callback)} watches {monitor}, but {because}.",
        f"{does}; Keras gives a warning, or an error when it cannot tell whether more is better.",
        fix,
    )


def class_weight_keys(patient: Patient) -> Iterator[Finding]:
    """Find weights that are never looked up: their keys are no class ids."""
    weights = patient.options.get("class_weight")
    if weights is None or len(patient.heads) > 1:
        return
    if not isinstance(weights, Mapping):
        yield Finding(
            "class-weight-keys",
            "error",
            f"class_weight is a {type(weights).__name__}, not a dictionary.",
            "Keras looks up the weight of each class number in it, and stops with an error.",
            "class_weight={0: 1.0, 1: …}  # or dict(enumerate(weights))",
        )
        return
    target, head = patient.target, patient.head
    ids = (
        set(map(int, target.counts[0])) if target is not None and target.classes is not None and target.whole else None
    )
    units = head.units if head and head.loss and head.loss.kind != "regression" else None
    count = None if units is None else max(units, 2)
    wrong = [
        key
        for key in weights
        if not _is_whole(key)
        or key < 0
        or (count is not None and key >= count)
        or (ids is not None and int(key) not in ids)
    ]
    # A class that these labels happen to lack is no mistake while its number is one of the output's.
    if wrong and all(_is_whole(key) and 0 <= key < (count or 0) for key in wrong):
        return
    if wrong:
        known = f"{min(ids)} to {max(ids)}" if ids else f"0 to {count - 1}" if count else "0, 1, 2 and so on"
        yield Finding(
            "class-weight-keys",
            "error",
            f"class_weight has the {'key' if len(wrong) == 1 else 'keys'} {', '.join(map(repr, wrong[:5]))}, but the "
            f"classes are the numbers {known}.",
            "Keras passes over keys that are no class numbers and gives those classes the weight 1, without a word.",
            "class_weight={0: 1.0, 1: …}",
        )


def _is_whole(key: Any) -> bool:
    return isinstance(key, Integral | np.integer | np.bool_) or (isinstance(key, float) and key.is_integer())


def validation(patient: Patient) -> Iterator[Finding]:
    """Judge ``validation_data`` by the rules for x and y that hold for few examples, too."""
    given = patient.options.get("validation_data")
    if not isinstance(given, tuple | list) or len(given) not in (2, 3):
        return
    other = describe(patient.model, given[0], given[1], {})
    if other.x.form not in ("array", "frame"):
        return
    for check in (length_mismatch, input_shape, input_not_finite, index_out_of_range, labels):
        for finding in check(other):
            if finding.severity == "error":
                yield replace(finding, seen=f"In validation_data: {finding.seen}")


CHECKS = (class_imbalance, sorted_labels, monitor_unavailable, class_weight_keys, validation)
