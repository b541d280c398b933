"""The directive ``review-deck``: what the book teaches, as cards to come back to (``book/labs/review-deck``).

A chapter's cards are its questions, the glossary's terms that it is the first to use, and the doctor's codes that it is
the first to name. On the page they are lists to unfold, which need no script; the same cards are a file for Anki.
"""

import csv
import functools
import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import book_quiz
from book_bound import bound_number
from book_findings import DOCTOR, page_of
from book_links import prose
from book_pages import is_site
from book_terms import GLOSSARY, Term, pattern, terms, without_sources
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course_utils.chapters import find, topic
from course_utils.doctor._codes import CODES

FILE = "neural-networks-by-experiment.txt"
_HEADERS = ["separator:tab", "html:true", "notetype:Basic", "deck:Neural Networks by Experiment"]
_HEADERS += ["guid column:1", "tags column:4"]
_KINDS = {
    "question": ("question", "questions"),
    "prediction": ("prediction", "predictions"),
    "term": ("term", "terms"),
    "code": ("finding of the doctor", "findings of the doctor"),
}
# What Anki shows of a card: HTML of its own, and formulas for its MathJax. Anything else gives its content.
_TAGS = {
    nodes.paragraph: "p",
    nodes.strong: "b",
    nodes.emphasis: "i",
    nodes.literal: "code",
    nodes.literal_block: "pre",
    nodes.bullet_list: "ul",
    nodes.list_item: "li",
}
_FORMULAS = {nodes.math: r"\({}\)", nodes.math_block: r"\[{}\]"}

Parts = list[nodes.Node]


@dataclass(frozen=True)
class Card:
    """A card: an ``id`` that stays, its ``kind``, what its ``front`` asks in a line, ``options``, and its ``back``."""

    id: str
    kind: str
    front: Parts
    back: Parts
    options: Parts = ()


@dataclass(frozen=True)
class Group:
    """The cards of a chapter, or those that belong to none: its ``name`` in ids and tags, its ``title``, and them."""

    name: str
    title: str
    cards: list[Card]


class review_deck(nodes.General, nodes.Element):  # noqa: N801  # docutils' way
    """All cards."""


class review_group(nodes.General, nodes.Element):  # noqa: N801
    """Those of a chapter: its ``title``, and what is ``told`` of how many they are."""


class review_card(nodes.General, nodes.Element):  # noqa: N801
    """One card, with its ``card`` id and ``kind``."""


class review_front(nodes.Inline, nodes.TextElement):  # noqa: N801
    """What a card asks. It unfolds the card, so nothing in it is a link."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("review-deck", ReviewDeck)
    app.add_node(review_deck, html=(_open_deck, _closing("</review-deck>\n")))
    app.add_node(review_group, html=(_open_group, _closing("</details>\n")))
    app.add_node(review_card, html=(_open_card, _closing("</details>\n")))
    app.add_node(review_front, html=(_opening("<summary>"), _closing("</summary>\n")))
    app.add_post_transform(DealCards)
    app.connect("build-finished", _write_file)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class ReviewDeck(SphinxDirective):
    """The place of the cards, which are dealt when all chapters have been read."""

    def run(self) -> Parts:
        """Mark the place; the page is written anew whenever one that cards come from has changed."""
        self.env.note_reread()
        return [review_deck()]


class DealCards(SphinxPostTransform):
    """Put the cards in their place."""

    default_priority = 5  # their references are resolved with those of the page
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Build the page's lists."""
        for deck in self.document.findall(review_deck):
            for group in groups(self.env):
                listed = review_group(title=group.title, told=counted(group.cards))
                listed += [_shown(card) for card in group.cards]
                deck += listed
            for reference in deck.findall(addnodes.pending_xref):
                reference["refdoc"] = self.env.docname


def _shown(card: Card) -> review_card:
    front = review_front("", "", *(part.deepcopy() for part in card.front), classes=["options"])
    copied = [part.deepcopy() for part in (*card.options, *card.back)]
    return review_card("", front, *copied, card=card.id, kind=card.kind)


def counted(cards: list[Card]) -> str:
    """Say how many cards there are of each kind."""
    numbers = {kind: sum(card.kind == kind for card in cards) for kind in _KINDS}
    return ", ".join(f"{number} {_KINDS[kind][number != 1]}" for kind, number in numbers.items() if number)


@functools.cache
def groups(env: BuildEnvironment) -> list[Group]:
    """Deal all cards of the book, once for a build: chapter by chapter, then what no chapter has."""
    glossary, codes = _terms(env), _codes(env)
    used = pattern(list(glossary))
    dealt = []
    for number, path in enumerate(find(folder=Path(env.srcdir)), start=1):
        page, name = f"chapters/{path.stem}", topic(path)
        document = env.get_doctree(page)
        words = "\n".join(text.astext() for text in prose(document))
        met = {list(glossary)[int(match.lastgroup[1:])] for match in used.finditer(words)}
        named = {literal.astext() for literal in document.findall(nodes.literal)}
        cards = [_of_question(question, name) for question in book_quiz.questions(document, page)]
        cards += [card for term, card in glossary.items() if term in met]
        cards += [card for code, card in codes.items() if code in named]
        dealt.append(Group(name, f"{number}. {document.next_node(nodes.title).astext()}", cards))
    rest = Group("beyond", "Beyond the chapters", [*glossary.values(), *codes.values()])
    return _each_once([*dealt, rest])


