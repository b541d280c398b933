"""Submissions as learning platforms hand them out, each with who sent it or with what is wrong with it.

Understood are notebooks in a folder or a zip, Canvas' flat folder of `lastnamefirst_LATE_ID_SUBMISSION_name-2`,
Moodle's folder for each participant (`Full Name_ID_assignsubmission_file_`) and Gradescope's export (`submission_NNN`
and `submission_metadata.yml`), and what Gradescope puts before an autograder (`submission` and
`submission_metadata.json`). Nothing is unpacked: a notebook is read out of its archive with bounds on its size and
on how much it grows, so that `..`, links and bombs in an archive have nothing to act on.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ._errors import AssignmentError

LARGEST = 20 << 20
_ARCHIVE = 200 << 20
_MEMBERS = 2000
_CANVAS = re.compile(
    r"(?P<student>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<submission>\d+)_(?P<file>.+?)(?:-(?P<again>\d+))?(?P<end>\.\w+)"
)
_MOODLE = re.compile(r"(?P<student>.+)_(?P<id>\d+)_assignsubmission_file_?")
_GRADESCOPE = re.compile(r"submission_\d+")


@dataclass(frozen=True)
class Submission:
    """One student's work: the cells of its notebook, or the status that says why there are none.

    Attributes
    ----------
    key : str
        What its files are called; safe on every system.
    student : str
        The name, as far as the platform tells it.
    identifiers : dict of str
        What the platform wants back, by its own columns.
    file : str
        Where among the submissions the notebook was.
    cells : tuple of (str, str)
        Kind and text of each cell.
    variant : object
        The variant that the notebook says it is; students can change that.
    digest : str
        SHA-256 of the notebook.
    status : str
        Why there is nothing to judge; empty if there is.
    late : bool
        Whether the platform marked it as late.
    """

    key: str
    student: str
    identifiers: dict[str, str] = field(default_factory=dict)
    file: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    variant: object = None
    digest: str = ""
    status: str = ""
    late: bool = False


@dataclass(frozen=True)
class _File:
    """A file that a student sent, with who that is; it has not been read."""

    group: str
    place: str
    path: Path
    student: str
    identifiers: tuple[tuple[str, str], ...] = ()
    member: str = ""
    again: int = 0
    late: bool = False


def take_in(place: Path) -> Iterator[Submission]:
    """Yield every submission in a folder or an archive, one for each student.

    Parameters
    ----------
    place : pathlib.Path
        A notebook, a zip, or a folder that a platform exported.

    Yields
    ------
    Submission
        In alphabetical order of their keys. What cannot be read has a `status`, and no cells.

    Raises
    ------
    AssignmentError
        If there is no such place, or nothing was submitted there.
    """
    if not place.exists():
        raise AssignmentError(f"there is nothing at {place}")
    groups: dict[str, list[_File]] = {}
    for file in _files(place):
        groups.setdefault(file.group, []).append(file)
    if not groups:
        raise AssignmentError(
            f"no submissions in {place}: no notebook, no zip, and no folder of Canvas, Moodle or Gradescope"
        )
    for group, files in sorted(groups.items()):
        yield _submission(group, files)


def text_of(name: str) -> str:
    """Return a name that a terminal, a table and a file can show: no control or direction characters, composed."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))[:120]


def _files(place: Path) -> Iterator[_File]:
    if place.is_file():
        yield from (
            _of_platform([(place.name, place, "")]) if place.suffix.lower() != ".zip" else _of_platform(_members(place))
        )
        return
    if (place / "submission_metadata.json").is_file():
        yield from _before_autograder(place)
    else:
        yield from _of_platform(_walk(place), _gradescope(place / "submission_metadata.yml"))


def _walk(place: Path) -> list[tuple[str, Path, str]]:
    """Return the files in a folder, and its empty folders, since these may be a student's, too."""
    found: list[tuple[str, Path, str]] = []
    for folder, folders, names in os.walk(place):  # which follows no link
        folders.sort()
        if not names and not folders and Path(folder) != place:
            found.append((str(Path(folder).relative_to(place) / "nothing"), Path(folder), ""))
        for name in sorted(names):
            path = Path(folder) / name
            found.append((path.relative_to(place).as_posix(), path, ""))
    return found


