"""Where a data set's files are looked for, in which order."""

import os
import re
from pathlib import Path

from ..record import note
from ._catalogue import Entry
from ._download import cache_folder, download, in_cache, try_download
from ._error import DataError

# Debian's package dataset-fashion-mnist installs its files here.
_DEBIAN = Path("/usr/share/datasets")

_noticed: set[str] = set()


def note_use(name: str, source: str, edition: str) -> None:
    """Write into the ledger that a data set was loaded: from which source, and a digest of what came."""
    note("data", name, {"source": source, "edition": edition})


def find(entry: Entry, download_wanted: bool | None) -> list[Path] | None:
    """Find the real files of a data set, or None if the embedded sample is to be used.

    Looks into ``COURSE_DATA_DIR``, Debian's folder and the cache, then downloads if that is allowed.

    Parameters
    ----------
    entry : Entry
        The data set.
    download_wanted : bool or None
        True downloads, False never does, None does if the data set is small.

    Returns
    -------
    list of pathlib.Path or None
        One path for each of the entry's files, or one path to another packing of the data.

    Raises
    ------
    DataError
        If ``COURSE_DATA`` or ``COURSE_DATA_DIR`` is wrong, a download that was asked for fails, or the real
        data is required and cannot be had.
    """
    if mode() == "embedded":
        return None
    here = given(entry) or cached(entry)
    if here:
        return here
    if download_wanted:
        return download(entry)
    if download_wanted is None and entry.small:
        try:
            return try_download(entry)
        except DataError as error:
            reason = str(error)
    else:
        reason = f"{entry.size} are downloaded only when asked for"
    folder = _data_folder()
    missing = f"{folder}, which holds none of {', '.join(_accepted(entry))}" if folder else "not set"
    get_it = f"course data fetch {entry.name}"
    if mode() == "real":
        raise DataError(
            f"{entry.title}: COURSE_DATA=real, but the real data is not here. Tried COURSE_DATA_DIR ({missing}), "
            f"the cache ({cache_folder()}) and the public source ({reason}). "
            f"Run `{get_it}`, or set COURSE_DATA=embedded for {entry.embedded}."
        )
    if entry.name not in _noticed:
        _noticed.add(entry.name)
        if folder:  # it was given, so say that it was seen and what was looked for
            reason += f"; COURSE_DATA_DIR is {missing}"
        print(f"{entry.title}: using {entry.embedded} ({reason}). For the real data: {get_it}")
    return None


def given(entry: Entry) -> list[Path] | None:
    """Find a data set's real files in ``COURSE_DATA_DIR`` or in Debian's folder; see :func:`find`."""
    for folder in (_data_folder(), _DEBIAN):
        paths = _in_folder(entry, folder) if folder else None
        if paths:
            return paths
    return None


def cached(entry: Entry) -> list[Path] | None:
    """Find a data set's real files in the cache, their checksums right; see :func:`find`."""
    paths = [path for file in entry.files if (path := in_cache(file))]
    return paths if len(paths) == len(entry.files) else None


def _data_folder() -> Path | None:
    """Return the folder that ``COURSE_DATA_DIR`` names, if it is set."""
    named = os.environ.get("COURSE_DATA_DIR")
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise DataError(f"COURSE_DATA_DIR is {named!r}, which is not a folder. Set it to one, or unset it.")
    return folder


def _in_folder(entry: Entry, folder: Path) -> list[Path] | None:
    """Find a data set's files in a folder of the user's; some but not all of them is an error."""
    found, missing = [], []
    for file in entry.files:
        places = (folder / file.name, folder / Path(file.name).name)
        path = next((place for place in places if place.is_file()), None)
        if path:
            found.append(path)
        else:
            missing.append(places[0])
    if found and missing:
        raise DataError(
            f"{entry.title}: {folder} holds {len(found)} of the {len(entry.files)} files; missing: "
            f"{', '.join(map(str, missing))}. Add them, or remove the others."
        )
    if found:
        return found
    for place, content in entry.other_packings:
        match = next(folder.glob(_in_any_case(f"{place}/{content}".strip("/"))), None)
        if match:
            return [match.parents[content.count("/")] if content else match]
    return None


def _in_any_case(pattern: str) -> str:
    # Path.glob can do this itself from Python 3.12 on.
    return re.sub("[a-z]", lambda letter: f"[{letter[0]}{letter[0].upper()}]", pattern.lower())


def _accepted(entry: Entry) -> list[str]:
    """Name the files and folders of which a folder of the user's must hold one."""
    packings = (f"{place}/{content}".strip("/") for place, content in entry.other_packings)
    return [*(Path(file.name).name for file in entry.files), *packings]


def mode() -> str | None:
    """Return what ``COURSE_DATA`` asks for.

    Returns
    -------
    str or None
        "real", "embedded" or, if it is not set, None.

    Raises
    ------
    DataError
        If it is something else.
    """
    chosen = os.environ.get("COURSE_DATA") or None
    if chosen not in (None, "real", "embedded"):
        raise DataError(f"COURSE_DATA is {chosen!r}, but must be 'real', 'embedded' or not set.")
    return chosen
