"""Which chapters a new run would mend."""

from collections.abc import Iterable
from pathlib import Path

from ._check import check

_MENDED_BY_A_RUN = {"not-run", "stale-output", "execution-order"}


def stale(names: Iterable[str] = ()) -> dict[Path, list[str]]:
    """List the chapters whose stored outputs are not those of their code, data and versions of now.

    Parameters
    ----------
    names : iterable of str
        Chapters, as :func:`find` takes them; none at all means every chapter.

    Returns
    -------
    dict of pathlib.Path to list of str
        Why each of them is stale, in reading order.

    Raises
    ------
    ChapterError
        If a chapter cannot be found or read.
    """
    reasons: dict[Path, list[str]] = {}
    for finding in check(names=names)[0]:
        if finding.code in _MENDED_BY_A_RUN:
            reasons.setdefault(finding.path, []).append(finding.message.removesuffix(": course run"))
    return reasons
