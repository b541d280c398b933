"""Parts that go together, such as X_train and X_test: what is done to one has to be done to the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ._program import Program

if TYPE_CHECKING:
    from ._data import Data

OF_A_PART = re.compile(r"_?(train(ing)?|test(ing)?|val(id)?(ation)?|dev|holdout)(?=_|\d|$)", re.IGNORECASE)
OF_TRAINING = re.compile(r"train", re.IGNORECASE)

# A statement of a fix that makes something new of an array and gives it the old name.
_CHANGED = re.compile(r"(?:(?<=^)|(?<=; ))(?P<name>\w+) = (?P<new>[^;#\n]*\b(?P=name)\b[^;#\n]*?)(?=;|\s*#|\s*$)")
_SOME_ROWS = re.compile(r"\[(?!:,|\.\.\.)")  # which rows are meant is true of one part only
_MEASURED = r"(?!\.(?:mean|std|min|max)\()"  # on the training data, whatever it is used for
_ALIKE = 2.0  # times as large: of the same kind, and prepared as far


def with_other_parts(fix: str, program: Program) -> str:
    """Let a fix that changes training data change the test and validation data that are like them, too."""

    def widened(found: re.Match[str]) -> str:
        name, new = found["name"], found["new"]
        if _SOME_ROWS.search(new):
            return found[0]
        here = re.compile(rf"\b{name}\b{_MEASURED}")
        given = set(re.findall(r"\b(\w+) = ", fix))  # which the fix has thought of itself
        others = [f"{other} = {here.sub(other, new)}" for other in _others(name, program) if other not in given]
        # What is measured on the training data has to be read before these are changed.
        measures = len(here.findall(new)) < len(re.findall(rf"\b{name}\b", new))
        return "; ".join([*others, found[0]] if measures else [found[0], *others])

    return _CHANGED.sub(widened, fix)


def _others(name: str, program: Program) -> Iterator[str]:
    """Name what the program has beside its training data of this name, of the same kind and for other purposes."""
    if not OF_TRAINING.search(name) or not OF_A_PART.search(name):
        return
    known, stem = dict(reversed(list(program.values()))), OF_A_PART.sub("", name)
    training = _looks(known.get(name))
    for other, value in known.items():
        is_another = OF_A_PART.sub("", other) == stem != other and not OF_TRAINING.search(other)
        if is_another and training and type(value) is type(known[name]) and _alike(training, _looks(value)):
            yield other


def _looks(value: Any) -> list[Data]:
    from ._data import read_both  # which needs Keras, and may be what could not be imported

    return [part for argument in read_both(value, None, (), ()) for part in argument.parts]


def _alike(training: list[Data], others: list[Data]) -> bool:
    """Whether two have the same axes but the first, and numbers of one kind and size."""
    return len(training) == len(others) and all(
        a.shape[1:] == b.shape[1:]
        and a.values.dtype.kind == b.values.dtype.kind
        and 1 / _ALIKE <= _size(a) / _size(b) <= _ALIKE
        for a, b in zip(training, others, strict=True)
    )


def _size(data: Data) -> float:
    return 1 + max(abs(data.low), abs(data.high)) if data.is_numeric and data.values.size else 1.0
