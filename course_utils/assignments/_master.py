"""Masters: one MyST Markdown file for an assignment, in the manner of otter-grader's *assign* format.

Raw cells open and close the parts: ``# BEGIN QUESTION`` (followed by its options as YAML), ``# BEGIN SOLUTION``,
``# BEGIN TESTS``, ``# BEGIN ORAL``, each with its ``# END``. In a solution's cells the lines between ``# BEGIN
SOLUTION`` and ``# END SOLUTION``, and what is assigned on a line that ends in ``# SOLUTION``, are left to students. A
test cell that begins with ``# HIDDEN`` is kept from them. Beside the master lie `variant.py`, whose ``values(seed)``
fills in ``{{name}}``, and the answers that prove it: `wrong/QUESTION/NAME.py` and `right/QUESTION/NAME.py`.
"""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._errors import AssignmentError

if TYPE_CHECKING:  # its import takes two seconds, which each sandbox would spend
    import nbformat

_MARK = re.compile(r"\A# (BEGIN|END) (QUESTION|SOLUTION|TESTS|ORAL)\s*(.*)\Z", re.DOTALL)
_VALUE = re.compile(r"\{\{ *(\w+) *\}\}")


@dataclass(frozen=True)
class Test:
    """One check of a question: code that the judge runs with what it fetched under the student's names."""

    code: str
    hidden: bool


@dataclass(frozen=True)
class Question:
    """A question: its points and minutes, the names that it asks for (none for a written answer), its cells."""

    name: str
    title: str
    points: float
    minutes: int
    uses: tuple[str, ...] = ()
    seconds: float = 30.0
    rubric: str = ""
    prompt: tuple[nbformat.NotebookNode, ...] = ()
    solution: tuple[nbformat.NotebookNode, ...] = ()
    tests: tuple[Test, ...] = ()

    @property
    def written(self) -> bool:
        """Whether a person marks it."""
        return not self.uses


@dataclass(frozen=True)
class Assignment:
    """A master with one variant's values filled in.

    Attributes
    ----------
    name : str
        Its folder in `chapters/assignments`.
    title : str
        What stands above it.
    variant : int
        The seed.
    folder : pathlib.Path
        Where the master and the answers that prove it are.
    imports : tuple of str
        Modules that the sandbox imports once for all submissions.
    parts : tuple
        Its questions, and the cells between them.
    oral : tuple of str
        Code that asks about a student's own work.
    """

    name: str
    title: str
    variant: int
    folder: Path
    imports: tuple[str, ...]
    parts: tuple[nbformat.NotebookNode | Question, ...] = field(repr=False)
    oral: tuple[str, ...] = field(repr=False, default=())

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Question))

    def question(self, name: str) -> Question:
        """Return the question of that name."""
        for question in self.questions:
            if question.name == name:
                return question
        known = ", ".join(question.name for question in self.questions)
        raise AssignmentError(f"{self.name} has no question {name!r}; it has {known}")


def names(folder: Path | None = None) -> list[str]:
    """Return the assignments that have a master, in alphabetical order.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where the masters are, if not in this course.

    Returns
    -------
    list of str
        Their names.
    """
    return sorted(path.parent.name for path in (folder or _home()).glob("*/master.md"))


def load(name: str, variant: int = 0, folder: Path | None = None) -> Assignment:
    """Read a master and fill in the values of a variant.

    Parameters
    ----------
    name : str
        The assignment's folder in `chapters/assignments`.
    variant : int
        A seed: the same one gives the same assignment. 0 is the one that the proofs begin with.
    folder : pathlib.Path, optional
        Where the masters are, if not in this course.

    Returns
    -------
    Assignment
        The assignment, with its questions and tests.

    Raises
    ------
    AssignmentError
        If there is no such master, or if it is not written as it must be.
    """
    home = folder or _home()
    path = home / name / "master.md"
    if not path.is_file():
        raise AssignmentError(f"there is no assignment {name!r}; there are: {', '.join(names(home)) or 'none'}")
    try:
        import jupytext
    except ImportError:
        raise AssignmentError("masters are read with jupytext: pip install 'course-utils[grading]'") from None
    text = _fill(path.read_text(encoding="utf-8"), _values(path.parent, variant), path)
    notebook = jupytext.reads(text, fmt="md:myst")
    parts, oral = _parse(notebook.cells, path)
    titles = [cell.source for cell in parts if not isinstance(cell, Question) and cell.source.startswith("# ")]
    if not titles:
        raise AssignmentError(f"{path} has no title: a Markdown cell that begins with '# '")
    imports = tuple(notebook.metadata.get("course", {}).get("imports", ()))
    title = titles[0].splitlines()[0][2:]
    assignment = Assignment(name, title, variant, path.parent, imports, tuple(parts), tuple(oral))
    if not assignment.questions:
        raise AssignmentError(f"{path} has no question")
    return assignment


