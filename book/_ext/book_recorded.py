"""What the pages say about recorded runs: a line at the end of each chapter, and two tables.

``recorded-chapters`` lists the chapters with the date, time, data and versions of their recorded runs;
``recorded-numbers`` lists every number that they recorded. Both read the notebooks, as ``course check`` does.
"""

import json
import math
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from course_utils.chapters import find, topic
from course_utils.record import Recorded, read_provenance, read_records

# The names that readers know, in the order in which they are shown.
_VERSIONS = {
    "python": "Python",
    "course-utils": "course_utils",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "torch": "PyTorch",
    "scikit-learn": "scikit-learn",
    "numpy": "NumPy",
}
# What `book/measure_embedded.py` has measured.
EMBEDDED = "book/embedded.json"
# What `book/measure_grading.py` has measured.
GRADING = "book/grading.json"
_BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("recorded-chapters", RecordedChapters)
    app.add_directive("recorded-numbers", RecordedNumbers)
    app.add_directive("embedded-chapters", EmbeddedChapters)
    app.add_directive("graded-submissions", GradedSubmissions)
    app.connect("doctree-read", _append_provenance)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class _FromChapters(SphinxDirective):
    def chapters(self) -> list[Path]:
        """Every chapter in the table of contents, in reading order; the page is built anew when one changes."""
        found = find(folder=Path(self.env.srcdir))
        chapters = [path for path in found if f"chapters/{path.stem}" in self.env.found_docs]
        for path in chapters:
            self.env.note_dependency(str(path))
        return chapters


class RecordedChapters(_FromChapters):
    """A table with one row for each chapter: when, how long, on what."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        rows = []
        for path in self.chapters():
            run = read_provenance(path)
            link = link_to(path, self.env.docname)
            if run is None:
                rows.append([link, "not recorded yet", "", "", ""])
                continue
            rows.append(
                [link, day(run), duration(run), data(run), "; ".join(filter(None, [*versions(run), backend(run)]))]
            )
        return [table(["Chapter", "Recorded on", "Time", "Data", "Versions"], rows, "chapters")]


class EmbeddedChapters(_FromChapters):
    """A table with one row for each chapter: what it takes on the embedded data, as ``embedded.json`` has it."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        measured = embedded(Path(self.env.srcdir))
        self.env.note_dependency(str(Path(self.env.srcdir) / EMBEDDED))
        rows: list[list[str | nodes.Node]] = []
        for path in self.chapters():
            run = measured.get(topic(path))
            took = [duration(run), memory(run)] if run else ["not measured yet", ""]
            rows.append([link_to(path, self.env.docname), *took])
        return [table(["Chapter", "Time", "Most memory"], rows, "chapters")]


