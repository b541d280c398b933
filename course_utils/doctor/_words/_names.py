"""Names that are spelled wrong: losses, metrics, optimizers, activations, layers, arguments."""

from __future__ import annotations

import ast
import difflib
import inspect
import re
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from .._report import Finding
from .._subject._failure import Failure, error
from .._subject._program import called, in_line, is_users, parse
from ._old import attribute, keras_class, refused_arguments

_ROOMS = {
    "loss": "losses", "metric": "metrics", "optimizer": "optimizers", "activation function": "activations",
    "activation": "activations", "initializer": "initializers", "regularizer": "regularizers",
    "constraint": "constraints",
}  # fmt: skip
_FREQUENT = {
    "loss": ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy", "mse"],
    "metric": ["accuracy", "mae", "mse"],
    "optimizer": ["adam", "sgd", "rmsprop", "adamw"],
    "activation": ["relu", "sigmoid", "softmax", "tanh"],
}
# What people mean, where spelling alone does not tell.
MEANT = {
    "f1": "keras.metrics.F1Score()", "f1_score": "keras.metrics.F1Score()", "precision": "keras.metrics.Precision()",
    "recall": "keras.metrics.Recall()", "auc": "keras.metrics.AUC()", "roc_auc": "keras.metrics.AUC()",
    "crossentropy": '"sparse_categorical_crossentropy"', "sparse_crossentropy": '"sparse_categorical_crossentropy"',
    "cross_entropy": '"sparse_categorical_crossentropy"', "rmse": "keras.metrics.RootMeanSquaredError()",
    "r2": "keras.metrics.R2Score()", "bce": '"binary_crossentropy"', "log_loss": '"binary_crossentropy"',
}  # fmt: skip


def _public(room: ModuleType) -> list[str]:
    found = []
    for name, value in vars(room).items():
        if name.startswith("_") or not callable(value) or name in ("get", "serialize", "deserialize"):
            continue
        # A class answers to its name in small letters too: SGD to "sgd", BinaryAccuracy to "binary_accuracy".
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        small = name.lower() if room.__name__.endswith("optimizers") else snake
        found.append(small if isinstance(value, type) else name)
    return sorted(set(found))


def public_names() -> dict[str, list[str]]:
    """Names that Keras knows: by the kind of a thing that is named to it, and by the module that a class is in."""
    import keras

    kinds = {kind: _public(getattr(keras, room)) for kind, room in _ROOMS.items() if " " not in kind}
    kinds["metric"] += ["accuracy"]
    rooms = dict.fromkeys(("layers", *_ROOMS.values()))
    return kinds | {
        room: sorted(name for name, value in vars(getattr(keras, room)).items() if isinstance(value, type))
        for room in rooms
    }


def nearest(name: str, names: Iterable[str], count: int = 2) -> list[str]:
    """Find the names that are spelled most like one, whatever their capital letters."""
    names = list(names)
    by_small = {candidate.lower(): candidate for candidate in names}
    return [by_small[small] for small in difflib.get_close_matches(name.lower(), by_small, count, 0.7)]


