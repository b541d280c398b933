"""The ledger: what this process has used, written by the rooms that gave it, read when outputs are stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_entries: dict[str, dict[str, Any]] = {}


def note(kind: str, name: str, entry: Any) -> None:
    """Write into the ledger that something was used; the last entry of a name counts.

    Parameters
    ----------
    kind : str
        "data", "results", "models" or "pretrained".
    name : str
        Of the data set, experiment or network.
    entry : dict or str
        What tells this one from another of the same name, ready for JSON.
    """
    _entries.setdefault(kind, {})[name] = entry


def used(kind: str) -> dict[str, Any]:
    """Read what the process has used so far.

    Parameters
    ----------
    kind : str
        "data", "results", "models" or "pretrained".

    Returns
    -------
    dict
        From the name to what was noted, in the order of first use. Of a data set: ``source`` ("generated", "real" or
        "embedded") and ``edition`` (a digest of what was loaded); of results and of what comes pretrained: a digest; of
        models nothing, because what they are made of is known by their name.

    Examples
    --------
    >>> from course_utils.data import spiral
    >>> X, y = spiral()
    >>> used("data")["spiral"]["source"]
    'generated'
    """
    return dict(_entries.get(kind, {}))


@contextmanager
def own_ledger() -> Iterator[None]:
    """Keep a ledger of its own while open: for asking what one piece of code uses.

    Yields
    ------
    None

    Examples
    --------
    >>> with own_ledger():
    ...     used("data")
    {}
    """
    global _entries
    outer, _entries = _entries, {}
    try:
        yield
    finally:
        _entries = outer
