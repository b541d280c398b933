"""Proves masters: the reference and every equally right answer pass, every wrong one fails with its own message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ._judge import Answer, judge
from ._master import Assignment, Question, answers, load, stub
from ._release import code_cells
from ._sandbox import Zygote

VARIANTS = (0, 1, 2)
_ENOUGH = 4
_EXPECTS = "# expects: "


@dataclass(frozen=True)
class Proof:
    """What one answer to one question showed.

    Attributes
    ----------
    assignment : str
        The assignment.
    variant : int
        Its seed.
    question : str
        The question.
    answer : str
        Which answer: `solution`, `blank`, `right/NAME` or `wrong/NAME`.
    message : str
        The first message that a test had for it.
    problem : str
        What is wrong with that; empty when it showed what it should.
    """

    assignment: str
    variant: int
    question: str
    answer: str
    message: str
    problem: str = ""


def prove(
    names: Sequence[str], variants: Sequence[int] = VARIANTS, folder: Path | None = None, *, sandbox: bool = False
) -> Iterator[Proof]:
    """Judge the answers that lie beside masters.

    Parameters
    ----------
    names : sequence of str
        Assignments.
    variants : sequence of int
        Seeds. Every answer is judged on each of them.
    folder : pathlib.Path, optional
        Where the masters are, if not in this course.
    sandbox : bool
        Whether to judge in a sandbox. A master's answers are yours, so they need none.

    Yields
    ------
    Proof
        One for each answer, those without a problem too.
    """
    masters = [load(name, variant, folder) for name in names for variant in variants]
    imports = sorted({module for master in masters for module in master.imports})
    with Zygote(imports, sandbox=sandbox) as zygote:
        for master in masters:
            yield from _reference(master, zygote)
            for question in master.questions:
                if not question.written:
                    yield from _right(master, question, zygote)
                    yield from _wrong(master, question, zygote)


def _reference(master: Assignment, zygote: Zygote) -> Iterator[Proof]:
    verdict = judge(code_cells(master), master, zygote)
    for answer in verdict.answers:
        if not master.question(answer.question).written:
            failed = "" if answer.status == "passed" else f"the solution does not pass: {_first(answer)}"
            yield Proof(master.name, master.variant, answer.question, "solution", _first(answer), failed)
    if len(verdict.oral) < 3:
        yield Proof(master.name, master.variant, "", "oral", "", f"only {len(verdict.oral)} oral questions, not 3")


def _right(master: Assignment, question: Question, zygote: Zygote) -> Iterator[Proof]:
    for name, code in answers(question, master, "right"):
        answer = _judged(master, question, code, zygote)
        failed = "" if answer.status == "passed" else f"a right answer does not pass: {_first(answer)}"
        yield Proof(master.name, master.variant, question.name, f"right/{name}", _first(answer), failed)


def _wrong(master: Assignment, question: Question, zygote: Zygote) -> Iterator[Proof]:
    wrong = dict(answers(question, master, "wrong"))
    if len(wrong) < _ENOUGH:
        few = f"{len(wrong)} wrong answers, of at least {_ENOUGH}"
        yield Proof(master.name, master.variant, question.name, "wrong", "", few)
    blank = "\n".join(stub(cell.source) for cell in question.solution if cell.cell_type == "code")
    answer = _judged(master, question, blank, zygote)
    earned = "" if answer.points == 0 else f"an answer left blank earns {answer.points:g} points"
    yield Proof(master.name, master.variant, question.name, "blank", _first(answer), earned)
    for name, code in wrong.items():
        answer = _judged(master, question, code, zygote)
        message = _first(answer)
        first = code.splitlines()[0]
        expected = first.removeprefix(_EXPECTS).strip() if first.startswith(_EXPECTS) else None
        problem = ""
        if expected is None:
            problem = f"its first line does not say what message it should get: {_EXPECTS}…"
        elif answer.status == "passed":
            problem = "a wrong answer passes"
        elif not any(expected in outcome.message for outcome in answer.outcomes):
            problem = f"it fails, but not with {expected!r}: {message}"
        yield Proof(master.name, master.variant, question.name, f"wrong/{name}", message, problem)


def _judged(master: Assignment, question: Question, code: str, zygote: Zygote) -> Answer:
    (answer,) = judge(code_cells(master, {question.name: code}), master, zygote, only=question.name).answers
    return answer


def _first(answer: Answer) -> str:
    return next((outcome.message for outcome in answer.outcomes if not outcome.passed), "")