def _quoted(names: Iterable[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def identifier(failure: Failure) -> Finding | None:
    """Find a name given to compile or to a layer that Keras does not know."""
    found = failure.find(r"Could not interpret ([\w ]+?) identifier: (.+?)(?:\n|$)") or failure.find(
        r"Unknown (loss|metric|optimizer|activation)(?: function)?: '?(\w+)"
    )
    if not found or not failure.in_keras:
        return None
    kind, given = found[1], found[2].strip().strip("'\"")
    short = kind.removesuffix(" function")
    if instance := re.match(r"<class '[\w.]*?(\w+)'>", given):
        return error(
            "unknown-name", f"The {short} is the class {instance[1]} itself, not one that was made from it.",
            "Without brackets the class is only named, not called.",
            f"{short}=keras.{_ROOMS.get(kind, kind)}.{instance[1]}()",
        )  # fmt: skip
    if not re.fullmatch(r"[\w ./-]{1,60}", given):
        return None
    return _unknown(kind, short, given)


def _unknown(kind: str, short: str, given: str) -> Finding:
    import keras

    seen = f"Keras knows no {short} called {given!r}."
    if given.lower() in MEANT:
        meant = MEANT[given.lower()]
        return error("unknown-name", seen, "Some can only be given as an object, or have a longer name.",
                     f"metrics=[{meant}]" if kind == "metric" else f"{short}={meant}")  # fmt: skip
    room = getattr(keras, _ROOMS.get(kind, ""), None)
    names = _public(room) if room is not None else []
    names += ["accuracy", "acc", "mse", "mae", "crossentropy"] if kind == "metric" else []
    near = [name for name in nearest(given, names) if name != "acc"]
    fixed = f"metrics=[{_quoted(near[:1])}]" if kind == "metric" else f"{short}={_quoted(near[:1])}"
    if near:
        return error("unknown-name", seen, f"The nearest names are {_quoted(near)}.", fixed)
    some = _FREQUENT.get(short, names[:4])
    return error("unknown-name", seen, "No name comes near it.", f"{short}={_quoted(some)}")


def attribute_name(failure: Failure) -> Finding | None:
    """Find keras.layers.Dens, model.comple: something of Keras spelled wrong."""
    if found := failure.find(r"cannot import name '(\w+)' from '((?:tensorflow\.)?keras[\w.]*)'"):
        if not isinstance(failure.exception, ImportError):
            return None
        room = sys.modules.get(found[2])
        return _no_such(failure, found[2], found[1], dir(room)) if room is not None else None
    missing = attribute(failure)
    if missing is None or (failure.frames and not _asked_by_user(failure)):
        return None
    thing, name = missing
    if isinstance(thing, ModuleType):
        if "keras" not in thing.__name__.split("."):
            return None
        return _no_such(failure, thing.__name__, name, dir(thing))
    return _no_such(failure, type(thing).__name__, name, {*dir(type(thing)), *vars(thing)})


def _asked_by_user(failure: Failure) -> bool:
    # torch answers for a missing attribute in its own frame, just below the user's.
    return any(is_users(frame) for frame in failure.frames[:2])


def _no_such(failure: Failure, where: str, name: str, names: Iterable[str]) -> Finding | None:
    names = set(names)
    near = [] if name in names else nearest(name, (other for other in names if not other.startswith("_")))
    if not near:
        return None
    return error(
        "unknown-name",
        f"{where} has no {name!r}.",
        f"The nearest names are {_quoted(near)}; capital letters count.",
        _spelt(failure, name, near[0]),
    )


def _spelt(failure: Failure, name: str, right: str) -> str:
    """Write the failing line with the name spelled right."""
    line = " ".join(failure.line.split())
    new = re.sub(rf"\b{re.escape(name)}\b", right, line)
    return new if new != line and parse(new) is not None else right


def argument_name(failure: Failure) -> Finding | None:
    """Find Dense(10, activaton="relu"), fit(epoch=5)."""
    found = refused_arguments(failure)
    if not found:
        return None
    who, names = found
    if names and (moved := _closed_too_early(failure, names)):
        return moved
    function = _called(failure, who)
    if function is None or not names:
        return None
    known = [*_parameters(function)]
    for name in names:
        if name in known:
            continue
        if near := nearest(name, known, 1):
            return error(
                "unknown-name",
                f"{who.rsplit('.', 1)[-1] or type(failure.exception).__name__} has no argument called {name!r}.",
                f"The nearest name is {_quoted(near)}.",
                f"{near[0]}={failure.program.argument(failure.line, name) or None}",
            )
    return None


def _closed_too_early(failure: Failure, names: list[str]) -> Finding | None:
    """Find ``model.add(Dense(12), activation="relu")``: an argument of the inner call that stands in the outer one."""
    line = parse(failure.line)
    for outer in (node for node in ast.walk(line) if isinstance(node, ast.Call)) if line else ():
        words = [word for word in outer.keywords if word.arg in names]
        inner = outer.args[-1] if outer.args else None
        if not words or not isinstance(inner, ast.Call):
            continue
        known = _called(failure, called(inner))
        if known is None or not set(names) <= set(_parameters(known)):
            continue
        mended = ast.Call(inner.func, inner.args, [*inner.keywords, *words])
        rest = [word for word in outer.keywords if word not in words]
        return error(
            "unknown-name",
            f"{names[0]} is an argument of {called(inner)}, and stands behind its bracket, where {called(outer)} gets "
            "it.",
            "An argument belongs to the call in whose brackets it stands.",
            in_line(ast.Call(outer.func, [*outer.args[:-1], mended], rest)),
        )
    return None


def _called(failure: Failure, who: str) -> Any:
    import keras

    name = who.rpartition(".")[2]
    if is_method(name) and failure.in_keras:
        return getattr(keras.Model, name, None)
    if found := keras_class(name):
        return found
    if not who and failure.in_keras:
        return next((type(thing) for thing in failure.objects("Optimizer")), None)
    return None


def is_method(name: str) -> bool:
    """Whether it is a method of every model."""
    return name in ("fit", "evaluate", "predict", "compile")


def _parameters(function: Any) -> Iterable[str]:
    kinds = [function, *getattr(function, "__mro__", ())] if isinstance(function, type) else [function]
    for kind in kinds:
        try:
            parameters = inspect.signature(kind).parameters.values()
        except (TypeError, ValueError):
            continue
        yield from (p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and p.name != "self")


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


def monitor(failure: Failure) -> Finding | None:
    """Find a callback that watches something whose direction Keras does not know, where no model can be asked."""
    found = failure.find(r"(\w+) callback received monitor=(\w+),? but")
    if not found:
        return None
    if found[2] not in ("acc", "val_acc"):
        from .._checks._callbacks import mode_unknown

        return mode_unknown(found[1], found[2], failure.program)
    today = found[2].replace("acc", "accuracy")
    return error(
        "monitor-unavailable",
        f"{found[1]} watches {found[2]!r}, which this training does not produce.",
        "A callback can watch the loss, the metrics given to compile, and the same with val_ in front.",
        failure.program.rewritten(found[1], otherwise=f'monitor="{today}"', monitor=f'"{today}"'),
    )


RECOGNISERS = (monitor, identifier, attribute_name, argument_name, dropout_rate)
