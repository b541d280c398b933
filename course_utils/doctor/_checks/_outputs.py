"""Models with several outputs, and what ``compile`` was given for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np

from ...network import compile_arguments, optimized_variables
from .._report import Finding
from .._shapes import counted, fits
from .._subject._model import Subject
from .._subject._program import changed, in_line, own_words


def compile_positions(subject: Subject) -> Iterator[Finding]:
    """Find metrics given by position, where Keras 3 expects the weights of losses."""
    if not subject.model.compiled:
        return
    weights = compile_arguments(subject.model)["loss_weights"]
    flat = keras.tree.flatten(weights) if isinstance(weights, list | tuple | dict) else [weights]
    metric = next((each for each in flat if each is not None and not _is_number(each)), None)
    if metric is not None:
        yield metrics_in_third_place(subject, weights)


def _is_number(thing: Any) -> bool:
    return isinstance(thing, int | float) or (hasattr(thing, "dtype") and not callable(thing))  # metrics have one, too


def metrics_in_third_place(subject: Subject, weights: Any) -> Finding:
    """Make the finding for ``compile(optimizer, loss, metrics)``."""
    fix = "metrics=" + _written(weights)
    for call in subject.program.calls("compile"):
        if len(call.args) > 2:
            named = ast.keyword("metrics", call.args[2])
            fix = in_line(ast.Call(call.func, call.args[:2], [named, *call.keywords]))
            break
    return Finding(
        "compile-arguments",
        "error",
        f"compile got {_written(weights)} in the third place, which is that of loss_weights.",
        "In Keras 3 metrics stand in the fourth place, behind the weights of the losses: name them, and no place "
        "matters.",
        fix,
    )


def _written(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return getattr(value, "__name__", None) or f"keras.metrics.{type(value).__name__}()"


def optimizer_reused(subject: Subject) -> Iterator[Finding]:
    """Find an optimizer that keeps the variables of another model."""
    model = subject.model
    seen = optimized_variables(model) if model.compiled else ()
    if not seen or subject.has_own_training or not model.trainable_weights:
        return
    if {id(variable) for variable in seen} & {id(variable) for variable in model.trainable_variables}:
        return
    optimizer = model.optimizer
    rate = optimizer.get_config().get("learning_rate")
    learning = f"learning_rate={rate:.6g}" if isinstance(rate, float) else ""
    new = f"keras.optimizers.{type(optimizer).__name__}({learning})"
    otherwise = f"{subject.name}.compile(optimizer={new}, loss={_written(model.loss)})"
    yield Finding(
        "optimizer-reused",
        "error",
        "The optimizer was made for another model and has been trained with it: none of its weights are this model's.",
        "An optimizer keeps something for each weight, so each model needs one of its own.",
        subject.program.rewritten("compile", subject.name, otherwise, optimizer=new),
    )


def outputs(subject: Subject) -> Iterator[Finding]:
    """Find losses, metrics and targets whose number or names are not those of the outputs."""
    model = subject.model
    names = [str(name) for name in getattr(model, "output_names", None) or ()] if subject.graph else []
    if not model.compiled or not names or isinstance(model, keras.Sequential) or subject.has_own_training:
        return
    given = compile_arguments(model)
    finding = _losses(subject, names, given["loss"]) or (
        _metrics(subject, names, given["metrics"]) or _targets(subject, names) if len(names) > 1 else None
    )
    if finding:
        yield finding


def _losses(subject: Subject, names: list[str], loss: Any) -> Finding | None:
    if isinstance(loss, Mapping):
        return None if set(loss) <= set(names) else _other_names(subject, "loss", loss, names)
    if isinstance(loss, list | tuple) and len(loss) != len(names):
        each = [f"{_written(name)}: {_written(loss[min(i, len(loss) - 1)])}" for i, name in enumerate(names)]
        return Finding(
            "outputs-mismatch",
            "error",
            f"loss is a list of {len(loss)}, but the model has {counted(len(names), 'output')}: {_quoted(names)}.",
            "Each output needs its own loss.",
            f"loss={{{', '.join(each)}}}",
        )
    return None


def _other_names(subject: Subject, what: str, given: Mapping[str, Any], names: list[str]) -> Finding | None:
    """Make the finding for a dictionary by other names than the outputs have; a model that gives one has its own."""
    output = getattr(subject.model, "output", None)
    if isinstance(output, dict) and set(given) <= set(output):
        return None
    return Finding(
        "outputs-mismatch",
        "error",
        f"{what} has the keys {_quoted(given)}, but the outputs are called {_quoted(names)}.",
        "An output has the name of the layer that gives it; Keras finds its loss and its labels by that name.",
        _named(subject, names, list(given)),
    )


def _metrics(subject: Subject, names: list[str], metrics: Any) -> Finding | None:
    if isinstance(metrics, Mapping):
        return None if set(metrics) <= set(names) else _other_names(subject, "metrics", metrics, names)
    if not isinstance(metrics, list | tuple) or not metrics or len(metrics) == len(names):
        return None
    listed = [_fitting(subject, number, metrics) for number in range(len(names))]
    return Finding(
        "outputs-mismatch",
        "error",
        f"metrics is a list of {len(metrics)}, but the model has {counted(len(names), 'output')}: {_quoted(names)}.",
        "With several outputs Keras must know which metric belongs to which of them.",
        f"metrics={{{', '.join(f'{_written(name)}: {text}' for name, text in zip(names, listed, strict=True))}}}",
    )


def _fitting(subject: Subject, number: int, metrics: Any) -> str:
    """Of the metrics that were given, those that an output can have."""
    head = subject.heads[number] if number < len(subject.heads) else None
    regression = head is not None and head.loss is not None and head.loss.kind == "regression"
    fit = [m for m in metrics if not (regression and isinstance(m, str) and "acc" in m)]
    return _written(fit) if fit else '["mae"]'


def _targets(subject: Subject, names: list[str]) -> Finding | None:
    y, name = subject.given[1], subject.called[1]
    if isinstance(y, Mapping) and set(y) != set(names):
        return _other_names(subject, name, y, names)
    if isinstance(y, list | tuple) and len(y) != len(names) and y and hasattr(y[0], "shape"):
        return Finding(
            "outputs-mismatch",
            "error",
            f"{name} holds {counted(len(y), 'array')}, but the model has {counted(len(names), 'output')}: "
            f"{_quoted(names)}.",
            "Each output needs labels of its own.",
            f"{name} = [{', '.join(f'{name}[{min(i, len(y) - 1)}]' for i in range(len(names)))}]  # one for each of "
            f"{_quoted(names)}",
        )
    if hasattr(y, "shape") and not hasattr(y, "columns") and subject.x.form == "array":
        columns = y.shape[1] if len(y.shape) == 2 else 0
        split = columns == len(names)
        parts = ", ".join(f"{name}[:, {i}]" for i in range(columns)) if split else ", ".join([name] * len(names))
        return Finding(
            "outputs-mismatch",
            "error",
            f"{name} is one array, but the model has {counted(len(names), 'output')}: {_quoted(names)}.",
            "Each output needs labels of its own, in a list or a dictionary.",
            f"{name} = [{parts}]",
        )
    return None


def targets_in_another_order(subject: Subject) -> Iterator[Finding]:
    """Find a list of targets whose names are those of the outputs, in another order."""
    names = [str(name) for name in getattr(subject.model, "output_names", None) or ()] if subject.graph else []
    y = subject.given[1]
    if len(names) < 2 or not isinstance(y, list | tuple) or len(y) != len(names) or not subject.model.compiled:
        return
    called_so = [subject.program.name_of(each, "") for each in y]
    outputs, targets = own_words(names), own_words(called_so)
    order = [[i for i, words in enumerate(targets) if words & known] for known in outputs]
    places = [found[0] for found in order if len(found) == 1]
    if sorted(places) != list(range(len(names))) or places == sorted(places):
        return
    fix = f"[{', '.join(called_so[place] for place in places)}]  # as y"
    for call in subject.program.calls("fit"):
        fix = in_line(changed(call, (), {"y": fix.removesuffix("  # as y")}))
        break
    losses = compile_arguments(subject.model)["loss"]
    # Where each loss fits the target in its place, the losses are in the wrong order, too.
    if isinstance(losses, list | tuple) and len({*map(_written, losses)}) > 1:
        suit = [("crossentropy" in _written(loss)) == _are_classes(each) for loss, each in zip(losses, y, strict=True)]
        if all(suit):
            ordered = f"[{', '.join(_written(losses[place]) for place in places)}]"
            fix = f"{subject.recompiled(loss=ordered)}; {fix}"
    yield Finding(
        "order-mismatch",
        "warning",
        f"The outputs are {_quoted(names)}, in this order, and the targets are given as {', '.join(called_so)}.",
        "A list tells outputs apart by their places alone: each of these learns what belongs to another.",
        fix,
    )


def _are_classes(y: Any) -> bool:
    values = np.asarray(y)
    return bool(values.dtype.kind in "iub" or (values.dtype.kind == "f" and (values == np.round(values)).all()))


def _quoted(names: Any) -> str:
    return ", ".join(repr(str(name)) for name in names)


def _named(subject: Subject, names: list[str], wanted: list[str]) -> str:
    """Write the lines that give the outputs the names that are used for them."""
    lines = []
    tensors = keras.tree.flatten(getattr(subject.model, "outputs", ()))
    for tensor, name in zip(tensors, wanted, strict=False):
        variable = subject.program.name_of(tensor, "")
        for call in subject.program.expressions(variable):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Call):  # Dense(1)(h)
                layer = changed(call.func, (), {"name": repr(name)})
                lines.append(f"{variable} = {in_line(ast.Call(layer, call.args, call.keywords))}")
                break
    if len(lines) == len(names) == len(wanted):
        return "\n".join(lines)
    renamed = ", ".join(f'"{new}": "{old}"' for new, old in zip(wanted, names, strict=False))
    return f"# give the output layers these names, as in Dense(1, name={wanted[0]!r}); now they are {{{renamed}}}"


def inputs(subject: Subject) -> Iterator[Finding]:
    """Find another number of inputs than the model has, or a dictionary with other names."""
    names = [str(tensor.name) for tensor in getattr(subject.model, "inputs", None) or ()] if subject.graph else []
    x, name = subject.given[0], subject.called[0]
    if x is None or isinstance(subject.model, keras.Sequential) or not names or subject.x.form == "batches":
        return
    if isinstance(x, Mapping):
        missing = [each for each in names if each not in x]
        if missing and len(x) and not hasattr(x, "columns"):
            renamed = ", ".join(f'"{new}": {name}[{old!r}]' for new, old in zip(names, x, strict=False))
            yield Finding(
                "input-type",
                "error",
                f"{name} is a dictionary with the keys {_quoted(x)}, but the model's inputs are called "
                f"{_quoted(names)}.",
                f"Nothing was given for the input {missing[0]!r}.",
                f"{name} = {{{renamed}}}",
            )
        return
    if len(names) > 1 and hasattr(x, "shape"):
        if together := _in_one_list(subject, len(names)):
            yield Finding(
                "input-type",
                "error",
                f"The model has {len(names)} inputs, {_quoted(names)}, and each is given as an argument of its own.",
                "The second argument of a method is something else: the labels of fit, the size of batches of predict. "
                "Several inputs are one list.",
                together,
            )
            return
        # np.array([left, right]) has put the inputs behind each other on a new first axis.
        stacked = x.shape[:1] == (len(names),) and all(fits(e.shape[1:], x.shape[2:]) for e in subject.entries)
        side_by_side = x.shape[1:2] == (len(names),) and all(fits(e.shape[1:], x.shape[2:]) for e in subject.entries)
        parts = (
            f"[{', '.join(f'{name}[:, {i}]' for i in range(len(names)))}]"
            if side_by_side  # np.array([[left, right], …])
            else f"{{{', '.join(f'{_written(each)}: {name}' for each in names)}}}  # for each its own array"
        )
        yield Finding(
            "input-type",
            "error",
            f"The model has {len(names)} inputs, {_quoted(names)}, but {name} is one array of shape {tuple(x.shape)}.",
            "Each Input of a model needs its own array, in a list or a dictionary.",
            f"{name} = list({name})" if stacked else f"{name} = {parts}",
        )
    elif (
        len(names) > 1 and isinstance(x, list | tuple) and len(x) != len(names) and all(hasattr(e, "shape") for e in x)
    ):
        yield Finding(
            "input-type",
            "error",
            f"The model has {len(names)} inputs, {_quoted(names)}, but {name} holds {counted(len(x), 'array')}.",
            "Each Input of a model needs its own array.",
            f"{name} = [{', '.join(f'{name}[{min(i, len(x) - 1)}]' for i in range(len(names)))}]  # one for each of "
            f"{_quoted(names)}",
        )


def _in_one_list(subject: Subject, inputs: int) -> str:
    """Write a call that got its inputs one after the other with a list of them."""
    for call in subject.program.calls(*([subject.method] if subject.method else ["fit"])):
        arrays = [isinstance(a, ast.Name) and hasattr(subject.program.value_of(a.id), "shape") for a in call.args]
        with_labels = subject.method != "predict"
        if len(call.args) == inputs + with_labels and all(arrays) and inputs > 1:
            listed = ast.List(call.args[:inputs])
            return in_line(ast.Call(call.func, [listed, *call.args[inputs:]], call.keywords))
    return ""


def argmax_of_one(subject: Subject) -> Iterator[Finding]:
    """Find ``argmax`` over what a model with one output unit predicts, where the program is seen to do it."""
    head = subject.head
    if head is None or head.units != 1 or head.shape is None or len(head.shape) != 2:
        return
    for call in subject.program.calls("argmax"):
        method = isinstance(call.func, ast.Attribute) and not _is_library(call.func.value)
        axis = [*call.args[0 if method else 1 :], *(word.value for word in call.keywords if word.arg == "axis")]
        if not axis or in_line(axis[0]) not in ("1", "-1"):
            continue
        of = call.func.value if method and isinstance(call.func, ast.Attribute) else next(iter(call.args), None)
        predicted = _predicted(subject, of)
        if predicted:
            yield Finding(
                "argmax-of-one-column",
                "warning",
                f"{in_line(call)} takes the place of the largest of the outputs, and {subject.name} has one output "
                "only.",
                "Of one number the largest is always the first: this is 0 for every example.",
                f"({predicted}[:, 0] > 0.5).astype(int)  # in place of {in_line(call)}",
            )
            return


def _is_library(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "tf", "ops", "jnp", "torch")


def _predicted(subject: Subject, node: ast.expr | None) -> str:
    """Write what holds this model's predictions, if a piece of the program does."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "predict":
        owner = ast.unparse(node.func.value)
        return in_line(node) if subject.program.value_of(owner) is subject.model else ""
    if isinstance(node, ast.Name):
        for line in subject.program.assigned(node.id):
            if isinstance(line.value, ast.Call) and _predicted(subject, line.value):
                return node.id
    return ""


CHECKS = (compile_positions, optimizer_reused, outputs, targets_in_another_order, inputs, argmax_of_one)
