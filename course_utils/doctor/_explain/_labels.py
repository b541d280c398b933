"""Failures of labels, and of what the loss and the metrics make of them."""

from __future__ import annotations

from types import FrameType
from typing import Any

import numpy as np

from .._report import Finding
from .._shapes import Shape, shape_in_words
from ._failure import Failure, error, is_users, model_shape, shape_in, shape_of

_SHAPE = r"([(\[][^)\]]*[)\]])"
_TWO_SHAPES = (
    r"Incompatible shapes for broadcasting|incompatible shapes for broadcasting|Dimensions must be equal, but are"
    r"|The size of tensor a \(\d+,?\) must match|Incompatible shapes: \[|required broadcastable shapes"
)


# What torch says; with Keras 3.8, which makes the labels one-hot first, without saying which label.
_OUT_OF_BOUNDS = r"Target (-?\d+) is out of bounds|Class values must be (?:smaller than num_classes|non-negative)"


def _labels(failure: Failure) -> np.ndarray | None:
    y = failure.call.y if failure.call else None
    try:
        return None if y is None else np.asarray(y)
    except Exception:  # tensors that cannot be read here
        return None


def _units(failure: Failure) -> int | None:
    shape = model_shape(failure.model, "output")
    return shape[-1] if shape else None


def out_of_range(failure: Failure) -> Finding | None:
    """Find a label for which there is no output unit."""
    found = failure.find(r"Received a label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)")
    torch = failure.find(_OUT_OF_BOUNDS) if failure.in_keras else None
    if not found and not torch:
        return None
    units = int(found[2]) if found else _units(failure)
    y = _labels(failure)
    numbers = y is not None and y.size > 0 and y.dtype.kind in "iuf"
    named = (found or torch)[1]  # type: ignore[index]
    if not numbers and named is None:
        return None
    low, high = (int(y.min()), int(y.max())) if y is not None and numbers else (int(named),) * 2
    label = high if named is None else int(named)
    name = failure.y
    held = f"{name} has the labels {low} to {high}" if numbers else f"{name} has the label {label}"
    if units is None:
        return error(
            "labels-out-of-range", f"{held}, and there is no output unit for {label}.",
            "Labels count from 0, one output unit for each class.", _softmax_layer(high + 1),
        )  # fmt: skip
    if units == 1:
        return error(
            "one-unit-softmax", f"The output layer has 1 unit, but the loss expects one for each class, and {held}.",
            "Two classes need one sigmoid unit with binary cross-entropy, or two units.",
            'keras.layers.Dense(1, activation="sigmoid") with loss="binary_crossentropy"',
        )  # fmt: skip
    seen = f"{held}, but the output layer has {units} units, so labels must be 0 to {units - 1}."
    if numbers and low == 1 and high == units:
        return error("labels-not-from-zero", seen, "Keras counts classes from 0.", f"{name} = {name} - 1")
    why = "Each class needs its own output unit, and classes count from 0."
    if numbers and low < 0:
        return error("labels-out-of-range", seen, why, f"names, {name} = np.unique({name}, return_inverse=True)")
    return error("labels-out-of-range", seen, why, _softmax_layer(high + 1))


def _softmax_layer(classes: int) -> str:
    return f'keras.layers.Dense({classes}, activation="softmax")'


def to_categorical(failure: Failure) -> Finding | None:
    """Find labels that cannot be made one-hot."""
    if not any(frame.f_code.co_name == "to_categorical" for frame in failure.frames if not is_users(frame)):
        return None
    if failure.find("invalid literal for int|could not convert string"):
        return error(
            "labels-type", "to_categorical was given labels that are text.", "It takes class numbers from 0 on.",
            "names, y = np.unique(y, return_inverse=True)",
        )  # fmt: skip
    if found := failure.find(r"index (-?\d+) is out of bounds for axis 1 with size (\d+)"):
        label, classes = int(found[1]), int(found[2])
        return error(
            "labels-out-of-range",
            f"There is a label {label}, but with num_classes={classes} labels must be 0 to {classes - 1}.",
            "Each class gets its own column, counted from 0.",
            f"keras.utils.to_categorical(y - 1, {classes})  # if the labels are 1 to {classes}"
            if label == classes else f"keras.utils.to_categorical(y, {label + 1})",
        )  # fmt: skip
    return None


def against_outputs(failure: Failure) -> Finding | None:
    """Find that the loss gets labels and predictions of shapes that do not belong together."""
    found = failure.find(rf"target\.shape={_SHAPE}, output\.shape={_SHAPE}")
    if not found or _in_users_loss(failure):
        return None
    y, output = shape_in(found[1]), shape_in(found[2])
    if len(output) > max(len(y), 2) and not _picture_like(y):
        return _keeps_axes(failure, y, output)
    name = failure.y
    seen = (
        f"{name} has the shape {_whole(failure, y)}, but the model's output has {output[-1]} values for each example."
    )
    if failure.find(r"target\.ndim - 1|up until the last dimension"):
        if len(y) == len(output) and y[-1] is not None and y[-1] > 1:
            return error(
                "loss-label-mismatch",
                f"{name} has the shape {_whole(failure, y)}, one column for each class (one-hot), but the loss is "
                "sparse.",
                "A sparse loss wants one class number for each example.",
                f'loss="categorical_crossentropy"  # or {name} = {name}.argmax(axis=1)',
            )
        return error(
            "loss-label-mismatch",
            seen,
            "A sparse loss wants one class number for each example.",
            f"print({name}.shape)  # it should be ({(_rows(failure) or '…')},)",
        )
    return _dense_loss(failure, y, output, seen)


