"""What the doctor tells of a script, for other programs: JSON, and GitHub's annotations of a file's lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .._pages import page
from .._report import Report
from .._subject._lines import Place

_LEVELS = {"error": "error", "warning": "warning", "hint": "notice"}


@dataclass(frozen=True)
class Told:
    """What was found at one place of a script.

    Attributes
    ----------
    report : Report
        Empty for an exception that the doctor does not know.
    places : tuple of Place
        The user's own lines that lead there, the outermost first.
    error : str
        The exception as Python writes it, without its traceback; empty where none was raised.
    """

    report: Report
    places: tuple[Place, ...]
    error: str = ""


def as_json(script: str, told: Sequence[Told], status: int) -> str:
    """Write everything that was told of a script as one JSON object.

    Parameters
    ----------
    script : str
        Its path.
    told : sequence of Told
    status : int
        Its exit status.

    Returns
    -------
    str
        With ``script``, ``status``, ``findings`` (fields of a :class:`Finding`, its page, and ``file``, ``line`` and
        ``function`` of the innermost line of the user's) and ``errors`` (exceptions, known or not).
    """
    findings = [
        {**asdict(finding), "page": page(finding.code), **_where(one)} for one in told for finding in one.report
    ]
    errors = [{"error": one.error, **_where(one)} for one in told if one.error]
    content = {"script": script, "status": status, "findings": findings, "errors": errors}
    return json.dumps(content, ensure_ascii=False, indent=1)


def as_annotations(told: Told) -> Iterator[str]:
    """Write GitHub's workflow commands, which show each finding beside the line that it is about."""
    where = _where(told)
    if not len(told.report) and told.error:
        name, _, message = told.error.partition(": ")
        yield _annotation("error", where, name, message or name)
    for finding in told.report:
        words = f"{finding.seen} {finding.why}\nDo: {finding.fix}"
        if address := page(finding.code):
            words += f"\n{address}"
        yield _annotation(_LEVELS[finding.severity], where, finding.code, words)


def _where(told: Told) -> dict[str, str | int | None]:
    if not told.places:
        return {"file": None, "line": None, "function": None}
    place = told.places[-1]
    return {"file": _from_here(place.file), "line": place.line, "function": place.function}


def _from_here(file: str) -> str:
    """Name a file as seen from the current folder, which is how GitHub knows it; as it is where it lies elsewhere."""
    here = os.path.relpath(file) if Path(file).exists() else file
    return file if here.startswith("..") else Path(here).as_posix()


def _annotation(level: str, where: dict[str, str | int | None], title: str, message: str) -> str:
    properties = {"file": where["file"], "line": where["line"], "title": title}
    listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items() if value is not None)
    return f"::{level} {listed}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Write what has a meaning in a workflow command by its number."""
    for sign in f"%\r\n{more}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
