"""Running chapters again, beside their stored outputs, and comparing what they record."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console

from ..record import Recorded, Value, read_provenance, read_records
from ._notebooks import ChapterError, read
from ._run import execute


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
    """

    chapter: str
    name: str
    stored: Value | None
    fresh: Value | None
    tolerance: float
    agrees: bool


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
        If a chapter was never recorded, raises, or finds other data than its recorded run had.
    """
    console = console or Console()
    comparisons: list[Comparison] = []
    for path in paths:
        stored = read(path)
        records, before = _records(stored, path), read_provenance(stored)
        if before is None:
            raise ChapterError(f"{path.name} has no recorded run to compare with. Run: course run {path.stem}")
        fresh = execute(read(path), path, console)
        after = read_provenance(fresh)
        if after is not None and dict(before["data"]) != dict(after["data"]):
            raise ChapterError(
                f"{path.name} was recorded on {_told(before['data'])}, but this run found {_told(after['data'])}. "
                "Their numbers cannot be compared: set COURSE_DATA_DIR to the real data or fetch it (course data)."
            )
        comparisons += compare(path.stem, records, _records(fresh, path))
    return comparisons


def _records(notebook: nbformat.NotebookNode, path: Path) -> dict[str, Recorded]:
    try:
        return read_records(notebook)
    except ValueError as error:
        raise ChapterError(f"{path.name}: {error}") from error


def _told(data: dict[str, str]) -> str:
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
            )
        )
    return comparisons
