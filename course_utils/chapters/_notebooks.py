"""Finding, reading and safely writing notebooks."""

import difflib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat


class ChapterError(Exception):
    """A chapter cannot be found, run or compared; the message says what to do."""


def root(start: str | Path = ".") -> Path:
    """Find the course's folder, the one that holds ``chapters/`` and ``_toc.yml``.

    Parameters
    ----------
    start : str or pathlib.Path
        Where to begin; its parents are searched too.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ChapterError
        If neither `start` nor any folder above it is the course's.
    """
    here = Path(start).resolve()
    for folder in (here, *here.parents):
        if (folder / "chapters").is_dir() and (folder / "_toc.yml").is_file():
            return folder
    raise ChapterError(
        f"{here} is not inside the course: no folder here or above holds chapters/ and _toc.yml. "
        "Clone the repository and run the command inside it."
    )


def find(names: Iterable[str] = (), folder: Path | None = None) -> list[Path]:
    """Find chapters by name.

    Parameters
    ----------
    names : iterable of str
        File names with or without ``.ipynb``, or just numbers (``"2"``, ``"02"``); none at all means every chapter.
    folder : pathlib.Path, optional
        The course's folder; by default the one around the current folder.

    Returns
    -------
    list of pathlib.Path
        In reading order, each once.

    Raises
    ------
    ChapterError
        If a name fits no chapter; the message has the nearest one that does.
    """
    available = {path.stem: path for path in sorted(((folder or root()) / "chapters").glob("[0-9]*.ipynb"))}
    names = list(names)
    if not names:
        return list(available.values())
    return [available[stem] for stem in sorted({_match(name, list(available)) for name in names})]


def _match(name: str, stems: list[str]) -> str:
    wanted = Path(name).name.removesuffix(".ipynb")
    for stem in stems:
        number = stem.partition("-")[0]
        if wanted in (stem, number, number.lstrip("0")):
            return stem
    # Someone who forgets the number still means the topic, so the topic alone counts for nearness too.
    topics = {stem.partition("-")[2]: stem for stem in stems}
    near = difflib.get_close_matches(wanted, [*stems, *topics], n=1, cutoff=0.4)
    hint = f"Did you mean {topics.get(near[0], near[0])}?" if near else f"There are: {', '.join(stems)}."
    raise ChapterError(f"No chapter is called {name!r}. {hint}")


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
