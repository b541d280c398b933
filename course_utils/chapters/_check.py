"""What can be checked about chapters and pages without running anything."""

import difflib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from .. import data, experiments, pretrained
from ..record import Recorded, Value, fingerprint, read_provenance, read_records
from ._bindings import Binding, bindings, rewrite, unbound, without_code
from ._claims import Term, claims, objections
from ._find import find, pages, root, topic
from ._mentions import name_edits
from ._notebooks import ChapterError, read, write
from ._places import Places, disagreements, misnumbered

# The four places that show a chapter (the book, JupyterLab, Colab, GitHub) have no common way to render these.
_NOT_PORTABLE = {
    "a MyST role": re.compile(r"\{[a-z][\w:-]*\}`"),
    "a MyST directive": re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\s*\{", re.MULTILINE),
    "a MyST fence": re.compile(r"^:{3,}", re.MULTILINE),
    "a MyST target": re.compile(r"^\([\w-]+\)=\s*$", re.MULTILINE),
    "a MyST comment": re.compile(r"^%\s", re.MULTILINE),
    "active HTML": re.compile(r"<(script|iframe|style|button|form|object)\b"),
    "LaTeX brackets": re.compile(r"\\\\?[(\[](?=.*\\\\?[)\]])"),
}
# A path of the machine that ran the chapter helps no reader and may tell more than its author meant to.
_LOCAL_PATH = re.compile(r"(?<![\w./:-])/(?:home|root|Users|work|tmp|opt|mnt|var)/[\w.-]+|[A-Z]:\\Users\\")
_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-fA-F]+>")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_SHORTEST_ALT = 20
# How many names a message tells, those most like the one that was not found.
_NEAR = 6
# How many times the spread that was measured over seeds a tolerance may be.
_WIDEST = 2


@dataclass(frozen=True)
class Finding:
    """Something that a check objects to.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    place : str
        Where in it.
    code : str
        The kind of finding.
    message : str
        What was found and what to do.
    """

    path: Path
    place: str
    code: str
    message: str


def check(folder: Path | None = None, fix: bool = False, names: Iterable[str] = ()) -> tuple[list[Finding], int]:
    """Check every chapter, the pages around them and the README, or some chapters only.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The course's folder; by default the one around the current folder.
    fix : bool
        Rewrite bound numbers in prose that disagree with their record.
    names : iterable of str
        Chapters, as :func:`find` takes them; none at all means everything.

    Returns
    -------
    findings : list of Finding
        What is wrong (and was not fixed).
    fixed : int
        How many numbers were rewritten.
    """
    folder, names = folder or root(), list(names)
    wanted = find(names, folder)
    chapters = {path: read(path) for path in find(folder=folder)}
    places, files = Places.of(folder), {path.stem for path in chapters}
    results = folder / "book" / "results.jsonl"
    numbers, pinned = _Numbers(chapters, results), _pinned(folder)
    findings = [Finding(*rest) for rest in (*disagreements(folder), *misnumbered(folder))]
    findings += numbers.findings()
    findings += [Finding(results, "results", "stale-result", message) for message in experiments.stale(results)]
    fixed = 0
    for path, notebook in chapters.items():
        if path not in wanted:
            continue
        if fix:
            before = [cell.source for cell in notebook.cells]
            for cell in _prose(notebook):
                cell.source = rewrite(cell.source, partial(numbers.correct, here=topic(path)))
            if changed := sum(old != cell.source for old, cell in zip(before, notebook.cells, strict=True)):
                write(notebook, path)
                fixed += changed
        findings += check_chapter(notebook, path, numbers, pinned, results)
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                findings += [Finding(path, f"cell {index}", *rest) for rest in _outdated(cell.source, places, files)]
    if names:
        return [finding for finding in findings if finding.path in wanted], fixed
    for path in pages(folder):
        text = path.read_bytes().decode()  # line ends are left as they are
        if fix and (corrected := rewrite(text, partial(numbers.correct, here=None))) != text:
            path.write_bytes(corrected.encode())
            text, fixed = corrected, fixed + 1
        findings += [Finding(path, *rest) for rest in _misquoted(text, "page", numbers, None)]
        findings += [Finding(path, "page", *rest) for rest in _outdated(text, places, files)]
    return findings, fixed


