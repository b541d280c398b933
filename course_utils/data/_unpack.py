"""Folders of photographs in the cache: every file checked, made once, all or nothing."""

import io
import json
import os
import re
import shutil
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PureWindowsPath

from ..record import digest
from ._download import cache_folder
from ._error import DataError

KINDS = ("cat", "dog")

_A_DAY = 24 * 3600

# The public zip says PetImages/Cat/0.jpg, Kaggle's folder says train/cat.0.jpg.
_NAME = re.compile(r"(.*/)?(PetImages/(?P<a>cat|dog)/|train/(?P<b>cat|dog)\.)(?P<stem>[\w-]+)\.jpe?g", re.I)


# Pillow sometimes forgives a file that lacks it, TensorFlow never does.
_END_OF_JPEG = b"\xff\xd9"


@dataclass(frozen=True)
class Photo:
    """A photograph to be checked: "cat" or "dog", its name, where it is for a message, how to get its bytes."""

    kind: str
    stem: str
    where: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Built:
    """A complete folder with ``cat/`` and ``dog/``, the number of files in each, how many were left out, a digest."""

    folder: Path
    counts: dict[str, int]
    skipped: int
    edition: str


def build(name: str, write: Callable[[Path], int]) -> Built:
    """Make a folder of photographs in the cache, or find it there if it was made before.

    It is filled under a temporary name and renamed when it is complete, so nobody ever sees a part of it. Of two
    processes that make it at once, one is first and both use its folder.

    Parameters
    ----------
    name : str
        Name of the folder, which says what is in it: the source and the selection.
    write : callable
        Takes a folder, fills its ``cat/`` and ``dog/`` with JPEG files, and returns how many photographs it had
        to leave out.

    Raises
    ------
    DataError
        If the folder cannot be written; nothing of it is left.
    """
    done = recall(name)
    if done:
        return done
    final = _place(name)
    try:
        with _scratch(final.parent) as scratch:
            made = scratch / name
            for kind in KINDS:
                (made / "photos" / kind).mkdir(parents=True)
            skipped = write(made / "photos")
            counts, edition = _count(made / "photos"), _edition(made / "photos")
            _write_manifest(made, counts, skipped, edition)
            return _put(made, final, scratch) or Built(final / "photos", counts, skipped, edition)
    except OSError as error:
        raise DataError(
            f"Cats and dogs: the photographs cannot be written to {final}: {error.strerror or error}. Make room "
            f"there, or set COURSE_CACHE_DIR to another folder that you can write to."
        ) from error


def recall(name: str) -> Built | None:
    """Find a folder that was made before; None if there is none or files of it have gone missing."""
    final = _place(name)
    try:
        manifest = json.loads((final / "manifest.json").read_text())
        if manifest["counts"] != _count(final / "photos"):
            return None
        if "edition" not in manifest:  # made by an older course
            manifest["edition"] = _edition(final / "photos")
            _write_manifest(final, **manifest)
        return Built(final / "photos", **manifest)
    except (OSError, ValueError, KeyError):
        return None


def _write_manifest(folder: Path, counts: dict[str, int], skipped: int, edition: str) -> None:
    manifest = {"counts": counts, "skipped": skipped, "edition": edition}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _edition(photos: Path) -> str:
    """Digest the names and contents of all photographs."""
    files = sorted((kind, path.name, path) for kind in KINDS for path in (photos / kind).iterdir())
    return digest([[kind, name, digest(path.read_bytes())] for kind, name, path in files])


def _place(name: str) -> Path:
    return cache_folder() / "cats_vs_dogs" / name


