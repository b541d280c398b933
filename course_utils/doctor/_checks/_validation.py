"""Validation data: judged by the rules for x and y, and mended so that they become like the training data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .._predicting import preparation
from .._report import Finding
from .._subject._data import Data, is_tensorflow_data
from .._subject._model import Subject, describe
from .._subject._program import Program, called, changed, in_line
from ._inputs import index_out_of_range, input_not_finite, input_shape, input_type, is_swapped, length_mismatch
from ._labels import labels, labels_type
from ._shares import classes_differ

_CHECKS = (input_type, length_mismatch, input_shape, input_not_finite, index_out_of_range, labels_type, labels)
_CLASSES = ("too-many-units", "labels-out-of-range", "loss-label-mismatch")
# What the preparation of the training data may have changed.
_FORM = ("input-type", "input-rank", "input-size", "labels-type", "labels-rank", "loss-label-mismatch")


def validation(subject: Subject) -> Iterator[Finding]:
    """Judge ``validation_data`` by the rules for x and y that hold for few examples, too."""
    given = subject.options.get("validation_data")
    if hasattr(given, "shape") and hasattr(given, "dtype") and subject.y.parts and not subject.has_own_training:
        yield _alone(subject, given)
    if not isinstance(given, tuple | list) or len(given) not in (2, 3) or any(length_mismatch(subject)):
        return
    called = subject.program.name_of(given[0], "X_val"), subject.program.name_of(given[1], "y_val")
    other = describe(subject.model, given[0], given[1], {}, subject.program, called)
    if is_swapped(other):
        (finding, *_) = input_shape(other)
        yield replace(finding, fix=_paired(subject, *called[::-1]))
        return
    if _are_inputs(subject, other):
        yield Finding(
            "labels-rank",
            "error",
            f"In validation_data: {called[1]}, given as the labels, has the shape {other.y.parts[0].shape}, which is "
            f"that of inputs such as {subject.called[0]}.",
            "train_test_split gives X_train, X_test, y_train, y_test, in this order.",
            _paired(subject, called[0], "y_val" if given[0] is given[1] else _named_as_labels(called[0])),
        )
        return
    for check in _CHECKS:
        for finding in check(other) if other.x.form in ("array", "frame", "list") else ():
            if finding.severity == "error" and not (finding.code in _CLASSES and any(classes_differ(subject))):
                yield replace(
                    finding, seen=f"In validation_data: {finding.seen}", fix=_of_the_data(subject, other, finding)
                )


def _alone(subject: Subject, given: Any) -> Finding:
    name = subject.program.name_of(given, "X_val")
    return Finding(
        "length-mismatch",
        "error",
        f"validation_data is {name} alone, {len(given):,} examples without labels.",
        "The validation loss compares predictions with labels: validation_data wants a pair.",
        _paired(subject, name, _named_as_labels(name)),
    )


def _paired(subject: Subject, x: str, y: str) -> str:
    pair = f"({x}, {y})"
    return subject.program.rewritten("fit", validation_data=pair) or f"validation_data={pair}"


def _named_as_labels(name: str) -> str:
    """Name the labels that go with inputs of a name: y_val for X_val."""
    labels_of = re.sub(r"^[Xx](?=_|$)|(?<=_)[Xx]$", "y", name)
    return labels_of if labels_of != name else "y_val"


def _are_inputs(subject: Subject, other: Subject) -> bool:
    """Whether what is given as labels has the shape of the inputs that the model is trained on."""
    if not len(subject.x.parts) == len(subject.y.parts) == len(other.y.parts) == 1:
        return False
    shape = other.y.parts[0].shape[1:]
    return len(shape) > 1 and shape == subject.x.parts[0].shape[1:] != subject.y.parts[0].shape[1:]


def _of_the_data(subject: Subject, other: Subject, finding: Finding) -> str:
    """Write what changes the validation data, and not the model, which suits those of the training."""
    which = next((i for i, name in enumerate(other.called) if re.search(rf"\b{name}\b", finding.seen)), None)
    if which is None or finding.code not in _FORM:
        return finding.fix
    name, training = other.called[which], subject.called[which]
    _, _, second = finding.fix.partition("  # or ")
    target, of_labels = subject.target, which == 1
    if of_labels and target is not None and target.is_one_hot and finding.code == "loss-label-mismatch":
        return f"{name} = keras.utils.to_categorical({name}, {target.shape[1]})"
    if not preparation(subject.program, name) and (prepared := preparation(subject.program, training)):
        return f"{name} = {prepared.replace('{}', name)}"
    if second.startswith(f"{name} = "):
        return second
    if of_labels and finding.code == "labels-type" and _has_texts(other.y.parts):
        order = f"names: the classes, in the order of their numbers in {training}"
        return f"{name} = np.searchsorted(names, {name})  # {order}"
    return finding.fix


def _has_texts(parts: tuple[Data, ...]) -> bool:
    return bool(parts) and parts[0].values.dtype.kind in "USO" and isinstance(parts[0].values.flat[0], str)


def validation_set(subject: Subject) -> Iterator[Finding]:
    """Judge a ``tf.data.Dataset`` for validation in the same way."""
    given = subject.options.get("validation_data")
    if not is_tensorflow_data(given) or subject.has_own_training:
        return
    name, training = subject.program.name_of(given, "val_ds"), subject.called[0]
    other = describe(subject.model, given, None, {}, subject.program, (name, name))
    alike = _mapped_alike(subject.program, training, name)
    if subject.y.parts and other.y.form == "nothing" and other.x.form == "batches":
        yield Finding(
            "length-mismatch",
            "error",
            f"In validation_data: {name} gives inputs without labels.",
            "The validation loss compares predictions with labels: each batch is to be a pair.",
            alike or f"# make {name} as {training} is made, of pairs (x, y)",
        )
        return
    for check in (input_shape, labels_type, labels):
        for finding in check(other) if other.x.form == "batches" else ():
            if finding.severity == "error":
                fix = alike or _of_the_set(subject, name, finding)
                yield replace(finding, seen=f"In validation_data: {finding.seen}", fix=fix)


def _mapped_alike(program: Program, training: str, name: str) -> str:
    """Write the ``map`` that the training data have and those of validation lack; "" where none is seen."""
    known = {function for function, _ in _maps(program, name)}
    for function, of_examples in _maps(program, training):
        if function not in known:
            mapped = f"map({function})"
            return f"{name} = {name}.{f'unbatch().{mapped}.batch(32)' if of_examples else mapped}"
    return ""


def _maps(program: Program, name: str) -> Iterator[tuple[str, bool]]:
    """List what ``map`` is given where a data set gets its name, and whether single examples come to it."""
    for value in program.expressions(name):
        batched_later = False
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            if called(value) == "map" and value.args:
                yield in_line(value.args[0]), batched_later
            batched_later |= called(value) == "batch"
            value = value.func.value


def _of_the_set(subject: Subject, name: str, finding: Finding) -> str:
    """Write what makes the batches of validation like those of the training."""
    target, shape = subject.target, subject.entries[0].shape if subject.entries else ()
    if finding.fix.startswith(f"{name} = "):
        return finding.fix
    if finding.code == "loss-label-mismatch" and target is not None:
        as_target = f"one_hot(y, {target.shape[1]})" if target.is_one_hot else "argmax(y, axis=-1)"
        return f"{name} = {name}.map(lambda x, y: (x, keras.ops.{as_target}))"
    if finding.code == "input-size" and len(shape) == 4:
        for call in (value for value in subject.program.expressions(name) if isinstance(value, ast.Call)):
            if called(call) == "image_dataset_from_directory":
                return f"{name} = {in_line(changed(call, (), {'image_size': str(shape[1:3])}))}"
        return f"{name} = {name}.map(lambda x, y: (keras.ops.image.resize(x, {shape[1:3]}), y))"
    return f"# make {name} as {subject.called[0]} is made"


CHECKS = (validation, validation_set)
