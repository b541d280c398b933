"""What shall come out: the labels, the loss that reads them, and the number of units."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from typing import cast

import keras
import numpy as np

from ...network import kind
from .._report import Finding
from .._shapes import Shape, counted, shape_in_words
from .._subject._data import Data
from .._subject._effects import DROPOUTS
from .._subject._model import LOSS_NAMES, Head, Loss, Subject
from .._subject._program import called, changed, in_line, nodes_of
from ._metrics import OF_EACH_COLUMN, metric_id

_ENOUGH = 10  # examples for each unit: with fewer, a class may be missing by chance
_SEVERAL = 0.05  # share of rows with several ones; fewer may be slips
_CLASS_LOSSES = ("sparse", "categorical", "binary")
_SPARSE_MEANS = (
    "“Sparse” in a loss's name means class numbers 0, 1, 2, …; without it, it reads one-hot rows such as 0, 0, 1. "
    "Keras stops with an error about shapes."
)


def labels_type(subject: Subject) -> Iterator[Finding]:
    """Labels are numbers, and class ids whole ones."""
    if subject.y.form == "list" and subject.y.of == "texts" and subject.y.parts:
        yield _texts(subject.y.parts[0])
        return
    head = subject.head
    data = head.target if head else None
    if data is None or head is None or not data.values.size or subject.y.form == "list":
        return
    if data.values.dtype.kind in "USO":
        first = data.values.flat[0]
        kind_of = "int32" if isinstance(first, bool | int | np.bool_ | np.integer) else "float32"
        if isinstance(first, str | bytes):
            yield _texts(data)
        else:
            yield Finding(
                "labels-type",
                "error",
                f"{data.name} is an array of Python objects (dtype object) such as {str(first)[:30]}, not of numbers.",
                "Keras stops with “Invalid dtype: object”, or the like.",
                data.mended(f'{{}}.astype("{kind_of}")'),
            )
    elif head.loss and head.loss.kind == "sparse" and not data.is_integral and not data.bad:
        fractional = data.rows[data.rows != np.floor(data.rows)]
        yield Finding(
            "labels-type",
            "error",
            f"{data.name} holds fractions, such as {float(fractional.flat[0]):.4g}, and the loss {head.loss.name} "
            "takes them for class numbers.",
            "It cuts the fraction off without a word: 0.9 becomes class 0.",
            f'keras.layers.Dense(1); loss="mse"  # if {data.name} is a quantity: class numbers must be whole',
        )


# 312,500 and $1,200 and 0.75, but not 3 km
_WRITTEN_NUMBER = re.compile(r"\s*[$€£¥]?\s*[+-]?\d{1,3}(?:,?\d{3})*(?:\.\d+)?\s*[$€£¥%]?\s*")


def _texts(data: Data) -> Finding:
    sample = [str(value) for value in data.values.flat[:20]]
    if all(map(_WRITTEN_NUMBER.fullmatch, sample)) and not all(text.strip().isdigit() for text in sample):
        return Finding(
            "labels-type",
            "error",
            f"{data.name} holds numbers that are written as texts, such as {sample[0][:30]!r}.",
            "One sign between the digits, or behind them, and a table's column is read as texts.",
            data.mended(
                'np.char.replace(np.char.strip(np.asarray({}, dtype=str), " $€£¥%"), ",", "").astype("float32")'
            ),
        )
    return Finding(
        "labels-type",
        "error",
        f"{data.name} holds texts, such as {str(data.values.flat[0])[:30]!r}.",
        "A loss computes with numbers: every class needs one, 0, 1, 2 and so on.",
        f"names, {data.name} = np.unique({data.name}, return_inverse=True)  # names[k] is the class with the number k",
    )


def labels(subject: Subject) -> Iterator[Finding]:
    """One finding at most about labels, loss and units: the most basic one."""
    head, target = subject.head, subject.target
    if head is None or head.loss is None or subject.has_own_training:
        return
    finding = _one_unit(head, head.loss)
    # Before it has seen texts, TextVectorization does not tell the right shape of what it makes of them.
    certain = not any(kind(layer) == "TextVectorization" for layer in subject.layers)
    if finding is None and target is not None and head.shape is not None and not target.bad:
        finding = (
            _axis_too_many(head, target, head.loss)
            or (_output_rank(subject, head, target, head.loss) if certain else None)
            or _mismatch(head, target, head.loss)
            or _range(head, target, head.loss)
            or _too_many_units(head, target, head.loss)
        )
    if finding:
        yield finding


def _one_unit(head: Head, loss: Loss) -> Finding | None:
    if head.units != 1 or (loss.kind == "regression" and head.activation != "softmax"):
        return None
    many = loss.kind in ("sparse", "categorical")
    if head.shape is not None and len(head.shape) > 2 and not many:
        return None
    if head.activation == "softmax":
        return Finding(
            "one-unit-softmax",
            "error",
            "The output layer has 1 unit with softmax.",
            "Softmax makes the units of a layer add up to 1; a single one is always exactly 1, whatever the input.",
            'keras.layers.Dense(1, activation="sigmoid"); loss="binary_crossentropy"'
            if loss.kind != "regression"
            else "keras.layers.Dense(1)",
        )
    if many:
        return Finding(
            "one-unit-softmax",
            "error",
            f"The output layer has 1 unit, and the loss is {loss.name}.",
            "That loss chooses among classes, and needs a unit for each of them; with one there is nothing to "
            "choose, and the loss is 0 or an error.",
            'keras.layers.Dense(1, activation="sigmoid"); loss="binary_crossentropy"  # more than two classes: a unit '
            "for each",
        )
    return None


def _axis_too_many(head: Head, target: Data, loss: Loss) -> Finding | None:
    """Labels with an axis of length 1 that no output has."""
    assert head.shape is not None
    units, shape, rank = head.units, target.shape, len(head.shape)
    sparse = loss.kind == "sparse"
    if rank != 2 or units is None or len(shape) != rank + (0 if sparse else 1):
        return None
    inner = shape[1:] if sparse else shape[1:-1]
    if any(size != 1 for size in inner) or (sparse and len(shape) == 2) or (not sparse and shape[-1] != units):
        return None
    wanted = (len(target.values), units)
    return Finding(
        "labels-rank",
        "error",
        f"{target.name} has the shape {shape}, with an axis of length 1 too many: the output is {units} numbers for "
        "each example.",
        "The loss compares labels and predictions place by place, and stops with an error about shapes.",
        target.mended(f"{{}}.reshape({wanted})" if not target.of else "{}[:, 0]"),
    )


def _output_rank(subject: Subject, head: Head, target: Data, loss: Loss) -> Finding | None:
    """Predictions with more axes than the targets explain."""
    assert head.shape is not None
    shape = target.shape
    flat = len(shape) == 1 or (len(shape) == 2 and (shape[1] == 1 or loss.kind == "categorical" or target.is_one_hot))
    if not flat or len(head.shape) < 3 or _one_for_each_position(head.shape, shape, loss):
        return None
    inner = head.shape[1:-1]
    if all(size == 1 for size in inner) and len(head.shape) == 3 and len(shape) == 2:
        return None
    silent = (
        "With this loss Keras raises no error: it compares every position with the targets of all examples in the "
        "batch, and trains for the wrong thing."
        if loss.kind == "regression" and head.units == 1 and len(shape) == 1
        else "The loss cannot compare the two, and stops with an error about shapes."
    )
    return Finding(
        "output-rank",
        "error",
        f"The model answers each example with an array of shape {shape_in_words(head.shape[1:])}, but {target.name} "
        f"holds one {'row' if len(shape) == 2 and shape[1] > 1 else 'number'} for each: the input's "
        f"{'axis' if len(inner) == 1 else 'axes'} {shape_in_words(inner)} {'is' if len(inner) == 1 else 'are'} still "
        "there.",
        silent,
        _last_step_only(subject)
        or _flattened(subject)
        or "keras.layers.Flatten()  # before the last Dense layer; after convolutions GlobalAveragePooling2D() does, "
        "too",
    )


def _last_step_only(subject: Subject) -> str:
    """Write the last recurrent layer without return_sequences, if nothing behind it goes along the sequence."""
    layers = [node.operation for node in subject.graph.nodes] if subject.graph else []
    recurrent = [layer for layer in layers if kind(layer) in ("LSTM", "GRU", "SimpleRNN")]
    if not recurrent or not recurrent[-1].return_sequences:
        return ""
    behind = layers[layers.index(recurrent[-1]) + 1 :]
    if any(kind(layer) not in ("Dense", "Activation", "BatchNormalization", *DROPOUTS) for layer in behind):
        return ""
    name, fix = kind(recurrent[-1]), f"keras.layers.{kind(recurrent[-1])}({recurrent[-1].units})"
    for call in subject.program.calls(name):
        if any(word.arg == "return_sequences" for word in call.keywords):
            fix = in_line(changed(call, ("return_sequences",), {}))
            break
    return f'{fix}  # the layer "{recurrent[-1].name}": without return_sequences it gives its last output only'


def _flattened(subject: Subject) -> str:
    """Write the line that makes the last Dense layer of a functional model, with its input flattened."""
    for scope in () if isinstance(subject.model, keras.Sequential) else subject.program.scopes:
        lines = [node for node in nodes_of(scope) if isinstance(node, ast.Assign) and _calls_dense(node.value)]
        if lines:
            call = cast(ast.Call, lines[-1].value)
            flat = ast.Call(ast.parse("keras.layers.Flatten()", mode="eval").body, call.args, [])
            return in_line(ast.Assign(lines[-1].targets, ast.Call(call.func, [flat], []), lineno=1))
    return ""


def _calls_dense(node: ast.expr) -> bool:
    """Whether it is ``Dense(…)(tensor)``."""
    made = isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Call)
    return made and called(cast(ast.Call, cast(ast.Call, node).func)) == "Dense"


def _one_for_each_position(output: Shape, target: tuple[int, ...], loss: Loss) -> bool:
    """Whether y has a number for every step of a sequence, or every pixel, of which the output tells something."""
    inner, positions = output[1:-1], target[1:]
    if len(inner) != len(positions) or (loss.kind != "sparse" and output[-1] != 1):
        return False
    return all(size == own or (size is None and own > 1) for size, own in zip(inner, positions, strict=True))


def _mismatch(head: Head, target: Data, loss: Loss) -> Finding | None:
    """Find a loss that reads labels of another form than these."""
    assert head.shape is not None
    units, shape, rank = head.units, target.shape, len(head.shape)
    if rank != 2 or units is None:
        return None
    ids = target.classes is not None and not target.is_one_hot and units > 1
    if loss.kind == "sparse" and len(shape) == 2 and shape[1] > 1:
        if not target.is_one_hot:
            return None
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has one-hot labels ({shape[1]} columns), but the loss {loss.name} expects one class "
            "number for each example.",
            _SPARSE_MEANS,
            f'loss="categorical_crossentropy"  # or {target.mended("{}.argmax(axis=1)")}',
        )
    if loss.kind == "categorical" and ids:
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has class numbers {target.low:.0f} to {target.high:.0f}, but the loss {loss.name} expects "
            f"one-hot rows of {units}.",
            _SPARSE_MEANS,
            'loss="sparse_categorical_crossentropy"',
        )
    if loss.kind == "binary":
        return _binary_mismatch(head, target, loss, ids)
    if loss.kind == "regression":
        return _regression_mismatch(head, target, loss, ids)
    return None


def _binary_mismatch(head: Head, target: Data, loss: Loss, ids: bool) -> Finding | None:
    units, shape = head.units, target.shape
    if units is not None and units > 2 and head.activation == "softmax" and target.is_one_hot and shape[1] == units:
        asks_columns = any(metric_id(metric) in OF_EACH_COLUMN for metric in head.metrics)
        return Finding(
            "loss-label-mismatch",
            "warning",
            f"{target.name} has one-hot labels for {units} classes, the output is a softmax, but the loss is "
            f"{loss.name}.",
            f"It asks {units} yes-or-no questions of each example, of which {units - 1} are answered by “no”: the "
            "loss, and binary accuracy, look far better than they are.",
            'loss="categorical_crossentropy"' + ('; metrics=["accuracy"]' if asks_columns else ""),
        )
    if ids:
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has one class number for each example, the output layer {units} units, but the loss is "
            f"{loss.name}.",
            "Binary cross-entropy asks every unit its own yes-or-no question, and needs an answer for each.",
            'loss="sparse_categorical_crossentropy"',
        )
    if units == 1 and target.is_one_hot:
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has one-hot labels ({shape[1]} columns), but the output layer has 1 unit.",
            "One unit answers yes or no, so it needs one column of 0s and 1s.",
            target.mended("{}.argmax(axis=1)")
            if shape[1] == 2
            else f'keras.layers.Dense({shape[1]}, activation="softmax"); loss="categorical_crossentropy"',
        )
    if (
        units == 1
        and target.classes is not None
        and target.low == 0
        and len(target.counts[0]) > 2
        and target.high < 100
    ):
        classes = int(target.high) + 1
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has the class numbers 0 to {target.high:.0f}, but the loss {loss.name} knows only 0 and 1.",
            "TensorFlow and JAX take a 2 for “more than certain” and go on without a word; torch stops with an error.",
            f'keras.layers.Dense({classes}, activation="softmax"); loss="sparse_categorical_crossentropy"',
        )
    return None


def _regression_mismatch(head: Head, target: Data, loss: Loss, ids: bool) -> Finding | None:
    units, shape = head.units, target.shape
    columns = shape[1] if len(shape) == 2 else 1
    if len(shape) > 2 or units == columns:
        return None
    if ids and head.activation == "softmax":
        return Finding(
            "loss-label-mismatch",
            "error",
            f"{target.name} has one class number for each example, the output layer {units} softmax units, but the "
            f"loss is {loss.name}.",
            "A class number cannot be subtracted from a row of probabilities.",
            'loss="sparse_categorical_crossentropy"',
        )
    return Finding(
        "loss-label-mismatch",
        "error",
        f"{target.name} has {counted(columns, 'number')} for each example, but the output layer has "
        f"{counted(units or 0, 'unit')}.",
        "Depending on the shape of the labels this is an error, or each number is silently compared with every other.",
        f"keras.layers.Dense({columns})",
    )


def _range(head: Head, target: Data, loss: Loss) -> Finding | None:
    """Labels without a unit of their own."""
    units = head.units
    if units is None:
        return None
    if loss.kind == "sparse" and target.is_integral and (head.shape is None or len(head.shape) == 2 or target.whole):
        return _ids_out_of_range(target, units, loss)
    if loss.kind == "categorical" and target.is_one_hot and len(head.shape or ()) == 2 and target.shape[1] > units:
        return Finding(
            "labels-out-of-range",
            "error",
            f"{target.name} has one-hot labels for {target.shape[1]} classes, but the output layer has "
            f"{counted(units, 'unit')}.",
            "Every class needs a unit of its own; Keras stops with an error about shapes.",
            f'keras.layers.Dense({target.shape[1]}, activation="softmax")',
        )
    if loss.kind == "binary" and (target.low < 0 or target.high > 1):
        return _binary_range(target, loss)
    return None


def _ids_out_of_range(target: Data, units: int, loss: Loss) -> Finding | None:
    low, high = int(target.low), int(target.high)
    if loss.ignores is not None or (low >= 0 and high < units):
        return None
    silent = "TensorFlow and torch stop with an error; JAX says nothing, and its loss merely looks too low."
    must = f"the output layer has {units} units, so labels must be 0 to {units - 1}"
    if target.classes is not None and target.whole:
        found = target.counts[0]
        if low == 1 and high == units:
            return Finding(
                "labels-not-from-zero",
                "error",
                f"{target.name} has the labels 1 to {high}, but {must}.",
                silent,
                target.mended("{} - 1"),
            )
        if low >= 0 and len(found) == units:
            some = ", ".join(str(label) for label in found[:5]) + (", …" if len(found) > 5 else "")
            return Finding(
                "labels-not-from-zero",
                "error",
                f"{target.name} has {len(found)} different labels that do not count up from 0 ({some}), but {must}.",
                silent,
                f"names, {target.name} = np.unique({target.name}, return_inverse=True)  # names[k] is the label that "
                "becomes k",
            )
    wrong = low if low < 0 else high
    many = target.values.ndim > 1 and target.shape[1:] != (1,)
    if many and wrong in _VOID and loss.kind == "sparse" and _others_fit(target, wrong, units):
        logits = ", from_logits=True" if loss.from_logits else ""
        return Finding(
            "labels-out-of-range",
            "error",
            f"{target.name} has the label {wrong}, but {must}.",
            f"{wrong} mostly marks what has no class, such as the border of a thing. The loss can leave it out.",
            f"loss=keras.losses.SparseCategoricalCrossentropy(ignore_class={wrong}{logits})",
        )
    mend = f'keras.layers.Dense({high + 1}, activation="softmax")  # if {target.name} is right'
    return Finding(
        "labels-out-of-range",
        "error",
        f"{target.name} has the label {wrong}, but {must}.",
        silent,
        f"np.unique({target.name})  # find out what {wrong} means" if low < 0 or high > 10 * units + 10 else mend,
    )


# What masks and sequences have where nothing is to be told.
_VOID = (-100, -1, 255)


def _others_fit(target: Data, void: int, units: int) -> bool:
    others = target.rows[target.rows != void]
    return bool(len(others) and others.min() >= 0 and others.max() < units)


# So many numbers between 0 and 255 for each example are a picture, not labels.
_PIXELS = 64


def _binary_range(target: Data, loss: Loss) -> Finding:
    middle = (target.low + target.high) / 2
    mend = target.mended(f"({{}} > {middle:.4g}).astype(int)") + "  # 0 or 1 for every example: from where on is it 1?"
    if target.low == -1 and target.high == 1:
        mend = target.mended("({} + 1) // 2") + "  # -1 and 1 become 0 and 1"
    elif target.low == 1 and target.high == 2:
        mend = target.mended("{} - 1")
    elif target.low >= 0 and (target.high == 255 or (1 < target.high < 255 and math.prod(target.shape[1:]) >= _PIXELS)):
        mend = target.mended("{} / 255")
    return Finding(
        "binary-target-range",
        "error",
        f"{target.name} runs from {target.low:g} to {target.high:g}, but the loss {loss.name} needs targets from 0 to "
        "1.",
        "TensorFlow and JAX compute a loss that means nothing, and may be negative; torch stops with an error.",
        mend,
    )


def _too_many_units(head: Head, target: Data, loss: Loss) -> Finding | None:
    units, classes = head.units, target.classes
    if units is None or classes is None or not target.whole or len(head.shape or ()) != 2:
        return None
    if loss.ignores is not None:
        return None
    if loss.kind == "categorical" and target.is_one_hot and target.shape[1] < units:
        return Finding(
            "too-many-units",
            "error",
            f"{target.name} has one-hot labels for {target.shape[1]} classes, but the output layer has {units} units.",
            "Keras compares them column by column, and stops with an error about shapes.",
            f'keras.layers.Dense({target.shape[1]}, activation="softmax")',
        )
    if loss.kind not in ("sparse", "categorical") or len(classes) < _ENOUGH * units:
        return None
    found = target.counts[0]
    from_one = found[0] == 1 and found[-1] == units - 1 and len(found) == units - 1
    if found[-1] == units - 1 and not from_one:  # words, whose first numbers stand for padding and the unknown
        return None
    mend = f'keras.layers.Dense({found[-1] + 1}, activation="softmax")'
    if from_one:
        mend = target.mended("{} - 1" if loss.kind == "sparse" else "{}[:, 1:]")
        mend += f'; keras.layers.Dense({units - 1}, activation="softmax")'
    return Finding(
        "too-many-units",
        "hint",
        f"The output layer has {units} units, but the {len(classes):,} labels are only "
        f"{found[0]}{f' to {found[-1]}' if len(found) > 1 else ''}.",
        "The other units stand for classes that never occur; if there are none, they only cost.",
        mend,
    )


def logits(subject: Subject) -> Iterator[Finding]:
    """Probabilities or raw scores: the output layer and the loss must agree."""
    head = subject.head
    if head is None or head.loss is None or head.loss.kind not in _CLASS_LOSSES or head.activation is None:
        return
    loss, last = head.loss, head.activation
    if head.units == 1 and (last == "softmax" or loss.kind != "binary"):
        return  # one-unit-softmax says it
    if loss.from_logits:
        if last in ("softmax", "sigmoid"):
            yield Finding(
                "logits-mismatch",
                "error",
                f"The output layer ends with {last}, but the loss has from_logits=True, so it applies {last} once "
                "more.",
                "Twice squeezed, no answer can be certain: the loss stays high and the training slow.",
                f"loss={_class_of(loss)}()  # without from_logits=True",
            )
        return
    if last not in ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "softplus", "tanh"):
        return
    wanted = "sigmoid" if loss.kind == "binary" else "softmax"
    has = "has no activation" if last == "linear" else f"ends with {last}"
    mended = f'keras.layers.Dense({head.units}, activation="{wanted}")'
    if head.shape is None or len(head.shape) > 2:
        mended = f'activation="{wanted}"  # in the last layer'
    yield Finding(
        "logits-mismatch",
        "error",
        f"The output layer {has}, but the loss {loss.name} expects probabilities between 0 and 1.",
        "What lies outside is cut off without a word, and where it is cut nothing is learned.",
        f"{mended}{'' if '#' in mended else '  #'} or loss={_class_of(loss)}(from_logits=True)",
    )


def _class_of(loss: Loss) -> str:
    name = LOSS_NAMES[loss.kind]
    return "keras.losses." + "".join(part.capitalize() for part in name.split("_"))


def regression_activation(subject: Subject) -> Iterator[Finding]:
    """Targets that the output layer can never reach."""
    head, target = subject.head, subject.target
    if head is None or target is None or head.loss is None or head.loss.kind != "regression" or target.bad:
        return
    if head.shape is not None and target.classes is not None and head.activation == "softmax":
        columns = target.shape[1] if len(target.shape) == 2 else 1
        if columns != head.units:
            return  # loss-label-mismatch says it
    reach = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "relu": (0, np.inf), "softplus": (0, np.inf)}
    if head.activation not in reach or (head.activation == "softmax" and head.units == 1):
        return
    low, high = reach[head.activation]
    slack = 1e-3 + 1e-3 * (high - low if np.isfinite(high) else 0)
    if target.low >= low - slack and target.high <= high + slack:
        return
    span = f"only {low} to {high}" if np.isfinite(high) else "only 0 and more"
    yield Finding(
        "regression-activation",
        "error",
        f"{target.name} runs from {target.low:.4g} to {target.high:.4g}, but the output layer ends with "
        f"{head.activation}, which gives {span}.",
        "What lies outside can never be predicted, however long the training.",
        f"keras.layers.Dense({head.units or 1})  # no activation, for a quantity",
    )


def several_labels(subject: Subject) -> Iterator[Finding]:
    """Find rows with several ones where the loss looks for the only one."""
    head, target = subject.head, subject.target
    if (
        head is None
        or head.loss is None
        or head.loss.kind != "categorical"
        or target is None
        or subject.has_own_training
    ):
        return
    rows = target.rows
    if rows.ndim != 2 or rows.shape[1] != head.units or target.bad or not ((rows == 0) | (rows == 1)).all():
        return
    several = float(np.mean(rows.sum(axis=1) > 1))
    if several < _SEVERAL:
        return
    yield Finding(
        "loss-label-mismatch",
        "warning",
        f"{several:.0%} of the rows of {target.name} hold several ones, but softmax and {head.loss.name} look for one "
        "right class.",
        "Softmax shares out a sum of 1, so two labels get half each at most. If several can hold at once, each needs "
        "a unit of its own that says yes or no.",
        f'keras.layers.Dense({head.units}, activation="sigmoid"); '
        + subject.recompiled(loss='"binary_crossentropy"', metrics='["binary_accuracy"]'),
    )


CHECKS = (labels_type, labels, several_labels, logits, regression_activation)
