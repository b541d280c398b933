"""A traceback without what is not the user's."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType

from .._subject._program import is_users

_HEAD, _TAIL = 4, 6  # lines of a long message that are kept


def libraries(files: Sequence[str]) -> str:
    """Name the packages that files belong to: "keras and tensorflow"."""
    found = [re.search(r"(?:site|dist)-packages[/\\]+(\w+)", file) for file in files]
    names = sorted({match[1] for match in found if match}) or ["Python"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def folded(files: Sequence[str], how: str) -> str:
    """Make the line that stands for frames that were left out."""
    steps = "step" if len(files) == 1 else "steps"
    return f"  … {len(files)} {steps} inside {libraries(files)} folded away; {how} shows them …\n"


def short_message(text: str) -> str:
    """Cut the middle out of a message that goes over many lines, such as a printed tensor."""
    lines = text.rstrip("\n").split("\n")
    if len(lines) <= _HEAD + _TAIL + 2:
        return text
    return "\n".join([*lines[:_HEAD], f"… {len(lines) - _HEAD - _TAIL} lines …", *lines[-_TAIL:]]) + "\n"


def from_script(exception: BaseException) -> TracebackType | None:
    """Where the user's own code begins in a traceback; its start if there is none."""
    trace = exception.__traceback__
    while trace is not None and not is_users(trace.tb_frame):
        trace = trace.tb_next
    return trace or exception.__traceback__


def short_traceback(exception: BaseException, how: str) -> str:
    """Write a traceback as Python does, with runs of frames that are not the user's folded into one line."""
    parts = ["Traceback (most recent call last):\n"]
    hidden: list[str] = []

    def fold() -> None:
        if hidden:
            parts.append(folded(hidden, how))
            hidden.clear()

    trace = from_script(exception)
    for (frame, _), summary in zip(traceback.walk_tb(trace), traceback.extract_tb(trace), strict=True):
        if is_users(frame):
            fold()
            parts += traceback.format_list([summary])
        else:
            hidden.append(summary.filename)
    fold()
    parts.append(short_message("".join(traceback.format_exception_only(exception))))
    return "".join(parts)


def fold_parts(parts: Sequence[str], is_hidden: Callable[[str], str], how: str) -> list[str]:
    """Fold the frames of a traceback that is already written, one part for each frame."""
    found: list[str] = []
    hidden: list[str] = []
    for part in parts:
        if file := is_hidden(part):
            hidden.append(file)
            continue
        if hidden:
            found.append(folded(hidden, how))
            hidden = []
        found.append(part)
    return [*found, folded(hidden, how)] if hidden else found
