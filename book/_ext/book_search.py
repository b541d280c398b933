"""The book's search: what people look for, or paste, leads to the page that helps.

Sphinx's own search wants every word of a query on one page, which no pasted error message can give it. Here each
section of the book becomes an entry of one script, which a browser loads with the search page only; ``search.js`` ranks
them. The entry of a doctor's page also has what people paste or say who need it, from its ``messages.txt``.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from book_findings import DOCTOR, page_of
from book_terms import GLOSSARY
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course_utils.doctor._codes import CODES
from course_utils.doctor._words import _old

_BOOK = Path(__file__).parents[1]
_SCRIPTS = (_BOOK / "scripts" / "search.js", _BOOK / "node_modules" / "minisearch" / "dist" / "umd" / "index.js")
# What a result is, by the folder of its page; the first that fits.
_KINDS = {"chapters/": "chapter", DOCTOR: "doctor", "book/api/": "reference", GLOSSARY: "glossary", "": "book"}
_NESTED = (nodes.section, addnodes.desc, nodes.definition_list_item)
_CODE = (nodes.literal_block, nodes.doctest_block)
# Not to be read: pictures, HTML, and what other notebook viewers would show.
_UNREAD = (nodes.raw, nodes.comment, nodes.image, nodes.math_block, addnodes.index, nodes.title)

# Its place, its titles from the outermost, its prose and its code.
Section = tuple[str, list[str], str, str]


def setup(app: Sphinx) -> dict[str, int]:
    """Connect to Sphinx."""
    app.connect("builder-inited", _replace_search)
    # When others have changed what a page says.
    app.connect("doctree-read", _keep_sections, priority=900)
    app.connect("env-purge-doc", lambda app, env, page: _kept(env).pop(page, None))
    app.connect("env-merge-info", lambda app, env, pages, other: _kept(env).update(_kept(other)))
    app.connect("html-collect-pages", lambda app: [("search", {}, "book_search.html")])
    app.connect("build-finished", _write_index)
    # To be raised when a page's sections are kept in another way, so that all pages are read again.
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}


def _replace_search(app: Sphinx) -> None:
    app.builder.search = False


def _kept(env: BuildEnvironment) -> dict[str, list[Section]]:
    """The sections of pages, by page: to read them all again takes longer than the rest of most builds."""
    if not hasattr(env, "book_search"):
        env.book_search = {}
    return env.book_search


def _keep_sections(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    _kept(app.env)[page] = list(sections(doctree, one=page.startswith(DOCTOR)))


def _write_index(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    shutil.copyfile(_SCRIPTS[0], static / "search.js")
    shutil.copyfile(_SCRIPTS[1], static / "vendor" / "minisearch.js")
    wrong = summaries(app.env.get_doctree(f"{DOCTOR}index"))
    known = messages(Path(app.srcdir))
    entries = []
    for page in sorted(app.env.found_docs):
        address = app.builder.get_target_uri(page)
        number = ".".join(map(str, app.env.toc_secnumbers.get(page, {}).get("", ())))
        found = _kept(app.env)[page]
        for place, titles, prose, code in found:
            entries.append(
                {
                    "at": f"{address}#{place}" if place else address,
                    "page": (f"{number}. " if number else "") + found[0][1][0] + wrong.get(page, ""),
                    "title": titles[-1] if place else "",
                    "kind": next(kind for folder, kind in _KINDS.items() if page.startswith(folder)),
                    "text": prose,
                    "code": code,
                    "errors": "" if place else "\n".join(known.get(page, ())),
                }
            )
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    (static / "search-index.js").write_text(f"window.bookIndex = {text};\n", encoding="utf-8")


def summaries(index: nodes.document) -> dict[str, str]:
    """Read from the list of the doctor's findings what each page is about, to stand behind its title."""
    rows = ([entry.astext() for entry in row.findall(nodes.entry)] for row in index.findall(nodes.row))
    return {page_of(code): f" – {wrong}" for code, wrong in rows}


def messages(root: Path) -> dict[str, list[str]]:
    """Read what people paste or say who need a doctor's page; what Keras has dropped, the doctor knows by name."""
    known = {page_of(code): _lines(root / DOCTOR / code / "messages.txt") for code in CODES}
    known[page_of("removed-api")] += [
        *(f"No module named 'keras.{name}'" for name in _old.MODULES),
        *(f"cannot import name '{name}' from 'keras'" for name in _old.NAMES),
        *(f"object has no attribute '{name}'" for name in _old.METHODS),
        *(f"unexpected keyword argument '{name}'" for name in _old.ARGUMENTS),
    ]
    return known


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def sections(document: nodes.document, one: bool = False) -> Iterator[Section]:
    """List a page's sections, or all of it as `one`.

    What has an entry of its own inside a section, as a function in the reference has, is left to that.
    """
    top = document.next_node(nodes.section)
    if top is None:
        return
    yield from _entry(top, "", [], one)


def _entry(node: nodes.Element, place: str, above: list[str], one: bool) -> Iterator[Section]:
    titles = [*above, _title(node)]
    prose: list[str] = []
    code: list[str] = []
    inside: list[nodes.Element] = []
    _read(node, prose, code, inside, one)
    yield place, titles, _words(prose), _words(code)
    for child in inside:
        yield from _entry(child, _place(child), titles, one)


def _read(node: nodes.Element, prose: list[str], code: list[str], inside: list[nodes.Element], one: bool) -> None:
    for child in node.children:
        if isinstance(child, _UNREAD) or (isinstance(child, nodes.term) and child["ids"]):
            continue
        if not one and isinstance(child, _NESTED) and _place(child):
            inside.append(child)
        elif isinstance(child, _CODE):
            code.append(_without_prompts(child))
        elif isinstance(child, nodes.TextElement):
            prose.append(_readable(child))
        elif isinstance(child, nodes.Element):
            _read(child, prose, code, inside, one)


def _readable(text: nodes.Element) -> str:
    """Return what a reader sees of a text: no comments that bind its numbers, and no TeX that only a formula shows."""
    parts = []
    for word in text.findall(nodes.Text):
        if isinstance(word.parent, nodes.math):
            parts.append("…" if re.search(r"[\\{}^_]", word.astext()) else word.astext())
        elif not isinstance(word.parent, nodes.raw | nodes.comment):
            parts.append(word.astext())
    return "".join(parts)


def _place(node: nodes.Element) -> str:
    if isinstance(node, nodes.section):
        return node["ids"][0]
    return next((i for part in node.children if isinstance(part, nodes.Element) for i in part.get("ids", ())), "")


def _title(node: nodes.Element) -> str:
    head = next(n for n in node.findall() if isinstance(n, (nodes.title, addnodes.desc_signature, nodes.term)))
    if isinstance(head, addnodes.desc_signature):
        return head.get("fullname", head.astext())
    return "".join(text.astext() for text in head.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))


def _without_prompts(block: nodes.Element) -> str:
    return re.sub(r"^(?:>>> |\.\.\. |In \[\d+\]: |\$ )", "", block.astext(), flags=re.MULTILINE)


def _words(texts: list[str]) -> str:
    # Terminals' colours and rules of dashes are nothing to look for.
    return " ".join(re.sub(r"\x1b\[[\d;]*m|[─━═│┃┏┓┗┛┡┩╇╈└┘├┤┴┬┼╰╯╭╮-]{3,}|¶", " ", " ".join(texts)).split())
