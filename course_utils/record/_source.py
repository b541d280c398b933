"""Fingerprints of code: what vouches for a stored output, besides data and versions."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent
# Rooms whose code cannot change what a chapter shows; what a chapter uses of experiments has hashes of its own.
_SILENT_ROOMS = {"chapters", "cli", "experiments", "record"}


def fingerprint(notebook: dict[str, Any]) -> dict[str, Any]:
    """Hash the code behind a notebook's outputs: its cells, and every function of the package that they reach.

    Comments, docstrings and blank lines do not count, and neither does a function the chapter never calls, so that
    only a change that may change an output asks for a new run.

    Parameters
    ----------
    notebook : dict
        A chapter: the parsed content of an ``.ipynb`` file, or nbformat's form of it.

    Returns
    -------
    dict
        ``cells``: a hash; ``course_utils``: hash by qualified name of the function, class or constant.
    """
    cells = [_portable(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return {
        "cells": _hash("\n".join(_without_comments(cell) for cell in cells)),
        "course_utils": dict(sorted(_reached(cells))),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _portable(source: str) -> str:
    """Quote IPython's magics, which are no Python."""
    with suppress(SyntaxError):
        ast.parse(source)
        return source
    return re.sub(r"^(\s*)([%!].*)$", lambda match: match[1] + repr(match[2]), source, flags=re.MULTILINE)


def _without_comments(source: str) -> str:
    lines = source.splitlines()
    with suppress(tokenize.TokenError, SyntaxError):  # what is no Python keeps its comments
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column]
    return "\n".join(line.rstrip() for line in lines if line.strip())


def fingerprint_of(*functions: Callable, held: Iterable[object] = ()) -> str:
    """Hash functions of the package together with everything of the package that they reach.

    Parameters
    ----------
    *functions : callable
        Top-level functions of a room, or ``functools.partial`` of such; the arguments that a partial holds count.
    held : iterable
        Other values that count, by their ``repr``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a function is not a top-level one of the package: its code could not be found.
    """
    starts, values = set(), [repr(value) for value in held]
    for function in functions:
        while isinstance(function, partial):
            values.append(repr((function.args, sorted(function.keywords.items()))))
            function = function.func
        top, _, module = function.__module__.partition(".")
        found = _definitions().get((module.partition(".")[0], function.__qualname__), ())
        own = {definition for definition in found if definition.module == module}
        if top != "course_utils" or not own:
            raise ValueError(f"{function.__module__}.{function.__qualname__} is no top-level function of course_utils")
        starts |= own
    return _hash(repr((sorted(_reached_from(starts)), values)))


def _reached(cells: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Follow names from a chapter's code through the package's top-level definitions."""
    tree = ast.Module([node for cell in cells for node in _statements(cell)], [])
    imported = _imported(tree)
    rooms = {room for room, _ in imported}
    keys = imported | {(room, name) for room in rooms for name in _attributes(tree)}
    return _reached_from({definition for key in keys for definition in _definitions().get(key, ())})


def _reached_from(starts: set[_Definition]) -> Iterator[tuple[str, str]]:
    todo = set(starts)
    seen = set()
    while todo:
        definition = todo.pop()
        if definition in seen:
            continue
        seen.add(definition)
        yield definition.name, _hash(definition.code)
        for room in {definition.module.partition(".")[0], *definition.neighbours}:
            for name in definition.uses:
                found = _definitions().get((room, name), ())
                # Files of a room may use one name twice; a file means its own.
                todo |= {other for other in found if other.module == definition.module} or set(found)


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:  # on purpose, as a lesson, or a cell in another language
        return []


def _imported(tree: ast.AST, package: str = "") -> set[tuple[str, str]]:
    """List what code imports from the package's rooms: (room, name), or (room, "") for a room as a whole."""
    found: set[tuple[str, str]] = set()
    itself = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(alias.name.split(".")[1], "") for alias in node.names if alias.name.startswith("course_utils.")}
            itself |= {alias.asname or alias.name for alias in node.names if alias.name == "course_utils"}
        elif isinstance(node, ast.ImportFrom):
            module = importlib.util.resolve_name("." * node.level + (node.module or ""), package or None)
            top, _, room = module.partition(".")
            if top == "course_utils":
                room = room.partition(".")[0]
                found |= {(room, alias.name) if room else (alias.name, "") for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in itself:
            found.add((node.attr, ""))
    return {(room, name) for room, name in found if room not in _SILENT_ROOMS}


def _attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


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
        if parts[0] in _SILENT_ROOMS - {"experiments"} or parts[0] == "__init__":
            continue
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        module = ".".join(part for part in parts if part != "__init__")
        neighbours = {room for room, _ in _imported(tree, ".".join(("course_utils", *parts[:-1])))} - {parts[0]}
        for node in tree.body:
            for name in _names_defined(node):
                code = _without_comments(_without_docstring(node, source))
                uses = frozenset(_attributes(node) | {n.id for n in ast.walk(node) if isinstance(n, ast.Name)})
                definition = _Definition(module, f"{module}.{name}", code, uses, frozenset(neighbours))
                found.setdefault((parts[0], name), []).append(definition)
    return found


def _names_defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    names = [n.id for target in targets if target for n in ast.walk(target) if isinstance(n, ast.Name)]
    # __all__ and its like are bookkeeping: a new name in it changes no output.
    return [name for name in names if not name.startswith("__")]


def _without_docstring(node: ast.stmt, source: str) -> str:
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    lines = source.splitlines()[: node.end_lineno]
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner):
            docstring = inner.body[0]
            for line in range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno):
                lines[line] = ""
    return "\n".join(lines[start - 1 :])
