"""Numbers in prose: finding the ones that are bound to a record, and the ones that should be.

A binding is an HTML comment just behind a number, invisible wherever Markdown is rendered:
``0.98<!--=large_train:.2f-->`` in the chapter that recorded it, ``0.98<!--=01-spiral-mlp/large_train:.2f-->``
on any other page. ``run.minutes`` and ``run.seconds`` name the duration of the chapter's recorded run.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..record import Value

_BINDING = re.compile(r"(?P<text>[\w.,%/−+-]*)(?P<comment><!--=(?P<reference>.*?)-->)")

# What a number measured by a run looks like: two decimals, thousands, a percentage or seconds.
_MEASURED = re.compile(
    r"(?<![\w.,])(?:\d+\.\d{2,}|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?=\s?%|\s(?:seconds|s)\b))(?![\w,]*\d)"
)
# Where such a number is no claim about a run: code, formulas, links, HTML, and what is already bound.
_NO_CLAIM = re.compile(
    r"```.*?```|``.*?``|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|[\w.,%/−+-]*<!--.*?-->|!?\[[^\]]*\]\([^)]*\)|<[^>]+>",
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
        Stem of the chapter that recorded it; ``None`` for the chapter it stands in.
    name : str
        The record's name.
    spec : str
        Python format specification of the printed form.
    """

    text: str
    chapter: str | None
    name: str
    spec: str

    @classmethod
    def _of(cls, match: re.Match[str]) -> "Binding":
        target, _, spec = match["reference"].strip().partition(":")
        chapter, _, name = target.rpartition("/")
        return cls(match["text"], chapter or None, name, spec)

    def printed(self, value: Value) -> str:
        """Print a value as this binding wants it.

        Raises
        ------
        ValueError
            If the format does not fit the value.
        """
        return format(value, self.spec)


def bindings(markdown: str) -> Iterator[Binding]:
    """List the bindings of a text, in order.

    Parameters
    ----------
    markdown : str
        Prose.

    Yields
    ------
    Binding
    """
    return map(Binding._of, _BINDING.finditer(markdown))


def rewrite(markdown: str, correct: Callable[[Binding], str]) -> str:
    """Replace every bound number.

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
    return _BINDING.sub(lambda match: correct(Binding._of(match)) + match["comment"], markdown)


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
    for paragraph in re.split(r"\n\s*\n", markdown):
        if not _SOURCE.search(paragraph):
            numbers += _MEASURED.findall(_NO_CLAIM.sub(" ", paragraph))
    return numbers
