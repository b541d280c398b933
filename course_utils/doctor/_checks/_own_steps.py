"""Training steps of the user's own: what they make of the batches that Keras hands them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ...network import kind
from .._report import Finding
from .._subject._model import Subject
from .._subject._program import function_tree, in_line, unpacked


def spread_out(subject: Subject) -> Iterator[Finding]:
    """Find a step that subtracts predictions of shape (n, 1) from labels of shape (n,), or the other way round."""
    parts = subject.y.parts
    if len(parts) != 1 or parts[0].values.ndim != 1 or not parts[0].is_numeric or not subject.has_own_training:
        return
    dense = [layer for layer in subject.layers if kind(layer) == "Dense"]
    if not dense or dense[-1].units != 1 or dense[-1] is not subject.layers[-1]:
        return
    tree = function_tree(getattr(type(subject.model), "train_step", None))
    names = labels_of(tree) if isinstance(tree, ast.FunctionDef) else None
    if tree is None or names is None:
        return
    y, predictions = names
    wrong = next(
        (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Sub)
            and {in_line(node.left), in_line(node.right)} == {y, predictions}
        ),
        None,
    )
    if wrong is None:
        return
    data = parts[0]
    yield Finding(
        "train-step",
        "error",
        f"train_step computes {in_line(wrong)}, but {data.name} gives one number for each example and the model a row "
        "of one.",
        "Shapes (n,) and (n, 1) are spread out to (n, n): each prediction is compared with all targets, and the best "
        "that the model can do is to predict their mean.",
        data.mended("{}[..., None]"),
    )


def labels_of(tree: ast.FunctionDef) -> tuple[str, str] | None:
    """Read under which names a step has its labels and its predictions; None where it changes the labels."""
    line = unpacked(tree)
    targets: list[Any] = line.targets[0].elts if line and isinstance(line.targets[0], ast.Tuple) else []
    if len(targets) < 2 or not isinstance(targets[1], ast.Name):
        return None
    y = targets[1].id
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and node is not line]
    by_name = {node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)}
    answers = [
        name
        for name, value in by_name.items()
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == tree.args.args[0].arg
    ]
    return (y, answers[0]) if len(answers) == 1 and y not in by_name else None


CHECKS = (spread_out,)
