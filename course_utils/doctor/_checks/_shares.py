"""The classes that occur: how many of each, in which order, weighted how, and whether validation has the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from numbers import Integral
from pathlib import PurePath
from typing import Any

import numpy as np

from .._report import Finding
from .._subject._data import origin
from .._subject._model import Subject, metric_name
from .._subject._program import called, changed, in_line

_MANY = 20  # labels: fewer are not meant to stand for all
_MAJORITY = 0.85  # share of one class; less is no accuracy that looks like success
_BEYOND_ACCURACY = ("precision", "recall", "auc", "f1", "prc", "fbeta", "iou", "positives", "negatives")


def shuffled(x: str, y: str) -> str:
    """Write the lines that shuffle x and y together."""
    return f"order = np.random.default_rng(0).permutation(len({x})); {x}, {y} = {x}[order], {y}[order]"


def one_class(subject: Subject) -> Iterator[Finding]:
    """Find labels that are all the same, and a folder that holds a single class folder."""
    names = origin(subject.given[0], "class_names")
    head, target = subject.head, subject.target
    if head is None or head.loss is None or head.loss.kind == "regression":
        return
    if isinstance(names, list) and len(names) == 1:
        place = origin(subject.given[0], "file_paths") or []
        folder = str(place[0]).replace("\\", "/").rsplit("/", 2)[0] if place else ""
        yield Finding(
            "one-class",
            "error",
            f"The data set has one class only, {names[0]!r}: every label is 0.",
            "Each folder inside the given one is a class. This one holds a single folder, which may hold the classes.",
            _folder_below(subject, names[0], folder),
        )
        return
    if target is None or not target.whole or target.classes is None or len(target.classes) < _MANY:
        return
    # In adversarial training one network is trained to make another, which is frozen, say one thing only.
    if len(target.counts[0]) > 1 or any(not layer.trainable and layer.weights for layer in subject.layers):
        return
    yield Finding(
        "one-class",
        "warning",
        f"All {len(target.classes):,} labels in {target.name} are {target.counts[0][0]}.",
        "There is nothing to tell apart: always answering that is right every time, and nothing else is learned.",
        f"np.unique({target.name}, return_counts=True)  # after each step that makes it",
    )


# What people call the parts of their data.
_PARTS = frozenset({"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"})


def folders_not_classes(subject: Subject) -> Iterator[Finding]:
    """Find a data set whose classes are the folders of training and test."""
    names = origin(subject.given[0], "class_names")
    if not isinstance(names, list) or len(names) < 2 or not {str(name).lower() for name in names} <= _PARTS:
        return
    place = origin(subject.given[0], "file_paths") or []
    folder = str(place[0]).replace("\\", "/").rsplit("/", 2)[0] if place else ""
    train = next((name for name in names if str(name).lower().startswith("train")), names[0])
    yield Finding(
        "folders-not-classes",
        "error",
        f"The classes of the data set are {' and '.join(map(repr, names))}: the network learns to tell the parts of "
        "your data apart.",
        "Each folder inside the given one is a class. Here these hold training and test, and the classes lie one level "
        "below.",
        _folder_below(subject, train, folder),
    )


def _folder_below(subject: Subject, name: str, folder: str) -> str:
    for call in subject.program.calls("image_dataset_from_directory", "text_dataset_from_directory"):
        if call.args or call.keywords:
            given = call.args[0] if call.args else next(word.value for word in call.keywords if word.arg == "directory")
            below = ast.parse(_below(subject, given, name), mode="eval").body
            if call.args:
                return in_line(ast.Call(call.func, [below, *call.args[1:]], call.keywords))
            return in_line(changed(call, (), {"directory": in_line(below)}))
    return f'directory="{folder}/{name}"'


def _below(subject: Subject, given: ast.expr, name: str) -> str:
    """Write the folder of a name in one that is given as a text, as a path, or as what makes one of them."""
    if isinstance(given, ast.Constant):
        return repr(f"{str(given.value).rstrip('/')}/{name}")
    is_path = isinstance(given, ast.Name) and isinstance(subject.program.value_of(given.id), PurePath)
    is_path = is_path or (isinstance(given, ast.BinOp) and isinstance(given.op, ast.Div))
    return f'{ast.unparse(given)} / "{name}"' if is_path else f'{ast.unparse(given)} + "/{name}"'


def classes_differ(subject: Subject) -> Iterator[Finding]:
    """Find validation data whose classes are others than those of training, or counted in another order."""
    held_out = subject.options.get("validation_data")
    names, other = origin(subject.given[0], "class_names"), origin(held_out, "class_names")
    indices = getattr(subject.given[0], "class_indices", None), getattr(held_out, "class_indices", None)
    if all(isinstance(each, dict) for each in indices):
        names, other = (sorted(each, key=each.get) for each in indices)  # type: ignore[union-attr, arg-type]
    if isinstance(names, list) and isinstance(other, list) and names != other:
        first = next(
            (i for i, (a, b) in enumerate(zip(names, other, strict=False)) if a != b), min(len(names), len(other))
        )
        theirs = [repr(each[first]) if first < len(each) else "nothing" for each in (names, other)]
        yield Finding(
            "classes-differ",
            "error",
            f"Training has the classes {', '.join(names[:6])}, validation {', '.join(other[:6])}: the label {first} "
            f"means {theirs[0]} in one and {theirs[1]} in the other.",
            "Keras numbers the folders in the order of their names, so a folder that is missing moves all that follow.",
            _empty_folders(subject, names, other),
        )
        return
    target = subject.target
    if not isinstance(held_out, tuple | list) or len(held_out) not in (2, 3) or target is None:
        return
    shape: tuple[int, ...] = tuple(getattr(held_out[1], "shape", ()))
    if len(target.shape) != 2 or len(shape) != 2 or 1 in (shape[1], target.shape[1]) or shape[1] == target.shape[1]:
        return
    if subject.head is None or subject.head.units != target.shape[1]:
        return
    name = subject.program.name_of(held_out[1], "y_val")
    yield Finding(
        "classes-differ",
        "error",
        f"{target.name} has {target.shape[1]} columns, one for each class, but {name}, the labels of validation, only "
        f"{shape[1]}."
        if shape[1] < target.shape[1]
        else f"{target.name} has {target.shape[1]} columns, one for each class, but {name}, the labels of validation, "
        f"{shape[1]}.",
        "The classes were counted anew in the smaller part, which lacks some of them. Count once, for both.",
        _encoded(subject, name, target.shape[1], int(shape[1])),
    )


def _empty_folders(subject: Subject, names: list[str], other: list[str]) -> str:
    """Write the line that makes the folders that one of two data sets lacks, which may be empty."""
    held_out = subject.options.get("validation_data")
    missing, data = [name for name in names if name not in other], held_out
    if not missing:
        missing, data = [name for name in other if name not in names], subject.given[0]
    files = origin(data, "file_paths") or []
    if not missing or not files:
        return f"class_names={names}  # in both calls"
    folder = str(files[0]).replace("\\", "/").rsplit("/", 2)[0]
    made = "; ".join(f'os.makedirs("{folder}/{name}", exist_ok=True)' for name in missing)
    return f"import os; {made}  # before both are read: a folder may be empty"


def _encoded(subject: Subject, name: str, classes: int, found: int) -> str:
    """Write the line that makes one-hot labels of all classes, as the program makes them if that is seen."""
    for line in subject.program.assigned(name):
        if isinstance(line.value, ast.Call) and called(line.value) == "to_categorical":
            only = ast.Call(line.value.func, line.value.args[:1], line.value.keywords)
            return f"{name} = {in_line(changed(only, (), {'num_classes': str(classes)}))}"
    missing = classes - found
    if missing < 0:
        return f"{name} = {name}[:, :{classes}]  # if the last classes are those that training lacks"
    return (
        f"{name} = np.pad({name}, ((0, 0), (0, {missing})))  # if the last {missing} classes are those that are missing"
    )


def class_imbalance(subject: Subject) -> Iterator[Finding]:
    """Find a majority class whose share looks like a good accuracy; only where accuracy is what is looked at."""
    head, target = subject.head, subject.target
    if head is None or target is None or head.loss is None or head.loss.kind == "regression" or not target.whole:
        return
    if subject.options.get("class_weight") is not None or subject.options.get("sample_weight") is not None:
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
        f"class_weight={weights}",
    )


def sorted_labels(subject: Subject) -> Iterator[Finding]:
    """Find sorted labels where ``validation_split`` takes the end of the data."""
    split, target, head = subject.options.get("validation_split"), subject.target, subject.head
    if not split or target is None or not target.whole or subject.options.get("validation_data") is not None:
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
        f"{target.name} is sorted, and validation_split={split:g} takes its end: {what}{unseen}.",
        "Keras cuts the end off before it shuffles, so the validation accuracy says nothing about the other classes.",
        shuffled(*subject.called),
    )


def _classes(found: np.ndarray) -> str:
    """Name all classes that were found and put the verb behind them."""
    if len(found) == 1:
        return f"class {found[0]} is"
    if len(found) <= 3:
        return f"the classes {', '.join(map(str, found[:-1]))} and {found[-1]} are"
    return f"the {len(found)} classes {found[0]} to {found[-1]} are"


def class_weight_keys(subject: Subject) -> Iterator[Finding]:
    """Find weights that are never looked up: their keys are no class ids."""
    weights = subject.options.get("class_weight")
    if weights is None:
        return
    if len(getattr(subject.model, "outputs", None) or ()) > 1:
        yield Finding(
            "class-weight-keys",
            "error",
            f"class_weight is given, and the model has {len(subject.model.outputs)} outputs.",
            "The numbers of classes do not say of which output they are, and Keras stops with an error. Weights of "
            "examples can be given for each output.",
            _as_sample_weights(subject, weights),
        )
        return
    if not isinstance(weights, Mapping):
        yield Finding(
            "class-weight-keys",
            "error",
            f"class_weight is a {type(weights).__name__}, not a dictionary.",
            "Keras looks up the weight of each class number in it, and stops with an error.",
            f"class_weight=dict(enumerate({subject.program.name_of(weights, 'weights')}))"
            if isinstance(weights, list | tuple | np.ndarray)
            else "class_weight={0: 1.0, 1: 2.0}",
        )
        return
    target, head = subject.target, subject.head
    if several := _several_labels(subject, weights):
        yield several
        return
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
            f"class_weight={_renumbered(weights, ids, count)}",
        )


def _several_labels(subject: Subject, weights: Mapping[Any, Any]) -> Finding | None:
    """Find weights of classes where an example may have several labels at once, or none."""
    target, head = subject.target, subject.head
    if target is None or head is None or target.values.ndim != 2 or target.shape[1] < 2 or target.is_one_hot:
        return None
    if head.units != target.shape[1] or not ((target.rows == 0) | (target.rows == 1)).all():
        return None
    listed = [round(float(weights.get(i, 1.0)), 3) for i in range(target.shape[1])]
    return Finding(
        "class-weight-keys",
        "error",
        f"class_weight is given, and {target.name} has rows with several labels at once, or with none.",
        "Keras takes the first of the largest in each row for the one class of the example: most of the weights go to "
        "the wrong labels. Weights of labels belong into the loss.",
        "def weighted(y_true, y_pred):\n"
        f"    weights = keras.ops.where(y_true > 0, {listed}, 1.0)\n"
        "    losses = -(y_true * keras.ops.log(y_pred + 1e-7) + (1 - y_true) * keras.ops.log(1 - y_pred + 1e-7))\n"
        "    return keras.ops.mean(weights * losses, axis=-1)\n"
        f"{subject.recompiled(loss='weighted')}  # and fit without class_weight",
    )


def _as_sample_weights(subject: Subject, weights: Any) -> str:
    """Write the call of ``fit`` with a weight for each example of each output."""
    given = subject.given[1]
    keyed = isinstance(given, Mapping)
    if not isinstance(given, Mapping | list | tuple):
        return "sample_weight=[…]  # in place of class_weight: an array with a weight for each example, for each output"
    targets = list(given.items()) if isinstance(given, Mapping) else list(enumerate(given))
    each = []
    for key, y in targets:
        name = subject.program.name_of(y, f"{subject.called[1]}[{key!r}]")
        found = np.unique(np.asarray(y))
        of_classes = isinstance(weights, Mapping) and set(found.tolist()) <= set(weights)
        written = f"np.vectorize({weights}.get)({name})" if of_classes else f"np.ones(len({name}))"
        each.append(f'"{key}": {written}' if keyed else written)
    whole = f"{{{', '.join(each)}}}" if keyed else f"[{', '.join(each)}]"
    for call in subject.program.calls("fit"):
        return in_line(changed(call, ("class_weight",), {"sample_weight": whole}))
    return f"sample_weight={whole}"


def _renumbered(weights: Mapping[Any, Any], ids: set[int] | None, count: int | None) -> dict[int, float]:
    """Give the weights, in their order, to the classes that there are."""
    classes = sorted(ids) if ids else list(range(count or len(weights)))
    values = list(weights.values())
    return {label: float(values[i]) if i < len(values) else 1.0 for i, label in enumerate(classes)}


def _is_whole(key: Any) -> bool:
    return isinstance(key, Integral | np.integer | np.bool_) or (isinstance(key, float) and key.is_integer())


CHECKS = (
    one_class,
    folders_not_classes,
    classes_differ,
    class_imbalance,
    sorted_labels,
    class_weight_keys,
)
