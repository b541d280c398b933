"""Cats and dogs as others trained them: every photograph read from its file in every epoch."""

from __future__ import annotations

import contextlib
import io
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..data import Photos, cats_vs_dogs
from ._batches import Examples, in_memory, read_photos
from ._definition import Data, Experiment, Published

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_CHAPTER = "cats-vs-dogs"
_SIZE = 128
_TWO_BLOCKS_BATCH, _THREE_BLOCKS_BATCH = 15, 32
_MOVED = {
    "rotation_range": 15,
    "shear_range": 0.1,  # degrees
    "zoom_range": 0.2,
    "horizontal_flip": True,
    "width_shift_range": 0.1,
    "height_shift_range": 0.1,
}


def split_folder(photos: Photos, share: float, seed: int) -> tuple[Examples, Examples]:
    """Split the files as ``image_dataset_from_directory(…, validation_split=share, seed=seed)`` does.

    Parameters
    ----------
    photos : Photos
        All there are.
    share : float
        How many are held out.
    seed : int
        Decides which.

    Returns
    -------
    tuple of (paths, labels)
        Training, then held out; paths as str, labels 0 for a cat and 1 for a dog, int64.
    """
    import keras

    with contextlib.redirect_stdout(io.StringIO()):  # it tells the sizes of a split even when it is not to be verbose
        training, held_out = keras.utils.image_dataset_from_directory(
            photos.folder, validation_split=share, subset="both", seed=seed, verbose=False
        )
    return _with_labels(training.file_paths), _with_labels(held_out.file_paths)


def _split_table(photos: Photos) -> tuple[Examples, Examples]:
    """Split a table of all files as two blocks' author does."""
    from sklearn.model_selection import train_test_split

    paths, y = _with_labels([str(path) for path in sorted(photos.folder.glob("*/*.jpg"))])
    training, validation = train_test_split(np.arange(len(y)), test_size=0.25, random_state=42)
    return (paths[training], y[training]), (paths[validation], y[validation])


def _with_labels(paths: list[str]) -> Examples:
    return np.array(paths), np.array([Path(path).parent.name == "dog" for path in paths], dtype=np.int64)


# --- batches ----------------------------------------------------------------------------------------------------------


def _load_generated(author: Literal["two blocks", "three blocks"], moved: bool, seed: int) -> Data:
    """Read files through Keras' old ``ImageDataGenerator``, in the background, with or without its random moves."""
    photos = cats_vs_dogs()
    training, validation = _split_table(photos) if author == "two blocks" else split_folder(photos, 0.2, 3)
    batch = _TWO_BLOCKS_BATCH if author == "two blocks" else _THREE_BLOCKS_BATCH

    def epoch_batches(epoch: int) -> tf.data.Dataset:
        return _generated(training, batch, _MOVED if moved else {}, order=1000 * seed + epoch)

    return Data(
        training=epoch_batches,
        validation=_generated(validation, batch, {}, order=None),
        n_training=len(training[1]),
        steps_per_epoch=math.ceil(len(training[1]) / batch),
        source=photos.source,
    )


def _generated(examples: Examples, batch: int, moved: dict[str, Any], order: int | None) -> tf.data.Dataset:
    import pandas as pd
    import tensorflow as tf

    paths, y = examples
    table = pd.DataFrame({"filename": paths, "category": y.astype(str)})
    with contextlib.redirect_stdout(io.StringIO()):
        images = tf.keras.preprocessing.image.ImageDataGenerator(rescale=1 / 255, **moved).flow_from_dataframe(
            table,
            x_col="filename",
            y_col="category",
            target_size=(_SIZE, _SIZE),
            class_mode="categorical",
            batch_size=batch,
            shuffle=order is not None,
            seed=order,
        )
    signature = tf.TensorSpec((None, _SIZE, _SIZE, 3)), tf.TensorSpec((None, 2))
    made = tf.data.Dataset.from_generator(lambda: (images[i] for i in range(len(images))), output_signature=signature)
    # As many batches wait as in the queue of Keras' fit.
    return made.apply(tf.data.experimental.assert_cardinality(len(images))).prefetch(10)


def _load_once(seed: int) -> Data:
    """Read files once, as bytes: what ``.cache()`` does for two blocks without moves."""
    from PIL import Image

    photos = cats_vs_dogs()
    training, validation = (
        (read_photos(paths, (_SIZE, _SIZE), Image.Resampling.NEAREST), np.eye(2, dtype=np.float32)[y])
        for paths, y in _split_table(photos)
    )
    return in_memory(training, validation, batch_size=_TWO_BLOCKS_BATCH, seed=seed, source=photos.source)


