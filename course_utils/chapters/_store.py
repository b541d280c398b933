"""Where the result of a run goes: whether it can be stored is known before, and nothing computed is lost after."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
from filelock import Timeout

from ..record import lock_on
from ._find import root
from ._merge import Merged, merge, require_ids
from ._notebooks import ChapterError, parse, read_text, write

# Outputs may make a notebook longer: room for twice its size, and for the first figures of a new one.
_LEAST_ROOM = 10_000_000


def beside(path: Path, kind: str) -> Path:
    """Say where a result goes that must not replace the chapter.

    Parameters
    ----------
    path : pathlib.Path
        The chapter.
    kind : str
        "embedded" for a run on the embedded sample, "run" for one whose chapter changed too much meanwhile.

    Returns
    -------
    pathlib.Path
        ``_build/KIND/NN-topic.ipynb`` of the course, where no command looks for chapters.
    """
    return root(path.parent) / "_build" / kind / path.name


def require_room(path: Path, size: int) -> None:
    """Make sure, before any work, that a notebook can be stored.

    Parameters
    ----------
    path : pathlib.Path
        Where it will be written; its folder is made if need be.
    size : int
        How long it may be expected to become, in bytes.

    Raises
    ------
    ChapterError
        If the file or its folder is write-protected, or the disk is nearly full.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise ChapterError(
            f"{path.name} is write-protected, so nothing was run. Allow writing to {path}, then try again."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            free = shutil.disk_usage(path.parent).free
    except OSError as error:
        raise ChapterError(
            f"{path.name} could not be stored afterwards ({error.strerror or error}), so nothing was run. "
            f"Allow writing to {path.parent}, then try again."
        ) from error
    needed = max(2 * size, _LEAST_ROOM)
    if free < needed:
        raise ChapterError(
            f"{path.name} could not be stored afterwards, so nothing was run: {free / 1e6:.0f} MB are free in "
            f"{path.parent}, {needed / 1e6:.0f} MB are needed. Free some, then try again."
        )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a chapter against a second run of it, which would replace what this one stores.

    Raises
    ------
    ChapterError
        If another process holds it.
    """
    try:
        with lock_on(path, timeout=0):
            yield
    except Timeout:
        raise ChapterError(
            f"{path.name} is being run by another `course run`. Wait for it; other chapters can run meanwhile."
        ) from None


def store(ran: nbformat.NotebookNode, path: Path, before: str) -> Merged | None:
    """Write the result of a run into its chapter, leaving alone what its author edited meanwhile.

    Parameters
    ----------
    ran : nbformat.NotebookNode
        The executed notebook.
    path : pathlib.Path
        The chapter.
    before : str
        What its file held when the run began.

    Returns
    -------
    Merged or None
        What was written instead, if the file had changed.

    Raises
    ------
    ChapterError
        If it cannot be merged or written; the message says where the result is.
    """
    try:
        now = read_text(path)
        if now == before:
            write(ran, path)
            return None
        edited = parse(now, path)
        for text in (before, now):
            require_ids(text)
        merged = merge(ran, edited)
        write(merged.notebook, path)
        return merged
    except ChapterError as error:
        raise ChapterError(f"{error}\nWhat the run gave is in {keep(ran, beside(path, 'run'))}") from error


def keep(notebook: nbformat.NotebookNode, path: Path) -> Path:
    """Write a result that has no place in its chapter, into a folder of the system's if need be.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook.
    path : pathlib.Path
        Where it should go.

    Returns
    -------
    pathlib.Path
        Where it went.
    """
    with suppress(ChapterError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write(notebook, path)
        return path
    path = Path(tempfile.mkdtemp(prefix="course-")) / path.name
    write(notebook, path)
    return path
