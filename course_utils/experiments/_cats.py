"""Cats and dogs in photographs: two published networks that read files, and ours that keep small pictures in memory."""

from __future__ import annotations

import contextlib
import io
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..data import Photos, cats_vs_dogs
from ._batches import read_photos
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_CHAPTER = "cats-vs-dogs"
# The tutorial with two blocks does not tell the size of its images; 150 was customary.
_TWO_BLOCKS_SIZE, _THREE_BLOCKS_SIZE = 150, 128
_RECIPE_BATCH = 32
_SPLIT_SEED = 1
_BATCH = 64
_LEAST_IMAGES = 3000


def _load_files(size: int, seed: int) -> Data:
    """Read, decode and resize every photograph anew in every epoch, as the tutorials do."""
    import tensorflow as tf

    photos = cats_vs_dogs()
    (paths, y), (paths_val, y_val) = split_files(photos)

    def decoded(path: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        return tf.image.resize(image, (size, size)), label

    def batches(paths: np.ndarray, y: np.ndarray) -> tf.data.Dataset:
        files = tf.data.Dataset.from_tensor_slices((paths, y[:, np.newaxis]))
        return files.map(decoded, num_parallel_calls=tf.data.AUTOTUNE).batch(_RECIPE_BATCH).prefetch(2)

    def training(epoch: int) -> tf.data.Dataset:
        order = np.random.default_rng([seed, epoch]).permutation(len(y))
        return batches(paths[order], y[order])

    return Data(
        training=training,
        validation=batches(paths_val, y_val),
        n_training=len(y),
        steps_per_epoch=math.ceil(len(y) / _RECIPE_BATCH),
        source=photos.source,
    )


def split_files(photos: Photos) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Split the files as ``image_dataset_from_directory(…, validation_split=0.25, seed=1)`` does.

    Returns
    -------
    tuple of (paths, labels)
        Training, then validation; paths as str, labels 0 for a cat and 1 for a dog, int64.
    """
    import keras

    with contextlib.redirect_stdout(io.StringIO()):  # it tells the sizes of a split even when it is not to be verbose
        training, validation = keras.utils.image_dataset_from_directory(
            photos.folder, validation_split=0.25, subset="both", seed=_SPLIT_SEED, verbose=False
        )
    return _with_labels(training.file_paths), _with_labels(validation.file_paths)


def _with_labels(paths: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(paths), np.array([Path(path).parent.name == "dog" for path in paths], dtype=np.int64)


def _build_two_blocks(steps: int) -> keras.Model:
    """Build two blocks of 64 kernels and a dense layer of 64 units: 5,347,265 parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((_TWO_BLOCKS_SIZE, _TWO_BLOCKS_SIZE, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _build_three_blocks(steps: int) -> keras.Model:
    """Build three normalised blocks with dropout, and dense layers of 256 and 64 units: 6,534,786 parameters."""
    import keras
    from keras import layers

    blocks: list[keras.Layer] = []
    for filters in (32, 64, 128):
        blocks += [
            layers.Conv2D(filters, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.25),
        ]
    head: list[keras.Layer] = [layers.Flatten()]
    for units in (256, 64):
        head += [layers.Dense(units, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5)]
    head += [layers.Dense(2, activation="softmax")]
    inputs = [keras.Input((_THREE_BLOCKS_SIZE, _THREE_BLOCKS_SIZE, 3)), layers.Rescaling(1 / 255)]
    model = keras.Sequential([*inputs, *blocks, *head])
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _load_memory(stages: tuple[tuple[int, int], ...], shown: int, least: float, seed: int) -> Data:
    """Decode once, then cut, mirror and shrink whole batches; the pictures grow from stage to stage.

    Parameters
    ----------
    stages : tuple of (size, epochs)
        Height and width of the training images in pixels, and for how many epochs.
    shown : int
        Height and width of the images in memory and of the validation images. Larger than the last training images,
        because these are cut out: it is the animals that are to have one size.
    least : float
        Smallest height of a cut, as a share of the image.
    seed : int
        Orders and cuts the training images.
    """
    import tensorflow as tf
    from PIL import Image

    photos = cats_vs_dogs()
    (paths, y), (paths_val, y_val) = split_files(photos)
    read = partial(read_photos, size=(shown, shown), resample=Image.Resampling.BILINEAR, draft=True)
    sizes = [size for size, epochs in stages for _ in range(epochs)]
    # On a small sample an epoch is several rounds: what a network learns depends on the number of steps.
    rounds = math.ceil(_LEAST_IMAGES / len(y))
    images, labels = tf.constant(read(paths)), tf.constant(y.astype(np.float32)[:, np.newaxis])

    def training(epoch: int) -> tf.data.Dataset:
        order = np.concatenate([np.random.default_rng([seed, epoch, i]).permutation(len(y)) for i in range(rounds)])
        size = (sizes[epoch], sizes[epoch])

        def cut(i: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            boxes = random_boxes(tf.size(i), least)
            return tf.image.crop_and_resize(tf.gather(images, i), boxes, tf.range(tf.size(i)), size), tf.gather(
                labels, i
            )

        return tf.data.Dataset.from_tensor_slices(order).batch(_BATCH).map(cut, num_parallel_calls=2).prefetch(2)

    held_out = (read(paths_val), y_val[:, np.newaxis])
    return Data(
        training=training,
        validation=tf.data.Dataset.from_tensor_slices(held_out).batch(250),
        n_training=rounds * len(y),
        steps_per_epoch=math.ceil(rounds * len(y) / _BATCH),
        source=photos.source,
    )


def random_boxes(n: tf.Tensor, least: float) -> tf.Tensor:
    """Draw the part of each image to train on; half of the boxes run from right to left, which mirrors the image.

    Parameters
    ----------
    n : int
        Number of images.
    least : float
        Smallest height, as a share of the image.

    Returns
    -------
    tf.Tensor, shape (n, 4), float32
        Top, left, bottom, right as shares of the image, for ``tf.image.crop_and_resize``.
    """
    import tensorflow as tf

    height = tf.random.uniform((n,), least, 1.0)
    width = tf.minimum(height * tf.random.uniform((n,), 0.8, 1.2), 1.0)
    top = tf.random.uniform((n,)) * (1 - height)
    left = tf.random.uniform((n,)) * (1 - width)
    mirror = tf.random.uniform((n,)) < 0.5
    sides = tf.where(mirror, left + width, left), tf.where(mirror, left, left + width)
    return tf.stack([top, sides[0], top + height, sides[1]], axis=1)


def _build_small(widths: tuple[int, ...], steps: int) -> keras.Model:
    """Build a convolution for every width, each pooled, normalised and rectified; it takes images of any size."""
    import keras
    from keras import layers

    inputs = keras.Input((None, None, 3))
    x = layers.Rescaling(1 / 64, offset=-2)(inputs)
    for i, filters in enumerate(widths, start=1):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{i}")(x)
        x = layers.MaxPooling2D()(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
    x = layers.Dropout(0.1)(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    model.compile(
        one_cycle(steps, peak=3e-3, rise=10, start=0.05, weight_decay=0.05),
        keras.losses.BinaryCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


_WIDTHS = (24, 48, 96, 192, 192)


def _ours(name: str, title: str, stages: tuple[tuple[int, int], ...], shown: int, least: float) -> Experiment:
    return Experiment(
        name=name,
        chapter=_CHAPTER,
        role="answer",
        title=title,
        load=partial(_load_memory, stages, shown, least),
        build=partial(_build_small, _WIDTHS),
        epochs=sum(epochs for _, epochs in stages),
        mirrored=True,
    )


EXPERIMENTS = (
    Experiment(
        name="cats-two-blocks",
        chapter=_CHAPTER,
        role="recipe",
        title="two blocks of 64 kernels, 150 px",
        load=partial(_load_files, _TWO_BLOCKS_SIZE),
        build=_build_two_blocks,
        epochs=3,
        published=Published(accuracy=0.7505, on="validation"),
    ),
    Experiment(
        name="cats-three-blocks",
        chapter=_CHAPTER,
        role="recipe",
        title="three blocks, batch normalisation, 128 px",
        load=partial(_load_files, _THREE_BLOCKS_SIZE),
        build=_build_three_blocks,
        epochs=3,
    ),
    _ours("cats-tenth", "ours, three epochs", ((40, 1), (48, 2)), shown=56, least=0.75),
    _ours("cats-sprint", "ours, six epochs", ((48, 4), (64, 2)), shown=72, least=0.65),
    _ours("cats-steady", "ours, twenty epochs", ((48, 8), (64, 8), (80, 4)), shown=96, least=0.6),
)
