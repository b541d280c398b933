"""Downloads into the cache: verified by checksum, retried when asked for, quick to give up when not."""

import os
import threading
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from ._catalogue import Entry, File
from ._error import DataError

# (connect, read) in seconds. A reader who did not ask for a download must not wait for a dead network.
_PATIENT = (10, 60)
_HASTY = (3, 10)
_RETRIES = 3

# Why an automatic download of a data set failed; it is not tried again in this process.
_gave_up: dict[str, str] = {}


def cache_folder() -> Path:
    """Return the folder of downloads: ``COURSE_CACHE_DIR``, or the operating system's cache.

    Returns
    -------
    pathlib.Path
        It need not exist yet.
    """
    chosen = os.environ.get("COURSE_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import pooch

    return Path(pooch.os_cache("course-utils"))


def in_cache(file: File) -> Path | None:
    """Return the cached file if it is there and its checksum is right."""
    path = cache_folder() / file.name
    if not path.is_file() or path.stat().st_size != file.size:
        return None
    import pooch

    return path if pooch.file_hash(str(path)) == file.sha256 else None


def download(entry: Entry) -> list[Path]:
    """Download the files of a data set that the cache does not hold yet; retry, show progress.

    Returns
    -------
    list of pathlib.Path
        The verified files in the cache.

    Raises
    ------
    DataError
        If a file cannot be had; nothing of it is left in the cache.
    """
    try:
        return [_fetch(file, _PATIENT, _RETRIES) for file in entry.files]
    except DataError as error:
        raise DataError(
            f"{entry.title}: the download failed: {error}. Try again later, or put the file into a folder of "
            f"yours and set COURSE_DATA_DIR to that folder."
        ) from error


def try_download(entry: Entry) -> list[Path]:
    """Download like :func:`download`, but give up at once, and for the rest of the process, when it fails.

    Raises
    ------
    DataError
        With the bare reason, such as "no connection to storage.googleapis.com".
    """
    if entry.name not in _gave_up:
        try:
            for file in entry.files:
                _knock(file.url)
            return [_fetch(file, _HASTY, retries=0) for file in entry.files]
        except DataError as error:
            _gave_up[entry.name] = str(error)
    raise DataError(_gave_up[entry.name])


def _knock(url: str) -> None:
    parts = urlsplit(url)
    if not _answers(f"{parts.scheme}://{parts.netloc}/"):
        raise DataError(f"no connection to {parts.netloc}")


@cache
def _answers(server: str) -> bool:
    """Whether a server answers within a few seconds, whatever it says.

    Asked in a thread, because looking up a name without a network may block far longer than any timeout.
    """
    import requests

    answered = threading.Event()

    def ask() -> None:
        try:
            requests.head(server, timeout=_HASTY[0])
        except requests.RequestException:
            return
        answered.set()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_HASTY[0] + 1)
    return answered.is_set()


def _fetch(file: File, timeout: tuple[int, int], retries: int) -> Path:
    """Return the file from the cache, after downloading it if it is missing or its checksum is wrong."""
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")  # the progress bar says the same, and not in red
    folder = cache_folder()
    shelf = pooch.create(
        path=folder,
        base_url="",
        registry={file.name: file.sha256},
        urls={file.name: file.url},
        retry_if_failed=retries,
    )
    downloader = pooch.HTTPDownloader(
        progressbar=True,
        chunk_size=1 << 16,
        timeout=timeout,
        # A server that compresses on the way would change the bytes that the checksum is about.
        headers={"Accept-Encoding": "identity"},
    )
    try:
        return Path(shelf.fetch(file.name, downloader=downloader))
    except requests.HTTPError as error:
        # raise_for_status never leaves the response out; only its type says that it might.
        found = f"the server answered {error.response.status_code} {error.response.reason}"  # type: ignore[union-attr]
    except requests.exceptions.ChunkedEncodingError as error:
        found = f"the connection was cut off before all {file.size:,} bytes had come ({error})"
    except requests.RequestException as error:
        host = urlsplit(file.url).netloc
        if "timed out" in str(error):  # requests has a Timeout, too, but not for a server that falls silent later
            found = f"{host} was silent for {timeout[1]} seconds"
        else:
            found = f"no connection to {host} ({type(error).__name__})"
    except ValueError as error:
        # Pooch's message names the checksum it expected and the one it got.
        found = "what came is not the file: " + str(error).split(" Deleted", 1)[0]
    except OSError as error:
        found = (
            f"{error.strerror or error}; make room in {folder} or set COURSE_CACHE_DIR to a folder "
            f"with {file.size:,} bytes of room"
        )
    raise DataError(f"{Path(file.name).name} from {file.url}: {found}")
