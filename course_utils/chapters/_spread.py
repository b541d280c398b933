"""Running chapters with other seeds: how far their values lie apart is how wide a tolerance may be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console

from ..experiments import SEED_VARIABLE
from ._notebooks import read, write
from ._store import alone, require_room
from ._verify import require_comparable, run_again


def spread(paths: Iterable[Path], runs: int, console: Console | None = None) -> int:
    """Run chapters with other seeds and keep, beside each value that has a tolerance, what these gave.

    Nothing else in the chapters changes. What the chapter itself trains over several seeds is left out: it has its
    spread already. Only the training is seeded anew, through ``keras.utils.set_random_seed``, and no split of the data.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebooks with stored outputs.
    runs : int
        How many other seeds each gets.
    console : rich.console.Console, optional
        Where progress is shown.

    Returns
    -------
    int
        For how many values there are other seeds now.

    Raises
    ------
    ChapterError
        If a chapter raises or falls back to other data; before anything is run, if one was never recorded, or on other
        data than are here.
    """
    console = console or Console()
    paths = list(paths)
    for path in paths:
        require_comparable(path)
        require_room(path, path.stat().st_size)
    return sum(_spread(path, runs, console) for path in paths)


def _spread(path: Path, runs: int, console: Console) -> int:
    with alone(path):
        others: dict[str, list[Any]] = defaultdict(list)
        for number in range(1, runs + 1):
            for name, course in _varying(run_again(path, console, {SEED_VARIABLE: str(number)})):
                others[name].append(course["value"])
        notebook = read(path)  # only now: whatever was edited meanwhile stays
        kept = _keep(others, notebook)
        write(notebook, path)
        return kept


def carry_over(before: nbformat.NotebookNode, ran: nbformat.NotebookNode) -> None:
    """Keep what other seeds gave when a chapter is recorded anew.

    Parameters
    ----------
    before : nbformat.NotebookNode
        The chapter as it was.
    ran : nbformat.NotebookNode
        Its new run; changed in place.
    """
    _keep({name: course["others"] for name, course in _varying(before) if "others" in course}, ran)


def _keep(others: dict[str, list[Any]], notebook: nbformat.NotebookNode) -> int:
    kept = [(course, others[name]) for name, course in _varying(notebook) if name in others]
    for course, values in kept:
        course["others"] = values
    return len(kept)


def _varying(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find the records of numbers that come from one training: with another seed they would be others."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            course = output.get("metadata", {}).get("course", {})
            if course.get("tolerance") and "seeds" not in course and not isinstance(course["value"], str | bool):
                yield output.metadata.scrapbook.name, course
