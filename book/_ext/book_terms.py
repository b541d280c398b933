"""On each page the first use of a glossary's term is a link to its entry, and shows the definition when pointed at.

The definitions are one small script for the whole book, which a page loads when the first of them is wanted: pages
opened from disk may load scripts, but no data. Without JavaScript a term is just a link.
"""

import functools
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import filterfalse
from pathlib import Path

from book_links import link, prose
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "book/glossary"
# The reference speaks of arguments rather than of ideas, and the kernel of a set-up is Jupyter's.
_WITHOUT = (GLOSSARY, "book/api/", "book/setup", "index", "book/licence", "book/references", "book/review")
# Everyday words, of which the glossary gives one meaning: where an author means that, a {term} links it.
_EVERYDAY = {"chance", "head", "score"}
_FORMULA = "\N{OBJECT REPLACEMENT CHARACTER}"
_SCRIPT = Path(__file__).parents[1] / "scripts" / "terms.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", _depend_on_glossary)
    app.connect("html-page-context", _add_script)
    app.connect("build-finished", _write_definitions)
    app.add_post_transform(LinkTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


@dataclass(frozen=True)
class Term:
    """A term, the place of its entry on the page, and its definition in plain text."""

    name: str
    place: str
    definition: str


class LinkTerms(SphinxPostTransform):
    """Link the first use of each term."""

    default_priority = 210  # a chapter's or a code's link goes first
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the first uses on a page."""
        if self.env.docname.startswith(_WITHOUT):
            return
        glossary, used = _defined(self.env)
        page = self.app.builder.get_relative_uri(self.env.docname, GLOSSARY)
        linked = {reference.get("refuri") for reference in self.document.findall(nodes.reference)}
        unused = [t for t in glossary if f"{page}#{t.place}" not in linked and t.name not in _EVERYDAY]
        for text in filterfalse(_is_citation, prose(self.document)):
            words, pieces, end = text.astext(), [], 0
            # A use inside a longer term is none: a sentence about dense layers is not where "layer" is met first.
            for match in used.finditer(words):
                term = glossary[int(match.lastgroup[1:])]
                if term in unused:
                    unused.remove(term)
                    reference = link(match[0], f"{page}#{term.place}")
                    reference["classes"] = ["term"]
                    pieces += [nodes.Text(words[end : match.start()]), reference]
                    end = match.end()
            if pieces:
                text.parent.replace(text, [*pieces, nodes.Text(words[end:])])


@functools.cache
def _defined(env: BuildEnvironment) -> tuple[list[Term], re.Pattern[str]]:
    """Return the terms and their pattern, made once for all the pages of a build."""
    found = list(terms(env.get_doctree(GLOSSARY)))
    return found, pattern(found)


def terms(glossary: nodes.document) -> Iterator[Term]:
    """List what the glossary defines."""
    for item in glossary.findall(nodes.definition_list_item):
        term = item.next_node(nodes.term)
        # The page's own marks of the index stand in the term, too.
        name = "".join(text.astext() for text in term.findall(nodes.Text))
        yield Term(name, term["ids"][0], plain(item.next_node(nodes.definition)))


def pattern(glossary: list[Term]) -> re.Pattern[str]:
    """Build a pattern with one group for each term, the longest first where several begin at one place."""
    ordered = sorted(enumerate(glossary), key=lambda item: -len(item[1].name))
    forms = "|".join(f"(?P<t{i}>{form(term.name)})" for i, term in ordered)
    # Where no word begins, none of the forms has to be tried.
    return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])")


def form(name: str) -> str:
    """Return a pattern for a term as it stands in a sentence: plural, capitalised, with z for s."""
    name = re.sub(r"^k-", "", name)  # its k is in italics, outside of the text
    *first, last = re.split(r"[ -]", name)
    words = [re.escape(word) for word in (*first, last)]
    if last.islower():
        words[-1] = _inflected(last)
    whole = r"[\s-]".join(re.sub(r"is(?=ation|ing|er|e\b)", "i[sz]", re.sub("iz(?=er)", "i[sz]", w)) for w in words)
    # "Adam" and "ReLU" are names; other terms may begin a sentence.
    return f"(?i:{name[0]}){whole[1:]}" if name[0].islower() else whole


def _inflected(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}(?:y|ies)"
    if word.endswith("ising"):
        return f"{word[:-3]}(?:ing|e|es|ed)"
    if word == "overfitting":
        return "overfit(?:s|ting)?"
    return rf"{word}(?:s|es)?"


def plain(definition: nodes.definition) -> str:
    """Return a definition as plain text, without sources and without formulas that need typesetting."""
    copy = without_sources(definition)
    for formula in list(copy.findall(nodes.math)):
        text = formula.astext()
        formula.parent.replace(formula, nodes.Text(_FORMULA if "\\" in text else text))
    sentences = re.split(r"(?<=\.)\s", " ".join(copy.astext().split()))
    kept = [s for i, s in enumerate(sentences) if i == 0 or _FORMULA not in s]
    return re.sub(rf"\s*{_FORMULA}|\s+(?=[.,;:])", "", " ".join(kept))


def without_sources(definition: nodes.definition) -> nodes.definition:
    """Return a copy that names no sources, which are for the glossary's page."""
    copy = definition.deepcopy()
    for source in list(copy.findall(lambda node: _is_source(node))):
        before = source.previous_sibling() if hasattr(source, "previous_sibling") else None
        if isinstance(before, nodes.Text):
            source.parent.replace(before, nodes.Text(before.rstrip()))
        source.parent.remove(source)
    return copy


def _is_source(node: nodes.Node) -> bool:
    cited = isinstance(node, addnodes.pending_xref) and node.get("refdomain") == "cite"
    return cited or isinstance(node, nodes.citation_reference)


def _is_citation(text: nodes.Text) -> bool:
    """Whether a text names what others wrote, or what a chapter was run with."""
    node = text.parent
    while node is not None:
        if "provenance" in node.get("classes", ()) or (isinstance(node, nodes.section) and "sources" in node["ids"]):
            return True
        node = node.parent
    return False


def _depend_on_glossary(app: Sphinx, docname: str, source: list[str]) -> None:
    app.env.note_dependency(app.env.doc2path(GLOSSARY))


def _add_script(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    if re.search('class="(term |bound-number)', context.get("body", "")):
        app.add_js_file("terms.js", loading_method="defer")


def _write_definitions(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    shutil.copyfile(_SCRIPT, static / _SCRIPT.name)
    definitions = {term.place: term.definition for term in terms(app.env.get_doctree(GLOSSARY))}
    text = json.dumps(definitions, ensure_ascii=False)
    (static / "definitions.js").write_text(f"window.bookDefinitions = {text};\n", encoding="utf-8")
