"""How many batches a generator gives, counted in its source without running it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from ._program import called, names_in

_ARITHMETIC: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def batches_of(tree: Any, generator: Any) -> int | None:
    """Count what a generator with one loop and one ``yield`` gives, by its source; None where that is not seen."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    if len(loops) != 1 or sum(isinstance(node, ast.Yield) for node in ast.walk(tree)) != 1:
        return None
    names = {**generator.gi_frame.f_globals, **generator.gi_frame.f_locals} if generator.gi_frame else {}
    lines = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    made = {name: line.value for line in lines for name in names_in(line.targets[0])}
    try:
        return _length(loops[0].iter, names, made)
    except (TypeError, ValueError, ZeroDivisionError, RecursionError):
        return None


def _length(node: ast.expr, names: dict[str, Any], made: dict[str, ast.expr]) -> int:
    """Count what a loop goes through: a range, or something with a length."""
    if isinstance(node, ast.Call) and called(node) == "range" and not node.keywords:
        return len(range(*(_whole(part, names, made) for part in node.args)))
    if isinstance(node, ast.Call) and called(node) in ("zip", "enumerate") and node.args:
        return min(_length(part, names, made) for part in (node.args if called(node) == "zip" else node.args[:1]))
    if isinstance(node, ast.Name) and node.id in names and node.id not in made:
        return len(names[node.id])
    raise ValueError(node)


def _whole(node: ast.expr, names: dict[str, Any], made: dict[str, ast.expr]) -> int:
    """Work out a whole number of a program without running it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name) and node.id in made:
        return _whole(made[node.id], names, made)
    if isinstance(node, ast.Name) and isinstance(value := names.get(node.id), int):
        return value
    if isinstance(node, ast.Call) and called(node) in ("len", "int") and len(node.args) == 1:
        return (_length if called(node) == "len" else _whole)(node.args[0], names, made)
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_whole(node.left, names, made), _whole(node.right, names, made))
    raise ValueError(node)
