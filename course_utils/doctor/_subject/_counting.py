"""What a generator gives, read in its source without running it: how many batches, and whether ever another one."""

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


# What gives the same for the same, so that a loop of nothing else never gets on.
_STEADY = {"array", "asarray", "astype", "concatenate", "copy", "expand_dims", "flatten", "float", "int", "len", "max"}
_STEADY |= {
    "min",
    "minimum",
    "ones",
    "print",
    "range",
    "ravel",
    "reshape",
    "squeeze",
    "stack",
    "to_categorical",
    "zeros",
}


def stuck(tree: Any) -> str | None:
    """Name what says where a batch begins in a generator's ``while True``, and is never changed there.

    None where it is changed, where the loop calls something that might give another answer each time, and where all
    examples up to some number are given, which may be meant.
    """
    loop = next((node for node in ast.walk(tree) if isinstance(node, ast.While)), None)
    if loop is None or not isinstance(loop.test, ast.Constant) or not loop.test.value:
        return None
    inside = [node for line in loop.body for node in ast.walk(line)]
    if any(isinstance(node, ast.Call) and called(node) not in _STEADY for node in inside):
        return None
    if (
        not all(isinstance(line, ast.Assign | ast.Expr) for line in loop.body)
        or sum(isinstance(node, ast.Yield) for node in inside) != 1
    ):
        return None
    given: set[str] = set()
    for line in loop.body:
        read = {node.id for node in ast.walk(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        targets = {name for target in getattr(line, "targets", ()) for name in names_in(target)}
        if (targets & read) - given or any(not name.isidentifier() for name in targets):
            return None  # what it was before has a part in what it becomes
        given |= targets
    starts = (node.lower for node in inside if isinstance(node, ast.Slice) and node.lower is not None)
    names = (node.id for start in starts for node in ast.walk(start) if isinstance(node, ast.Name))
    return next((name for name in names if name not in given), None)


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