def _count(photos: Path) -> dict[str, int]:
    return {kind: sum(1 for _ in (photos / kind).iterdir()) for kind in KINDS}


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as scratch:
        yield Path(scratch)


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed left in our folder of the cache a day ago or earlier."""
    for left in folder.glob("tmp*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _A_DAY:
                continue
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


def _put(made: Path, final: Path, scratch: Path) -> Built | None:
    """Give a complete folder its name; if another process was faster, return what that one has made."""
    if final.exists() and not recall(final.name):
        with suppress(OSError):
            final.rename(scratch / "incomplete")
    try:
        made.rename(final)
    except OSError:
        faster = recall(final.name)
        if not faster:
            raise
        return faster
    return None


@contextmanager
def photos_in(source: Path) -> Iterator[list[Photo]]:
    """List the photographs in a zip or in Kaggle's folder ``train``, not yet read.

    Files with other names than the photographs' (``Thumbs.db``, a licence) are not listed.

    Raises
    ------
    DataError
        If the zip cannot be read, or if it tries to write outside its folder.
    """
    if source.is_dir():
        yield _named(source, {f"train/{path.name}": path.read_bytes for path in source.iterdir()})
        return
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(
            f"Cats and dogs: {source} ({source.stat().st_size:,} bytes) cannot be read as a zip: {error}. "
            f"Replace it, or remove it."
        ) from error
    with archive:
        for member in archive.infolist():
            _refuse_escape(source, member)
        yield _named(source, {member.filename: partial(archive.read, member) for member in archive.infolist()})


def _named(source: Path, readers: dict[str, Callable[[], bytes]]) -> list[Photo]:
    photos = {}
    for name, read in readers.items():
        match = _NAME.fullmatch(name)
        if match:
            kind = (match["a"] or match["b"]).lower()
            photos[kind, match["stem"].lower()] = Photo(kind, match["stem"], f"{source}: {name}", read)
    numbers = {kind: sum(photo.kind == kind for photo in photos.values()) for kind in KINDS}
    if not all(numbers.values()):
        raise DataError(
            f"Cats and dogs: {source} holds {numbers['cat']} cats and {numbers['dog']} dogs. Expected are photographs "
            f"named PetImages/Cat/0.jpg in a zip, or train/cat.0.jpg in a folder. Replace it, or remove it."
        )
    return list(photos.values())


def _refuse_escape(source: Path, member: zipfile.ZipInfo) -> None:
    # Windows' rules see every kind of absolute path: /x, C:/x, \\server\x.
    path = PureWindowsPath(member.filename)
    if path.anchor or ".." in path.parts or stat.S_ISLNK(member.external_attr >> 16):
        raise DataError(
            f"Cats and dogs: {source} is not to be trusted: its entry {member.filename!r} points outside the "
            f"folder that it is unpacked to. Nothing was unpacked. Remove the file and get it from a source you trust."
        )


def save_checked(photos: list[Photo], folder: Path, size: int | None = None) -> int:
    """Decode every photograph and write the good ones as ``cat/STEM.jpg`` or ``dog/STEM.jpg``, in RGB.

    Parameters
    ----------
    photos : list of Photo
        What to save.
    folder : pathlib.Path
        Holds ``cat/`` and ``dog/``.
    size : int or None
        Height and width to resize to, in pixels; None keeps an RGB JPEG file as it is.

    Returns
    -------
    int
        Number of photographs that were left out because they cannot be decoded.
    """
    from tqdm import tqdm

    def save(photo: Photo) -> bool:
        good = _as_rgb_jpeg(_bytes_of(photo), size)
        if good is None:
            return False
        (folder / photo.kind / f"{photo.stem}.jpg").write_bytes(good)
        return True

    # Pillow decodes outside Python's lock, so threads are enough to keep every core busy.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        saved = tqdm(pool.map(save, photos), "Checking photographs", len(photos), leave=False, delay=2)
        return len(photos) - sum(saved)


def _bytes_of(photo: Photo) -> bytes:
    try:
        return photo.read()
    except Exception as error:  # zipfile raises six kinds, depending on which byte is wrong
        raise DataError(
            f"Cats and dogs: {photo.where} cannot be read: {error}. Replace the zip or folder, or remove it."
        ) from error


def _as_rgb_jpeg(raw: bytes, size: int | None) -> bytes | None:
    """Return an RGB JPEG file of a picture, or None if it cannot be decoded to its end."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw)) as image:
            image.load()
            is_rgb_jpeg = image.format == "JPEG" and image.mode == "RGB"
            if size is None and is_rgb_jpeg and raw.endswith(_END_OF_JPEG):
                return raw
            picture = image.convert("RGB")
    except Exception:  # Pillow's decoders raise many kinds, and every one means: not a picture
        return None
    if size is not None:
        picture = picture.resize((size, size), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    picture.save(file, "jpeg", quality=95)
    return file.getvalue()
