"""One run beside others that differ from it by the seed alone."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def over_seeds(values: Sequence[float], digits: int = 3) -> str:
    """Say in short what several seeds gave.

    Parameters
    ----------
    values : sequence of float
        One for each seed.
    digits : int
        How many decimals are shown.

    Returns
    -------
    str
        Median, smallest and largest, and how many there are.

    Raises
    ------
    ValueError
        If there are no values.

    Examples
    --------
    >>> over_seeds([0.871, 0.862, 0.880])
    '0.871 (0.862–0.880, 3 seeds)'
    """
    if not len(values):
        raise ValueError("over_seeds got no values: give one number for each seed")
    low, middle, high = (f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low}–{high}, {len(values)} seed{'s' * (len(values) != 1)})"


def place(value: float, recorded: Sequence[float]) -> str:
    """Say whether a run is a normal one: its place among those of other seeds, the largest first.

    Parameters
    ----------
    value : float
        What this run gave.
    recorded : sequence of float
        What other seeds gave.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there are no recorded values.

    Examples
    --------
    >>> place(0.871, [0.862, 0.880, 0.874, 0.866])
    '0.871: 3rd of 4'
    >>> place(0.850, [0.862, 0.880, 0.874, 0.866])
    '0.85: below all 4 (0.862 to 0.88)'
    """
    if not len(recorded):
        raise ValueError("place got nothing to compare with: give what other seeds gave")
    n, above = len(recorded), sum(other > value for other in recorded)
    told, span = f"{value:.4g}", f"{n} ({min(recorded):.4g} to {max(recorded):.4g})"
    if above == n:
        return f"{told}: below all {span}"
    if above == 0 and value > max(recorded):
        return f"{told}: above all {span}"
    return f"{told}: {_ordinal(above + 1)} of {n}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
