"""The judge: runs a notebook's cells in the sandbox, and a master's tests out here, on what it fetched as data.

A test is the same code that stands in the student's notebook. There the names in it are the student's own objects; here
they are values that came through as data, functions that ask the sandbox, and models that are no more than a
description and a way to ask for predictions. Nothing of the student's is imported, unpickled or evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _master
from ._errors import AssignmentError
from ._master import Assignment, Question
from ._sandbox import EndedError, MissingError, SaidError, Session, Zygote

_RESTARTS = 6
_ENDED = {
    "cpu": "took more processor time than it may",
    "wall": "took too long",
    "memory": "took more memory than it may",
    "processes": "started more processes than it may",
    "ended": "ended Python",
    "closed": "ended Python",
    "garbage": "answered with something that is no answer",
}


@dataclass(frozen=True)
class Outcome:
    """How one test went; the message is for the student."""

    passed: bool
    hidden: bool
    message: str = ""


@dataclass(frozen=True)
class Answer:
    """How one question went: its points, its status in a few words, and its tests one by one."""

    question: str
    points: float
    of: float
    status: str
    outcomes: tuple[Outcome, ...] = ()


@dataclass
class Verdict:
    """What the judge found in one notebook."""

    answers: list[Answer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    oral: list[tuple[str, str]] = field(default_factory=list)
    cpu: float = 0.0


class RefusedError(Exception):
    """What a student's name holds, or a call gave, cannot be judged; the message says why."""


def judge(cells: Sequence[str], assignment: Assignment, zygote: Zygote, only: str | None = None) -> Verdict:
    """Run the code cells of a notebook in a fresh runner and judge every question, or only one."""
    hearing = _Hearing(cells, assignment, zygote)
    verdict = hearing.verdict
    for question in assignment.questions:
        if only is None or question.name == only:
            verdict.answers.append(_written(question) if question.written else hearing.answer(question))
    if only is None:
        verdict.oral = hearing.oral()
    hearing.close()
    return verdict


def _written(question: Question) -> Answer:
    return Answer(question.name, 0.0, question.points, "to be marked by a person")


