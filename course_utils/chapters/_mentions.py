"""Where a text mentions chapters: the names of their files, and "chapter N" in prose.

A file is named in a link, or in code that works on it, so its name follows everywhere. A number is followed in prose
only, where the text of a link goes by what the link leads to: a chapter of somebody else's book keeps its number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ._bindings import CODE
from ._find import topic
from ._places import Places

_ITEM = r"\d+(?!\d|,\d{3})(?:(?:\s?[–-]\s?|\s+(?:to|through)\s+)\d+)?"
# Only "chapters" begins a list, which ends behind "and": a number after another comma counts something else.
MENTION = re.compile(
    rf"\b(?:chapters\s+(?:>\s+)?{_ITEM}(?:,\s*{_ITEM})*(?:,?\s+(?:and|or)\s+{_ITEM})?"
    rf"|chapter\s+(?:>\s+)?\d+(?:[–-]\d+|\s+or\s+\d+)?)(?![\d%]|-[a-z])",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?P<first>\d+)(?:(?P<to>\s?[–-]\s?|\s+(?:to|through)\s+)(?P<last>\d+))?")
_LINK = r"(?<!!)\[(?P<label>[^\[\]]*)\](?:\((?P<target>[^()\s]*)[^()]*\)|\[(?P<key>[^\[\]]+)\])"
_CODE_OR_LINK_OR_MENTION = re.compile(f"{CODE.pattern}|{_LINK}|(?P<mention>(?i:{MENTION.pattern}))", CODE.flags)
_DEFINITION = re.compile(r"^ {0,3}\[(?P<key>[^\[\]]+)\]:\s+(?P<target>\S+)", re.MULTILINE)
# In front of a title, as in the tables of chapters.
_TITLE_NUMBER = re.compile(r"\s*(?P<number>\d+)(?=\.\s)")


@dataclass(frozen=True)
class Edit:
    """One mention of a chapter, and what should stand there.

    Attributes
    ----------
    start : int
        Where in the text it begins.
    before, after : str
        What stands there, and what should.
    objection : str
        Why nobody can say what should; empty if somebody can.
    """

    start: int
    before: str
    after: str
    objection: str = ""


def edits(text: str, places: Places) -> list[Edit]:
    """List what has to change in a Markdown text so that its mentions follow the chapters to their places.

    Parameters
    ----------
    text : str
        Markdown.
    places : Places
        Where the chapters stand, and where they stood.

    Returns
    -------
    list of Edit
        In the order of the text; without what is right as it is.
    """
    found = [*name_edits(text, places), *_number_edits(text, places)]
    return _wrong(sorted(found, key=lambda edit: edit.start))


def code_edits(text: str, places: Places) -> list[Edit]:
    """List what has to change in a program, its comments included; in code, only a person may change it."""
    found = [*name_edits(text, places), *_mention_edits(text, places)]
    return _wrong(sorted(found, key=lambda edit: edit.start))


def hidden_edits(text: str, places: Places) -> list[Edit]:
    """List the numbers of chapters in a Markdown text's code, which :func:`edits` leaves alone."""
    spans = (match for match in CODE.finditer(text))
    return _wrong([_shifted(edit, span.start()) for span in spans for edit in _mention_edits(span[0], places)])


def name_edits(text: str, places: Places) -> Iterator[Edit]:
    """List the names of chapters' files in a text, whatever number they have, beside those they should have."""
    topics = "|".join(map(re.escape, sorted(places.now, key=len, reverse=True)))
    if not topics:
        return
    # A new chapter's file may have no number yet. Then only a folder or an ending tells its name from a word.
    name = rf"\d\d?-(?:{topics})|(?<=chapters/)(?:{topics})|(?<![\w/])(?:{topics})(?=\.(?:ipynb|html)\b)"
    for match in re.finditer(rf"(?<![\w-])(?:{name})(?![\w-])(?!\.(?!ipynb\b|html\b)\w)", text):
        yield Edit(match.start(), match[0], places.stem(topic(match[0])))


def rewritten(text: str, changes: list[Edit]) -> str:
    """Carry out edits.

    Parameters
    ----------
    text : str
        The text that they were found in.
    changes : list of Edit
        In its order.

    Returns
    -------
    str
    """
    pieces, end = [], 0
    for edit in changes:
        pieces += [text[end : edit.start], edit.after]
        end = edit.start + len(edit.before)
    return "".join([*pieces, text[end:]])


def _number_edits(text: str, places: Places) -> Iterator[Edit]:
    targets = {match["key"].lower(): match["target"] for match in _DEFINITION.finditer(text)}
    for match in _CODE_OR_LINK_OR_MENTION.finditer(text):
        if match["mention"]:
            yield _mention_edit(match["mention"], match.start(), places)
        elif match["label"]:
            target = match["target"] if match["key"] is None else targets.get(match["key"].lower(), "")
            for edit in _label_edits(match["label"], target, places):
                yield _shifted(edit, match.start("label"))


def _label_edits(label: str, target: str, places: Places) -> Iterator[Edit]:
    file = next(name_edits(target, places), None)
    if file is None:
        if "://" not in target:
            yield from _mention_edits(label, places)
        return
    number = str(places.now[topic(file.before)])
    if match := _TITLE_NUMBER.match(label):
        yield Edit(match.start("number"), match["number"], number)
    for match in MENTION.finditer(label):
        alone = len(re.findall(r"\d+", match[0])) == 1
        after = re.sub(r"\d+", number, match[0])
        yield Edit(match.start(), match[0], after) if alone else _mention_edit(match[0], match.start(), places)


def _mention_edits(text: str, places: Places) -> Iterator[Edit]:
    return (_mention_edit(match[0], match.start(), places) for match in MENTION.finditer(text))


def _mention_edit(mention: str, start: int, places: Places) -> Edit:
    def moved(match: re.Match[str]) -> str:
        if match["last"] is None:
            return str(places.moved(int(match["first"])))
        # What came in between belongs to the range now, whatever the order in which its chapters stand.
        span = [places.moved(number) for number in range(int(match["first"]), int(match["last"]) + 1)]
        return f"{min(span)}{match['to']}{max(span)}" if span else match[0]

    try:
        return Edit(start, mention, _NUMBERS.sub(moved, mention))
    except LookupError as error:
        return Edit(start, mention, mention, str(error))


def _shifted(edit: Edit, by: int) -> Edit:
    return replace(edit, start=edit.start + by)


def _wrong(found: list[Edit]) -> list[Edit]:
    return [edit for edit in found if edit.objection or edit.after != edit.before]
