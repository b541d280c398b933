"""The reference pages' programs, and what comes of them on this process's backend.

Each page of ``book/doctor`` holds programs that trigger its code and one that does not any more.
"""

import contextlib
import functools
import gc
import io
import linecache
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "book" / "doctor"
BACKENDS = ("tensorflow", "jax", "torch")

_SMALLEST, _AS_ERROR, _MENDED = (
    "The smallest program that triggers it",
    "The same as an error",
    "The smallest change that mends it",
)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page: the code it is about, its programs, and what it says that the doctor says, the end of it or all."""

    code: str
    before: str
    as_error: str | None
    after: str
    says: str
    says_all: bool


def read_page(path):
    """Read a page; fails when a part of it is missing."""
    text = path.read_text(encoding="utf-8")
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    programs = {name: _PROGRAM.findall(section) for name, section in sections.items()}
    (before,), (after,) = programs[_SMALLEST], programs[_MENDED]
    as_error = programs.get(_AS_ERROR, [])
    quotes = [line[1:].strip() for line in sections[_SMALLEST].splitlines() if line.startswith(">")]
    says_all = "\nThe doctor says:\n" in sections[_SMALLEST]
    says = " ".join(" ".join(quotes).replace("`", "").split())
    return Page(path.stem, before, as_error[0] if as_error else None, after, says, says_all)


@functools.cache
def pages():
    """All pages, by code."""
    return {path.stem: read_page(path) for path in sorted(PAGES.glob("*.md")) if path.stem != "index"}


def _outcome(how, report=(), error=""):
    """What came of a program: "report", "raised" or "silent" (neither), and the doctor's words about it."""
    said = [" ".join(f"{f.seen}\n{f.why}\nDo: {f.fix}".split()) for f in report]
    return {"how": how, "codes": [f.code for f in report], "said": said, "error": error}


def _run(code, which, source):
    import keras

    from course_utils.doctor import Report, examine, explain

    keras.utils.clear_session()  # layers are called "dense" again, whatever ran before
    keras.utils.set_random_seed(0)
    name = f"<{code}: {which}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {"__name__": "__main__"}
    try:
        exec(compile(source, name, "exec"), names)
    except Exception as error:
        return _outcome("raised", explain(error), f"{type(error).__name__}: {error}"[:300])
    report = names.get("report")
    if not isinstance(report, Report) and which == "after" and {"model", "X", "y"} <= set(names):
        report = examine(names["model"], names["X"], names["y"])
    if not isinstance(report, Report):
        return _outcome("silent")
    return _outcome("report", report)


def run_all():
    """Run every page's programs; what came of them, by code and then "before", "as_error" and "after"."""
    outcomes = {}
    gc.freeze()  # clear_session collects garbage, and need not look through all of Keras for it each time
    for code, page in pages().items():
        programs = {"before": page.before, "as_error": page.as_error, "after": page.after}
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(io.StringIO()):
                outcomes[code] = {which: _run(code, which, source) for which, source in programs.items() if source}
    gc.unfreeze()
    return outcomes
