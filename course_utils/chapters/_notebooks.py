"""Reading and safely writing notebooks."""

import os
import tempfile
from pathlib import Path

import nbformat


class ChapterError(Exception):
    """A chapter cannot be found, run or compared; the message says what to do."""


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook.

    Raises
    ------
    ChapterError
        If the file is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise ChapterError(f"{path.name} is not a notebook ({error}). Restore it with git, then try again.") from error


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Replace a notebook on disk in one step: a crash leaves the old one or the new one, never a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".ipynb")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            nbformat.write(notebook, file)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a chapter is as readable as the one it replaces.
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