def _members(archive: Path) -> list[tuple[str, Path, str]]:
    """Return what is in an archive of many submissions, without reading it."""
    try:
        with zipfile.ZipFile(archive) as file:
            return [(info.filename, archive, info.filename) for info in file.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise AssignmentError(f"{archive} is not a zip that can be read: {error}") from None


def _of_platform(
    found: list[tuple[str, Path, str]], gradescope: dict[str, dict[str, str]] | None = None
) -> Iterator[_File]:
    """Say of every file whose it is, by the way in which its platform writes names."""
    for place, path, member in found:
        parts = PurePosixPath(place.replace("\\", "/")).parts
        name = parts[-1]
        if name.startswith((".", "__MACOSX")) or "__MACOSX" in parts or ".ipynb_checkpoints" in parts:
            continue
        if name in ("submission_metadata.yml", "variants.csv"):
            continue
        folders = [(part, _MOODLE.fullmatch(part)) for part in parts[:-1]]
        moodle = next((match for _, match in folders if match), None)
        scope = next((part for part in parts[:-1] if _GRADESCOPE.fullmatch(part)), None)
        canvas = _CANVAS.fullmatch(name) if len(parts) == 1 else None
        if moodle:
            participant = (("Identifier", f"Participant {moodle['id']}"), ("Full name", text_of(moodle["student"])))
            yield _File(f"moodle-{moodle['id']}", place, path, text_of(moodle["student"]), participant, member)
        elif scope:
            about = (gradescope or {}).get(scope, {})
            yield _File(scope, place, path, about.get("Name", scope), tuple(about.items()), member)
        elif canvas:
            again, late = int(canvas["again"] or 0), bool(canvas["late"])
            known = (("ID", str(canvas["id"])),)
            yield _File(f"canvas-{canvas['id']}", place, path, text_of(canvas["student"]), known, member, again, late)
        else:
            # A folder is a student's; without one each file is.
            own = parts[0] if len(parts) > 1 else PurePosixPath(name).stem
            yield _File(own, place, path, text_of(own), (), member)


def _gradescope(path: Path) -> dict[str, dict[str, str]]:
    """Read who submitted what; the keys of this file are Ruby's symbols, which plain YAML reads as text."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        return {}
    import yaml

    about: dict[str, dict[str, str]] = {}
    try:
        for folder, told in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            about[str(folder)] = _people(told[":submitters"], ":")
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        raise AssignmentError(f"{path} is not as Gradescope writes it: {error}") from None
    return about


def _people(people: list[dict[str, object]], sign: str) -> dict[str, str]:
    """Return the names and addresses of those who submitted together."""
    return {
        title: text_of(", ".join(str(person.get(sign + key) or "") for person in people))
        for key, title in (("name", "Name"), ("sid", "SID"), ("email", "Email"))
    }


def _before_autograder(place: Path) -> Iterator[_File]:
    """Yield the files of the one submission that Gradescope gives its autograder, however they are called."""
    path = place / "submission_metadata.json"
    try:
        about = _people(json.loads(path.read_text(encoding="utf-8"))["users"], "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AssignmentError(f"{path} is not as Gradescope writes it: {error}") from None
    files = _walk(place / "submission") or [("nothing", place / "submission", "")]
    for name, path, member in files:
        if not {"__MACOSX", ".ipynb_checkpoints"} & set(path.parts) and not path.name.startswith("."):
            yield _File("submission", name, path, about["Name"], tuple(about.items()), member)


def _submission(group: str, files: list[_File]) -> Submission:
    """Choose the newest notebook of a student's files and read it."""
    # A safe, short name for files of ours; the hash keeps apart what this makes alike.
    safe = re.sub(r"[^A-Za-z0-9@.-]+", "-", unicodedata.normalize("NFKD", group)).strip("-.")[:40]
    key = (
        safe
        if safe == group
        else f"{safe}-{hashlib.sha256(group.encode(errors='replace')).hexdigest()[:8]}".lstrip("-")
    )
    last = max(file.again for file in files)
    files = [file for file in files if file.again == last]
    first = files[0]
    student, known = first.student, dict(first.identifiers)
    notebooks: list[tuple[str, bytes]] = []
    status = "no notebook among the files"
    for file in files:
        end = PurePosixPath(file.place).suffix.lower()
        if end not in (".ipynb", ".zip"):
            continue
        try:
            content = _read(file)
            notebooks += [(file.place, content)] if end == ".ipynb" else _in_archive(file.place, content)
        except _UnreadableError as error:
            status = str(error)
    late = first.late
    if len(notebooks) > 1:
        names = ", ".join(text_of(PurePosixPath(place).name) for place, _ in notebooks)
        status = f"{len(notebooks)} notebooks, which one counts? {names}"[:300]
    if len(notebooks) != 1:
        return Submission(key, student, known, status=status, late=late)
    place, content = notebooks[0]
    digest = hashlib.sha256(content).hexdigest()
    try:
        cells, variant = read_cells(content)
    except _UnreadableError as error:
        return Submission(key, student, known, text_of(place), digest=digest, status=str(error), late=late)
    return Submission(key, student, known, text_of(place), cells, variant, digest, late=late)


class _UnreadableError(Exception):
    """A file that is no submission, with the words for its status."""


def _read(file: _File) -> bytes:
    if file.member:
        with zipfile.ZipFile(file.path) as archive:
            return _unpacked(
                archive, archive.getinfo(file.member), _ARCHIVE if file.place.endswith(".zip") else LARGEST
            )
    bound = _ARCHIVE if file.path.suffix.lower() == ".zip" else LARGEST
    try:
        about = file.path.lstat()
        if not stat.S_ISREG(about.st_mode):
            raise _UnreadableError("not a file but a link")
        if about.st_size > bound:
            raise _UnreadableError(f"too large: {about.st_size / 2**20:,.0f} MB")
        return file.path.read_bytes()
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror}") from None


