"""Numbers in prose say where they come from: each becomes a link to its record, with the run in a few words.

In the source stands a number with a comment behind it (``course_utils.chapters._bindings``). What the link says is
shown when it is pointed at, by the same script that shows the glossary's definitions.
"""

import functools
import re
from pathlib import Path

from book_recorded import anchor, data, day, number, tolerance
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from course_utils.chapters import find, topic
from course_utils.experiments._results import read
from course_utils.record import read_provenance, read_records

_COMMENT = re.compile(r"<!--=([^\n]*?)-->")
_NUMBER = re.compile(r"[\w.,%/−+-]+$")
_RECORDED, _RESULTS = "book/recorded", "book/results"


class bound_number(nodes.Inline, nodes.TextElement):  # noqa: N801  # docutils' way
    """A number: ``page`` and ``place`` of its record, and what it ``says`` of itself."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_node(bound_number, html=(_visit, _depart))
    app.connect("doctree-read", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _link(app: Sphinx, doctree: nodes.document) -> None:
    here = topic(Path(app.env.doc2path(app.env.docname)))
    for comment in list(doctree.findall(nodes.raw)):
        match = _COMMENT.fullmatch(comment.astext().strip())
        if match is None or _is_inside_a_link(comment):
            continue
        text = _text_before(comment)
        shown = _NUMBER.search(text) if text is not None else None
        if shown is None:
            continue
        made, said = describe(match[1].strip(), here, Path(app.env.srcdir))
        # The page is built anew when the run is another one, in whatever chapter.
        app.env.note_dependency(str(made))
        link = bound_number("", shown[0], **said)
        text.parent.replace(text, [nodes.Text(text[: shown.start()]), link])
        comment.parent.remove(comment)


def _text_before(comment: nodes.raw) -> nodes.Text | None:
    """Return the text that ends with the number: just before the comment, or in bold type before it."""
    index = comment.parent.index(comment)
    before = comment.parent[index - 1] if index else None
    if isinstance(before, nodes.strong):
        before = before[-1]
    return before if isinstance(before, nodes.Text) else None


@functools.cache
def _read(path: Path) -> tuple[dict, dict]:
    """Read a chapter's provenance and records, once for all the numbers of a build."""
    return read_provenance(path) or {}, read_records(path)


def describe(reference: str, here: str, folder: Path) -> tuple[Path, dict[str, str]]:
    """Say of a binding's reference where its record stands, and what is known of the run.

    Parameters
    ----------
    reference : str
        Such as ``large_test:.2f``, ``spiral-mlp/large_test:.2f`` or ``bench:cats-steady.minutes:.1f``.
    here : str
        Topic of the chapter in which it stands, for references that name none.
    folder : pathlib.Path
        The course.

    Returns
    -------
    tuple of (pathlib.Path, dict of str to str)
        The file with the record; ``page``, ``place`` and ``says``.
    """
    if reference.startswith("bench:"):
        name, _, field = reference.split(":")[1].partition(".")
        path = folder / "book" / "results.jsonl"
        return path, {"page": _RESULTS, "place": f"bench-{name}", "says": _of_bench(name, field, path)}
    name = reference.partition(":")[0]
    of, _, name = name.rpartition("/")
    of = of or here
    (path,) = find([of], folder)
    run, records = _read(path)
    when = f" on {day(run)}" if run else ""
    on = f" with {data(run)}" if run.get("data") else ""
    if name.startswith("run."):
        says = f"The recorded run of the chapter{when}{on}."
        return path, {"page": _RECORDED, "place": "the-recorded-runs", "says": says}
    record = records[name]
    says = (
        f"{name} = {number(record.value)}, recorded{when}{on}. A fresh run may differ by {tolerance(record.tolerance)}."
    )
    return path, {"page": _RECORDED, "place": anchor(of, name), "says": says}


def _of_bench(name: str, field: str, path: Path) -> str:
    runs = [run for run in read(path) if run["name"] == name]
    last = max(runs, key=lambda run: run["date"])
    seeds = f"{len(runs)} seeds" if len(runs) > 1 else "one seed"
    what = field.replace("_over_", " in proportion to ").replace("_", " ")
    return f"{what} of course bench {name}: {seeds}, {last['data']} data, {day(last)}, {last['hardware']}."


def _is_inside_a_link(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.reference):
        parent = parent.parent
    return parent is not None


def _visit(translator: HTML5Translator, node: bound_number) -> None:
    builder = translator.builder
    target = f"{builder.get_relative_uri(builder.current_docname, node['page'])}#{node['place']}"
    # Not a stop of the tab key: a chapter has dozens of them, and the page that they lead to lists them all.
    translator.body.append(
        f'<a class="bound-number" href="{target}" tabindex="-1" data-says="{translator.attval(node["says"])}">'
    )


def _depart(translator: HTML5Translator, node: bound_number) -> None:
    translator.body.append("</a>")
