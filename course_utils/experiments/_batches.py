"""Photographs and arrays in memory, and batches of them in an order that seed and epoch decide."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ._definition import Data

if TYPE_CHECKING:
    import tensorflow as tf
    from PIL import Image

Examples = tuple[np.ndarray, np.ndarray]


def in_memory(
    training: Examples,
    validation: Examples,
    *,
    batch_size: int,
    seed: int,
    source: str,
    test: Examples | None = None,
    augment: Callable[[tf.Tensor, tf.Tensor], tuple[tf.Tensor, tf.Tensor]] | None = None,
) -> Data:
    """Make :class:`Data` of arrays.

    Parameters
    ----------
    training, validation, test : tuple of numpy.ndarray
        Inputs and labels.
    batch_size : int
        Examples in a batch.
    seed : int
        Decides, together with the epoch, in which order the training examples come.
    source : str
        "real" or "embedded".
    augment : callable, optional
        Applied to every training batch ``(x, y)``.

    Returns
    -------
    Data
    """
    import tensorflow as tf

    X, y = (tf.constant(part) for part in training)

    def epoch_batches(epoch: int) -> tf.data.Dataset:
        order = np.random.default_rng([seed, epoch]).permutation(len(y))
        places = tf.data.Dataset.from_tensor_slices(order).batch(batch_size)
        # Picked when its turn comes: a shuffled copy of all examples would take as much memory again.
        picked = places.map(lambda i: (tf.gather(X, i), tf.gather(y, i)), num_parallel_calls=2)
        return (picked.map(augment, num_parallel_calls=2) if augment else picked).prefetch(2)

    def batches(examples: Examples) -> tf.data.Dataset:
        return tf.data.Dataset.from_tensor_slices(examples).batch(batch_size).prefetch(2)

    return Data(
        training=epoch_batches,
        validation=batches(validation),
        n_training=len(y),
        steps_per_epoch=math.ceil(len(y) / batch_size),
        source=source,
        test=batches(test) if test else None,
    )


def read_photos(
    paths: Sequence[str | Path] | np.ndarray, size: tuple[int, int], resample: Image.Resampling, draft: bool = False
) -> np.ndarray:
    """Decode photographs, each squeezed into the same size.

    Parameters
    ----------
    paths : sequence of str or pathlib.Path
        JPEG files.
    size : tuple of int
        Height and width in pixels.
    resample : PIL.Image.Resampling
        How pixels are made of others.
    draft : bool
        Whether a JPEG file may be decoded at half or a quarter of its size, where that suffices: faster, and coarser.

    Returns
    -------
    numpy.ndarray, shape (n, height, width, 3), uint8
    """
    from PIL import Image

    height, width = size
    images = np.empty((len(paths), height, width, 3), np.uint8)

    def read(places: list[int]) -> None:
        with Image.open(paths[places[0]]) as photo:
            if draft:
                photo.draft("RGB", (width, height))
            images[places] = np.asarray(photo.convert("RGB").resize((width, height), resample))

    with ThreadPoolExecutor() as pool:  # decoding and resizing let go of Python's lock
        list(pool.map(read, _by_file(paths)))
    return images


def _by_file(paths: Sequence[str | Path] | np.ndarray) -> list[list[int]]:
    """Put the places of hard links to one file together: the stand-ins for photographs are links to a few files."""
    places: dict[object, list[int]] = {}
    for i, path in enumerate(paths):
        told = Path(path).stat()
        places.setdefault((told.st_dev, told.st_ino) if told.st_nlink > 1 else i, []).append(i)
    return list(places.values())
