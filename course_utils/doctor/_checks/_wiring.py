"""How layers are put together: what leads nowhere, what is not followed, and what was frozen before it learned."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import keras

from ...network import kind, of_keras
from .._report import Finding
from .._subject._model import Subject
from .._subject._program import argument_of, called, changed, function_tree, in_line, nodes_of, read_in


def layer_unused(subject: Subject) -> Iterator[Finding]:
    """Find a layer whose output is given up for that of another, as where each is called on the input."""
    for body in _bodies(subject):
        if (thrown := _thrown_away(body)) is not None:
            given = in_line(thrown.args[0])
            yield Finding(
                "layer-unused",
                "warning",
                f"What {in_line(thrown.func)} makes of {given} is given no name, and so is used nowhere.",
                "A layer changes nothing in place: what it gives is a new tensor, from which the next line goes on.",
                f"{given} = {in_line(thrown)}",
            )
            return
        lost = _lost(body) or _left_behind(subject, body)
        if lost is None or (subject.graph is not None and not _in_place_of(subject, *lost[:2])):
            continue
        first, second, name = lost
        call = second.value
        assert isinstance(call, ast.Call)
        chained = ast.Call(call.func, [ast.Name(name), *call.args[1:]], call.keywords)
        again = f"{in_line(_made(second))} is called on {in_line(call.args[0])} again"
        yield Finding(
            "layer-unused",
            "warning",
            f"What {in_line(_made(first))} gives is used nowhere: {again}, and not on {name}.",
            "Such a layer is no part of the model. Each layer is called on what the one before it gives.",
            in_line(ast.Assign(second.targets, chained, lineno=1)),
        )
        return


def _bodies(subject: Subject) -> Iterator[list[ast.stmt]]:
    """Find lines that may have made the model: of its ``call``, or of what makes models of inputs and outputs."""
    if subject.graph is None:
        own = function_tree(getattr(type(subject.model), "call", None))
        yield from [own.body] if isinstance(own, ast.FunctionDef) else []
        return
    if isinstance(subject.model, keras.Sequential):
        return
    for scope in subject.program.scopes:
        if any(isinstance(node, ast.Call) and called(node) in ("Model", "Functional") for node in nodes_of(scope)):
            yield scope.body


def _in_place_of(subject: Subject, first: ast.Assign, second: ast.Assign) -> bool:
    """Whether the model has a layer as the second line makes it, and none as the first does."""
    lost, kept = (_looks(_made(line)) for line in (first, second))
    return _has(subject, kept) and (lost == kept or not _has(subject, lost))


def _looks(made: ast.expr) -> tuple[str, Any]:
    """Class of a layer and its size, if that stands there as a number."""
    assert isinstance(made, ast.Call)
    size = argument_of(made, "units") or argument_of(made, "filters") or next(iter(made.args), None)
    return called(made), size.value if isinstance(size, ast.Constant) else None


def _has(subject: Subject, looks: tuple[str, Any]) -> bool:
    name, size = looks
    return any(
        type(layer).__name__ == name
        and (not isinstance(size, int) or size == getattr(layer, "units", getattr(layer, "filters", size)))
        for layer in subject.layers
    )


def _made(line: ast.Assign) -> ast.expr:
    assert isinstance(line.value, ast.Call)
    return line.value.func


def _lost(body: Sequence[ast.stmt]) -> tuple[ast.Assign, ast.Assign, str] | None:
    """Find two lines that assign layers' outputs to one name, with no use of the first."""
    waiting: dict[str, ast.Assign] = {}
    for line in body:
        read = {node.id for node in ast.walk(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        for name in read:
            waiting.pop(name, None)
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            name = line.targets[0].id
            if name in waiting and _calls_layer(line) and _same_input(waiting[name], line):
                return waiting[name], line, name
            waiting.pop(name, None)
            if _calls_layer(line):
                waiting[name] = line
        elif not isinstance(line, ast.Expr):
            waiting.clear()  # what is done in a branch or a loop is another story
    return None


def _thrown_away(body: Sequence[ast.stmt]) -> ast.Call | None:
    """Find a line that calls a layer which it makes on a name, and keeps nothing of it."""
    for line in body:
        call = line.value if isinstance(line, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Call):
            continue
        if [type(given) for given in call.args] == [ast.Name] and hasattr(keras.layers, called(call.func)):
            return call
    return None


def _left_behind(subject: Subject, body: Sequence[ast.stmt]) -> tuple[ast.Assign, ast.Assign, str] | None:
    """Find a layer's output that nothing reads, and the next line, which goes on from an earlier one."""
    waiting: dict[str, ast.Assign] = {}
    for line in body:
        for node in ast.walk(line):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                waiting.pop(node.id, None)
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            waiting.pop(line.targets[0].id, None)
            if _calls_layer(line):
                waiting[line.targets[0].id] = line
    for name, first in waiting.items():
        elsewhere = [scope for scope in subject.program.scopes if scope.body is not body and name in read_in(scope)]
        after = [line for line in body[body.index(first) + 1 :] if isinstance(line, ast.Assign) and _calls_layer(line)]
        if after and not elsewhere and isinstance(_argument(after[0]), ast.Name):
            return first, after[0], name
    return None


def _argument(line: ast.Assign) -> ast.expr:
    assert isinstance(line.value, ast.Call)
    return line.value.args[0]


def _same_input(first: ast.Assign, second: ast.Assign) -> bool:
    one, other = first.value, second.value
    return isinstance(one, ast.Call) and isinstance(other, ast.Call) and in_line(one.args[0]) == in_line(other.args[0])


def _calls_layer(line: ast.Assign) -> bool:
    """Whether a line calls a layer that it makes, or one that a model keeps."""
    call = line.value
    if not isinstance(call, ast.Call) or not call.args or isinstance(call.args[0], ast.Starred):
        return False
    if isinstance(call.func, ast.Call):
        return hasattr(keras.layers, called(call.func))  # made in the line itself
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def untracked_weights(subject: Subject) -> Iterator[Finding]:
    """Find a layer of one's own that keeps its weights where Keras does not look for them."""
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is None or keras.backend.backend() != "tensorflow" or subject.has_own_training:
        return
    for layer in (subject.model, *subject.layers):
        if of_keras(layer):
            continue
        for name, value in vars(layer).items():
            if not isinstance(value, tensorflow.Variable) or not value.trainable:
                continue
            if any(getattr(known, "value", None) is value for known in layer.weights):
                continue
            shape = f"({', '.join(map(str, value.shape))}{',' * (len(value.shape) == 1)})"
            yield Finding(
                "foreign-object",
                "warning",
                f"self.{name} of {type(layer).__name__} is a tf.Variable, and not among the weights of the model.",
                "Keras 3 trains, counts and stores only weights that it has made itself: this one stays as it began.",
                f'self.{name} = self.add_weight(shape={shape}, initializer="{_initializer(value)}", name="{name}")',
            )
            return


def _initializer(value: Any) -> str:
    numbers = value.numpy()
    if not numbers.any():
        return "zeros"
    return "ones" if (numbers == 1).all() else "random_normal"


def frozen_random(subject: Subject) -> Iterator[Finding]:
    """Find a body that is frozen with the weights that it began with."""
    filled = ("load_weights", "set_weights", "assign", "load_own_variables", "from_pretrained")
    if any(True for _ in subject.program.calls(*filled)):
        return
    for layer in subject.layers:
        if not isinstance(layer, keras.Model) or layer.trainable or not layer.weights or layer is subject.model:
            continue
        name = subject.program.name_of(layer, "")
        made = _made_random(subject, name) if name else None
        if made is None or _is_trained(subject, name):
            continue
        source = in_line(made.args[0]) if called(made) == "clone_model" and made.args else ""
        yield Finding(
            "frozen-random",
            "warning",
            f"{name} is frozen, and its weights are those that it began with: {in_line(made)} copies no weights."
            if source
            else f"{name} is frozen, and its weights are those that it began with: weights=None loads none.",
            "Frozen layers are to bring what they have learned elsewhere. Random ones bring noise, and cannot learn.",
            f"{name}.set_weights({source}.get_weights())"
            if source
            else f"{name} = {in_line(changed(made, (), {'weights': repr('imagenet')}))}",
        )
        return


def _made_random(subject: Subject, name: str) -> ast.Call | None:
    """Find the call that made a model without its learned weights."""
    for call in subject.program.expressions(name):
        if isinstance(call, ast.Call):
            weights = argument_of(call, "weights")
            none = isinstance(weights, ast.Constant) and weights.value is None
            if called(call) == "clone_model" or (none and hasattr(keras.applications, called(call))):
                return call
    return None


def _is_trained(subject: Subject, name: str) -> bool:
    """Whether the program trains a model by itself, or unfreezes it to train it."""
    calls = subject.program.calls("fit", "train_on_batch")
    if any(isinstance(call.func, ast.Attribute) and in_line(call.func.value) == name for call in calls):
        return True
    frozen = subject.program.assigned(f"{name}.trainable")
    return any(isinstance(line.value, ast.Constant) and line.value.value is True for line in frozen)


def softmax_of_one(subject: Subject) -> Iterator[Finding]:
    """Find softmax over an axis of length 1, inside the network: attention whose weights are all 1."""
    graph = subject.graph
    for node in graph.nodes if graph else ():
        layer = node.operation
        config = layer.get_config() if node.kind in ("Dense", "Activation", "Softmax") else {}
        shape = getattr(getattr(layer, "output", None), "shape", None) if config else None
        axis = config.get("axis", -1)
        if not shape or len(shape) < 3 or (node.kind != "Softmax" and config.get("activation") != "softmax"):
            continue
        if isinstance(axis, int) and shape[axis] == 1:
            yield _of_one(f'The layer "{layer.name}" takes', "keras.layers.Softmax(axis=1)  # behind a Dense(1)")
            return
    for layer in subject.layers:
        if of_keras(layer):
            continue
        tree = function_tree(getattr(type(layer), "call", None))
        for call in _softmaxes(tree, layer) if isinstance(tree, ast.FunctionDef) else ():
            yield _of_one(f"{type(layer).__name__} takes", in_line(changed(call, (), {"axis": "1"})))
            return


def _of_one(who: str, fix: str) -> Finding:
    return Finding(
        "one-unit-softmax",
        "warning",
        f"{who} softmax over an axis that has one number only.",
        "Softmax makes the numbers along its axis add up to 1; a single one is always exactly 1. To choose among the "
        "steps of a sequence, it goes along theirs.",
        fix,
    )


def _softmaxes(tree: ast.FunctionDef, layer: Any) -> Iterator[ast.Call]:
    """Find calls of softmax along the last axis of what a layer with one unit gives."""
    of_one = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            function = node.value.func
            inner = getattr(layer, function.attr, None) if isinstance(function, ast.Attribute) else None
            if inner is not None and kind(inner) == "Dense" and inner.units == 1:
                of_one.add(node.targets[0].id)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) != "softmax" or not node.args:
            continue
        axis = argument_of(node, "axis")
        last = axis is None or in_line(axis) in ("-1", "2")
        if last and len(node.args) == 1 and isinstance(node.args[0], ast.Name) and node.args[0].id in of_one:
            yield node


CHECKS = (layer_unused, untracked_weights, frozen_random, softmax_of_one)
