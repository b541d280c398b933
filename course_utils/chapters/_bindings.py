"""Numbers in prose: finding the ones that are bound to a record, and the ones that should be.

A binding is an HTML comment just behind a number, invisible wherever Markdown is rendered:
``0.98<!--=large_train:.2f-->`` in the chapter that recorded it, ``0.98<!--=spiral-mlp/large_train:.2f-->``
on any other page. ``run.minutes`` and ``run.seconds`` name the duration of the chapter's recorded run, and
``0.94<!--=bench:cats-steady.accuracy:.2f-->`` quotes the runs of an experiment, in ``book/results.jsonl``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..record import Value

# Fenced blocks and code spans. What they hold is shown, not said: a binding in them is an example of one.
CODE = re.compile(
    r"^(?P<opening>[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*)$.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t\r]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t\r]*\n).)+?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_WORD = r"[\w.,%/−+-]*"
# The comment may stand behind the stars of a bold number.
_BINDING = rf"(?P<text>{_WORD})(?P<comment>\*{{0,3}}<!--=(?P<reference>[^\n]*?)-->)"
_CODE_OR_BINDING = re.compile(f"{CODE.pattern}|{_BINDING}", CODE.flags)

# What a number measured by a run looks like: two decimals, thousands, a percentage or seconds.
_MEASURED = re.compile(
    r"(?<![\w.,])(?:\d+\.\d{2,}|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?=\s?%|\s(?:seconds|s)\b))(?![\w,]*\d|\.\d)"
)
# Where such a number is no claim about a run: formulas, links, HTML, and what is already bound.
_NO_CLAIM = re.compile(
    rf"\$\$.*?\$\$|\$[^$\n]+\$|{_WORD}\*{{0,3}}<!--.*?-->|!?\[[^\]]*\]\([^)]*\)|<[^>]+>",
    re.DOTALL,
)
_SOURCE = re.compile(r"\]\(https?://|\]\[\w+\]|<https?://")


@dataclass(frozen=True)
class Binding:
    """A number in prose and the record it is bound to.

    Attributes
    ----------
    text : str
        The number as printed.
    chapter : str or None
        Topic of the chapter that recorded it; ``None`` for the chapter it stands in, "bench" for measured experiments.
    name : str
        The record's name; of an experiment, its name and the field, joined by a point.
    spec : str
        Python format specification of the printed form.
    """

    text: str
    chapter: str | None
    name: str
    spec: str

    @classmethod
    def _of(cls, match: re.Match[str]) -> "Binding":
        return cls.to(match["reference"].strip(), match["text"])

    @classmethod
    def to(cls, reference: str, text: str = "") -> "Binding":
        """Read a reference as it stands in a comment: ``NAME:FORMAT``, ``TOPIC/NAME:FORMAT``, ``bench:NAME.FIELD``."""
        if reference.startswith("bench:"):
            reference = reference.replace(":", "/", 1)
        target, _, spec = reference.partition(":")
        chapter, _, name = target.rpartition("/")
        return cls(text, chapter or None, name, spec)

    def printed(self, value: Value) -> str:
        """Print a value as this binding wants it.

        Raises
        ------
        ValueError
            If the format does not fit the value, or gives more than one word: nobody could tell where it begins.
        """
        text = format(value, self.spec)
        if not re.fullmatch(_WORD, text):
            raise ValueError(f"{text!r} is not one word")
        return text


def bindings(markdown: str) -> Iterator[Binding]:
    """List the bindings of a text, in order; those in code are examples and left out.

    Parameters
    ----------
    markdown : str
        Prose.

    Yields
    ------
    Binding
    """
    return (Binding._of(match) for match in _CODE_OR_BINDING.finditer(markdown) if match["comment"])


def rewrite(markdown: str, correct: Callable[[Binding], str]) -> str:
    """Replace every bound number, except in code.

    Parameters
    ----------
    markdown : str
        Prose.
    correct : callable
        From a binding to the text that should stand there.

    Returns
    -------
    str
    """

    def corrected(match: re.Match[str]) -> str:
        return correct(Binding._of(match)) + match["comment"] if match["comment"] else match[0]

    return _CODE_OR_BINDING.sub(corrected, markdown)


def without_code(markdown: str) -> str:
    """Leave out what code shows: of a fenced block its first line stays, of a code span the word "code".

    Parameters
    ----------
    markdown : str
        Prose.

    Returns
    -------
    str
    """
    return CODE.sub(lambda match: match["opening"] or "`code`", markdown)


def unbound(markdown: str) -> list[str]:
    """List numbers that look measured but are bound to nothing and carry no source.

    A paragraph with a link to elsewhere is taken as quoting its source.

    Parameters
    ----------
    markdown : str
        Prose.

    Returns
    -------
    list of str
    """
    numbers = []
    for paragraph in re.split(r"\n\s*\n", without_code(markdown)):
        if not _SOURCE.search(paragraph):
            numbers += _MEASURED.findall(_NO_CLAIM.sub(" ", paragraph))
    return numbers