class _Hearing:
    """One notebook in front of the judge. A cell that ends its runner is left out when the next one is started."""

    def __init__(self, cells: Sequence[str], assignment: Assignment, zygote: Zygote) -> None:
        self.cells, self.assignment, self.zygote = cells, assignment, zygote
        self.verdict = Verdict()
        self.left_out: dict[int, str] = {}
        self.said: dict[int, str] = {}
        self.session: Session | None = None
        self.restarts = 0

    def close(self) -> None:
        if self.session:
            self.session.close()
            self.verdict.cpu += self.session.cpu
        self.session = None

    def open(self) -> Session:
        """Return a runner that has run the cells, all but those that ended one before."""
        while self.session is None:
            if self.restarts > _RESTARTS:
                raise EndedError("ended")
            self.restarts += 1
            self.session = self.zygote.session()
            self.session.build = self.build
            for number, source in enumerate(self.cells):
                if number in self.left_out:
                    continue
                try:
                    self.session.ask(self.seconds(source), kind="cell", source=source)
                except SaidError as said:
                    self.said[number] = str(said)
                except EndedError as ended:
                    self.left_out[number] = _ENDED.get(ended.reason, "ended Python")
                    self.verdict.notes.append(f"Code cell {number + 1} {self.left_out[number]} and was left out.")
                    self.close()
                    break
        return self.session

    def seconds(self, source: str) -> float:
        names = _master.assigned(source)
        allowed = [question.seconds for question in self.assignment.questions if names & set(question.uses)]
        return max(allowed or [question.seconds for question in self.assignment.questions if not question.written])

    def build(self, tag: str, payload: Any) -> Any:
        """Make of what is no plain value something that a test can use, or a value that says what it was."""
        if tag == "function":
            return _Function(self, str(payload))
        if tag == "model" and isinstance(payload, dict):
            return Model(self, payload)
        return Strange(str(payload))

    def ask(self, seconds: float, **request: Any) -> Any:
        try:
            return self.open().ask(seconds, **request)
        except EndedError:
            self.close()
            raise

    def answer(self, question: Question) -> Answer:
        """Fetch what a question asks for and run its tests."""
        outcomes: list[Outcome] = []
        status = ""
        for test in question.tests:
            try:
                # Each test looks afresh: what one of them asked for must not change what the next one finds.
                space = {"np": np} | {name: self.fetch(name, question) for name in question.uses}
                exec(compile(test.code, f"<test of {question.name}>", "exec"), space)
                outcomes.append(Outcome(True, test.hidden))
                continue
            except AssertionError as error:
                message = str(error) or "A test of this question failed."
            except RefusedError as error:
                message = str(error)
            except AssignmentError:  # the sandbox is gone, which is no fault of the answer
                raise
            except EndedError as ended:
                message = f"Your code {_ENDED.get(ended.reason, 'ended Python')}."
                status = "timed out" if ended.reason in ("cpu", "wall") else "stopped"
            except Exception as error:  # of an answer of another kind than the test knows how to use
                message = f"Your answer cannot be used as asked: {type(error).__name__}: {error}"
            outcomes.append(Outcome(False, test.hidden, message[:1000]))
            if status:  # the other tests would only wait as long again
                outcomes += [Outcome(False, test.hidden, message) for test in question.tests[len(outcomes) :]]
                break
        passed = sum(outcome.passed for outcome in outcomes)
        points = round(question.points * passed / len(outcomes), 2)
        status = status or {0: "failed", len(outcomes): "passed"}.get(passed, "partly")
        return Answer(question.name, points, question.points, status, tuple(outcomes))

    def fetch(self, name: str, question: Question) -> Any:
        try:
            value = self.ask(question.seconds, kind="get", name=name)
        except MissingError:
            raise RefusedError(self.why_missing(name)) from None
        except SaidError as said:
            raise RefusedError(f"`{name}` cannot be read: {said}") from None
        if value is Ellipsis or (isinstance(value, Strange) and value.kind == "ellipsis"):
            raise RefusedError(f"`{name}` is still `...`: nothing has been filled in.")
        if isinstance(value, _Function):
            value.name, value.seconds = name, question.seconds
        if isinstance(value, Model):
            value.seconds = question.seconds
        return value

    def why_missing(self, name: str) -> str:
        for number, source in enumerate(self.cells):
            if name in _master.assigned(source) or re.search(rf"\b{re.escape(name)}\b *=", source):
                if number in self.left_out:
                    return f"`{name}` is not there: its cell {self.left_out[number]}."
                if number in self.said:
                    return f"`{name}` is not there: its cell stopped with {self.said[number]}"
        return f"`{name}` is not there: no cell of the notebook gives it a value."

    def oral(self) -> list[tuple[str, str]]:
        """Return three questions to ask this student in person, with what a good answer contains."""
        asked: list[tuple[str, str]] = []

        def ask(question: str, answer: str) -> None:
            asked.append((str(question), str(answer)))

        space: dict[str, Any] = {"np": np, "ask": ask, "source": self.source}
        for question in self.assignment.questions:
            for name in question.uses:
                try:
                    space[name] = self.fetch(name, question)
                except (RefusedError, EndedError):
                    continue
        for code in self.assignment.oral:
            if len(asked) < 3:
                try:
                    exec(compile(code, "<oral questions>", "exec"), dict(space))
                except Exception:  # this student has nothing that the question could be about
                    continue
        return asked[:3]

    def source(self, name: str) -> str:
        """Return the student's code cell that defines a name."""
        for source in reversed(self.cells):
            if name in _master.assigned(source):
                return source
        raise RefusedError(name)


@dataclass(frozen=True)
class Strange:
    """Something that does not cross: not a number, a text, an array, a list, a function or a model."""

    kind: str


