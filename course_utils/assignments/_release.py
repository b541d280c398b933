"""What students get of a master, what teachers get, and one variant for everybody."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import __version__

from ._errors import AssignmentError
from ._gradescope import autograder
from ._master import Assignment, Question, load, plain, stub

if TYPE_CHECKING:
    import nbformat

_SETUP = f'''try:
    import course_utils
except ModuleNotFoundError:
    # On Colab, for instance: install the course's helper package.
    release = "git+https://github.com/nn-by-experiment/nn-by-experiment@v{__version__}"
    %pip install --quiet "course-utils @ {{release}}"'''
_PLACEHOLDER = "*Write your answer here, in place of this line.*"
_FIRST, _LAST = ("first name", "given name"), ("last name", "surname", "family name")
# In the order in which a column tells who somebody is.
IDENTIFIERS = ("email", "email address", "sis login id", "sis user id", "sid", "id", "identifier", "name", "student")


def student_notebook(assignment: Assignment) -> nbformat.NotebookNode:
    """Return what a student gets: no solution, no hidden test."""
    cells = [*_opening(assignment)]
    for part in assignment.parts[1:]:
        if isinstance(part, Question):
            cells += [_cell(cell.cell_type, cell.source) for cell in part.prompt]
            if part.written:
                cells.append(_cell("markdown", _PLACEHOLDER))
            cells += [_cell("code", stub(cell.source)) for cell in part.solution if not part.written]
            cells += [_cell("code", code) for code in public_tests(assignment, part)]
        else:
            cells.append(_cell(part.cell_type, part.source))
    return _notebook(cells, assignment)


def solution_notebook(assignment: Assignment) -> nbformat.NotebookNode:
    """Return what teachers get: the solutions, every test, the rubrics."""
    cells = [*_opening(assignment)]
    for part in assignment.parts[1:]:
        if isinstance(part, Question):
            cells += [_cell(cell.cell_type, cell.source) for cell in part.prompt]
            cells += [_cell(cell.cell_type, plain(cell.source)) for cell in part.solution]
            cells += [
                _cell("code", f"# {'Hidden' if test.hidden else 'Public'} test\n{test.code}") for test in part.tests
            ]
            if part.rubric:
                cells.append(_cell("markdown", f"**Rubric.**\n\n{part.rubric}"))
        else:
            cells.append(_cell(part.cell_type, part.source))
    return _notebook(cells, assignment)


def code_cells(assignment: Assignment, only: dict[str, str] | None = None) -> list[str]:
    """Return the code of the solution, or what stands outside questions and other answers to some of them."""
    sources = []
    for part in assignment.parts:
        if isinstance(part, Question):
            if only is None:
                sources += [plain(cell.source) for cell in part.solution if cell.cell_type == "code"]
            elif part.name in only:
                sources.append(only[part.name])
        elif part.cell_type == "code":
            sources.append(part.source)
    return sources


def public_tests(assignment: Assignment, question: Question) -> Iterator[str]:
    """Yield the cell in which a student sees whether the public tests of a question pass."""
    public = [test.code.strip() for test in question.tests if not test.hidden]
    if public:
        number = assignment.questions.index(question) + 1
        code = "\n\n".join(public)
        yield f'# Public tests of question {number}\n{code}\nprint("Public tests of question {number} passed")'


def release(
    names: list[str], out: Path, variant: int = 0, roster: Path | None = None, folder: Path | None = None
) -> list[Path]:
    """Write the notebooks of assignments, for everybody or one variant for each student, and a zip for Gradescope.

    Parameters
    ----------
    names : list of str
        Assignments.
    out : pathlib.Path
        Where to write: `out/NAME/student`, `out/NAME/solution`; with a roster `out/NAME/students/WHO` and
        `out/NAME/variants.csv`, which `course grade --roster` reads. `out/NAME/gradescope.zip` holds the solutions,
        too, and everybody's variant.
    variant : int
        The seed of the variant; with a roster, what makes this year's variants other than last year's.
    roster : pathlib.Path, optional
        A CSV file with a row for each student, such as the one that the learning platform exports.
    folder : pathlib.Path, optional
        Where the masters are, if not in this course.

    Returns
    -------
    list of pathlib.Path
        The students' notebooks.

    Raises
    ------
    AssignmentError
        If there is no such assignment, the roster does not say who the students are, or the course, which Gradescope
        needs, cannot be built.
    """
    written = []
    for name in names:
        if roster is None:
            assignment = load(name, variant, folder)
            written.append(_write(student_notebook(assignment), out / name / "student" / f"{name}.ipynb"))
            _write(solution_notebook(assignment), out / name / "solution" / f"{name}.ipynb")
            write_whole(out / name / "gradescope.zip", autograder(assignment))
            continue
        rows, columns = read_roster(roster)
        for row in rows:
            row["variant"] = str(_seed(name, variant, who(row)))
            assignment = load(name, int(row["variant"]), folder)
            place = out / name / "students" / _file_name(who(row)) / f"{name}.ipynb"
            written.append(_write(student_notebook(assignment), place))
            _write(solution_notebook(assignment), out / name / "solutions" / _file_name(who(row)) / f"{name}.ipynb")
        variants = _table(rows, [*columns, "variant"])
        write_whole(out / name / "variants.csv", variants)
        write_whole(out / name / "gradescope.zip", autograder(load(name, variant, folder), variants))
    return written


def read_roster(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Return a roster's rows, without those that are no students, and its columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in table]
            columns = [column for column in table.fieldnames or () if column != "variant"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AssignmentError(f"{path} cannot be read as a CSV file in UTF-8: {error}") from None
    # Canvas' second line holds the points possible, its last one a student for tests.
    rows = [row for row in rows if who(row) and not who(row).lower().startswith(("points possible", "student, test"))]
    if not rows:
        raise AssignmentError(
            f"{path} names no student: it needs a column called one of {', '.join(IDENTIFIERS)}; "
            f"it has {', '.join(columns) or 'no columns'}"
        )
    twice = {who(row) for row in rows if sum(who(other) == who(row) for other in rows) > 1}
    if twice:
        raise AssignmentError(f"{path} names {', '.join(sorted(twice))} more than once")
    return rows, columns


def who(row: dict[str, str]) -> str:
    """Return what tells a roster's student from the others."""
    lower = {key.strip().lower(): value for key, value in row.items()}
    return next((lower[name] for name in IDENTIFIERS if lower.get(name)), "")


