"""On the doctor's pages the smallest change is shown as a difference: what goes, what comes, and a line around it.

In the source stands the whole mended program, which the tests run. The page keeps it, folded, for who wants to copy it.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from docutils import nodes
from sphinx.application import Sphinx

_PAGES = "book/doctor/"
_MENDED = "the-smallest-change-that-mends-it"
# For readers of the source; on the page colours say so.
_REMARK = re.compile(r"  # changed$", re.MULTILINE)
_AROUND = 1
_SPOKEN = {"removed": "Take out:", "added": "Write:"}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("doctree-read", _show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _show(app: Sphinx, doctree: nodes.document) -> None:
    if not app.env.docname.startswith(_PAGES):
        return
    for section in doctree.findall(nodes.section):
        if _MENDED not in section["ids"]:
            continue
        before, after = next(doctree.findall(nodes.literal_block)), next(section.findall(nodes.literal_block))
        program = _REMARK.sub("", after.astext())
        whole = [
            nodes.raw("", "<details><summary>The whole program</summary>", format="html"),
            nodes.literal_block(program, program, language="python"),
            nodes.raw("", "</details>", format="html"),
        ]
        shown = nodes.container("", *_blocks(before.astext(), after.astext()), classes=["difference"])
        after.parent.replace(after, [shown, *whole])


def _blocks(before: str, after: str) -> Iterator[nodes.Node]:
    for kind, lines in difference(before.splitlines(), _REMARK.sub("", after).splitlines()):
        if kind in _SPOKEN:
            yield nodes.paragraph(text=_SPOKEN[kind], classes=["visually-hidden"])
        code = "\n".join(lines)
        # Pieces of programs need not be programs: no lexer is to complain of them.
        yield nodes.literal_block(code, code, language="python", force=True, classes=[kind])


def difference(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Say what has to be done to one program to get the other.

    Yields
    ------
    tuple of (str, list of str)
        Lines that are "removed" or "added", the "unchanged" ones next to them, and "…" for those that are left out.
    """
    groups = list(SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_AROUND))
    for number, group in enumerate(groups):
        if number:
            yield "unchanged", ["…"]
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield "unchanged", before[i1:i2]
                continue
            if i1 < i2:
                yield "removed", before[i1:i2]
            if j1 < j2:
                yield "added", after[j1:j2]
