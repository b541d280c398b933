"""``course renumber``: files, links and "chapter N" in prose follow the order of the table of contents."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from ._find import CONTENTS, listed, pages, root, topic
from ._mentions import Edit, code_edits, edits, hidden_edits, name_edits, rewritten
from ._notebooks import ChapterError, read
from ._places import Places, disagreements


@dataclass(frozen=True)
class Mention:
    """A chapter that a text mentions by a number which it no longer has.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    place : str
        Where in it.
    before, after : str
        What stands there, and what is right; "?" if nobody can tell.
    """

    path: Path
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Renumbering:
    """What ``course renumber`` changes.

    Attributes
    ----------
    renamed : dict of pathlib.Path to pathlib.Path
        From the chapters' files to their new names.
    rewritten : list of Mention
        Links, file names and numbers in prose.
    left : list of Mention
        Those in code, which only a person may change.
    """

    renamed: dict[Path, Path] = field(default_factory=dict)
    rewritten: list[Mention] = field(default_factory=list)
    left: list[Mention] = field(default_factory=list)


def renumber(folder: Path | None = None, dry_run: bool = False) -> Renumbering:
    """Bring the chapters' numbers in line with the order of ``_toc.yml``.

    The author moves a line there, or adds one for a new chapter, whose file needs no number yet. The files get the
    numbers of their places. Their names are rewritten in the table of contents, the chapters' Markdown cells, the pages
    and the README; "chapter N" in prose follows the chapter that had this number, "chapter N" and "N." in the text of a
    link the chapter that it leads to. All of it is done, or nothing.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The course's folder; by default the one around the current folder.
    dry_run : bool
        Only tell what would change.

    Returns
    -------
    Renumbering
        Empty if the numbers were right.

    Raises
    ------
    ChapterError
        If files and table of contents do not name the same chapters, or it is unclear which chapter a number means.
    """
    folder = folder or root()
    if wrong := [f"{path.name} {message}" for path, _, _, message in disagreements(folder)]:
        raise ChapterError("\n".join(wrong))
    places = Places.of(folder)
    renamed = {path: path.with_stem(places.stem(topic(path))) for path in listed(folder)}
    draft = _Draft(places, Renumbering({old: new for old, new in renamed.items() if old != new}))
    for path in renamed:
        draft.chapter(path)
    for path in pages(folder):
        draft.page(path, edits)
    draft.page(folder / CONTENTS, _names)
    for path in _programs(folder):
        draft.program(path)
    if draft.unclear:
        raise ChapterError("Nothing was renumbered:\n" + "\n".join(draft.unclear))
    if not dry_run:
        _carry_out(draft.contents, draft.result.renamed)
    return draft.result


class _Draft:
    """What is going to be written, before anything is."""

    def __init__(self, places: Places, result: Renumbering):
        self._places = places
        self.result = result
        self.contents: dict[Path, bytes] = {}
        self.unclear: list[str] = []

    def chapter(self, path: Path) -> None:
        notebook = read(path)
        before = [cell.source for cell in notebook.cells]
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                self._leave(path, cell.source, code_edits(cell.source, self._places), f"cell {index}")
                continue
            self._leave(path, cell.source, hidden_edits(cell.source, self._places), f"cell {index}")
            cell.source = self._rewrite(path, cell.source, edits(cell.source, self._places), f"cell {index}")
        if before != [cell.source for cell in notebook.cells]:
            file = io.StringIO()
            nbformat.write(notebook, file)
            self.contents[path] = file.getvalue().encode()

    def page(self, path: Path, wanted: Callable[[str, Places], list[Edit]]) -> None:
        text = path.read_bytes().decode()  # line ends are left as they are
        self._leave(path, text, hidden_edits(text, self._places))
        after = self._rewrite(path, text, wanted(text, self._places))
        if after != text:
            self.contents[path] = after.encode()

    def program(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self._leave(path, text, code_edits(text, self._places))

    def _rewrite(self, path: Path, text: str, found: list[Edit], cell: str | None = None) -> str:
        for edit in found:
            mention = Mention(path, cell or _line(text, edit), edit.before, edit.after)
            if edit.objection:
                self.unclear.append(f"{path.name}, {mention.place}: {edit.before!r} is unclear: {edit.objection}")
            else:
                self.result.rewritten.append(mention)
        return rewritten(text, found)

    def _leave(self, path: Path, text: str, found: list[Edit], cell: str | None = None) -> None:
        self.result.left.extend(
            Mention(path, cell or _line(text, edit), edit.before, "?" if edit.objection else edit.after)
            for edit in found
        )


def _names(text: str, places: Places) -> list[Edit]:
    return [edit for edit in name_edits(text, places) if edit.after != edit.before]


def _line(text: str, edit: Edit) -> str:
    return f"line {text.count(chr(10), 0, edit.start) + 1}"


def _programs(folder: Path) -> Iterator[Path]:
    for room in ("course_utils", "book"):
        yield from (p for p in sorted((folder / room).rglob("*.py")) if "node_modules" not in p.parts)


def _carry_out(contents: dict[Path, bytes], renamed: dict[Path, Path]) -> None:
    """Write and rename; whatever stops it half-way, all that was done is undone."""
    with ExitStack() as undo:
        for path, content in contents.items():
            before = path.read_bytes()
            _replace(path, content)
            undo.callback(_replace, path, before)
        for old, new in renamed.items():
            old.rename(new)
            undo.callback(new.rename, old)
        undo.pop_all()


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}")
    try:
        temporary.write_bytes(content)
        shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