class _Function:
    """A function in the sandbox. It is asked twice, since a right one answers alike."""

    def __init__(self, hearing: _Hearing, name: str) -> None:
        self.hearing, self.name, self.seconds = hearing, name, 30.0
        self.__name__ = name

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        first = self.once(args, keywords)
        second = first if isinstance(first, Model) else self.once(args, keywords)
        if not _alike(first, second):
            raise RefusedError(f"`{self.name}` gives another answer when it is asked the same a second time.")
        return first

    def once(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            value = self.hearing.ask(self.seconds, kind="call", name=self.name, args=list(args), keywords=keywords)
        except SaidError as said:
            raise RefusedError(f"`{self.name}({_shown(args)})` stopped with {said}") from None
        except MissingError:
            raise RefusedError(f"`{self.name}` is gone.") from None
        if value is None:
            raise RefusedError(f"`{self.name}` returned nothing (None): does it end with `return`?")
        if isinstance(value, Strange):
            what = "..." if value.kind == "ellipsis" else f"something of type {value.kind}"
            raise RefusedError(f"`{self.name}({_shown(args)})` returned {what}.")
        if isinstance(value, Model):
            value.seconds = self.seconds
        return value


class Layer:
    """A layer as data. Its class has the name of the Keras layer's class."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.name = str(about["name"])
        self.config = dict(about["config"])
        self.output_shape = about["output_shape"]
        self.trainable = bool(about["trainable"])
        self.weights = [weight for weight in about["weights"] if isinstance(weight, np.ndarray)]

    def get_config(self) -> dict[str, Any]:
        """Return the layer's options, those that are plain values."""
        return self.config

    def get_weights(self) -> list[np.ndarray]:
        """Return the weights' values."""
        return self.weights

    def count_params(self) -> int:
        """Return how many weights there are, counted here."""
        return sum(weight.size for weight in self.weights)


class Model:
    """A Keras model as data, with those of its methods that tests need."""

    def __init__(self, hearing: _Hearing, about: dict[str, Any]) -> None:
        self._hearing, self.seconds = hearing, 30.0
        try:
            self._number = int(about["model"])
            self.input_shape, self.output_shape = about["input_shape"], about["output_shape"]
            self.loss, self.optimizer = about["loss"], about["optimizer"]
            self.layers = [_layer(layer) for layer in about["layers"]]
        except (KeyError, TypeError, ValueError) as error:
            raise RefusedError(f"a model that cannot be described ({type(error).__name__})") from None

    def count_params(self) -> int:
        """Return how many weights there are, counted here from their shapes."""
        return sum(layer.count_params() for layer in self.layers)

    def predict(self, X: np.ndarray, verbose: int = 0) -> np.ndarray:
        """Return what the student's model predicts for inputs of ours."""
        try:
            value = self._hearing.ask(self.seconds, kind="predict", model=self._number, X=X)
        except (SaidError, MissingError) as said:
            raise RefusedError(f"the model's `predict` stopped with {said}") from None
        if not isinstance(value, np.ndarray):
            raise RefusedError("the model's `predict` returned no array.")
        return value


def _layer(about: dict[str, Any]) -> Layer:
    name = re.sub(r"\W", "", str(about["class"]))[:60] or "Layer"
    made: Callable[[dict[str, Any]], Layer] = type(name, (Layer,), {})
    return made(about)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, (np.ndarray, np.generic)) and isinstance(other, (np.ndarray, np.generic)):
        same_kind = one.shape == other.shape and one.dtype == other.dtype
        return same_kind and bool(np.allclose(one, other, rtol=1e-5, atol=1e-6, equal_nan=one.dtype.kind == "f"))
    if isinstance(one, (list, tuple)) and type(one) is type(other):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and (one == other or one != one)


def _shown(args: tuple[Any, ...]) -> str:
    words = []
    for value in args:
        large = isinstance(value, np.ndarray) and value.size > 1
        words.append(f"array of shape {value.shape}" if large else repr(value))
    return ", ".join(words)[:200]
