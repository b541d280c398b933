"""Fingerprints of code: a chapter's cells, and what of the package computes what they show."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from ._digest import digest

_PACKAGE = Path(__file__).parent.parent
# Rooms whose code cannot change what a chapter shows, or that vouch for what they give in another way: data by the
# edition of what was loaded, experiments by what the results were made of, pretrained by a digest of the weights.
_SILENT_ROOMS = {"assignments", "chapters", "cli", "data", "experiments", "pretrained", "record"}
# Fields of syntax trees in which nothing stands that runs, or that only some versions of Python fill.
_UNREAD = {"annotation", "ctx", "kind", "returns", "type_comment", "type_params"}


def fingerprint(notebook: dict[str, Any]) -> dict[str, Any]:
    """Hash the code behind a notebook's outputs: its cells, and every function of the package that they reach.

    What counts is what Python runs. Comments, docstrings, annotations and the breaking of lines do not count, and
    neither does a function that the chapter never calls, so that only a change that may change an output asks for a
    new run.

    Parameters
    ----------
    notebook : dict
        A chapter: the parsed content of an ``.ipynb`` file, or nbformat's form of it.

    Returns
    -------
    dict
        ``cells``: a hash; ``course_utils``: hash by qualified name of the function, class or constant.
    """
    cells = [_parsed(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    canonical = [cell if isinstance(cell, str) else _canonical(cell) for cell in cells]
    tree = ast.Module([node for cell in cells if isinstance(cell, ast.Module) for node in cell.body], [])
    return {
        "cells": digest([cell for cell in canonical if cell]),
        "course_utils": dict(sorted(_reached(tree))),
    }


def _parsed(source: str) -> ast.Module | str:
    """Parse a cell as IPython runs it; one that is no Python, on purpose, is its text."""
    with suppress(SyntaxError):
        return ast.parse(_without_magics(source))
    return source.strip()


def _without_magics(source: str) -> str:
    """Write IPython's own syntax (``%time f()``, ``x = !ls``, ``f?``) as the calls that it stands for."""
    with suppress(SyntaxError):
        ast.parse(source)
        return source
    # IPython is slow to import, and few cells need it.
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


def _canonical(node: Any) -> str:
    """Write a syntax tree as the same text in every version of Python."""
    if isinstance(node, ast.JoinedStr):  # early releases of Python 3.12 end f-strings with an empty text
        return f"JoinedStr({[_canonical(value) for value in node.values if getattr(value, 'value', None) != '']})"
    if isinstance(node, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(node) if name not in _UNREAD)
        # A field that is empty or missing means the same, and newer versions leave it out.
        parts = [f"{name}={_canonical(value)}" for name, value in fields if value is not None and value != []]
        if isinstance(node, ast.Constant) and node.value is None:
            parts = ["value=None"]
        return f"{type(node).__name__}({', '.join(parts)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_canonical, node))}]"
    return repr(node)


def _reached(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Follow names from a chapter's code through the package's top-level definitions."""
    magic = [node for call in ast.walk(tree) for node in _statements_in_magic(call)]
    tree = ast.Module([*tree.body, *magic], [])
    imported = _imported(tree)
    keys = imported | set(product({room for room, _ in imported}, _attributes(tree)))
    return _reached_from({definition for key in keys for definition in _definitions().get(key, ())})


def _statements_in_magic(node: ast.AST) -> list[ast.stmt]:
    """Read the Python in the arguments of a magic, such as ``%%time`` or ``%timeit``; other languages are left out."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    if node.func.attr not in ("run_cell_magic", "run_line_magic"):
        return []
    statements = []
    for argument in node.args[1:]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            parsed = _parsed(argument.value)
            statements += parsed.body if isinstance(parsed, ast.Module) else []
    return statements


def _reached_from(starts: set[_Definition]) -> Iterator[tuple[str, str]]:
    todo = set(starts)
    seen = set()
    while todo:
        definition = todo.pop()
        if definition in seen:
            continue
        seen.add(definition)
        yield definition.name, definition.code
        for room in {definition.module.partition(".")[0], *definition.neighbours}:
            for name in definition.uses:
                found = _definitions().get((room, name), ())
                # Files of a room may use one name twice; a file means its own.
                todo |= {other for other in found if other.module == definition.module} or set(found)


def _imported(tree: ast.AST, package: str = "") -> set[tuple[str, str]]:
    """List what code imports from the package's rooms: (room, name), or (room, "") for a room as a whole."""
    found: set[tuple[str, str]] = set()
    itself = set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {(alias.name.split(".")[1], "") for alias in node.names if alias.name.startswith("course_utils.")}
            itself |= {alias.asname or alias.name for alias in node.names if alias.name == "course_utils"}
        elif isinstance(node, ast.ImportFrom):
            module = importlib.util.resolve_name("." * node.level + (node.module or ""), package or None)
            top, _, room = module.partition(".")
            if top == "course_utils":
                room = room.partition(".")[0]
                found |= {(room, alias.name) if room else (alias.name, "") for alias in node.names}
    for node in nodes if itself else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in itself:
            found.add((node.attr, ""))
    return {(room, name) for room, name in found if room not in _SILENT_ROOMS}


def _attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Map the names that code gives to what it imports (``import … as``) to the names that the package gives them."""
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }


@dataclass(frozen=True)
class _Definition:
    """A function, class or constant of the package: its code, the names in it, the rooms that its file imports."""

    module: str
    name: str
    code: str
    uses: frozenset[str]
    neighbours: frozenset[str]


@cache
def _definitions() -> dict[tuple[str, str], list[_Definition]]:
    """Read the package: definitions by (room, name), several where files of a room use one name twice."""
    found: dict[tuple[str, str], list[_Definition]] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        parts = path.relative_to(_PACKAGE).with_suffix("").parts
        if parts[0] in _SILENT_ROOMS or parts[0] == "__init__":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = ".".join(part for part in parts if part != "__init__")
        neighbours = {room for room, _ in _imported(tree, ".".join(("course_utils", *parts[:-1])))} - {parts[0]}
        aliases = _aliases(tree)
        for node in tree.body:
            names = _names_defined(node)
            if not names:
                continue
            inner = list(ast.walk(node))
            _drop_docstrings(inner)
            code = digest(_canonical(node))
            uses = {
                n.attr if isinstance(n, ast.Attribute) else n.id
                for n in inner
                if isinstance(n, ast.Attribute | ast.Name)
            }
            uses |= {aliases[name] for name in uses & set(aliases)}
            for name in names:
                definition = _Definition(module, f"{module}.{name}", code, frozenset(uses), frozenset(neighbours))
                found.setdefault((parts[0], name), []).append(definition)
    return found


def _names_defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets: Iterable[Any] = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    names = [n.id for target in targets if target for n in ast.walk(target) if isinstance(n, ast.Name)]
    # __all__ and its like are bookkeeping: a new name in it changes no output.
    return [name for name in names if not name.startswith("__")]


def _drop_docstrings(nodes: Iterable[ast.AST]) -> None:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node):
            del node.body[0]
