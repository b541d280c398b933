"""Which data is on this machine, and how to get the rest: what ``course data`` shows and does."""

from dataclasses import dataclass
from pathlib import Path

from ._catalogue import ENTRIES, Entry, entry_named
from ._download import cache_folder, download, try_download
from ._error import DataError
from ._lookup import given, mode
from ._photos import unpacked


@dataclass(frozen=True)
class Dataset:
    """One data set of the book, and what a loader would find of it now, without a download.

    Attributes
    ----------
    name : str
        The loader's name, and the name for :func:`fetch`.
    title : str
        Its name in prose.
    available : str
        "real", "embedded" or "generated".
    where : str
        The folder or file of the real data, or a few words about what stands in for it.
    size : str
        Size of the real data's download, such as "31 MB"; empty if nothing has to be downloaded.
    licence, url : str
        Licence and home page of the real data.
    """

    name: str
    title: str
    available: str
    where: str
    size: str
    licence: str
    url: str


def catalogue() -> list[Dataset]:
    """List the data sets of the book with what is on this machine.

    Returns
    -------
    list of Dataset
        In the order in which the book uses them. Files are looked for, not opened: a broken one is found when
        it is loaded.

    Raises
    ------
    DataError
        If ``COURSE_DATA_DIR`` names no folder, or one that holds only a part of a data set.

    Examples
    --------
    >>> [dataset.name for dataset in catalogue()]
    ['spiral', 'mnist', 'fashion_mnist', 'cats_vs_dogs', 'photo']
    """
    return [_describe(entry) for entry in ENTRIES.values()]


def source_of(name: str) -> str:
    """Say which source the loader of a data set would take now, downloading a small one as the loader would.

    Parameters
    ----------
    name : str
        Name of the data set, such as "fashion_mnist".

    Returns
    -------
    str
        "real", "embedded" or "generated". Files are looked for, not opened.

    Raises
    ------
    DataError
        If there is no data set of that name, or ``COURSE_DATA`` or ``COURSE_DATA_DIR`` is wrong.

    Examples
    --------
    >>> source_of("spiral")
    'generated'
    """
    entry = entry_named(name)
    available = _describe(entry).available
    if available != "embedded" or mode() == "embedded" or not entry.small:
        return available
    try:
        try_download(entry)
    except DataError:
        return "embedded"
    return "real"


def fetch(name: str) -> Path:
    """Download the real files of a data set into the cache, unless they are there.

    Parameters
    ----------
    name : str
        Name of the data set, such as "fashion_mnist".

    Returns
    -------
    pathlib.Path
        The file in the cache, or the folder if there are several.

    Raises
    ------
    DataError
        If there is no data set of that name, nothing to download for it, or the download fails.
    """
    entry = entry_named(name)
    if not entry.files:
        raise DataError(f"{entry.title}: nothing has to be downloaded for {name!r}, it is always here.")
    paths = download(entry)
    return paths[0] if len(paths) == 1 else paths[0].parent


def _describe(entry: Entry) -> Dataset:
    place = _place(entry)
    if entry.at_hand:
        available, where = entry.at_hand, "in the package"
    elif place:
        available, where = "real", str(place)
    else:
        available, where = "embedded", entry.embedded
    return Dataset(entry.name, entry.title, available, where, entry.size, entry.licence, entry.url)


def _place(entry: Entry) -> Path | None:
    """Find where the real files are, without reading them."""
    if mode() == "embedded":
        return None
    paths = given(entry) or [cache_folder() / file.name for file in entry.files]
    if paths and all(path.exists() for path in paths):
        return paths[0] if len(paths) == 1 else paths[0].parent
    if entry.name == "cats_vs_dogs":
        photos = unpacked()
        return photos.folder if photos else None
    return None