def _rows(failure: Failure) -> int | None:
    shape = shape_of(failure.call.y) if failure.call else None
    return shape[0] if shape else None


def _dense_loss(failure: Failure, y: Shape, output: Shape, seen: str) -> Finding:
    name = failure.y
    classes = 1 if len(y) < len(output) else y[-1]
    if classes == 1 and output[-1] != 1:
        return error(
            "loss-label-mismatch",
            f"{name} holds one class number for each example, but the model gives {output[-1]} values for each.",
            "This loss wants labels of the same shape as the output (one-hot).",
            'loss="sparse_categorical_crossentropy"',
        )
    if output[-1] == 1:
        return error(
            "loss-label-mismatch",
            f"{name} has {classes} columns (one-hot), but the model has 1 output unit.",
            f"One unit gives one number for each example, so {name} must hold one too: 0 or 1.",
            f"{name} = {name}.argmax(axis=1)" if classes == 2 or classes is None else _softmax_layer(classes),
        )
    if isinstance(classes, int) and isinstance(output[-1], int) and len(y) == len(output):
        seen = f"{name} has {classes} columns, one for each class, but the output layer has {output[-1]} units."
        code = "labels-out-of-range" if classes > output[-1] else "too-many-units"
        return error(code, seen, "Each class needs exactly one output unit.", _softmax_layer(classes))
    return error(
        "loss-label-mismatch", seen, "This loss wants labels of the same shape as the output.", f"print({name}.shape)"
    )


def _picture_like(y: Shape) -> bool:
    return len(y) >= 3  # labels for each pixel: a segmentation


def _whole(failure: Failure, batch: Shape) -> str:
    whole = shape_of(failure.call.y) if failure.call else None
    return shape_in_words(whole if whole and len(whole) == len(batch) else batch)


def _keeps_axes(failure: Failure, y: Shape, output: Shape) -> Finding:
    images = len(output) == 4
    pooling = "keras.layers.Flatten() or keras.layers.GlobalAveragePooling2D()" if images else "keras.layers.Flatten()"
    return error(
        "output-rank",
        f"The model's output has the shape {shape_in_words((None, *output[1:]))}, but {failure.y} has "
        f"{_whole(failure, y)}.",
        f"The axes of the {'images' if images else 'input'} are still there: Dense works on the last axis only.",
        f"{pooling} before the last Dense",
    )


def shapes_collide(failure: Failure) -> Finding | None:
    """Find the same where the loss or metric simply starts to compute and two shapes do not broadcast."""
    leading = failure.find("`segment_ids` and `data` should have same leading dimension")
    if not leading and not failure.find(_TWO_SHAPES):
        return None
    place = _place(failure)
    if not place:
        return None
    output, y = model_shape(failure.model, "output"), shape_of(failure.call.y) if failure.call else None
    if output is None or y is None:
        return None
    if len(output) >= 3 and len(output) > max(len(y), 2) and not _picture_like(y):
        return _keeps_axes(failure, y, output)
    if place == "metric":
        metric = _metric(failure)
        return error(
            "metric-mismatch",
            f"The metric {metric} cannot compare {failure.y} of shape {shape_in_words(y)} with the model's output "
            f"{shape_in_words(output)}.",
            "Some metrics want class numbers, some one-hot labels, some one number between 0 and 1 for each example.",
            'metrics=["accuracy"]',
        )
    if (len(y) == 1 or y[-1] == 1) and isinstance(output[-1], int) and output[-1] > 1:
        return error(
            "loss-label-mismatch",
            f"{failure.y} holds one number for each example, but the model gives {output[-1]} for each.",
            "This loss subtracts one from the other, so they must have the same shape.",
            'loss="sparse_categorical_crossentropy"'
            if _softmax(failure.model) else "keras.layers.Dense(1) as the last layer",
        )  # fmt: skip
    if y[1:] != output[1:]:
        return error(
            "loss-label-mismatch",
            f"{failure.y} has the shape {shape_in_words(y)}, but the model's output is {shape_in_words(output)}.",
            "This loss compares them number by number, so they must have the same shape.",
            f"keras.layers.Dense({y[-1]}) as the last layer",
        )
    return None


def _softmax(model: Any) -> bool:
    layers = getattr(model, "layers", None) or [None]
    return getattr(getattr(layers[-1], "activation", None), "__name__", "") == "softmax"


def _innermost(failure: Failure) -> FrameType | None:
    """Find the innermost frame that belongs to Keras or to the user."""
    own = (f for f in failure.frames if is_users(f) or "keras" in f.f_globals.get("__name__", "").split("."))
    return next(own, None)


