"""Photographs in colour: cats and dogs, and one cat."""

import hashlib
import warnings
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ..pets import EDITION, draw_pets
from ..record import digest_arrays
from ._catalogue import ENTRIES
from ._download import cache_folder
from ._error import DataError
from ._lookup import find, given, mode, note_use
from ._unpack import KINDS, Built, Photo, build, class_folders, photos_in, recall, save_checked

_DRAWN = 2000
_DRAWN_SIZE = 96


@dataclass(frozen=True, repr=False)
class Photos:
    """A folder of photographs, as ``keras.utils.image_dataset_from_directory`` wants it.

    Attributes
    ----------
    folder : pathlib.Path
        Holds ``cat/`` and ``dog/``, full of RGB JPEG files. It lies in the cache: copy it before changing it.
    counts : dict of str to int
        Number of files of each class.
    skipped : int
        Number of photographs of the source that were left out because they are broken or too large.
    source : str
        "real", or "embedded" for pictures drawn by code.
    class_names : tuple of str
        ``("cat", "dog")``: label 0 and label 1.
    """

    folder: Path
    counts: dict[str, int]
    skipped: int
    source: str
    class_names: tuple[str, ...] = KINDS

    def __repr__(self) -> str:
        return (
            f"Cats and dogs ({self.source}): {self.counts['cat']:,} cats and {self.counts['dog']:,} dogs "
            f"in {self.folder}, {self.skipped:,} broken photographs left out"
        )


def cats_vs_dogs(n: int | None = None, size: int | None = None, seed: int = 0, download: bool | None = False) -> Photos:
    """Prepare a folder of cat and dog photographs: the real ones, or drawn ones in their place.

    Every photograph is decoded once. Broken ones are left out and counted; those that are not upright RGB JPEG
    files are saved again as such. The result stays in the cache, so that the next call takes milliseconds.

    Parameters
    ----------
    n : int or None
        Number of pictures, half of them cats. None takes all real photographs, or draws 2,000.
    size : int or None
        Height and width in pixels. None keeps the real photographs' own sizes, or draws 96 × 96.
    seed : int
        Chooses the `n` photographs, or the pictures that are drawn.
    download : bool
        True downloads the real photographs (825 MB) if they are not on this machine.

    Returns
    -------
    Photos
        The folder, with counts.

    Raises
    ------
    ValueError
        If `n`, `size` or `seed` is not a whole number (of at least 2, 1 and 0), or `n` is more than a balanced
        choice of the real photographs can have.
    DataError
        If a source is broken, the cache cannot be written, a download fails, or ``COURSE_DATA=real`` is set and
        the real photographs are not here.

    References
    ----------
    J. Elson, J. Douceur, J. Howell and J. Saul, "Asirra: a CAPTCHA that exploits interest-aligned manual image
    categorization", CCS 2007.

    Examples
    --------
    >>> photos = cats_vs_dogs(n=200, size=64)  # doctest: +SKIP
    >>> load = keras.utils.image_dataset_from_directory  # doctest: +SKIP
    >>> pictures = load(photos.folder, image_size=(64, 64))  # doctest: +SKIP
    """
    for name, value, least in (("n", n, 2), ("size", size, 1)):
        if value is not None:
            _check_whole(name, value, least)
    _check_whole("seed", seed, 0)
    everything = _real(download)
    if everything is None:
        source, built = "embedded", _drawn(n or _DRAWN, size or _DRAWN_SIZE, seed)
        edition = EDITION
    else:
        source, built = "real", _chosen(everything, n, size, seed)
        edition = everything.edition
    note_use("cats_vs_dogs", source, edition)
    return Photos(built.folder, built.counts, built.skipped, source)


