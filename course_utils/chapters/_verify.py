"""Running chapters again, beside their stored outputs, and comparing what they record."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import nbformat
from rich.console import Console

from ..evaluation import place
from ..record import Recorded, Value, read_provenance, read_records
from ._execute import execute
from ._notebooks import ChapterError, read
from ._sources import how_to_get, lost, sources_now


@dataclass(frozen=True)
class Comparison:
    """One recorded value beside the value of a fresh run.

    Attributes
    ----------
    chapter : str
        Stem of the notebook's file name.
    name : str
        The record's name.
    stored, fresh : float, int, str, bool or None
        Its values; ``None`` where one of the two runs recorded nothing of that name.
    tolerance : float
        How far they may differ.
    agrees : bool
        Whether they do not differ more.
    place : str
        The place of the fresh value among those of other seeds, if these are known; else empty.
    """

    chapter: str
    name: str
    stored: Value | None
    fresh: Value | None
    tolerance: float
    agrees: bool
    place: str = ""


def verify(paths: Iterable[Path], console: Console | None = None) -> list[Comparison]:
    """Run chapters again, leaving their files alone, and compare every recorded value with its tolerance.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebooks with stored outputs.
    console : rich.console.Console, optional
        Where progress is shown.

    Returns
    -------
    list of Comparison

    Raises
    ------
    ChapterError
        If a chapter raises; before anything is run, if one was never recorded, or on other data than are here.
    """
    console = console or Console()
    paths = list(paths)
    for path in paths:
        require_comparable(path)
    comparisons: list[Comparison] = []
    for path in paths:
        stored, fresh = _records(read(path), path), _records(run_again(path, console), path)
        comparisons += compare(path.stem, stored, fresh)
    return comparisons


def run_again(
    path: Path, console: Console, settings: Mapping[str, str] = MappingProxyType({})
) -> nbformat.NotebookNode:
    """Run a chapter beside its file, on the data that it was recorded on.

    Parameters
    ----------
    path : pathlib.Path
        Its notebook.
    console : rich.console.Console
        Where progress is shown.
    settings : mapping of str to str
        Environment variables of the kernel, beside those of this process.

    Returns
    -------
    nbformat.NotebookNode
        With the outputs of this run.

    Raises
    ------
    ChapterError
        If it raises, or fell back to other data than are recorded.
    """
    stored = read(path)
    fresh = execute(read(path), path, console, settings)
    _require_same_data(path, stored, fresh.metadata.course.recorded.data)
    return fresh


def require_comparable(path: Path) -> None:
    """Make sure that another run of a chapter can be held against the stored one.

    Parameters
    ----------
    path : pathlib.Path
        Its notebook.

    Raises
    ------
    ChapterError
        If it was never recorded, records a name twice, or was recorded on other data than are here.
    """
    stored = read(path)
    _records(stored, path)
    recorded = read_provenance(stored)
    if recorded is None:
        raise ChapterError(f"{path.name} has no recorded run to compare with. Run: course run {path.stem}")
    _require_same_data(path, stored, sources_now(recorded["data"]))


def _require_same_data(path: Path, stored: nbformat.NotebookNode, now: Mapping[str, str]) -> None:
    before = (read_provenance(stored) or {})["data"]
    if dict(before) == dict(now):
        return
    names = lost(before, now)
    what_to_do = how_to_get(names) if names else "set COURSE_DATA to what it was recorded on, or run it again"
    raise ChapterError(
        f"{path.name} was recorded on {_told(before)}, but here is {_told(now)}. "
        f"Their numbers cannot be compared: {what_to_do}."
    )


def _records(notebook: nbformat.NotebookNode, path: Path) -> dict[str, Recorded]:
    try:
        return read_records(notebook)
    except ValueError as error:
        raise ChapterError(f"{path.name}: {error}") from error


def _told(data: Mapping[str, str]) -> str:
    return ", ".join(f"{source} {name}" for name, source in data.items()) or "no data"


def compare(chapter: str, stored: dict[str, Recorded], fresh: dict[str, Recorded]) -> list[Comparison]:
    """Compare two runs of one chapter, name by name.

    A name that only one of them has is a disagreement, unless its tolerance is infinite: what depends on the
    machine may also be absent from one, such as the time of a backend that is not installed.

    Parameters
    ----------
    chapter : str
        Stem of the notebook's file name.
    stored, fresh : dict of str to Recorded
        What the recorded run and the new one have recorded.

    Returns
    -------
    list of Comparison
    """
    comparisons = []
    for name in [*stored, *(name for name in fresh if name not in stored)]:
        old, new = stored.get(name), fresh.get(name)
        tolerance = (old or fresh[name]).tolerance
        comparisons.append(
            Comparison(
                chapter,
                name,
                old.value if old else None,
                new.value if new else None,
                tolerance,
                math.isinf(tolerance) or bool(old and new and old.accepts(new.value)),
                _place(old, new),
            )
        )
    return comparisons


def _place(old: Recorded | None, new: Recorded | None) -> str:
    if not old or not new or not old.seeds or isinstance(new.value, str | bool):
        return ""
    return place(new.value, old.seeds).partition(": ")[2]
