"""What the doctor says: findings, and a report of them that reads well wherever it is shown."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, overload

from ._pages import page
from ._subject._parts import with_other_parts

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ._subject._program import Program

Severity = Literal["error", "warning", "hint"]
_GRAVEST_FIRST: tuple[Severity, ...] = ("error", "warning", "hint")
_SIGNS = {"error": "✗", "warning": "!", "hint": "·"}
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}
# Only the bar at the side has a colour: none is dark enough for text on white and light enough for text on black.
_CSS_COLOURS = {"error": "#d1453b", "warning": "#a86400", "hint": "#3b7dc4"}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes
    ----------
    code : str
        Its name in the doctor's catalogue, such as "labels-not-from-zero".
    severity : {"error", "warning", "hint"}
        An error stops training or makes its result worthless; a warning probably spoils it; a hint may be meant.
    seen : str
        One sentence with what was seen, numbers included.
    why : str
        One sentence about why it matters.
    fix : str
        The line of code to change or to write.
    """

    code: str
    severity: Severity
    seen: str
    why: str
    fix: str


def spelt(finding: Finding, program: Program) -> Finding:
    """Write a finding's fix for a program: with its names of Keras, and for all parts of its data."""
    fix = with_other_parts(program.localised(program.placed(finding.fix)), program)
    # What is said is about what review was given; what is to be done, is done where the model is trained.
    seen, why = (program.spelt_out(text, "review") for text in (finding.seen, finding.why))
    return replace(finding, seen=seen, why=why, fix=program.spelt_out(fix))


class Report(Sequence[Finding]):
    """Findings, the gravest first; true when one of them is an error.

    In a notebook it shows itself as HTML, in a terminal through rich (``rich.print(report)``), anywhere else as text
    (``print(report)``).

    Parameters
    ----------
    findings : iterable of Finding
        In any order; a code that was found twice about the same thing is kept once.
    about : str
        What was looked at, for the line that is shown when nothing was found.
    """

    def __init__(self, findings: Iterable[Finding] = (), about: str = "this"):
        unique = dict.fromkeys(findings)
        self._findings = tuple(sorted(unique, key=lambda finding: _GRAVEST_FIRST.index(finding.severity)))
        self._about = about

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __bool__(self) -> bool:
        return any(finding.severity == "error" for finding in self._findings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self._findings == other._findings

    def __hash__(self) -> int:
        return hash(self._findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The findings' codes, in order."""
        return tuple(finding.code for finding in self._findings)

    def __str__(self) -> str:
        if not self._findings:
            return f"The doctor finds nothing wrong with {self._about}."
        return "\n\n".join(
            f"{_SIGNS[f.severity]} {f.severity}: {f.code}\n  {f.seen}\n  {f.why}\n  Do: {f.fix}" for f in self._findings
        )

    __repr__ = __str__

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.padding import Padding
        from rich.text import Text

        if not self._findings:
            return Text(str(self), style="green")
        parts: list[RenderableType] = []
        for finding in self._findings:
            head = Text(f"{_SIGNS[finding.severity]} {finding.severity}: ", style=_COLOURS[finding.severity])
            parts.append(head.append(finding.code, style="bold"))
            body = Text(f"{finding.seen}\n").append(f"{finding.why}\n", style="dim")
            body.append("Do: ", style="dim").append(finding.fix, style="bold")
            parts.append(Padding(body, (0, 0, 1, 2)))
        return Group(*parts)

    def _repr_html_(self) -> str:
        if not self._findings:
            return f"<p>{html.escape(str(self))}</p>"
        return "".join(_as_html(finding) for finding in self._findings)


def _as_html(finding: Finding) -> str:
    colour = _CSS_COLOURS[finding.severity]
    seen, why, fix = (html.escape(text).replace("\n", "<br>") for text in (finding.seen, finding.why, finding.fix))
    code, address = f"<code>{finding.code}</code>", page(finding.code)
    if address:
        code = f'<a href="{address}">{code}</a>'
    # Colours of the page, not of ours: it looks right in light and dark.
    return (
        f'<div style="border-left: 4px solid {colour}; padding: 0.2em 0.8em; margin: 0.6em 0;">'
        f"<div><strong>{_SIGNS[finding.severity]} {finding.severity}</strong> "
        f"{code}</div><div>{seen}</div><div>{why}</div>"
        f'<div>Do: <code style="white-space: pre-wrap;">{fix}</code></div></div>'
    )
