"""Stand-ins for the real data: files of the same form, made in a second, to see what a pipeline does with the data."""

import gzip
import itertools
import os
from pathlib import Path

import numpy as np

from ._catalogue import ENTRIES, Entry
from ._photos import from_public
from ._unpack import KINDS, build

# As many photographs of each kind as the largest experiment asks for, and then some.
_PHOTOS_OF_EACH = 8750
# There are fewer different ones: a prime number, so that no batch size hides a change of their order.
_DIFFERENT = 53
_BLOCKS, _BLOCK = 4, 8


def stand_in(folder: Path) -> None:
    """Write stand-ins for all real data, and let this process take them for the real ones from now on.

    They have the real files' form, number and size, and what is in them tells every image, row and column from its
    neighbours: a pipeline that takes other images, in another order, or other parts of them gives something else. The
    photographs are made of even squares, so that all JPEG decoders agree about every pixel.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder.
    """
    there = folder / "data"
    there.mkdir()
    os.environ |= {"COURSE_DATA": "real", "COURSE_DATA_DIR": str(there), "COURSE_CACHE_DIR": str(folder / "cache")}
    mnist, fashion = ENTRIES["mnist"], ENTRIES["fashion_mnist"]
    x_train, y_train, x_test, y_test = _arrays(mnist)
    np.savez(there / mnist.files[0].name, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    for file, array in zip(fashion.files, _arrays(fashion), strict=True):
        path = there / file.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(_idx_header(array) + array.tobytes(), compresslevel=1))
    build(from_public(), _write_photos)


def _arrays(entry: Entry) -> list[np.ndarray]:
    """Make X_train, y_train, X_test and y_test with as many images as the real data set has."""
    arrays = []
    for n in (entry.train, entry.test):
        image, row, column = np.ogrid[:n, :28, :28]
        values = 7 * image + 3 * row + 5 * column + 8 * (image >> 8) * (row & 1)
        arrays += [values.astype(np.uint8), (np.arange(n) % 10).astype(np.uint8)]
    return arrays


def _idx_header(array: np.ndarray) -> bytes:
    return np.array([0x0800 + array.ndim, *array.shape], ">i4").tobytes()


def _write_photos(folder: Path) -> int:
    from PIL import Image

    made = []
    square = np.add.outer(np.arange(_BLOCKS), 2 * np.arange(_BLOCKS))
    for i in range(_DIFFERENT):
        blocks = (20 * square + 4 * i).astype(np.uint8)
        path = folder.parent / f"{i}.jpg"
        Image.fromarray(np.kron(blocks, np.ones((_BLOCK, _BLOCK), np.uint8))).convert("RGB").save(path, quality=95)
        made.append(path)
    different = itertools.cycle(made)
    for kind in KINDS:
        for number in range(_PHOTOS_OF_EACH):
            os.link(next(different), folder / kind / f"{number}.jpg")
    return 0