class _Numbers:
    """The records of all chapters, looked up by the bindings of any page."""

    def __init__(self, chapters: dict[Path, nbformat.NotebookNode], results: Path):
        self._results, self._paths = results, list(chapters)
        self._records: dict[str, dict[str, Recorded]] = {}
        self._seconds: dict[str, float] = {}
        self._broken: dict[Path, str] = {}
        for path, notebook in chapters.items():
            chapter = topic(path)
            try:
                self._records[chapter] = read_records(notebook)
            except ValueError as error:
                self._records[chapter], self._broken[path] = {}, str(error)
            if provenance := read_provenance(notebook):
                self._seconds[chapter] = provenance["seconds"]

    def findings(self) -> Iterator[Finding]:
        for path, message in self._broken.items():
            yield Finding(path, "outputs", "record-twice", message)
        for path in self._paths:
            for one in self._records[topic(path)].values():
                if one.spread is not None and _WIDEST * one.spread < one.tolerance < math.inf:
                    message = (
                        f"{one.name} has the tolerance {one.tolerance:.3g}, but {len(one.seeds)} seeds differ by no "
                        f"more than {one.spread:.3g}: record(tolerance={one.spread:.2g}, …), course run"
                    )
                    yield Finding(path, f"cell {one.cell}", "tolerance", message)

    def value(self, binding: Binding, here: str | None) -> Value:
        if binding.chapter == "bench":
            try:
                return experiments.quoted(binding.name, self._results)
            except experiments.ExperimentError as error:
                raise LookupError(str(error)) from error
        chapter = self._chapter(binding, here)
        if binding.name in ("run.seconds", "run.minutes") and chapter in self._seconds:
            return self._seconds[chapter] / (60 if binding.name == "run.minutes" else 1)
        return self._recorded(binding, chapter).value

    def term(self, name: str, here: str | None) -> Term:
        """Look up one side of a claim."""
        binding = Binding.to(name)
        value = self.value(binding, here)
        if isinstance(value, str):
            raise LookupError(f"a claim compares numbers, but {name} is {value!r}")
        if binding.chapter == "bench":
            return Term(name, value, experiments.spread(binding.name, self._results))
        if binding.name.startswith("run."):
            return Term(name, value, math.inf)
        one = self._recorded(binding, self._chapter(binding, here))
        # The smallest and the largest of several seeds have the spread in them.
        extreme = one.seeds and binding.name.endswith(("_low", "_high"))
        return Term(name, value, 0.0 if extreme else one.tolerance)

    def _chapter(self, binding: Binding, here: str | None) -> str:
        chapter = binding.chapter or here
        if chapter is None:
            raise LookupError(f"a page names the chapter too: <!--=TOPIC/{binding.name}:{binding.spec}-->")
        if chapter not in self._records:
            hint = f": its name is its topic, {topic(chapter)}" if topic(chapter) in self._records else ""
            raise LookupError(f"there is no chapter {chapter!r}{hint}")
        return chapter

    def _recorded(self, binding: Binding, chapter: str) -> Recorded:
        if binding.name not in self._records[chapter]:
            known = list(self._records[chapter])
            near = difflib.get_close_matches(binding.name, known, n=_NEAR, cutoff=0.0) if len(known) > _NEAR else known
            told = f"; it has {', '.join(near)}{', …' * (len(known) > _NEAR)}" if known else " nor anything else yet"
            raise LookupError(f"{chapter} has not recorded {binding.name!r}{told}")
        return self._records[chapter][binding.name]

    def printed(self, binding: Binding, here: str | None) -> str:
        value = self.value(binding, here)
        try:
            return binding.printed(value)
        except ValueError as error:
            raise LookupError(f"{value!r} cannot be printed as {binding.spec!r}: {error}") from error

    def correct(self, binding: Binding, here: str | None) -> str:
        try:
            return self.printed(binding, here)
        except LookupError:
            return binding.text  # the check will name it; nothing is lost meanwhile


def check_chapter(
    notebook: nbformat.NotebookNode, path: Path, numbers: _Numbers, pinned: dict[str, set[str]], results: Path
) -> list[Finding]:
    """Check one chapter."""
    findings = [Finding(path, "outputs", *rest) for rest in _stale(notebook, pinned, results)]
    for index, cell in enumerate(notebook.cells):
        objections: list[tuple[str, str, str]] = []
        if cell.cell_type == "markdown":
            objections += _misquoted(cell.source, f"cell {index}", numbers, topic(path))
            objections += [(f"cell {index}", *rest) for rest in _unportable(cell.source)]
        elif cell.cell_type == "code":
            objections += [(f"cell {index}", *rest) for rest in _outputs(cell)]
        findings += [Finding(path, *rest) for rest in objections]
    return findings


