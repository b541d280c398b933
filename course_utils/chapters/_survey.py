"""Running chapters again in other surroundings, whatever becomes of them, and reporting how each came out."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from ..record import hardware, installed
from ._find import topic
from ._notebooks import ChapterError
from ._verify import Comparison, require_comparable, verify

Verdict = Literal["same", "within", "changed", "broken", "not run"]


@dataclass(frozen=True)
class Outcome:
    """What became of a chapter that was run again.

    Attributes
    ----------
    verdict : str
        "same" if every recorded value came out the same, "within" if some differ by no more than their tolerance,
        "changed" if some differ by more, "broken" if a cell raised, "not run" if there was nothing to compare with.
    why : str
        What raised, or what was missing.
    values : int
        How many values were compared; what depends on the machine, whose tolerance is infinite, is not.
    differ : int
        How many of them did not come out the same.
    changed : dict of str to list
        The stored value, the fresh one and the tolerance of those that differ by more.
    """

    verdict: Verdict
    why: str = ""
    values: int = 0
    differ: int = 0
    changed: dict[str, list[Any]] = field(default_factory=dict)


def survey(paths: Iterable[Path], report: Path, console: Console | None = None) -> dict[str, Outcome]:
    """Run chapters again, leaving their files alone, and go on where one breaks.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Notebooks with stored outputs.
    report : pathlib.Path
        A JSON file, replaced after each chapter: the outcomes by topic, the versions that are installed, the day and
        the hardware.
    console : rich.console.Console, optional
        Where progress is shown.

    Returns
    -------
    dict of str to Outcome
        By topic.
    """
    outcomes: dict[str, Outcome] = {}
    _write(report, outcomes)  # if it cannot be written, that is known before an hour of running
    for path in paths:
        outcomes[topic(path)] = _again(path, console or Console())
        _write(report, outcomes)
    return outcomes


def _again(path: Path, console: Console) -> Outcome:
    try:
        require_comparable(path)
    except ChapterError as error:
        return Outcome("not run", str(error))
    try:
        return judge(verify([path], console))
    except ChapterError as error:
        console.print(Text.from_ansi(str(error)), soft_wrap=True)
        return Outcome("broken", str(error).partition("\n")[0])


def judge(comparisons: Iterable[Comparison]) -> Outcome:
    """Sum up how the recorded values of a chapter came out.

    Parameters
    ----------
    comparisons : iterable of Comparison
        Each value beside that of a fresh run.

    Returns
    -------
    Outcome
    """
    counted = [c for c in comparisons if not math.isinf(c.tolerance)]
    differ = sum(c.stored != c.fresh for c in counted)
    changed = {c.name: [c.stored, c.fresh, c.tolerance] for c in counted if not c.agrees}
    verdict: Verdict = "changed" if changed else "within" if differ else "same"
    return Outcome(verdict, "", len(counted), differ, changed)


def _write(report: Path, outcomes: dict[str, Outcome]) -> None:
    told = {
        "date": date.today().isoformat(),
        "hardware": hardware(),
        "versions": installed(),
        "chapters": {name: asdict(outcome) for name, outcome in outcomes.items()},
    }
    report.parent.mkdir(parents=True, exist_ok=True)
    partial = report.with_name(f".{report.name}")
    partial.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    partial.replace(report)