def answers(question: Question, assignment: Assignment, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the `right` or `wrong` answers that lie beside a master for a question, with their names."""
    values = _values(assignment.folder, assignment.variant)
    for path in sorted((assignment.folder / kind / question.name).glob("*.py")):
        yield path.stem, _fill(path.read_text(encoding="utf-8"), values, path)


def _home() -> Path:
    from course_utils import chapters

    try:
        return chapters.root() / "chapters" / "assignments"
    except chapters.ChapterError as error:
        raise AssignmentError(str(error)) from None


def _values(folder: Path, variant: int) -> dict[str, Any]:
    path = folder / "variant.py"
    return dict(runpy.run_path(str(path))["values"](variant)) if path.is_file() else {}


def _fill(text: str, values: dict[str, Any], path: Path) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise AssignmentError(f"{path} asks for {{{{{match[1]}}}}}, which values() in its variant.py does not give")
        return str(values[match[1]])

    return _VALUE.sub(value, text)


def _parse(cells: list[nbformat.NotebookNode], path: Path) -> tuple[list[nbformat.NotebookNode | Question], list[str]]:
    parts: list[nbformat.NotebookNode | Question] = []
    oral: list[str] = []
    open_parts: list[str] = []
    question: Question | None = None
    for cell in cells:
        mark = _MARK.match(cell.source) if cell.cell_type == "raw" else None
        if mark and mark[1] == "BEGIN":
            open_parts.append(mark[2])
            if mark[2] == "QUESTION":
                question = _question(mark[3], path)
        elif mark:
            if not open_parts or open_parts.pop() != mark[2]:
                raise AssignmentError(f"{path}: '# END {mark[2]}' closes nothing that is open")
            if mark[2] == "QUESTION":
                assert question is not None
                parts.append(_whole(question, path))
                question = None
        elif open_parts[-1:] == ["ORAL"]:
            oral.append(cell.source)
        elif question is None:
            parts.append(cell)
        elif open_parts[-1] == "SOLUTION":
            question = replace(question, solution=(*question.solution, cell))
        elif open_parts[-1] == "TESTS":
            question = replace(question, tests=(*question.tests, _test(cell.source)))
        else:
            question = replace(question, prompt=(*question.prompt, cell))
    if open_parts:
        raise AssignmentError(f"{path}: '# BEGIN {open_parts[-1]}' is never closed")
    return parts, oral


def _question(options: str, path: Path) -> Question:
    import yaml

    try:
        told = yaml.safe_load(options)
        told["uses"] = tuple(told.get("uses", ()))
        return Question(title="", **told)
    except (yaml.YAMLError, TypeError, AttributeError) as error:
        raise AssignmentError(f"{path}: the options of a question are not right: {error}") from None


def _whole(question: Question, path: Path) -> Question:
    headings = [line[3:] for cell in question.prompt for line in cell.source.splitlines() if line.startswith("## ")]
    if not headings or not question.solution:
        raise AssignmentError(f"{path}: question {question.name} needs a heading '## ' and a solution")
    if bool(question.uses) != bool(question.tests):
        raise AssignmentError(f"{path}: question {question.name} needs both `uses` and tests, or neither")
    return replace(question, title=headings[0])


def _test(code: str) -> Test:
    first, _, rest = code.partition("\n")
    return Test(rest, True) if first.strip() == "# HIDDEN" else Test(code, False)


def stub(code: str) -> str:
    """Return a solution's code as a student gets it: three dots where something is to be done."""
    lines: list[str] = []
    inside = False
    for line in code.splitlines():
        bare = line.strip()
        if bare == "# BEGIN SOLUTION":
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + "...")
        elif bare == "# END SOLUTION":
            inside = False
        elif inside:
            continue
        elif bare.endswith("# SOLUTION"):
            lines.append(re.sub(r"=.*# SOLUTION$", "= ...", line))
        else:
            lines.append(line)
    return "\n".join(lines)


def plain(code: str) -> str:
    """Return a solution's code without the marks."""
    lines = [line for line in code.splitlines() if line.strip() not in ("# BEGIN SOLUTION", "# END SOLUTION")]
    return "\n".join(re.sub(r" *# SOLUTION$", "", line) for line in lines)


def assigned(code: str) -> set[str]:
    """Return the names that code gives a value at its top level; none if it is no Python."""
    try:
        tree = ast.parse(re.sub(r"^[ \t]*[%!].*$", "", code, flags=re.MULTILINE))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        else:
            names |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and type(part.ctx) is ast.Store}
    return names
