"""Questions in chapters: readers answer, and are told why an answer is right or wrong (``book/labs/quiz-question``).

A chapter writes one in Markdown, inside of an element that other viewers of notebooks do not know, so that it reads
well in all of them: the question, a list of answers ``(a)``, ``(b)``, …, and folded below them the right one, its
letter in bold, with a reason for every other. Where the element names a record, as ``ask="NAME"``, readers predict its
value: then there are no answers to choose, and what is folded quotes the record.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

_TAG = "quiz-question"
_OPENING = re.compile(rf'<{_TAG} id="(?P<id>[a-z][a-z0-9-]*)"(?: ask="(?P<ask>\w+)"(?: most="\d+")?)?>')
_LETTER = re.compile(r"\((\w)\)")

Parts = list[nodes.Node]


@dataclass(frozen=True)
class Question:
    """A question, as the parts of a page that it is made of.

    Attributes
    ----------
    id : str
        Its name within the chapter, and its place on the page.
    asked : list of docutils.nodes.Node
        What is asked.
    told : list of docutils.nodes.Node
        What is folded: the whole answer.
    ask : str
        Name of the record whose value is to be predicted; empty if there are answers to choose from.
    options : dict of str to docutils.nodes.list_item
        The answers by their letters.
    right : str
        Letter of the right one.
    """

    id: str
    asked: Parts
    told: Parts
    ask: str = ""
    options: dict[str, nodes.Element] = field(default_factory=dict)
    right: str = ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    # While a bound number is still the comment that names its record.
    app.connect("doctree-read", _check, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _check(app: Sphinx, doctree: nodes.document) -> None:
    check(doctree, app.env.docname)


def check(document: nodes.document, page: str) -> None:
    """Read all questions of a page, and keep links out of answers that are there to be clicked.

    Raises
    ------
    ExtensionError
        If one is not whole, or asks for a record that its answer does not quote.
    """
    seen = set(document.ids)
    for question in questions(document, page):
        if question.id in seen:
            _fail(page, question.id, "another part of the page has this id. Give it another")
        seen.add(question.id)
        if question.ask and not _quotes(question.told, question.ask):
            _fail(
                page,
                question.id,
                f"the answer does not quote what is asked for. Bind a number: <!--={question.ask}:.2f-->",
            )
        for item in question.options.values():
            item.parent["classes"] = ["options"]


def questions(document: nodes.document, page: str) -> Iterator[Question]:
    """List the questions of a page.

    Parameters
    ----------
    document : docutils.nodes.document
        The page.
    page : str
        Its name, for errors.

    Yields
    ------
    Question

    Raises
    ------
    ExtensionError
        If a question is not whole; it names page and question, and says what is wrong.
    """
    for opening in list(document.findall(_is_opening)):
        match = _OPENING.fullmatch(opening.astext().strip())
        if match is None:
            expected = f'<{_TAG} id="NAME">, or <{_TAG} id="NAME" ask="RECORD">'
            _fail(page, opening.astext().strip(), f"expected {expected}, between empty lines")
        yield _read(page, match["id"], match["ask"] or "", _following(opening))


def _is_opening(node: nodes.Node) -> bool:
    return isinstance(node, nodes.raw) and f"<{_TAG}" in node.astext()


def _following(node: nodes.Node) -> Parts:
    return node.parent[node.parent.index(node) + 1 :]


def _read(page: str, name: str, ask: str, rest: Parts) -> Question:
    inside = list(takewhile(lambda node: not _is_tag(node, f"</{_TAG}>"), rest))
    if len(inside) == len(rest) or any(map(_is_opening, inside)):
        _fail(page, name, f"it does not end. Write </{_TAG}> behind it, an empty line before and after")
    asked = list(takewhile(lambda node: not _is_tag(node, "<details>"), inside))
    told = inside[len(asked) + 1 : -1]
    if not told or not _is_tag(inside[-1], "</details>"):
        _fail(page, name, "no answer is folded at its end. Write <details>, <summary>Answer</summary> and </details>")
    if ask:
        return Question(name, asked, told, ask)
    return Question(name, asked[:-1], told, "", *_choice(page, name, asked, told))


def _choice(page: str, name: str, asked: Parts, told: Parts) -> tuple[dict[str, nodes.Element], str]:
    """Return the answers to choose from and the right one's letter, if everything is said of each of them."""
    options = _lettered(asked[-1:])
    if list(options) != list(string.ascii_lowercase[: max(2, len(options))]):
        _fail(page, name, f"it does not end with a list of answers (a), (b), …; found: {_listed(options)}")
    right = [letter for part in told for letter in _bold(part)]
    if not right:
        _fail(page, name, "no answer is marked as right. Begin what is folded with its letter in bold: **(a).**")
    if len(right) > 1:
        _fail(page, name, f"{len(right)} answers are marked as right: {_listed(right)}. Make all but one wrong")
    if right[0] not in options or not told[0].astext().startswith(f"({right[0]})"):
        _fail(page, name, f"what is folded begins with ({right[0]}), and the answers are {_listed(options)}")
    reasons = _lettered(part for part in told if isinstance(part, nodes.bullet_list))
    if missing := options.keys() - reasons.keys() - {right[0]}:
        _fail(page, name, f"no reason is given for {_listed(sorted(missing))}. Add '- (x) …' below the right answer")
    if beyond := reasons.keys() - (options.keys() - {right[0]}):
        _fail(page, name, f"a reason is given for {_listed(sorted(beyond))}, which is no wrong answer")
    return options, right[0]


def _lettered(lists: Iterator[nodes.Node] | Parts) -> dict[str, nodes.Element]:
    """Return the items of lists by the letters that they begin with; "?" stands for none."""
    found = [
        (_LETTER.match(item.astext()), item) for each in lists if isinstance(each, nodes.bullet_list) for item in each
    ]
    return {match[1] if match else "?": item for match, item in found}


def _bold(part: nodes.Node) -> list[str]:
    """List the letters in bold type, in what is said of the right answer."""
    if isinstance(part, nodes.bullet_list):
        return []
    return [letter for strong in part.findall(nodes.strong) for letter in _LETTER.findall(strong.astext())]


def _quotes(told: Parts, record: str) -> bool:
    # Not as a percentage: what readers set is a share.
    bound = re.compile(rf"<!--={record}:[^%]*-->")
    return any(bound.fullmatch(comment.astext()) for part in told for comment in part.findall(nodes.raw))


def _is_tag(node: nodes.Node, tag: str) -> bool:
    return isinstance(node, nodes.raw) and node.astext().startswith(tag)


def _listed(letters: list[str] | dict[str, object]) -> str:
    return ", ".join(f"({letter})" for letter in letters) or "none"


def _fail(page: str, name: str, what: str) -> None:
    raise ExtensionError(f"{page}, question {name}: {what}.")