def _place(failure: Failure) -> str:
    """Whether it happened in one of Keras' own losses or metrics; empty if elsewhere or in the user's code."""
    innermost = _innermost(failure)
    if innermost is None or is_users(innermost):
        return ""
    for frame in failure.frames:
        parts = frame.f_globals.get("__name__", "").split(".")
        if is_users(frame) or "layers" in parts:
            return ""
        if "keras" in parts and "metrics" in parts:
            return "metric"
        if "keras" in parts and "losses" in parts:
            # Metrics that are plain losses or accuracies are called through a wrapper further out.
            return "metric" if failure.in_module("metric", "metrics") and not _in_compile_loss(failure) else "loss"
        if type(frame.f_locals.get("self")).__name__ == "CompileMetrics":
            return "metric"
    node = failure.find(r"node (compile_loss)?/?")
    return "loss" if node and node[1] else ""


def _in_compile_loss(failure: Failure) -> bool:
    return any(type(frame.f_locals.get("self")).__name__ == "CompileLoss" for frame in failure.frames)


def _in_users_loss(failure: Failure) -> bool:
    innermost = _innermost(failure)
    return innermost is not None and is_users(innermost)


def _metric(failure: Failure) -> str:
    name = next(
        (str(metric.name) for metric in failure.objects("Metric") if type(metric).__name__ != "CompileMetrics"), ""
    )
    if name:
        return name
    names = (frame.f_code.co_name for frame in failure.frames if "metrics" in frame.f_globals.get("__name__", ""))
    return next(names, "that was chosen")


def binary_targets(failure: Failure) -> Finding | None:
    """Find binary cross-entropy with labels outside 0 to 1, which only torch refuses."""
    if not failure.in_keras or not failure.find("all elements of target should be between 0 and 1"):
        return None
    y, name = _labels(failure), failure.y
    held = ""
    fix = f"{name} = ({name} == {name}.max()).astype(int)"
    if y is not None and y.size and y.dtype.kind in "iuf":
        low, high = y.min(), y.max()
        held = f": {name} goes from {low:g} to {high:g}"
        if high == 255:
            fix = f"{name} = {name} / 255"
        elif low >= 0 and high > 1 and len(np.unique(y[:100_000])) > 2:
            fix = f'{_softmax_layer(int(high) + 1)} with loss="sparse_categorical_crossentropy"'
    return error(
        "binary-target-range", f"Binary cross-entropy wants labels from 0 to 1{held}.",
        "A label is the probability of belonging to the class, so it cannot be above 1 or negative.", fix,
    )  # fmt: skip


def class_weight(failure: Failure) -> Finding | None:
    """Find class_weight that is no dictionary."""
    given = failure.call.options.get("class_weight") if failure.call else None
    if given is None or isinstance(given, dict) or not failure.find("object has no attribute '(get|items|keys)'"):
        return None
    kind = f"the text {given!r}" if isinstance(given, str) else f"a {type(given).__name__}"
    return error(
        "class-weight-keys",
        f"class_weight is {kind}, but fit wants a dictionary.",
        "It says for each class number how much an example of that class counts.",
        "class_weight={0: 1.0, 1: 3.0}" if isinstance(given, str) else "class_weight=dict(enumerate(class_weight))",
    )


def probabilities_as_classes(failure: Failure) -> Finding | None:
    """Find scikit-learn's metrics, given what predict returns."""
    if not failure.in_module("sklearn"):
        return None
    found = failure.find(
        r"Classification metrics can't handle a mix of ([\w-]+) and (continuous(?:-multioutput)?) targets"
    )
    if not found:
        return None
    several = "multioutput" in found[2]
    return error(
        "metric-mismatch",
        f"The metric was given {found[1]} labels and numbers with fractions, as predict returns them.",
        "predict gives a probability for each class, not the class.",
        "model.predict(X).argmax(axis=1)" if several else "(model.predict(X)[:, 0] > 0.5).astype(int)",
    )


def monitor(failure: Failure) -> Finding | None:
    """Find a callback that watches something that fit does not produce."""
    found = failure.find(r"(\w+) callback received monitor=(\w+),? but")
    if not found:
        return None
    today = found[2].replace("acc", "accuracy") if found[2] in ("acc", "val_acc") else "val_loss"
    return error(
        "monitor-unavailable",
        f"{found[1]} watches {found[2]!r}, which this training does not produce.",
        "A callback can watch the loss, the metrics given to compile, and the same with val_ in front.",
        f'monitor="{today}"',
    )


def dropout_rate(failure: Failure) -> Finding | None:
    """Find Dropout(50)."""
    found = failure.find(r"argument `rate`\. Expected a float value between 0 and 1\. Received: rate=(-?[\d.]+)")
    if not found:
        return None
    rate = float(found[1])
    return error(
        "dropout-too-high",
        f"The dropout rate is {found[1]}, but it must lie between 0 and 1.",
        "It is the share of values that are set to zero, not a percentage.",
        f"keras.layers.Dropout({rate / 100:g})" if 1 < rate < 90 else "keras.layers.Dropout(0.5)",
    )