def _each_once(dealt: list[Group]) -> list[Group]:
    """Leave a card with the first that has it."""
    seen: set[str] = set()
    left = []
    for group in dealt:
        cards = [card for card in group.cards if card.id not in seen]
        seen.update(card.id for card in cards)
        left.append(Group(group.name, group.title, cards))
    return left


def _terms(env: BuildEnvironment) -> dict[Term, Card]:
    document = env.get_doctree(GLOSSARY)
    cards = {}
    for term, item in zip(terms(document), document.findall(nodes.definition_list_item), strict=True):
        definition = without_sources(item.next_node(nodes.definition))
        cards[term] = Card(
            f"term/{term.place.removeprefix('term-')}", "term", [nodes.Text(term.name)], definition.children
        )
    return cards


def _codes(env: BuildEnvironment) -> dict[str, Card]:
    """Make a card of each finding: what is wrong, and what the doctor says to the smallest program that has it."""
    cards = {}
    for row in env.get_doctree(f"{DOCTOR}index").findall(nodes.row):
        code, wrong = row.children
        if code.astext() in CODES:
            name = nodes.paragraph(
                "", "", nodes.Text("The code is "), nodes.literal(text=code.astext()), nodes.Text(".")
            )
            says = env.get_doctree(page_of(code.astext())).next_node(nodes.block_quote)
            front = wrong.next_node(nodes.paragraph).children
            cards[code.astext()] = Card(f"code/{code.astext()}", "code", front, [*_plain(says).children, name])
    return cards


def _of_question(question: book_quiz.Question, chapter: str) -> Card:
    first, *more = question.asked
    kind = "prediction" if question.ask else "question"
    options = [item.parent for item in list(question.options.values())[:1]]
    return Card(
        f"{chapter}/{question.id}",
        kind,
        _plain(first).children,
        [_plain(part) for part in question.told],
        [*more, *options],
    )


def _plain(part: nodes.Node) -> nodes.Node:
    """Copy a part without what only makes sense in its place: links, and where numbers come from."""
    copy = part.deepcopy()
    for link in list(copy.findall(lambda node: isinstance(node, bound_number | nodes.reference))):
        link.parent.replace(link, link.children or [nodes.Text(link.astext())])
    for comment in list(copy.findall(nodes.raw)):
        comment.parent.remove(comment)
    return copy


# ---- for Anki


def anki(dealt: list[Group]) -> str:
    """Write cards as Anki imports them: one a line, with an id that a later file brings up to date."""
    file = io.StringIO()
    file.writelines(f"#{header}\n" for header in _HEADERS)
    lines = csv.writer(file, dialect="excel-tab", lineterminator="\n")
    for group in dealt:
        for card in group.cards:
            front = html_of([*card.front, *card.options])
            lines.writerow([f"nn-by-experiment/{card.id}", front, html_of(card.back), f"{group.name} {card.kind}"])
    return file.getvalue()


def html_of(parts: Parts) -> str:
    """Write parts of a page as HTML for a card, in one line."""
    return "".join(_written(part) for part in parts).strip()


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return html.escape(node.astext(), quote=False).replace("\n", " ")
    if formula := _FORMULAS.get(type(node)):
        return formula.format(html.escape(node.astext(), quote=False).replace("\n", " "))
    content = "".join(_written(child) for child in node.children)
    if isinstance(node, nodes.literal_block):
        content = html.escape(node.astext(), quote=False).replace("\n", "<br>")
    tag = _TAGS.get(type(node))
    return f"<{tag}>{content}</{tag}>" if tag else content


def _write_file(app: Sphinx, exception: Exception | None) -> None:
    if is_site(app, exception):
        (Path(app.outdir) / "_static" / FILE).write_text(anki(groups(app.env)), encoding="utf-8")


# ---- on the page


def _open_deck(translator: HTML5Translator, node: review_deck) -> None:
    translator.body.append('<review-deck id="review-deck">\n')


def _open_group(translator: HTML5Translator, node: review_group) -> None:
    title, told = translator.encode(node["title"]), translator.encode(node["told"])
    summary = f'<summary>{title}<span class="told">{told}</span></summary>'
    translator.body.append(f'<details class="review-group" data-title="{title}">{summary}\n')


def _open_card(translator: HTML5Translator, node: review_card) -> None:
    translator.body.append(f'<details class="review-card" data-card="{node["card"]}" data-kind="{node["kind"]}">')


def _opening(tag: str) -> Callable[[HTML5Translator, nodes.Element], None]:
    return lambda translator, node: translator.body.append(tag)


def _closing(tag: str) -> Callable[[HTML5Translator, nodes.Element], None]:
    return lambda translator, node: translator.body.append(tag)
