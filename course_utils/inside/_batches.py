"""Batches of images for a built model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

BATCH = 32


def check_built(model: keras.Model) -> None:
    """Refuse what is no model, or has no weights yet."""
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.built:
        raise ValueError(
            f"the model {model.name!r} was never built, so it has no weights. Begin it with keras.Input(...), "
            f"or call it once on a batch of images"
        )


def as_batch(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Check a batch of images, and make it float32."""
    check_built(model)
    batch = np.asarray(images)
    shape = getattr(model, "input_shape", None)
    if isinstance(shape, list | dict):
        raise ValueError(f"the model takes {len(shape)} inputs, but only models with one can be looked into")
    if batch.dtype.kind not in "buif":
        raise TypeError(f"images must be numbers, got {batch.dtype}")
    rank = 4 if shape is None else len(shape)
    if batch.ndim != rank:
        hint = " One image is a batch of one: image[np.newaxis]." if batch.ndim == rank - 1 else ""
        raise ValueError(f"images must have {rank} axes, the first one for the batch; got shape {batch.shape}.{hint}")
    if not len(batch):
        raise ValueError("there is no image: images is empty")
    return batch.astype("float32")


def batches(images: np.ndarray) -> Iterator[np.ndarray]:
    """Cut images into pieces that fit into memory with all their feature maps."""
    for start in range(0, len(images), BATCH):
        yield images[start : start + BATCH]