def _in_archive(place: str, content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS:
                raise _UnreadableError(f"a zip with {len(members)} files")
            wanted = [
                info
                for info in members
                if info.filename.lower().endswith(".ipynb")
                and not PurePosixPath(info.filename).name.startswith(".")
                and not {"__MACOSX", ".ipynb_checkpoints"} & set(PurePosixPath(info.filename).parts)
            ]
            return [(f"{place}/{info.filename}", _unpacked(archive, info, LARGEST)) for info in wanted[:5]]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError) as error:
        raise _UnreadableError(f"a zip that cannot be read: {text_of(str(error))}") from None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, bound: int) -> bytes:
    if info.flag_bits & 1:
        raise _UnreadableError("a zip with a password")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _UnreadableError("not a file but a link")
    try:
        with archive.open(info) as file:
            content = file.read(bound + 1)  # what the header says of the size may be a lie
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _UnreadableError(f"a zip that cannot be read: {text_of(str(error))}") from None
    except Exception as error:  # the decompressors have errors of their own
        raise _UnreadableError(f"a zip that cannot be read: {type(error).__name__}") from None
    if len(content) > bound:
        raise _UnreadableError(f"too large: more than {bound >> 20} MB when unpacked")
    return content


def read_cells(content: bytes) -> tuple[tuple[tuple[str, str], ...], object]:
    """Return a notebook's cells as pairs of kind and text, whatever version wrote it, and the variant that it names."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        what = "an empty file" if not content.strip() else "not a notebook: its JSON is broken"
        raise _UnreadableError(what) from None
    try:
        sheets = notebook.get("worksheets")
        listed = notebook["cells"] if sheets is None else [cell for sheet in sheets for cell in sheet["cells"]]
        cells = tuple((str(cell.get("cell_type")), _source(cell)) for cell in listed)
    except (AttributeError, KeyError, TypeError):
        raise _UnreadableError("not a notebook: it has no cells") from None
    if not any(kind == "code" and source.strip() for kind, source in cells):
        raise _UnreadableError("a notebook without code")
    about = notebook.get("metadata")
    course = about.get("course") if isinstance(about, dict) else None
    return cells, course.get("variant") if isinstance(course, dict) else None


def _source(cell: dict[str, object]) -> str:
    source = cell.get("source", cell.get("input", ""))
    text = source if isinstance(source, str) else "".join(source)  # type: ignore[arg-type]
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written anywhere
