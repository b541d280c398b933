"""Comparisons in prose: what a sentence claims, held against the records and against the spread over seeds.

A claim is an HTML comment behind the sentence that makes it, invisible wherever Markdown is rendered:
``… is better than the tree<!--?large_test > tree_test-->``. Both sides are names as bindings use them (of this chapter,
``TOPIC/NAME``, ``bench:NAME.FIELD``) or numbers; ``a > b > c`` claims two things, ``a ~ b`` that the two differ by no
more than chance makes them.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ._bindings import CODE

_CLAIM = re.compile(f"{CODE.pattern}|<!--\\?(?P<claim>[^\\n]*?)-->", CODE.flags)
_SIGNS = re.compile(r"\s+([<>~])\s+")


@dataclass(frozen=True)
class Term:
    """One side of a comparison.

    Attributes
    ----------
    name : str
        As written.
    value : float
        Of the recorded run.
    spread : float
        How far other seeds lie apart, where the value is that of one run or the median of several.
    """

    name: str
    value: float
    spread: float


def claims(markdown: str) -> Iterator[str]:
    """List the claims of a text as they are written, in order; those in code are examples and left out.

    Parameters
    ----------
    markdown : str
        Prose.

    Yields
    ------
    str
    """
    return (match["claim"].strip() for match in _CLAIM.finditer(markdown) if match["claim"] is not None)


def objections(claim: str, look_up: Callable[[str], Term]) -> Iterator[str]:
    """Say why a claim cannot stand.

    Parameters
    ----------
    claim : str
        Such as ``"large_test > tree_test"``.
    look_up : callable
        From a name to its term; it raises LookupError where there is none.

    Yields
    ------
    str
        One sentence for each comparison that fails.
    """
    parts = _SIGNS.split(claim)
    if len(parts) < 3 or not all(parts):
        yield f"{claim!r} is no claim: write NAME > NAME, NAME < NAME, or NAME ~ NAME for within noise"
        return
    terms = []
    for name in parts[::2]:
        try:
            terms.append(_number(name) or look_up(name))
        except LookupError as error:
            yield str(error)
            return
    for a, sign, b in zip(terms, parts[1::2], terms[1:], strict=False):
        yield from _objection(a, sign, b)


def _number(text: str) -> Term | None:
    try:
        return Term(text, float(text.replace(",", "")), 0.0)
    except ValueError:
        return None


def _objection(a: Term, sign: str, b: Term) -> Iterator[str]:
    # What depends on the machine has no spread that was measured; of it the recorded run alone can speak.
    noise = max((term.spread for term in (a, b) if math.isfinite(term.spread)), default=0.0)
    difference = abs(a.value - b.value)
    found = " and ".join(f"{term.name} is {term.value:.4g}" for term in (a, b) if _number(term.name) is None)
    if sign == "~":
        if difference > noise:
            yield f"claims that {a.name} and {b.name} differ within noise, but {found}, and seeds differ by {noise:.2g}"
    elif not (a.value > b.value if sign == ">" else a.value < b.value):
        yield f"claims {a.name} {sign} {b.name}, but {found}"
    elif difference < noise:
        yield (
            f"claims {a.name} {sign} {b.name}, but {found}, and the tolerance is {noise:.2g}, wider than what they "
            "differ by: compare _low and _high, measure more seeds, or say that it is within noise"
        )
