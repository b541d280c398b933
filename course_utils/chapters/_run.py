"""Running chapters and storing their outputs: in the chapters, or beside them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from ..record import read_provenance
from ._execute import execute
from ._notebooks import ChapterError, parse, read, read_text, write
from ._sources import how_to_get, lost, sources_now
from ._spread import carry_over
from ._store import alone, beside, keep, require_room, store


def run(paths: Iterable[Path], console: Console | None = None) -> None:
    """Execute chapters on the best data available and store outputs and provenance in them.

    A chapter is written when its last cell is done; one that fails stays on disk as it was. What was edited while it
    ran stays: only code that did not change gets outputs. Outputs on real data are never replaced by others.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebooks.
    console : rich.console.Console, optional
        Where progress is shown.

    Raises
    ------
    ChapterError
        If a cell raises; the message holds the cell and the traceback. Before anything is run, if a chapter cannot be
        read or stored, is being run already, or was recorded on real data that are not here.
    """
    console = console or Console()
    paths = list(paths)
    _require_real_data(paths)
    for path in paths:
        with alone(path):
            require_room(path, path.stat().st_size)
    for path in paths:
        with alone(path):
            _run(path, console)


def run_embedded(paths: Iterable[Path], console: Console | None = None) -> None:
    """Execute chapters on the embedded sample and store the results in ``_build/embedded``, never in the chapters.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebooks.
    console : rich.console.Console, optional
        Where progress is shown, and where the results are.

    Raises
    ------
    ChapterError
        If a cell raises; the message holds the cell and the traceback. Before anything is run, if a chapter cannot be
        read or its result not stored.
    """
    console = console or Console()
    paths = list(paths)
    for path in paths:
        read(path)
        require_room(beside(path, "embedded"), path.stat().st_size)
    for path in paths:
        notebook = execute(read(path), path, console, {"COURSE_DATA": "embedded"})
        result = beside(path, "embedded")
        write(notebook, result)
        _tell(path, notebook.metadata.course.recorded, console)
        console.print(f"  {result}", soft_wrap=True, highlight=False)  # a path must stay whole, to be copied


def _run(path: Path, console: Console) -> None:
    before = read_text(path)
    notebook = parse(before, path)
    stored = read_provenance(notebook)
    recorded = execute(notebook, path, console).metadata.course.recorded
    carry_over(parse(before, path), notebook)
    # What a loader finds on opening a file cannot be known before: a broken one is as good as none.
    if stored and (names := lost(stored["data"], recorded.data)):
        raise ChapterError(
            f"{path.name} is unchanged: its outputs are of real {_and(names)}, and this run fell back to the embedded "
            f"sample. To get the real data: {how_to_get(names)}.\n"
            f"What the run gave is in {keep(notebook, beside(path, 'embedded'))}"
        )
    merged = store(notebook, path, before)
    _tell(path, recorded, console)
    if merged and (sentence := merged.told(path.stem)):
        console.print(f"[yellow]![/] {sentence}", soft_wrap=True, highlight=False)


def _tell(path: Path, recorded: Any, console: Console) -> None:
    sources = ", ".join(f"{name} {source}" for name, source in recorded.data.items())
    console.print(f"[green]✓[/] {path.stem}: {recorded.seconds:.0f} s, data: {sources or 'none'}")


def _require_real_data(paths: list[Path]) -> None:
    """Make sure that no chapter's outputs on real data would be replaced by those of the sample."""
    missing: dict[str, list[str]] = {}
    for path in paths:
        recorded = (read_provenance(read(path)) or {}).get("data", {})
        if names := lost(recorded, sources_now(recorded)):
            missing[path.stem] = names
    if not missing:
        return
    names = sorted({name for names in missing.values() for name in names})
    raise ChapterError(
        f"{_and(list(missing))} {'was' if len(missing) == 1 else 'were'} recorded on real {_and(names)}, and only the "
        f"embedded sample is here, so nothing was run. To get the real data: {how_to_get(names)}. "
        f"To run on the sample, leaving the stored outputs alone: course run --embedded {' '.join(missing)}"
    )


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