class GradedSubmissions(SphinxDirective):
    """A table of what grading took, as ``grading.json`` has it."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        path = Path(self.env.srcdir) / GRADING
        self.env.note_dependency(str(path))
        measured = json.loads(path.read_text(encoding="utf-8"))
        head = ["What was graded", "Seconds for each", "Most memory of the grader"]
        return [table(head, list(_graded(measured)), "chapters")]


def _graded(measured: dict) -> Iterator[list[str | nodes.Node]]:
    many, thousand, both = measured["many"], measured["thousand"], measured["otter"]
    for run in (many, thousand, thousand["tenth"]):
        small = "" if run is many else ", small ones"
        name = many["assignment"] if run is many else thousand["assignment"]
        yield [f"{run['count']:,} notebooks for {name}{small}", f"{run['each']:.1f}", f"{run['grader_mb']:,} MB"]
    what = f"{both['count']} notebooks for {both['assignment']}"
    yield [f"{what}, importing Keras included", f"{both['course']['each']:.1f}", f"{both['course']['grader_mb']:,} MB"]
    yield [f"the same by otter run {both['version']}", f"{both['otter']['each']:.1f}", ""]


class RecordedNumbers(_FromChapters):
    """For each chapter a table of its recorded numbers."""

    def run(self) -> list[nodes.Node]:
        """Build the tables."""
        result: list[nodes.Node] = []
        for path in self.chapters():
            rows = [
                [_named(path, record), number(record.value), tolerance(record.tolerance)] for record in _records(path)
            ]
            if rows:
                heading = nodes.rubric("", "", link_to(path, self.env.docname))
                result += [heading, table(["Name", "Value", "May differ by"], rows, "numbers")]
        return result or [nodes.paragraph(text="No chapter has recorded a number yet.")]


def provenance_line(run: dict) -> str:
    """Say in one sentence where the outputs of a chapter come from.

    Parameters
    ----------
    run : dict
        The notebook's ``course.recorded``; whatever it lacks is left out.
    """
    parts = [f"Outputs on this page were recorded on {day(run)}"]
    if run.get("data"):
        parts[0] += f" with {data(run)}"
    if run.get("seconds") is not None:
        parts.append(f"in {duration(run)}")
    if run.get("hardware"):
        parts[-1] += f" on {run['hardware']}"
    sentence = " ".join(parts) + "."
    details = [*versions(run), backend(run)]
    return sentence + (f" {', '.join(filter(None, details))}." if any(details) else "")


def day(run: dict) -> str:
    """Return the date in words, such as 22 November 2026."""
    when = date.fromisoformat(str(run["date"])[:10])
    return f"{when.day} {when:%B} {when.year}"


def duration(run: dict) -> str:
    """Return the run's time, such as 41 s or 2 min 14 s."""
    if run.get("seconds") is None:
        return ""
    minutes, seconds = divmod(round(run["seconds"]), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def memory(run: dict) -> str:
    """Return the most memory that a run has held, such as 1.3 GB."""
    return f"{run['peak_memory_mb'] / 1000:.1f} GB"


def embedded(folder: Path) -> dict:
    """Read what each chapter, by its topic, took on the embedded data."""
    path = folder / EMBEDDED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def data(run: dict) -> str:
    """Return the data with their source, such as 'fashion_mnist (real)'."""
    return ", ".join(f"{name.replace('_', ' ')} ({source})" for name, source in (run.get("data") or {}).items())


def versions(run: dict, of: Iterable[str] = _VERSIONS) -> list[str]:
    """Return the versions that readers ask for, such as 'Keras 3.15.1'."""
    known = run.get("versions") or {}
    return [f"{_VERSIONS[name]} {known[name]}" for name in of if name in known]


def backend(run: dict) -> str:
    """Return the Keras backend, such as 'backend TensorFlow', or nothing where there was none."""
    name = run.get("backend")
    return f"backend {_BACKENDS.get(name, name)}" if name else ""


def number(value: float | int | str | bool) -> str:
    """Print a value as a reader wants it: counts in full, measurements to four significant digits."""
    if isinstance(value, str | bool):
        return str(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.4g}"


def tolerance(value: float) -> str:
    """Print a tolerance; 0 demands the same number, infinity is for what depends on the machine."""
    if math.isinf(value):
        return "any amount (depends on the machine)"
    return number(value) if value else "nothing"


def _records(chapter: Path) -> list[Recorded]:
    try:
        return list(read_records(chapter).values())
    except ValueError as error:
        raise ExtensionError(f"{chapter.name}: {error}") from None


def anchor(of_topic: str, name: str) -> str:
    """Return the place of a recorded number on the page that lists them."""
    return nodes.make_id(f"number-{of_topic}-{name}")


def _named(chapter: Path, record: Recorded) -> nodes.paragraph:
    name = nodes.literal(text=f"{topic(chapter)}/{record.name}")
    return nodes.paragraph("", "", name, ids=[anchor(topic(chapter), record.name)])


def _append_provenance(app: Sphinx, doctree: nodes.document) -> None:
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    run = read_provenance(path)
    if run is not None:
        line = nodes.paragraph(text=provenance_line(run), classes=["provenance"])
        # Inside the page's section: the theme gives padding to nothing else.
        section = next(iter(doctree.findall(nodes.section)), doctree)
        section += line


def link_to(chapter: Path, docname: str) -> nodes.paragraph:
    link = addnodes.pending_xref(
        "",
        nodes.inline(text=title_of(chapter)),
        refdomain="std",
        reftype="doc",
        reftarget=f"/chapters/{chapter.stem}",
        refexplicit=True,
        refwarn=True,
        refdoc=docname,
    )
    return nodes.paragraph("", "", link)


def title_of(chapter: Path) -> str:
    """Return a chapter's title."""
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return chapter.stem


def table(
    head: list[str], rows: list[list[str | nodes.Node]], kind: str, fields: list[str] | None = None
) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    body = nodes.tbody()
    body += [_row(row, fields or head) for row in rows]
    group += body
    return nodes.table("", group, classes=["recorded", kind])


def _row(cells: list[str | nodes.Node], head: list[str] | None = None) -> nodes.row:
    """Build a row; with ``head``, fields but the first say what they are: on a phone the head is not shown."""
    row = nodes.row()
    for number, cell in enumerate(cells):
        if isinstance(cell, str):
            cell = nodes.paragraph(text=cell) if cell or not head else ""
        elif isinstance(cell, nodes.literal):
            cell = nodes.paragraph("", "", cell)
        entry = nodes.entry()
        if head and number and cell:
            entry += nodes.inline(text=head[number], classes=["field"])
        if cell:
            entry += cell
        row += entry
    return row
