"""Where it happened: the user's own lines of a traceback."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from ._program import MAGIC, is_users, lines_of

_LONGEST = 8  # lines of one statement that are shown


@dataclass(frozen=True)
class Place:
    """A line, or a statement over several lines, that the user wrote.

    Attributes
    ----------
    file : str
        As Python knows it; a cell of a notebook has a made-up name.
    line : int
        Number of its first line, from 1.
    function : str
        In which function, or "<module>".
    source : str
        The statement's text.
    """

    file: str
    line: int
    function: str
    source: str


def user_lines(exception: BaseException) -> tuple[Place, ...]:
    """Lines of the user's own code that an exception went through, the outermost first."""
    places = tuple(_places(exception))
    # Of a cell that begins with %%time it is the line inside, not what IPython makes of the whole.
    return tuple(place for place in places if not place.source.startswith(MAGIC)) or places


def place_of(frame: FrameType) -> Place:
    """Where a frame is, in the user's own words."""
    return _place(frame, frame.f_lineno, frame.f_lasti)


def _places(exception: BaseException) -> Iterator[Place]:
    trace = exception.__traceback__
    while trace is not None:
        if is_users(trace.tb_frame):
            yield _place(trace.tb_frame, trace.tb_lineno, trace.tb_lasti)
        trace = trace.tb_next


def _place(frame: FrameType, line: int, instruction: int) -> Place:
    code = frame.f_code
    positions = list(code.co_positions())
    start, end = positions[instruction // 2][:2] if instruction // 2 < len(positions) else (line, line)
    first, last = min(line, start or line), max(line, end or line)
    lines = lines_of(code.co_filename, frame.f_globals)[first - 1 : last]
    if len(lines) > _LONGEST:
        lines = [*lines[: _LONGEST - 1], "    …\n"]
    return Place(code.co_filename, first, code.co_name, textwrap.dedent("".join(lines)).rstrip())
