"""Where a chapter's stored outputs came from: data, versions, machine, and a fingerprint of the code."""

import ast
import hashlib
import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

# Whatever of these a run has imported is named with its version.
_PACKAGES = (
    "keras",
    "tensorflow",
    "jax",
    "torch",
    "scikit-learn",
    "numpy",
    "matplotlib",
    "scikit-image",
    "course-utils",
)
_MODULES = {"scikit-learn": "sklearn", "scikit-image": "skimage", "course-utils": "course_utils"}
_PACKAGE = Path(__file__).parent.parent
# Rooms whose code cannot change what a chapter shows.
_SILENT_ROOMS = {"chapters", "cli", "record"}


def environment() -> dict[str, Any]:
    """Describe the running process: ``course run`` asks a chapter's kernel for this when the last cell is done.

    Returns
    -------
    dict
        ``date``, ``data``, ``versions``, ``backend`` and ``hardware``, ready for JSON.
    """
    loaded = [name for name in _PACKAGES if _MODULES.get(name, name) in sys.modules]
    keras = sys.modules.get("keras")
    data = sys.modules.get("course_utils.data")
    return {
        "date": date.today().isoformat(),
        "data": data.used() if data else {},
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in loaded},
        },
        "backend": keras.backend.backend() if keras else None,
        "hardware": _hardware(),
    }


def _hardware() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{cores} core{'s' if cores != 1 else ''}", platform.machine()]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.0f} GB")
    return ", ".join(parts)


def fingerprint(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Hash the code behind a notebook's outputs: its cells, and every function of the package that they reach.

    Comments, docstrings and blank lines do not count, and neither does a function the chapter never calls, so that
    only a change that may change an output asks for a new run.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A chapter.

    Returns
    -------
    dict
        ``cells``: a hash; ``course_utils``: hash by qualified name of the function, class or constant.
    """
    cells = [_portable(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    return {
        "cells": _hash("\n".join(_without_comments(cell) for cell in cells)),
        "course_utils": dict(sorted(_reached("\n".join(cells)))),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _portable(source: str) -> str:
    """Blank out IPython's magics, which are no Python."""
    return re.sub(r"^(\s*)([%!].*)$", r"\1pass # \2", source, flags=re.MULTILINE)


def _without_comments(source: str) -> str:
    lines = (line.rstrip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


def _reached(source: str) -> Iterator[tuple[str, str]]:
    """Follow names from a chapter's code through the package's top-level definitions."""
    tree = ast.parse(source)
    rooms, wanted = _rooms_imported(tree), _identifiers(tree)
    todo = [(room, name) for room in rooms for name in wanted if (room, name) in _definitions()]
    seen = set()
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        qualified, code, names, neighbours = _definitions()[key]
        yield qualified, _hash(code)
        todo += [(room, name) for room in {key[0], *neighbours} for name in names if (room, name) in _definitions()]


def _rooms_imported(tree: ast.AST) -> set[str]:
    rooms: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("course_utils.")}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("course_utils"):
            parts = node.module.split(".")
            rooms |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return rooms - _SILENT_ROOMS


def _identifiers(tree: ast.AST) -> set[str]:
    """Every name and attribute; imported names count as soon as they are used."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


@cache
def _definitions() -> dict[tuple[str, str], tuple[str, str, set[str], set[str]]]:
    """Map (room, name) to (qualified name, code, identifiers used, rooms its file imports)."""
    found = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        parts = path.relative_to(_PACKAGE).with_suffix("").parts
        if parts[0] in _SILENT_ROOMS or parts[0] == "__init__":
            continue
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        module = ".".join(part for part in parts if part != "__init__")
        for node in tree.body:
            for name in _names_defined(node):
                code = _without_comments(_without_docstring(node, source))
                found[parts[0], name] = (f"{module}.{name}", code, _identifiers(node), _rooms_imported(tree))
    return found


def _names_defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    # __all__ and its like are bookkeeping: a new name in it changes no output.
    return [t.id for t in targets if isinstance(t, ast.Name) and not t.id.startswith("__")]


def _without_docstring(node: ast.stmt, source: str) -> str:
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    lines = source.splitlines()[: node.end_lineno]
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner):
            docstring = inner.body[0]
            for line in range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno):
                lines[line] = ""
    return "\n".join(lines[start - 1 :])
