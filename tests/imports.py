"""What the Python files of the repository import, inside functions too, but not for annotations alone."""

import ast
import functools
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules(package: str) -> dict[str, Path]:
    """Every file of a package, by its module's name."""
    paths = {path.relative_to(ROOT).with_suffix("").parts: path for path in sorted((ROOT / package).rglob("*.py"))}
    return {".".join(part for part in parts if part != "__init__"): path for parts, path in paths.items()}


MODULES = modules("course_utils")
# What Sphinx and the Makefile run of the book is imported by its bare name.
_BOOK = {path.stem: path for folder in ("book", "book/_ext") for path in sorted((ROOT / folder).glob("*.py"))}
EVERYWHERE = MODULES | _BOOK | modules("tests")


@functools.cache
def imported(module: str) -> frozenset[str]:
    """The names that a module imports."""
    path = EVERYWHERE[module]
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    found = set()
    for node in at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found |= {f"{origin}.{alias.name}" for alias in node.names}
    return frozenset(found)


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from at_run_time(node)


def own(names: Iterable[str]) -> Iterator[str]:
    """The modules of the repository among imported names."""
    for name in names:
        for candidate in (name, name.rpartition(".")[0]):
            if candidate in EVERYWHERE and candidate not in ("course_utils", "tests"):
                yield candidate
                break


def room(module: str) -> str:
    """The part of the package that a module belongs to."""
    return module.split(".")[1]
