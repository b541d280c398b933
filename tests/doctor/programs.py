"""The reference pages' programs, what comes of them on this process's backend, and whether the fixes mend them.

Each folder of ``book/doctor`` holds a program that triggers its code, the same as an error where it raises, and one
that does not any more. ``python -m tests.doctor.programs`` writes down what the doctor says to the first.
"""

import ast
import contextlib
import functools
import gc
import io
import linecache
import os
import re
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from course_utils.doctor._codes import CODES

from .mend import mend

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "book" / "doctor"
BACKENDS = ("tensorflow", "jax", "torch")


@dataclass(frozen=True)
class Page:
    """A folder: the code it is about, its programs, and what it says that the doctor says."""

    code: str
    before: str
    as_error: str | None
    after: str
    says: str


def read_page(folder):
    """Read a folder; fails when a part of it is missing."""
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
    return Page(folder.name, text["bad.py"], text.get("error.py"), text["good.py"], text.get("says.md", ""))


@functools.cache
def pages():
    """All pages, by code."""
    return {code: read_page(PAGES / code) for code in CODES if (PAGES / code).is_dir()}


def said(finding):
    """Write a finding as a page quotes it."""
    # A fence begins a line: within one it would end the paragraph, and a comment in it become a heading.
    fix = f"\n\n```python\n{finding.fix}\n```" if "\n" in finding.fix else f" `{finding.fix}`"
    return f"{finding.seen} {finding.why}\n\nDo:{fix}\n"


def without_numbers(text):
    """Replace each number by a sign."""
    return re.sub(r"-?\d[\d.,]*(e[+-]?\d+)?%?", "#", text)


def _outcome(how, report=(), error=""):
    """What came of a program: "report", "raised" or "silent" (neither), and the doctor's words about it."""
    findings = [(finding.code, finding.severity, finding.fix) for finding in report]
    words = [said(finding) for finding in report]
    return {"how": how, "codes": [f[0] for f in findings], "findings": findings, "said": words, "error": error}


def run(name, source):
    """Run one program and say what came of it, and what the doctor says."""
    import keras

    from course_utils.doctor import Report, examine, explain

    # Layers are called "dense" again, whatever ran before. Looking for garbage after each of hundreds of programs would
    # take a third of the time; Python does it often enough by itself.
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {"__name__": "__main__"}
    try:
        exec(compile(source, name, "exec"), names)
    except Exception as error:
        return _outcome("raised", explain(error), f"{type(error).__name__}: {error}"[:300])
    report = names.get("report")
    if not isinstance(report, Report) and "after" in name and {"model", "X", "y"} <= set(names):
        report = examine(names["model"], names["X"], names["y"])
    if not isinstance(report, Report):
        return _outcome("silent")
    return _outcome("report", report)


def run_page(page):
    """Run the programs of a page, and the first of them as the doctor's own fixes change it."""
    outcomes = {}
    programs = {"before": page.before, "as_error": page.as_error, "after": page.after}
    for which, source in programs.items():
        if source:
            outcomes[which] = _quietly(f"<ipython-{page.code}-{which}>", source)
    # Half of the fixes make the page's own mended program of it, which need not run twice.
    known = {_bare(page.after): outcomes["after"]}
    for which in ("before", "as_error"):
        first = next(iter(outcomes.get(which, {"findings": ()})["findings"]), None)
        if first:
            changed = mend(programs[which], first[2])
            if changed and _bare(changed) not in known:
                known[_bare(changed)] = _quietly(f"<ipython-{page.code}-fixed-{which}>", changed)
            outcome = known[_bare(changed)] if changed else _outcome("unchanged")
            outcomes[f"fixed {which}"] = {"source": changed, **outcome}
    return outcomes


def _bare(source):
    """Write a program without comments and in one style, so that two that do the same are the same."""
    return ast.unparse(ast.parse(source))


def _quietly(name, source):
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return run(name, source)


def run_all(only=()):
    """Run every page's programs; what came of them, by code and which of its programs."""
    gc.freeze()  # who collects garbage need not look through all of Keras for it each time
    outcomes = {code: run_page(page) for code, page in pages().items() if not only or code in only}
    gc.unfreeze()
    return outcomes


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    for code, outcome in run_all(sys.argv[1:]).items():
        if outcome["before"]["codes"] != [code]:
            print(f"{code}: the doctor says {outcome['before']['codes']}, {outcome['before']['error']}")
            continue
        (PAGES / code / "says.md").write_text(outcome["before"]["said"][0], encoding="utf-8")
