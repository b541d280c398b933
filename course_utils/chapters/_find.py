"""The course's folder, its chapters in the order of the table of contents, and finding one by name.

A chapter's topic is its name; the number in front of it, in its file's name, is only its place in ``_toc.yml``.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from ._notebooks import ChapterError

CONTENTS = "_toc.yml"
# An entry of the table of contents, quoted or not, with or without the file's ending.
_ENTRY = re.compile(r"^\s*-\s*file:\s*[\"']?chapters/(?P<stem>[\w.-]+?)(?:\.ipynb)?[\"']?\s*(?:#.*)?$", re.MULTILINE)


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
        if (folder / "chapters").is_dir() and (folder / CONTENTS).is_file():
            return folder
    raise ChapterError(
        f"{here} is not inside the course: no folder here or above holds chapters/ and {CONTENTS}. "
        "Clone the repository and run the command inside it."
    )


def topic(chapter: str | Path) -> str:
    """Return a chapter's topic: its name, without the number of its present place.

    Parameters
    ----------
    chapter : str or pathlib.Path
        Its file, or the stem of the file's name.

    Returns
    -------
    str
        Such as ``"spiral-mlp"`` for ``chapters/01-spiral-mlp.ipynb``.
    """
    return re.sub(r"^\d+-", "", Path(chapter).name.removesuffix(".ipynb"))


def find(names: Iterable[str] = (), folder: Path | None = None) -> list[Path]:
    """Find chapters by topic, number or path.

    Parameters
    ----------
    names : iterable of str
        For the second chapter, for example, its topic ``"keras-dense"`` or a part of it that no other chapter has
        (``"keras"``), its place in the table of contents (``"2"``, ``"02"``), or its file's name or path; none at all
        means every chapter.
    folder : pathlib.Path, optional
        The course's folder; by default the one around the current folder.

    Returns
    -------
    list of pathlib.Path
        In the order of ``_toc.yml``, each once.

    Raises
    ------
    ChapterError
        If a name fits no chapter, or several; the message has the nearest ones.
    """
    start = folder or Path.cwd()
    folder = folder or root()
    chapters = listed(folder)
    names = list(names)
    if not names:
        return [path for path in chapters if path.is_file()]
    wanted = {_match(name, chapters, start, folder) for name in names}
    for path in wanted:
        if not path.is_file():
            raise ChapterError(f"{CONTENTS} lists chapters/{path.name}, but there is no such file.")
    return [path for path in chapters if path in wanted]


def listed(folder: Path) -> list[Path]:
    """List the chapters that the table of contents names, in its order, whether their files exist or not."""
    text = (folder / CONTENTS).read_text(encoding="utf-8")
    stems = dict.fromkeys(match["stem"] for match in _ENTRY.finditer(text))
    return [folder / "chapters" / f"{stem}.ipynb" for stem in stems]


def unlisted(folder: Path) -> list[Path]:
    """List the notebooks beside the chapters that the table of contents does not name."""
    found = {path for path in (folder / "chapters").glob("*.ipynb") if not path.name.startswith(".")}
    return sorted(found - {*listed(folder)})


def pages(folder: Path) -> list[Path]:
    """List the README and the Markdown pages around the chapters; those of packages are not ours."""
    found = [folder / "README.md", folder / "index.md", *sorted((folder / "book").rglob("*.md"))]
    return [path for path in found if path.is_file() and "node_modules" not in path.parts]


def _match(name: str, chapters: list[Path], start: Path, folder: Path) -> Path:
    if len(Path(name).parts) > 1 or name.endswith(".ipynb"):
        return _at(name, chapters, start, folder)
    if name.isdecimal():
        if 1 <= int(name) <= len(chapters):
            return chapters[int(name) - 1]
        raise ChapterError(f"There is no chapter {name}: {CONTENTS} lists {len(chapters)} chapters.")
    found = [path for path in chapters if name in (path.stem, topic(path))]
    found = found or [path for path in chapters if name.lower() in topic(path)]
    if len(found) > 1:
        raise ChapterError(f"{name!r} may be {' or '.join(path.stem for path in found)}. Write more of the name.")
    if not found:
        raise ChapterError(f"No chapter is called {name!r}. {_hint(name, chapters)}")
    return found[0]


def _at(name: str, chapters: list[Path], start: Path, folder: Path) -> Path:
    """Find the chapter at a path: as seen from where the reader stands, else from the course's folders."""
    file = f"{name.removesuffix('.ipynb')}.ipynb"
    candidates = [(place / file).resolve() for place in (start, folder, folder / "chapters")]
    file_there = next((path for path in candidates if path.is_file()), None)
    for chapter in chapters:
        if chapter.resolve() == file_there:
            return chapter
    message = f"{name} is not a chapter of this course ({folder / 'chapters'})."
    if file_there is None:
        raise ChapterError(f"{message} {_hint(Path(file).stem, chapters)}")
    if file_there.parent == (folder / "chapters").resolve():
        raise ChapterError(f"{message} Add it to {CONTENTS}, where it belongs.")
    raise ChapterError(message)


def _hint(name: str, chapters: list[Path]) -> str:
    topics = [topic(path) for path in chapters]
    near = [known for known in topics if topic(name) in known]
    near = near or difflib.get_close_matches(topic(name), topics, n=1, cutoff=0.4)
    return f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(topics)}."
