"""From a folder of submissions to grades: each is judged by itself, and kept as soon as it is."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import _report
from ._errors import AssignmentError
from ._intake import Submission, take_in
from ._judge import Verdict
from ._master import Assignment, Question, load
from ._pool import Case, hear, judges, outcome
from ._release import _PLACEHOLDER, names, read_roster, who, write_whole

WAITING = "not graded"
GRADED = "graded"
_NOT_JUDGED = "not judged"
_NOT_KNOWN = "not in the roster"
# For so many seconds nobody looks whether Ctrl-C was pressed.
_PATIENCE = 0.2


@dataclass(frozen=True)
class Summary:
    """What a run of `grade` did.

    Attributes
    ----------
    found : int
        Submissions that there are.
    judged : int
        Of them those that were judged in this run.
    graded : int
        Of them those that have a grade.
    problems : dict
        How many have which other status.
    advice : tuple of str
        What to do next.
    """

    found: int
    judged: int
    graded: int
    problems: dict[str, int]
    advice: tuple[str, ...] = ()


def grade(
    submissions: Path,
    name: str,
    out: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    variant: int = 0,
    roster: Path | None = None,
    sandbox: bool = True,
    as_nobody: bool = False,
    regrade: str | None = None,
    folder: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Summary:
    """Judge submissions and write grades, feedback, oral questions and what learning platforms import.

    What has a grade keeps it: a run that was stopped goes on where it was when the same command is given again.

    Parameters
    ----------
    submissions : pathlib.Path
        What a platform exported, or a folder of notebooks; see `take_in`.
    name : str
        The assignment.
    out : pathlib.Path
        Where the grades go: `grades.csv`, `feedback/`, `oral/`, `marks.csv` for marks that a person gives.
    workers : int
        How many submissions are judged at the same time, on this machine.
    scheduler : str, optional
        Address of a dask.distributed scheduler, such as ``"tcp://10.0.0.5:8786"``. Its workers judge instead, and need
        this course and a sandbox; submissions and grades stay here.
    variant : int
        The variant that was released to all.
    roster : pathlib.Path, optional
        `variants.csv`, which `release` wrote for a roster; then everybody is judged by their own variant.
    sandbox : bool
        Whether student code is shut in. Without, it can do what you can.
    as_nobody : bool
        Whether root, where it has no sandbox, lets student code run as the user `nobody`: then it can change and read
        nothing that is root's alone, but it has the network, and sees what every user sees.
    regrade : str, optional
        A question to judge again in all that is graded, after its tests were mended; old points stay beside new ones.
    folder : pathlib.Path, optional
        Where the masters are, if not in this course.
    progress : callable
        Called with how many are done, of how many, whenever one is.

    Returns
    -------
    Summary
        What was done, and what is to be done.

    Raises
    ------
    AssignmentError
        If there is no sandbox, no such assignment, nothing was submitted, or the scheduler does not answer or is lost.
    KeyboardInterrupt
        If it is stopped with Ctrl-C. What is judged by then is kept.
    """
    master = load(name, variant, folder)
    if regrade:
        master.question(regrade)
    room = _Room(name, out, folder, variant, _variants(roster), regrade, sandbox, as_nobody)
    done = 0
    with judges(workers, scheduler, sandbox, room.run) as (pool, n):
        waiting = room.note(submissions)
        try:
            for _ in _judged(room, submissions, set(waiting), pool, 2 * n):
                done += 1
                progress(done, len(waiting))
        except KeyboardInterrupt:
            raise KeyboardInterrupt("What is judged is kept: give the same command again to go on.") from None
        finally:
            results = list(room.results())
            marks = _report.keep_marks(results, out / "marks.csv")
            _report.tables(results, marks, master, out)
    problems: dict[str, int] = {}
    for result in results:
        if result["status"] != GRADED:
            problems[result["status"]] = problems.get(result["status"], 0) + 1
    graded = sum(result["status"] == GRADED for result in results)
    return Summary(len(results), done, graded, problems, tuple(room.advice(results, marks)))


def _variants(roster: Path | None) -> dict[str, int | None] | None:
    """Return the variant of every student under each name that a platform may give him or her; None if two share it."""
    if roster is None:
        return None
    rows, _ = read_roster(roster)
    known: dict[str, int | None] = {}
    for row in rows:
        try:
            variant = int(row["variant"])
        except (KeyError, ValueError):
            raise AssignmentError(
                f"{roster} has no variant for {who(row)}: give the variants.csv of `release`"
            ) from None
        for name in dict.fromkeys(map(_folded, names(row))):  # each once, the telling ones first
            known[name] = None if name in known else variant
    return known


def _called(submission: Submission) -> tuple[str, ...]:
    return (*submission.identifiers.values(), submission.student, submission.key)


def _folded(name: str) -> str:
    """Return what is the same however a platform spaces a name, and a system writes its accents."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class _Room:
    """What judging one submission needs, and where its result goes."""

    def __init__(
        self,
        name: str,
        out: Path,
        folder: Path | None,
        variant: int,
        variants: dict[str, int | None] | None,
        regrade: str | None,
        sandbox: bool,
        as_nobody: bool,
    ) -> None:
        self.name, self.out, self.folder, self.variant, self.variants = name, out, folder, variant, variants
        self.regrade, self.sandbox, self.as_nobody = regrade, sandbox, as_nobody
        self.run = uuid.uuid4().hex
        self.master = lru_cache(16)(lambda variant: load(name, variant, folder))
        self.keys: list[str] = []

    def file(self, key: str) -> Path:
        return self.out / "results" / f"{key}.json"

    def note(self, submissions: Path) -> list[str]:
        """Write down every submission as not graded yet, but for those that are; return the keys of what is to do."""
        waiting = []
        for submission in take_in(submissions):
            self.keys.append(submission.key)
            before = self.result(submission.key)
            if before is None or self.is_to_do(submission, before):
                waiting.append(submission.key)
            if before is None:
                self.keep(submission, {"status": WAITING})
        return waiting

    def is_to_do(self, submission: Submission, before: dict[str, Any]) -> bool:
        if self.regrade and before["status"] == GRADED:
            return True
        same = before["digest"] == submission.digest and before["variant"] == self.variant_of(submission)
        return before["status"] == WAITING or before["status"].startswith(_NOT_JUDGED) or not same

    def results(self) -> Iterator[dict[str, Any]]:
        for key in sorted(self.keys):
            result = self.result(key)
            if result is not None:
                yield result

    def result(self, key: str) -> dict[str, Any] | None:
        try:
            result = json.loads(self.file(key).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return result if isinstance(result, dict) else None

    def variant_of(self, submission: Submission) -> int | None:
        if self.variants is None:
            return self.variant
        found = (self.variants.get(_folded(name)) for name in _called(submission))
        return next((variant for variant in found if variant is not None), None)

    def stranger(self, submission: Submission) -> str:
        """Say why a submission has no variant."""
        shared = any(_folded(name) in (self.variants or ()) for name in _called(submission))
        return "several in the roster are called so" if shared else _NOT_KNOWN

    def case(self, submission: Submission) -> Case | None:
        """Return what is to be judged; None, with the reason kept, if there is nothing."""
        variant = self.variant_of(submission)
        if submission.status or variant is None:
            self.keep(submission, {"status": submission.status or self.stranger(submission)})
            return None
        code = tuple(source for kind, source in submission.cells if kind == "code")
        return Case(code, self.master(variant), self._again(submission), self.sandbox, self.as_nobody, self.run)

    def _again(self, submission: Submission) -> str | None:
        """Name the question that alone is judged again."""
        return self.regrade if (self.result(submission.key) or {}).get("status") == GRADED else None

    def grade(self, submission: Submission, verdict: Verdict | str) -> None:
        """Keep what was found in one submission."""
        if isinstance(verdict, str):
            self.keep(submission, {"status": f"{_NOT_JUDGED}: {verdict}"[:300]})
            return
        before = self.result(submission.key) or {}
        again = self._again(submission)
        variant = self.variant_of(submission)
        assert variant is not None
        master = self.master(variant)
        answers = [asdict(answer) for answer in verdict.answers]
        history = dict(before.get("history", {}))
        notes, oral, cpu = verdict.notes, verdict.oral, verdict.cpu
        if again:
            old = {answer["question"]: answer for answer in before["answers"]}
            history[again] = [*history.get(again, []), old[again]["points"]]
            answers = [answers[0] if name == again else answer for name, answer in old.items()]
            notes, oral, cpu = before["notes"], before["oral"], before["cpu"]
        elif submission.variant is not None and submission.variant != variant:
            notes = [*notes, f"The notebook is variant {submission.variant!r}, but this student's is {variant}."[:200]]
        kept = {
            "status": GRADED,
            "answers": answers,
            "history": history,
            "notes": notes,
            "oral": oral,
            "cpu": round(cpu, 2),
            "written": _written(submission, master),
            "master": _digest(master),
        }
        self.keep(submission, kept)
        _report.pages(self.result(submission.key) or {}, master, self.out)

    def keep(self, submission: Submission, what: dict[str, Any]) -> None:
        about = {
            "key": submission.key,
            "student": submission.student,
            "identifiers": submission.identifiers,
            "file": submission.file,
            "late": submission.late,
            "digest": submission.digest,
            "variant": self.variant_of(submission),
        }
        write_whole(self.file(submission.key), json.dumps(about | what, indent=1))

    def advice(self, results: list[dict[str, Any]], marks: dict[tuple[str, str], float]) -> Iterator[str]:
        graded = [result for result in results if result["status"] == GRADED]
        open_marks = sum(
            (result["key"], question.name) not in marks
            for result in graded
            for question in self.master(self.variant).questions
            if question.written
        )
        if open_marks:
            yield f"{open_marks} written answers wait for a mark in {self.out / 'marks.csv'}; then run this once more"
        strangers = [result for result in results if result["status"] == _NOT_KNOWN]
        if strangers and self.variants:
            first = strangers[0]
            called = " or ".join(dict.fromkeys(filter(None, (first["student"], *first["identifiers"].values()))))
            yield (
                f"{len(strangers)} are not in the roster, such as {called}; it has {next(iter(self.variants))} and the "
                "like: give it a column with the names, addresses or numbers that your platform writes"
            )
        old = sum(result["master"] != _digest(self.master(result["variant"])) for result in graded)
        if old:
            yield f"{old} were judged by an older master: --regrade QUESTION judges a question again"


@contextmanager
def _interrupts_wait() -> Iterator[Callable[[], None]]:
    """Give a function that raises what Ctrl-C would have, which so cannot come between a lock and its release.

    Only the first waits to be asked for; another ends at once.
    """
    pressed = []
    before = signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        pressed.append(True)
        signal.signal(signal.SIGINT, before)

    def ask() -> None:
        if pressed:
            raise KeyboardInterrupt

    # Whoever has made it something else, such as a shell of what runs in its background, has reasons; and only the main
    # thread hears of it.
    ours = before is signal.default_int_handler and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield ask
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _judged(room: _Room, submissions: Path, waiting: set[str], pool: Executor, most: int) -> Iterator[None]:
    """Have what waits judged and keep each result as it comes, with no more in memory than are soon taken up."""
    running: dict[Future[Verdict | str], Submission] = {}

    def finish(may_stop: Callable[[], None]) -> Iterator[None]:
        for future in wait(running, _PATIENCE, FIRST_COMPLETED).done:
            room.grade(running.pop(future), outcome(future))
            yield
        may_stop()

    try:
        with _interrupts_wait() as may_stop:
            for submission in take_in(submissions):
                may_stop()
                if submission.key not in waiting:
                    continue
                case = room.case(submission)
                if case is None:
                    yield
                    continue
                running[pool.submit(hear, case)] = submission
                while len(running) >= most:
                    yield from finish(may_stop)
            while running:
                yield from finish(may_stop)
    except KeyboardInterrupt:  # several may have been judged since the last look
        for future, submission in running.items():
            if future.done():
                room.grade(submission, outcome(future))
        raise


def _digest(master: Assignment) -> str:
    tests = [(question.name, question.points, question.seconds, question.tests) for question in master.questions]
    return hashlib.sha256(repr(tests).encode()).hexdigest()[:16]


def _written(submission: Submission, master: Assignment) -> dict[str, str]:
    """Return what stands in Markdown under the headings of the written questions and was not there before."""
    given = {
        line.strip() for question in master.questions for cell in question.prompt for line in cell.source.splitlines()
    }
    given |= {_PLACEHOLDER, ""}
    headings = {f"## {question.title}": question for question in master.questions}
    current: Question | None = None
    found: dict[str, list[str]] = {question.name: [] for question in master.questions if question.written}
    for kind, source in submission.cells:
        if kind != "markdown":
            continue
        own: list[str] = []
        for line in source.splitlines():
            if line.strip() in headings:
                current = headings[line.strip()]
            elif line.strip() not in given:
                own.append(line)
        if own and current is not None and current.written:
            found[current.name].append("\n".join(own))
    return {name: "\n\n".join(texts)[:20_000] for name, texts in found.items()}
