"""What a trained model is asked, against what it was trained on: numbers that were prepared in another way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from ..network import all_layers, kind
from ._report import Finding
from ._subject._data import Data, read, read_both
from ._subject._program import Program, argument_of, called, changed, in_line, names_in

_OTHER = 50.0  # times as large, or as small: no two pictures of a kind differ so, and no two rows of a table
_FAR = 20.0  # standard deviations of training, in most columns
_FEW = 64  # columns; a flattened picture has more
_MANY = 20  # rows of a table: the spread of fewer may be chance
_BATCH = 8  # pictures, which are compared by their largest number alone
_SCALING = ("fit_transform", "transform", "preprocess_input", "normalize", "scale", "minmax_scale")


@dataclass(frozen=True)
class Trained:
    """What a model was trained on.

    Attributes
    ----------
    name : str
        What the user calls it.
    shape : tuple of int
        Shape of one example.
    size : float
        Largest of the numbers, without its sign.
    mean, spread : ndarray, shape (columns,), or None
        Of a table's columns, and only of a table's.
    has_zeros : bool
        Whether some row of a table is 0 throughout.
    """

    name: str
    shape: tuple[int, ...]
    size: float
    mean: np.ndarray | None = None
    spread: np.ndarray | None = None
    has_zeros: bool = True

    @classmethod
    def on(cls, model: keras.Model, x: Any, program: Program) -> Trained | None:
        """Read the inputs of a training; None where there is nothing to compare with later."""
        # Of indices one may be any number of times another, so that there is no size to compare.
        if any(kind(layer) == "Embedding" for layer in all_layers(model)):
            return cls(program.name_of(x, ""), (), 0.0)
        parts = read_both(x, None, (), (), (program.name_of(x, "") or _given_to_fit(program), ""))[0].parts
        if len(parts) != 1 or not _is_read(parts[0]):
            return None
        data = parts[0]
        if len(data.values) < (_MANY if _is_table(data) else _BATCH):
            return None
        size = max(abs(data.low), abs(data.high))
        if not _is_table(data):
            return cls(data.name, data.shape[1:], size)
        rows = data.rows.astype(float)
        return cls(data.name, data.shape[1:], size, rows.mean(axis=0), rows.std(axis=0), bool((rows == 0).all(1).any()))


def _given_to_fit(program: Program) -> str:
    """Name the array of which ``fit`` gets a part; "X" where none is seen."""
    given = next((argument_of(call, "x") for call in program.calls("fit")), None)
    while isinstance(given, ast.Subscript):
        given = given.value
    return given.id if isinstance(given, ast.Name) else "X"


def _is_read(data: Data) -> bool:
    return data.is_numeric and data.values.ndim > 1 and bool(data.values.size) and not data.bad


def _is_table(data: Data) -> bool:
    return data.values.ndim == 2 and 1 < data.shape[1] <= _FEW


def prepared_otherwise(trained: Trained, model: keras.Model, x: Any, program: Program) -> Finding | None:
    """Find inputs of ``predict`` or ``evaluate`` that are not prepared as those of the training were.

    Parameters
    ----------
    trained : Trained
    model : keras.Model
        The model that was trained, and is asked now.
    x : Any
        As ``predict`` gets it.
    program : Program
        What the user wrote around this call.

    Returns
    -------
    Finding or None
    """
    if (again := _fitted_again(trained, model, program)) is not None:
        return again
    if (again := _vocabulary_anew(model, program)) is not None:
        return again
    name = program.name_of(x, "")
    parts = read(x, name or "The input", ()).parts
    if len(parts) != 1 or not _is_read(parts[0]) or parts[0].shape[1:] != trained.shape:
        return None
    seen = unlike(trained, parts[0])
    if seen is None:
        return None
    return Finding(
        "preparation-differs",
        "warning",
        seen,
        "What was done to the training data has to be done to whatever the model is asked later, with the numbers of "
        "the training.",
        _as_in_training(trained, model, program)
        or f"# prepare {name or 'the input'} as {trained.name} was: with the same functions, and scalers that are not "
        "fitted again",
    )


def _fitted_again(trained: Trained, model: keras.Model, program: Program) -> Finding | None:
    """Find a scaler that was fitted to the training data and is fitted to what is asked now."""
    prepared = preparation(program, trained.name)
    if prepared is None or not prepared.endswith(".transform({})"):
        return None
    fits = list(program.calls("fit_transform"))
    call, given = next(_asking(program, model), (None, None))
    made = next(program.expressions(given.id), None) if isinstance(given, ast.Name) else given
    if call is None or given is None or made not in fits or made is min(fits, key=lambda one: one.lineno):
        return None
    assert isinstance(made, ast.Call)
    if in_line(made.func).removesuffix(".fit_transform") != prepared.removesuffix(".transform({})") or not made.args:
        return None
    scaler, new = in_line(made.func).removesuffix(".fit_transform"), prepared.replace("{}", in_line(made.args[0]))
    return Finding(
        "preparation-differs",
        "warning",
        f"{scaler} was fitted to the training data, and is fitted once more to {in_line(made.args[0])}, of which the "
        "model is asked.",
        "It then takes their own mean and spread, so that what is new about them is gone. The model knows the "
        "scale of the training.",
        f"{in_line(given)} = {new}" if isinstance(given, ast.Name) else in_line(changed(call, (), {"x": new})),
    )


def _vocabulary_anew(model: keras.Model, program: Program) -> Finding | None:
    """Find a tokenizer that is fitted to the texts of which the model is asked, beside the one of the training."""
    fits = {ast.unparse(call.func).rpartition(".")[0]: call for call in reversed(list(program.calls("fit_on_texts")))}
    known = {name: getattr(program.value_of(name), "word_index", None) for name in fits}
    if len(fits) != 2 or not all(known.values()) or not any(_asking(program, model)):
        return None
    (first, second), (words, others) = known, known.values()
    training, new = (first, second) if fits[first].lineno < fits[second].lineno else (second, first)
    for call in program.calls("texts_to_sequences"):
        if words != others and ast.unparse(call.func).startswith(f"{new}."):
            text = in_line(fits[new].args[0]) if fits[new].args else "the new texts"
            return Finding(
                "preparation-differs",
                "warning",
                f"{new} is fitted to {text}, of which the model is asked: it numbers other words than {training} did.",
                "The model knows words by the numbers that they had in the training.",
                in_line(call).replace(f"{new}.", f"{training}.", 1) + f"  # no second fit_on_texts: {training} knows "
                "the words of the training",
            )
    return None


def _asking(program: Program, model: keras.Model) -> Iterator[tuple[ast.Call, ast.expr]]:
    """List the calls that ask this model, with what they give it, the running one first."""
    for call in program.calls("predict", "evaluate", "predict_on_batch", "test_on_batch"):
        given = argument_of(call, "x")
        if given is None or not isinstance(call.func, ast.Attribute):
            continue
        if program.value_of(ast.unparse(call.func.value)) is model:
            yield call, given


def unlike(trained: Trained, data: Data) -> str | None:
    """Say in what numbers are unlike those of the training; None where they are not."""
    size = max(abs(data.low), abs(data.high))
    if trained.mean is not None and trained.spread is not None:
        rows = data.rows.astype(float)
        if not rows.any() and not trained.has_zeros and (trained.spread > 0).all():
            return (
                f"{data.name} is 0 throughout, and no row of {trained.name} was: a scaler that is fitted to one row "
                "makes zeros of it."
            )
        moved = np.abs(rows.mean(axis=0) - trained.mean) / np.maximum(trained.spread, 1e-12)
        if np.median(moved) > _FAR:
            return (
                f"The columns of {data.name} lie {np.median(moved):.0f} standard deviations away from those of "
                f"{trained.name}, from which the model learns."
            )
        return None
    if size and trained.size and not 1 / _OTHER < size / trained.size < _OTHER:
        return (
            f"{data.name} has numbers up to {size:.4g}, and {trained.name}, from which the model learns, has "
            f"{trained.size:.4g}."
        )
    return None


def _as_in_training(trained: Trained, model: keras.Model, program: Program) -> str:
    """Write the call with its input prepared as the program prepared that of the training; "" where it is not seen."""
    prepared = preparation(program, trained.name.removeprefix("X in "))  # as a data set's inputs are called
    if prepared is None:
        return ""
    for call, given in _asking(program, model):
        return in_line(changed(call, (), {"x": prepared.replace("{}", in_line(_raw(program, given)))}))
    return ""


def preparation(program: Program, name: str, most: int = 3) -> str | None:
    """Write what a program does to make an array of another, with "{}" in the other's place."""
    for line in program.assigned(name):
        targets, value = names_in(line.targets[0]), line.value
        if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):  # X, y = X[order], y[order]
            value = value.elts[targets.index(name)]
        if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
            if value.value.id == name:
                continue  # what it was before
            return preparation(program, value.value.id, most - 1) if most else None
        if isinstance(value, ast.Call) and called(value) == "map" and len(value.args) == 1:
            return _by_function(program, value.args[0])
        if isinstance(value, ast.Call) and called(value) == "train_test_split" and most:
            source = value.args[targets.index(name) // 2] if targets.index(name) // 2 < len(value.args) else None
            return preparation(program, source.id, most - 1) if isinstance(source, ast.Name) else None
        if isinstance(value, ast.Call) and len(value.args) == 1:
            if called(value) == "fit_transform" and isinstance(value.func, ast.Attribute):
                return f"{in_line(value.func.value)}.transform({{}})"
            if not value.keywords and called(value) not in ("array", "asarray", "load"):
                return f"{in_line(value.func)}({{}})"
        if isinstance(value, ast.BinOp):
            raw = _raw(program, value)
            if isinstance(raw, ast.Name):
                return in_line(value).replace(raw.id, "{}", 1)
        return None
    return None


def _by_function(program: Program, function: ast.expr) -> str | None:
    """Write what a function, given to ``map`` and made of one expression, does to the inputs of a pair."""
    named = (
        scope for scope in program.scopes if isinstance(scope, ast.FunctionDef) and scope.name == in_line(function)
    )
    written: ast.Lambda | ast.FunctionDef | None = function if isinstance(function, ast.Lambda) else next(named, None)
    if written is None or len(written.args.args) != 2:
        return None
    body = written.body if isinstance(written.body, list) else [ast.Return(written.body)]
    lines = [line for line in body if not isinstance(line, ast.Expr)]  # beside its docstring
    pair = lines[0].value if len(lines) == 1 and isinstance(lines[0], ast.Return) else None
    if not isinstance(pair, ast.Tuple) or isinstance(pair.elts[0], ast.Name):
        return None
    return re.sub(rf"\b{written.args.args[0].arg}\b", "{}", in_line(pair.elts[0]))


def _raw(program: Program, node: ast.expr, most: int = 3) -> ast.expr:
    """Follow a piece of a program back to the array that arithmetic, or a function, made something else of."""
    if isinstance(node, ast.Name) and most:
        made = next(program.expressions(node.id), node)
        return _raw(program, made, most - 1) if isinstance(made, ast.BinOp) or _scales(made) else node
    if isinstance(node, ast.BinOp):
        return _raw(program, node.left, most)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and called(node) in ("astype", "copy"):
        return _raw(program, node.func.value, most)
    if isinstance(node, ast.Call) and _scales(node):
        return _raw(program, node.args[0], most)
    return node


def _scales(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and bool(node.args) and called(node) in _SCALING