def names(row: dict[str, str]) -> Iterator[str]:
    """Yield all that a platform may call a roster's student."""
    lower = {key.strip().lower(): value for key, value in row.items()}
    yield from (lower[name] for name in (*IDENTIFIERS, "full name") if lower.get(name))
    yield _file_name(who(row))
    first, last = (next((lower[name] for name in written if lower.get(name)), "") for written in (_FIRST, _LAST))
    if first and last:
        yield f"{first} {last}"


def _seed(name: str, variant: int, student: str) -> int:
    return int(hashlib.sha256(f"{name}/{variant}/{student}".encode()).hexdigest()[:8], 16)


def _file_name(text: str) -> str:
    """Return a name that every system can have as a folder; two students never share one."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    short = re.sub(r"[^\w.@-]+", "-", plain_text).strip("-.")[:60]
    return short if short == text else f"{short}-{hashlib.sha256(text.encode()).hexdigest()[:6]}".lstrip("-")


def _opening(assignment: Assignment) -> Iterator[nbformat.NotebookNode]:
    points = sum(question.points for question in assignment.questions)
    minutes = sum(question.minutes for question in assignment.questions)
    first = assignment.parts[0]
    assert not isinstance(first, Question)
    count = f"{len(assignment.questions)} questions, {points:g} points, about {minutes} minutes."
    yield _cell("markdown", f"{first.source}\n\n{count}")
    yield _cell("code", _SETUP)


def _cell(kind: str, source: str) -> nbformat.NotebookNode:
    from nbformat import v4

    return {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}[kind](source)


def _notebook(cells: list[nbformat.NotebookNode], assignment: Assignment) -> nbformat.NotebookNode:
    from nbformat import v4

    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # random ones would make the same seed give another file
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"assignment": assignment.name, "variant": assignment.variant}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "course": about})


def _write(notebook: nbformat.NotebookNode, path: Path) -> Path:
    import nbformat

    write_whole(path, nbformat.writes(notebook) + "\n")
    return path


def _table(rows: list[dict[str, str]], columns: list[str]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody, at no time, finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:40]}-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink()
            raise
    temporary.chmod(0o644)
    temporary.replace(path)