def _prose(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def _misquoted(text: str, place: str, numbers: _Numbers, here: str | None) -> Iterator[tuple[str, str, str]]:
    for binding in bindings(text):
        try:
            expected = numbers.printed(binding, here)
        except LookupError as error:
            yield place, "unknown-record", str(error)
            continue
        if binding.text != expected:
            found = binding.text or "nothing"
            yield place, "prose-number", f"says {found}, but {binding.name} is {expected}: course check --fix"
    for claim in claims(text):
        for objection in objections(claim, partial(numbers.term, here=here)):
            yield place, "claim", objection
    if here is not None:
        for number in unbound(text):
            yield (
                place,
                "unbound-number",
                f"{number} is bound to no record: add <!--=NAME:FORMAT--> or a source",
            )


def _outdated(text: str, places: Places, files: set[str]) -> Iterator[tuple[str, str]]:
    for edit in name_edits(text, places):
        if edit.before not in files:
            yield "chapter-link", f"names {edit.before}, but that chapter is {edit.after}: course renumber"


def _unportable(text: str) -> Iterator[tuple[str, str]]:
    prose = without_code(text)
    for what, pattern in _NOT_PORTABLE.items():
        if match := pattern.search(prose):
            yield (
                "markdown",
                f"{what} ({match[0].strip()!r}) shows as raw text outside the book: use plain Markdown",
            )
    if re.search(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", prose):
        yield "alt-text", "an image has no alternative text: say what it shows"


def _outputs(cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    pictures = [o for o in cell.outputs if any(key.startswith("image/") for key in o.get("data", {}))]
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    if pictures and len(alt) < _SHORTEST_ALT:
        yield "alt-text", "draws a figure: say what it shows in the cell's metadata, mystnb.image.alt"
    for output in cell.outputs:
        if match := _LOCAL_PATH.search(_as_text(output)):
            yield "local-path", f"shows {match[0]!r}, a path of the machine that ran it"
        # A figure or table behind the text makes the bare repr invisible in the book, but not in a diff or a terminal.
        if match := _ADDRESS.search(_as_text(output)):
            yield "address", f"shows {match[0]}, which is new in every run: end the cell with plt.show() or a print"
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", ()):
            yield "error-output", f"ends in {output.ename}; tag it raises-exception if that is the lesson"


def _as_text(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    texts = [value for key, value in data.items() if key.startswith("text/") and isinstance(value, str)]
    message = output.get("evalue", "")
    return _COLOUR.sub("", "\n".join([output.get("text", ""), message, *texts, *output.get("traceback", ())]))


def _stale(notebook: nbformat.NotebookNode, pinned: dict[str, set[str]], results: Path) -> Iterator[tuple[str, str]]:
    """Compare what vouches for the outputs (code, order, data, results, versions) with what is here now."""
    recorded = read_provenance(notebook)
    if recorded is None:
        yield "not-run", "has no recorded run: course run"
        return
    now = fingerprint(notebook)
    if now["cells"] != recorded["code"]["cells"]:
        yield "stale-output", "its code changed after the recorded run: course run"
    elif changed := _changed(recorded["code"]["course_utils"], now["course_utils"]):
        yield "stale-output", f"{', '.join(changed)} changed after the recorded run: course run"
    yield from (("stale-output", f"{message}: course run") for message in _changed_since(recorded, results))
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield "execution-order", "cells were not run once each from top to bottom: course run"
    for name, source in recorded["data"].items():
        if source == "embedded":
            yield (
                "embedded-data",
                f"was recorded on the embedded sample of {name}: set COURSE_DATA_DIR, course run",
            )
    for name, version in recorded["versions"].items():
        # Behind a plus is how it was built ("+cpu"), not which version it is.
        if name in pinned and version.partition("+")[0] not in pinned[name]:
            yield (
                "stale-output",
                f"was recorded with {name} {version}, constraints.txt has {_or(pinned[name])}",
            )


def _changed_since(recorded: dict[str, Any], results: Path) -> Iterator[str]:
    """Say which data, results and trained networks are others now than those that a chapter has used."""
    for name, source in recorded["data"].items():
        edition, known = recorded.get("editions", {}).get(name), data.editions(name, source)
        if edition not in known:
            yield f"was recorded on edition {edition} of {name} ({source}), the course has {' or '.join(known)}"
    for name, digest in recorded.get("results", {}).items():
        if digest != experiments.results_digest(name, results):
            yield f"was recorded with other results of {name} than there are now"
    for name, then in recorded.get("models", {}).items():
        now = experiments.identities()
        if name not in now:
            yield f"was recorded with a network {name}, which no experiment makes any more"
        elif found := experiments.differences(then, now[name]):
            yield f"was recorded with another network {name}: {experiments.in_short(found)}"
    for name, digest in recorded.get("pretrained", {}).items():
        try:
            if digest != pretrained.about(name)["digest"]:
                yield f"was recorded with other weights of {name} than those that come with the package now"
        except pretrained.PretrainedError as error:
            yield f"was recorded with weights that are no longer there: {error}"


def _changed(then: dict[str, str], now: dict[str, str]) -> list[str]:
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def _or(versions: set[str]) -> str:
    return " or ".join(sorted(versions))


def _pinned(folder: Path) -> dict[str, set[str]]:
    """Read the versions of the reproducible environment; a package may have one per Python version."""
    path = folder / "constraints.txt"
    if not path.is_file():
        raise ChapterError(f"{path} is missing: restore it with git")
    pins: dict[str, set[str]] = {}
    for match in re.finditer(r"^([\w.-]+)==([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        pins.setdefault(match[1], set()).add(match[2])
    return pins