def photo() -> np.ndarray:
    """Load a photograph of a cat: Chelsea, by Stéfan van der Walt (CC0), which comes with scikit-image.

    Returns
    -------
    numpy.ndarray, shape (300, 451, 3), uint8
        Height, width and the channels red, green and blue, 0 to 255.

    Examples
    --------
    >>> photo().shape
    (300, 451, 3)
    """
    with warnings.catch_warnings():
        # Its downloader, which is not needed here, asks for a progress bar of a kind that a notebook may lack.
        warnings.filterwarnings("ignore", "IProgress not found")
        from skimage import data

        picture = data.chelsea()
    note_use("photo", "real", digest_arrays(picture))
    return picture


def _check_whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")


def unpacked() -> Built | None:
    """Find the photographs of the public zip if they were unpacked before; the zip may be gone by now."""
    return recall(from_public())


def _real(download: bool | None) -> Built | None:
    """Unpack all real photographs that can be had."""
    entry = ENTRIES["cats_vs_dogs"]
    # Looked for before the zip, whose checksum takes seconds.
    if mode() != "embedded" and not given(entry) and (photos := unpacked()):
        return photos
    paths = find(entry, download)
    if paths is None:
        return None
    (source,) = paths
    in_cache = source == cache_folder() / entry.files[0].name
    return build(from_public() if in_cache else _fingerprint(source), partial(_unpack, source))


def from_public() -> str:
    """Name the public zip's folder after its contents."""
    (public,) = ENTRIES["cats_vs_dogs"].files
    return f"{Path(public.name).stem}-{public.sha256[:12]}"


def _fingerprint(source: Path) -> str:
    """Name a source of the user's after what would change with it."""
    # The folders around cat/ and dog/ do not change with the files in them, but with others.
    places = (class_folders(source) if source.is_dir() else []) or [source]
    facts = [(place.absolute(), place.stat()) for place in places]
    text = " ".join(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in facts)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{source.stem}-{digest[:12]}"


def _unpack(source: Path, folder: Path) -> int:
    with photos_in(source) as photos:
        left_out = save_checked(photos, folder)
    for kind in KINDS:
        if not any((folder / kind).iterdir()):
            raise DataError(
                f"Cats and dogs: {source} holds {sum(photo.kind == kind for photo in photos)} {kind}s, but none of "
                f"them is a picture that can be decoded. Replace it, or remove it."
            )
    return left_out


def _chosen(everything: Built, n: int | None, size: int | None, seed: int) -> Built:
    """Choose a balanced part of the photographs, resize them, or both; in a folder of its own."""
    if n is None and size is None:
        return everything
    most = 2 * min(everything.counts.values())
    if n is not None and n > most:
        raise ValueError(f"n is {n:,}, but a balanced choice of the photographs has at most {most:,}")
    parts = [everything.folder.parent.name]
    if n is not None:
        parts += [f"n{n}", f"seed{seed}"]
    if size is not None:
        parts.append(f"{size}px")

    def write(folder: Path) -> int:
        save_checked(_choice(everything.folder, n, seed), folder, size)
        return everything.skipped

    return build("-".join(parts), write)


def _choice(folder: Path, n: int | None, seed: int) -> list[Photo]:
    rng = np.random.default_rng(seed)
    photos = []
    for kind, wanted in zip(KINDS, _halves(n), strict=True):
        paths = sorted((folder / kind).iterdir())
        if wanted is not None:
            paths = [paths[i] for i in rng.choice(len(paths), wanted, replace=False)]
        photos += [Photo(kind, path.stem, str(path), path.read_bytes) for path in paths]
    return photos


def _halves(n: int | None) -> tuple[int | None, int | None]:
    return (None, None) if n is None else (n - n // 2, n // 2)


def _drawn(n: int, size: int, seed: int) -> Built:
    def write(folder: Path) -> int:
        from PIL import Image

        X, y = draw_pets(n, size=size, seed=seed)
        for number, (pixels, label) in enumerate(zip(X, y, strict=True)):
            path = folder / KINDS[label] / f"{number:05d}.jpg"
            Image.fromarray(pixels).save(path, "jpeg", quality=95)
        return 0

    # Pictures of an older edition must not pass for this one's.
    return build(f"drawn-{EDITION}-n{n}-seed{seed}-{size}px", write)
