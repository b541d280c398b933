"""What is named elsewhere in the book becomes a link when the book is built: chapters, and the doctor's codes.

The notebooks stay portable Markdown, and say "chapter N" and `` `input-rank` ``. A chapter's number is its place in the
table of contents, as ``course renumber`` has it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from book_findings import code_of, page_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from course_utils.chapters import find
from course_utils.chapters._mentions import MENTION

# In a list of chapters the word goes with the first number.
_NUMBER = re.compile(r"(?:chapters?\s+)?\d+", re.IGNORECASE)
# As the doctor prints a code; newer outputs already link it to the published page.
_PRINTED = re.compile(r"(?:<a href=\"[^\"]*\">)?<code>([a-z]+(?:-[a-z]+)*)</code>(?:</a>)?")
_CHOSEN = {"sd-card", "options"}
# Where a link would stand in another one, in a heading's way, or in what is not the book's prose.
CLOSED = (
    nodes.reference,
    nodes.title,
    nodes.literal,
    nodes.literal_block,
    nodes.caption,
    nodes.term,
    nodes.raw,
    nodes.rubric,
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_post_transform(LinkChapters)
    app.add_post_transform(LinkCodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class LinkChapters(SphinxPostTransform):
    """Link "chapter N", except to itself."""

    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the mentions of a page."""
        self.chapters = [f"chapters/{path.stem}" for path in find(folder=Path(self.env.srcdir))]
        for text in prose(self.document):
            pieces = [piece for match in mentions(text.astext()) for piece in self._linked(*match)]
            if any(not isinstance(piece, nodes.Text) for piece in pieces):
                text.parent.replace(text, pieces)

    def _linked(self, words: str, number: int | None) -> list[nodes.Node]:
        here = self.env.docname
        if number is None or not 1 <= number <= len(self.chapters) or self.chapters[number - 1] == here:
            return [nodes.Text(words)] if words else []
        return [link(words, self.app.builder.get_relative_uri(here, self.chapters[number - 1]))]


class LinkCodes(SphinxPostTransform):
    """Link the doctor's codes: in text, and where the doctor's own HTML names them."""

    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the codes of a page."""
        for literal in list(self.document.findall(nodes.literal)):
            code = literal.astext()
            if code_of(self.env.docname) != code and self._address(code) and not within(literal, CLOSED[:2]):
                reference = link("", self._address(code))
                literal.parent.replace(literal, reference)
                reference += literal
        for raw in list(self.document.findall(nodes.raw)):
            html = _PRINTED.sub(self._in_html, raw.astext())
            if html != raw.astext():
                raw.parent.replace(raw, nodes.raw(html, html, **raw.attributes))

    def _address(self, code: str) -> str | None:
        if page_of(code) not in self.env.found_docs:
            return None
        return self.app.builder.get_relative_uri(self.env.docname, page_of(code))

    def _in_html(self, printed: re.Match[str]) -> str:
        address = self._address(printed[1])
        code = f"<code>{printed[1]}</code>"
        return f'<a class="reference internal" href="{address}">{code}</a>' if address else printed[0]


def mentions(text: str) -> Iterator[tuple[str, int | None]]:
    """Cut a text into what names a chapter, with its number, and what does not."""
    end = 0
    for mention in MENTION.finditer(text):
        for item in _NUMBER.finditer(text, mention.start(), mention.end()):
            yield text[end : item.start()], None
            yield item[0], int(item[0].split()[-1])
            end = item.end()
    yield text[end:], None


def prose(document: nodes.document) -> list[nodes.Text]:
    """List the texts of a page that may hold links."""
    return [text for text in document.findall(nodes.Text) if not within(text, CLOSED)]


def within(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    """Whether a node lies inside one of these kinds, in a card that is one link, or in answers to choose from."""
    node = node.parent
    while node is not None:
        if isinstance(node, kinds) or not _CHOSEN.isdisjoint(node.get("classes", ())):
            return True
        node = node.parent
    return False


def link(words: str, address: str) -> nodes.reference:
    """Build a link to a page of the book; it may wait for its content."""
    return nodes.reference("", words, refuri=address, internal=True)
