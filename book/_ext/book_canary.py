"""The directives ``canary`` and ``doctor-versions``: what became of chapters and of the doctor with other versions.

They show what was run alone: ``book/canary/KIND-PYTHON.json``, each written by ``course verify --report``, and what
``tests.doctor.versions`` wrote into ``book/canary/doctor``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from book_recorded import day, link_to, number, table, versions
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_utils.chapters import find, topic

_KINDS = {"lock": "the book's versions", "newest": "newest releases", "colab": "Colab's versions"}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("canary", Canary)
    app.add_directive("doctor-versions", DoctorVersions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Canary(SphinxDirective):
    """A table of chapters by surroundings, what these were, and what has changed or broken in them."""

    def run(self) -> list[nodes.Node]:
        """Build the table and the list."""
        root = Path(self.env.srcdir)
        reports = {named(stem, report): report for stem, report in read(self, root / "book" / "canary")}
        chapters = {topic(path): path for path in find(folder=root)}
        run = [name for name in chapters if any(name in report["chapters"] for report in reports.values())]
        rows = [
            [link_to(chapters[name], self.env.docname), *(said(r["chapters"].get(name)) for r in reports.values())]
            for name in run
        ]
        if not rows:
            return [nodes.paragraph(text="No chapter has been run again yet.")]
        items = [nodes.list_item("", nodes.paragraph(text=line)) for line in lines(reports)]
        return [table(["Chapter", *reports], rows, "canary"), nodes.bullet_list("", *items)]


class DoctorVersions(SphinxDirective):
    """A table of versions, and of how many of the doctor's programs it is right about with them."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        folder = Path(self.env.srcdir) / "book" / "canary" / "doctor"
        reports = [report for _, report in read(self, folder)]
        reports.sort(key=lambda report: [int(part) for part in report["versions"]["keras"].split(".")])
        rows = [
            [
                ", ".join(versions(report, ("python", "keras", report["backend"]))),
                found(report),
                silent(report),
                day(report),
            ]
            for report in reports
        ]
        return [table(["Versions", "Mistakes found", "Silent once mended", "Run on"], rows, "doctor-versions")]


def read(directive: SphinxDirective, folder: Path) -> Iterator[tuple[str, dict]]:
    """Read the reports in a folder, each with its file's name; the page changes when one does, or is added."""
    directive.env.note_dependency(str(folder))
    for path in sorted(folder.glob("*.json")):
        directive.env.note_dependency(str(path))
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def found(report: dict) -> str:
    """Say of how many programs that raise or ask the doctor it names the mistake, and of which not."""
    asked = report["programs"] - len(report["passed"])
    right = f"{asked - len(report['missed'])} of {asked}"
    for code, others in sorted(report["missed"].items()):
        right += f"; {code} as {' and '.join(others)}" if others else f"; not {code}"
    if report["passed"]:
        right += f" (this Keras lets {', '.join(sorted(report['passed']))} pass)"
    return right


def silent(report: dict) -> str:
    """Say about how many mended programs the doctor has nothing to say, and about which it has."""
    alarms = report["alarms"]
    right = f"{report['programs'] - len(alarms)} of {report['programs']}"
    return f"{right}; not {', '.join(sorted(alarms))}" if alarms else right


def named(stem: str, report: dict) -> str:
    """Name the surroundings of a report, such as "newest releases, Python 3.12"."""
    kind = stem.partition("-")[0]
    python = ".".join(report["versions"]["python"].split(".")[:2])
    return f"{_KINDS.get(kind, kind)}, Python {python}"


def said(outcome: dict | None) -> str:
    """Say what became of a chapter, and of how many of its values."""
    if outcome is None:
        return "not run"
    if outcome["verdict"] == "within":
        return f"within tolerance: {outcome['differ']} of {outcome['values']} values differ"
    if outcome["verdict"] == "changed":
        return f"changed: {len(outcome['changed'])} of {outcome['values']} values"
    return "the same" if outcome["verdict"] == "same" else outcome["verdict"]


def lines(reports: dict[str, dict]) -> Iterator[str]:
    """Say for each report where it was made and what did not hold."""
    for name, report in reports.items():
        yield f"{name}: {day(report)}, {report['hardware']}, {', '.join(versions(report))}"
        for chapter, outcome in report["chapters"].items():
            if outcome["why"]:
                yield f"{name}, {chapter}: {outcome['why']}"
            for value, (stored, fresh, tolerance) in outcome["changed"].items():
                was, now = ("missing" if v is None else number(v) for v in (stored, fresh))
                yield f"{name}, {chapter}: {value} was {was}, is {now}, and may differ by {number(tolerance)}"
