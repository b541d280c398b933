"""The doctor's pages: made from the table of its codes and from a folder of programs for each.

In the source a page holds what is to be said about a finding. Its programs stand beside it, as the tests run them:
``bad.py`` triggers it, ``error.py`` is the same as an exception, ``good.py`` is mended; ``says.md`` is what the doctor
says to the first, which the tests write and compare.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

from course_utils.doctor._codes import CODES, When

DOCTOR = "book/doctor/"
_TITLES: dict[When, str] = {
    "before": "## Before training: `examine`",
    "error": "## After an error: `explain`\n\nBesides those above that stop a training:",
    "after": "## While and after training: `Watch` and `review`",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", _complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page_of(code: str) -> str:
    """Name the document that is about a code."""
    return f"{DOCTOR}{code}/index"


def code_of(page: str) -> str:
    """Name the code that a document is about; empty for any other document."""
    code = page.removeprefix(DOCTOR).removesuffix("/index")
    return code if page == page_of(code) and code in CODES else ""


def _complete(app: Sphinx, page: str, source: list[str]) -> None:
    if page == f"{DOCTOR}index":
        source[0] += "".join(f"\n{_TITLES[when]}\n\n{table(when)}" for when in _TITLES)
    elif code := code_of(page):
        folder = Path(app.srcdir, DOCTOR, code)
        for file in sorted(folder.iterdir()):
            app.env.note_dependency(str(file.relative_to(app.srcdir)))
        source[0] += programs(folder)


def table(when: When) -> str:
    """List the codes that show first at some time, in Markdown."""
    rows = [f"| [`{code.name}`]({code.name}/index.md) | {code.title} |" for code in CODES.values() if code.when == when]
    return "\n".join(["| code | what is wrong |", "|---|---|", *rows]) + "\n"


def programs(folder: Path) -> str:
    """Write the part of a page that shows the programs of a folder, in Markdown."""
    says = "\n".join(f"> {_marked(line)}".rstrip() for line in _read(folder / "says.md").splitlines())
    parts = [
        "\n## The smallest program that triggers it\n",
        _block(folder / "bad.py"),
        f"The doctor says:\n\n{says}\n",
    ]
    if (folder / "error.py").exists():
        parts += ["## The same as an error\n", _block(folder / "error.py")]
    parts += ["## The smallest change that mends it\n", _block(folder / "good.py")]
    return "\n".join(parts)


def _marked(line: str) -> str:
    """Mark ``__init__`` and ``<unknown>``, which would be read as bold text and as HTML, where a line does not."""
    parts = line.split("`")
    parts[::2] = [re.sub(r"\b(__\w+__)\b|(<\w+>)", r"`\g<0>`", text) for text in parts[::2]]
    return "`".join(parts)


def _block(path: Path) -> str:
    return f"```python\n{_read(path)}```\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
