"""Which data a chapter was recorded on, and which it would find now."""

from collections.abc import Mapping

from .. import data
from ._notebooks import ChapterError


def sources_now(recorded: Mapping[str, str]) -> dict[str, str]:
    """Say which source each data set of a recorded run would come from now.

    Parameters
    ----------
    recorded : mapping of str to str
        Source by data set, as in a chapter's provenance.

    Returns
    -------
    dict of str to str
        The same data sets; one that the book no longer has keeps its source, only a run can tell.

    Raises
    ------
    ChapterError
        If ``COURSE_DATA`` or ``COURSE_DATA_DIR`` is wrong.
    """
    if set(recorded.values()) <= {"generated"}:
        return dict(recorded)
    try:
        known = {dataset.name for dataset in data.catalogue()}
        return {name: data.source_of(name) if name in known else source for name, source in recorded.items()}
    except data.DataError as error:
        raise ChapterError(str(error)) from error


def lost(recorded: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """List the data sets that were real and are embedded now."""
    return [name for name, source in recorded.items() if source == "real" and now.get(name) == "embedded"]


def how_to_get(names: list[str]) -> str:
    """Say how to have the real data of some data sets."""
    if data.mode() == "embedded":
        return "unset COURSE_DATA"
    fetch = " and ".join(f"`course data fetch {name}`" for name in names)
    return f"{fetch}, or set COURSE_DATA_DIR to a folder that holds them"
