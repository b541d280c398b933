"""Folders of photographs in the cache: every file checked, made once, all or nothing."""

import io
import json
import os
import re
import shutil
import stat
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from ..record import digest
from ._download import cache_folder
from ._error import DataError

if TYPE_CHECKING:
    from PIL import Image

KINDS = ("cat", "dog")

_A_DAY = 24 * 3600

# The public zip says PetImages/Cat/0.jpg, Kaggle's folder train/cat.0.jpg, people say cats/Tom 1.png. What lies in such
# a place is decoded, whatever it is called, except for what systems strew into folders.
_CLASS_FOLDER = re.compile(r"(cat|dog)s?", re.I)
_NAME = re.compile(
    r"(.*/)?((?P<a>cat|dog)s?/|train/(?P<b>cat|dog)\.)(?!\.|Thumbs\.db$|desktop\.ini$)(?P<name>[^/]+)", re.I
)

# More than any photograph has. What a small zip may unpack to would fill the memory before it could be looked at.
_MOST_BYTES = 64_000_000

# Pillow sometimes forgives a file that lacks it, TensorFlow never does.
_END_OF_JPEG = b"\xff\xd9"


@dataclass(frozen=True)
class Photo:
    """A photograph to be checked: "cat" or "dog", its name, where it is for a message, how to get its bytes.

    There are no bytes, None, of a file that is too large for a photograph.
    """

    kind: str
    stem: str
    where: str
    read: Callable[[], bytes | None]


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
    """Find a folder that was made before; None if there is none or it lacks files."""
    final = _place(name)
    try:
        manifest = json.loads((final / "manifest.json").read_text())
        if manifest["counts"] != _count(final / "photos") or not all(manifest["counts"].values()):
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
    """List the photographs in a zip or a folder, not yet read.

    They are the files in its folders ``cat`` and ``dog`` and, in a folder ``train``, those called ``cat.…`` and
    ``dog.…``. Hidden files and those of Windows (``Thumbs.db``) are not listed.

    Raises
    ------
    DataError
        If the source cannot be read or holds no cats or no dogs, or if a zip tries to write outside its folder.
    """
    if source.is_dir():
        yield _named(source, {name: partial(_read_file, path) for name, path in _files(source).items()})
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
        yield _named(source, {member.filename: partial(_read_member, archive, member) for member in archive.infolist()})


def class_folders(source: Path) -> list[Path]:
    """Find the folders ``cat`` and ``dog`` in a folder; Kaggle's folder ``train`` has none."""
    return sorted(path for path in source.iterdir() if path.is_dir() and _CLASS_FOLDER.fullmatch(path.name))


def _files(source: Path) -> dict[str, Path]:
    try:
        folders = class_folders(source) or [source]
        paths = (path for folder in folders for path in sorted(folder.iterdir()) if not path.is_dir())
        return {f"{path.parent.name}/{path.name}": path for path in paths}
    except OSError as error:
        raise DataError(f"Cats and dogs: {source} cannot be read: {error}. Make it readable, or remove it.") from error


def _read_file(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    return archive.read(member) if member.file_size <= _MOST_BYTES else None


def _named(source: Path, readers: dict[str, Callable[[], bytes | None]]) -> list[Photo]:
    photos: dict[tuple[str, str], Photo] = {}
    for name, read in readers.items():
        match = _NAME.fullmatch(name)
        if match:
            kind = (match["a"] or match["b"]).lower()
            stem = _free_stem(photos, kind, Path(match["name"]).stem)
            photos[kind, stem.lower()] = Photo(kind, stem, f"{source}: {name}", read)
    numbers = {kind: sum(photo.kind == kind for photo in photos.values()) for kind in KINDS}
    if not all(numbers.values()):
        raise DataError(
            f"Cats and dogs: {source} holds {numbers['cat']} cats and {numbers['dog']} dogs. Expected are photographs "
            f"of both, named cat/0.jpg and dog/0.jpg or train/cat.0.jpg and train/dog.0.jpg. Replace it, or remove it."
        )
    return list(photos.values())


def _free_stem(taken: Container[tuple[str, str]], kind: str, stem: str) -> str:
    """Name for a photograph that any system can write; 0.png comes to 0-2 if there is 0.jpg already."""
    plain = re.sub(r"[^\w-]", "_", stem)
    names = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(name for name in names if (kind, name.lower()) not in taken)


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
        Number of photographs that were left out because they cannot be decoded or are too large: more than
        64 MB, or more pixels than Pillow takes for harmless (``PIL.Image.MAX_IMAGE_PIXELS``).
    """
    from PIL import Image
    from tqdm import tqdm

    def save(photo: Photo) -> bool:
        raw = _bytes_of(photo)
        good = _as_rgb_jpeg(raw, size) if raw else None
        if good is None:
            return False
        (folder / photo.kind / f"{photo.stem}.jpg").write_bytes(good)
        return True

    # Pillow decodes outside Python's lock, so threads are enough to keep every core busy.
    with warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count()) as pool:
        warnings.filterwarnings("ignore", module="PIL")  # damaged EXIF data, which harm no pixel
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        saved = tqdm(pool.map(save, photos), "Checking photographs", len(photos), leave=False, delay=2)
        return len(photos) - sum(saved)


def _bytes_of(photo: Photo) -> bytes | None:
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
            upright = _upright(image)
            is_rgb_jpeg = image.format == "JPEG" and image.mode == "RGB"
            if size is None and upright is image and is_rgb_jpeg and raw.endswith(_END_OF_JPEG):
                return raw
            picture = upright.convert("RGB")
    except Exception:  # Pillow's decoders raise many kinds, and every one means: not a picture
        return None
    if size is not None:
        picture = picture.resize((size, size), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    picture.save(file, "jpeg", quality=95)
    return file.getvalue()


def _upright(image: "Image.Image") -> "Image.Image":
    """Turn a picture as the camera was held, of which Keras takes no notice; the same object if it is upright."""
    from PIL import ExifTags, ImageOps

    try:
        turned = image.getexif().get(ExifTags.Base.Orientation) in range(2, 9)
        return ImageOps.exif_transpose(image) if turned else image
    except Exception:  # EXIF data are often damaged, and the pixels are none the worse
        return image