def _load_files(size: int, batch: int, share: float, split_seed: int, seed: int) -> Data:
    """Read, decode and resize every photograph anew in every epoch, as ``image_dataset_from_directory`` does."""
    import tensorflow as tf

    photos = cats_vs_dogs()
    (paths, y), (paths_val, y_val) = split_folder(photos, share, split_seed)

    def decoded(path: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
        return tf.image.resize(image, (size, size)), label

    def batches(paths: np.ndarray, y: np.ndarray) -> tf.data.Dataset:
        files = tf.data.Dataset.from_tensor_slices((paths, y[:, np.newaxis]))
        return files.map(decoded, num_parallel_calls=tf.data.AUTOTUNE).batch(batch).prefetch(2)

    def training(epoch: int) -> tf.data.Dataset:
        order = np.random.default_rng([seed, epoch]).permutation(len(y))
        return batches(paths[order], y[order])

    return Data(
        training=training,
        validation=batches(paths_val, y_val),
        n_training=len(y),
        steps_per_epoch=math.ceil(len(y) / batch),
        source=photos.source,
    )


# --- networks ---------------------------------------------------------------------------------------------------------


def _build_two_blocks(steps: int, scale: float = 1.0) -> keras.Model:
    """Build two blocks of 64 kernels and a dense layer of 64 units: 3,725,314 parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((_SIZE, _SIZE, 3)),
            *([layers.Rescaling(scale)] if scale != 1 else []),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _build_three_blocks(loss: str, steps: int) -> keras.Model:
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
    model = keras.Sequential([keras.Input((_SIZE, _SIZE, 3)), *blocks, *head])
    # Without an optimizer `compile` takes rmsprop.
    model.compile(loss=loss, metrics=["accuracy"], jit_compile=False)
    return model


def _build_xception(steps: int) -> keras.Model:
    """Build the small Xception of keras.io's example: 2,731,065 parameters."""
    import keras
    from keras import layers

    inputs = keras.Input((180, 180, 3))
    x = layers.RandomRotation(0.1)(layers.RandomFlip("horizontal")(inputs))
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(128, 3, strides=2, padding="same")(x)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    before = x
    for filters in (256, 512, 728):
        for _ in range(2):
            x = layers.SeparableConv2D(filters, 3, padding="same")(layers.Activation("relu")(x))
            x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        before = x = layers.add([x, layers.Conv2D(filters, 1, strides=2, padding="same")(before)])
    x = layers.BatchNormalization()(layers.SeparableConv2D(1024, 3, padding="same")(x))
    x = layers.GlobalAveragePooling2D()(layers.Activation("relu")(x))
    outputs = layers.Dense(1)(layers.Dropout(0.25)(x))
    model = keras.Model(inputs, outputs)
    model.compile(
        keras.optimizers.Adam(3e-4),
        keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
        jit_compile=False,
    )
    return model


_recipe = partial(Experiment, chapter=_CHAPTER, role="recipe")
_S3 = "https://anderfernandez.com/en/blog/how-to-create-convolutional-neural-network-keras/"
_KERAS_IO = "https://keras.io/examples/vision/image_classification_from_scratch/"

EXPERIMENTS = (
    _recipe(
        name="cats-two-blocks",
        title="two blocks of 64 kernels, images moved",
        load=partial(_load_generated, "two blocks", True),
        build=_build_two_blocks,
        epochs=3,
        published=Published(accuracy=0.7505, on="validation", link=_S3),
    ),
    _recipe(
        name="cats-two-blocks-still",
        title="two blocks, images as they are",
        load=partial(_load_generated, "two blocks", False),
        build=_build_two_blocks,
        epochs=3,
    ),
    _recipe(
        name="cats-two-blocks-once",
        title="two blocks, images as they are, read once: one epoch",
        load=_load_once,
        build=partial(_build_two_blocks, scale=1 / 255),
        epochs=1,
    ),
    _recipe(
        name="cats-three-blocks",
        title="three blocks, pixels from 0 to 255: one epoch",
        load=partial(_load_files, _SIZE, _THREE_BLOCKS_BATCH, 0.2, 3),
        build=partial(_build_three_blocks, "sparse_categorical_crossentropy"),
        epochs=1,
    ),
    _recipe(
        name="cats-three-blocks-moved",
        title="three blocks, images moved: the first of 40 epochs",
        load=partial(_load_generated, "three blocks", True),
        build=partial(_build_three_blocks, "categorical_crossentropy"),
        epochs=1,
        published=Published(accuracy=0.6, on="training"),
    ),
    _recipe(
        name="cats-xception",
        title="small Xception, 180 px: the first of 50 epochs",
        load=partial(_load_files, 180, 128, 0.2, 1337),
        build=_build_xception,
        epochs=1,
        published=Published(accuracy=0.961, on="validation", link=_KERAS_IO),
    ),
)
