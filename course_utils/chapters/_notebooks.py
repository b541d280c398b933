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
        If the file cannot be read or is no notebook.
    """
    return parse(read_text(path), path)


def read_text(path: Path) -> str:
    """Read a notebook's file as it is; errors are those of :func:`read`."""
    try:
        return path.read_text(encoding="utf-8")
    except IsADirectoryError as error:
        raise ChapterError(f"{path.name} is a folder, not a notebook. Rename it, then try again.") from error
    except OSError as error:
        raise ChapterError(f"{path.name} cannot be read ({error.strerror or error}): {path}") from error
    except ValueError as error:
        raise _no_notebook(path, error) from error


def parse(text: str, path: Path) -> nbformat.NotebookNode:
    """Make a notebook of a file's text; errors are those of :func:`read`."""
    try:
        return nbformat.reads(text, as_version=4)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise _no_notebook(path, error) from error


def _no_notebook(path: Path, error: Exception) -> ChapterError:
    return ChapterError(f"{path.name} is not a notebook ({error}). Restore it with git, then try again.")


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Replace a notebook on disk in one step: a crash leaves the old one or the new one, never a half.

    Raises
    ------
    ChapterError
        If the system does not let it be written, for lack of room or permission.
    """
    try:
        _replace(notebook, path)
    except OSError as error:
        raise ChapterError(
            f"{path.name} could not be written ({error.strerror or error}) and is as it was: {path}"
        ) from error


def _replace(notebook: nbformat.NotebookNode, path: Path) -> None:
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
