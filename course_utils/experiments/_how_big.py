"""How big a network: four published ones on 4,096 small photographs, what held them back, and a small one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import Photos, cats_vs_dogs
from ._batches import in_memory, read_photos
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_Files = tuple[list[Path], np.ndarray]

_CHAPTER = "how-big-a-network"
# A quarter of 375 × 500, the most common shape of the original photographs.
_HEIGHT, _WIDTH = 94, 125
_BATCH_SIZE = 32
# Of each kind, the first 2,560 files are shared out: every fifth is held out. The next 512 are the chapter's test set.
_EACH, _TEST_EACH = 2560, 512
# There are fewer drawn pets than photographs, so of them every number is a quarter.
_DRAWN_PART = 4
_N_TRAINING = 4096
_SMALL_EPOCHS = 16


def _load(n_training: int, seed: int) -> Data:
    from PIL import Image

    _correlation()  # a process that goes on with a stopped run must know the metric before it reads the model
    photos = cats_vs_dogs()
    training, validation = (
        (read_photos(files, (_HEIGHT, _WIDTH), Image.Resampling.BICUBIC), y)
        for files, y in _choose_files(photos, n_training)
    )
    return in_memory(training, validation, batch_size=_BATCH_SIZE, seed=seed, source=photos.source)


def _choose_files(photos: Photos, n_training: int) -> tuple[_Files, _Files]:
    """Choose files to train on and to hold out; what is held out does not depend on how many are trained on.

    Parameters
    ----------
    photos : Photos
        All there are.
    n_training : int
        Number of photographs to train on, half of them cats; of drawn pets a quarter as many, or as many as there are.

    Returns
    -------
    tuple of (list of pathlib.Path, numpy.ndarray)
        Training, then validation, cats and dogs in turn; labels 0 for a cat and 1 for a dog, int64.
    """
    part = 1 if photos.source == "real" else _DRAWN_PART
    each, beyond = _EACH // part, (_EACH + _TEST_EACH) // part
    held_out = np.arange(each) % 5 == 4
    training, validation = [], []
    for kind in photos.class_names:
        files = np.array(sorted((photos.folder / kind).iterdir()))
        pool = np.concatenate([files[:each][~held_out], files[beyond:]])
        training.append(pool[: n_training // 2 // part])
        validation.append(files[:each][held_out])
    return _in_turn(training), _in_turn(validation)


def _in_turn(kinds: list[np.ndarray]) -> _Files:
    n = len(kinds[0])
    return list(np.stack(kinds, axis=1).reshape(-1)), np.tile(np.arange(len(kinds)), n)


def _dense() -> keras.Model:
    """Build one hidden layer of 512 units on the raw pixels: 18,049,025 parameters."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((_HEIGHT, _WIDTH, 3)),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _build_dense(steps: int) -> keras.Model:
    import keras

    model = _dense()
    model.compile(keras.optimizers.Adam(1e-3), "mean_squared_error", metrics=_measures(), jit_compile=False)
    return model


def _build_recipe(filters: tuple[int, ...], units: int, steps: int) -> keras.Model:
    """Build convolutions on raw pixels, trained at a millionth: 8,637,473, 7,928,177 and 21,123,457 parameters."""
    import keras

    model = _convolutions(filters, units, scale=1.0)
    model.compile(keras.optimizers.Adam(1e-6), "binary_crossentropy", metrics=_measures(), jit_compile=False)
    return model


def _build_published(make: Callable[[], keras.Model], rate: float, steps: int) -> keras.Model:
    """Train with the mean squared error on raw pixels, as published."""
    import keras

    model = make()
    model.compile(keras.optimizers.Adam(rate), "mean_squared_error", metrics=_measures(), jit_compile=False)
    return model


def _measures() -> list[str | keras.metrics.Metric]:
    import keras

    return ["accuracy", "mean_squared_error", keras.metrics.AUC(name="auc"), _correlation()(name="correlation")]


@functools.cache
def _correlation() -> type[keras.metrics.Metric]:
    """Make the class of a metric that Keras lacks: Pearson's correlation over all batches, not one for each."""
    import keras

    @keras.saving.register_keras_serializable("course_utils")
    class Correlation(keras.metrics.Metric):
        """Correlation of outputs with labels 0 and 1; it is 0 where the outputs are all the same."""

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.sums = self.add_variable((4,), "zeros", name="sums")
            self.n = self.add_variable((), "zeros", name="n")

        def update_state(self, y_true: tf.Tensor, y_pred: tf.Tensor, sample_weight: None = None) -> None:
            y, proba = (keras.ops.cast(keras.ops.reshape(values, (-1,)), "float32") for values in (y_true, y_pred))
            self.sums.assign_add(keras.ops.sum(keras.ops.stack([y, proba, proba * proba, y * proba]), axis=1))
            self.n.assign_add(keras.ops.cast(keras.ops.size(y), "float32"))

        def result(self) -> tf.Tensor:
            y, proba, squares, products = keras.ops.unstack(self.sums / self.n)
            spread = (y - y * y) * (squares - proba * proba)
            # Below this, what is left of the outputs' spread is rounding.
            least = 1e-6
            r = (products - y * proba) / keras.ops.sqrt(keras.ops.maximum(spread, least))
            return keras.ops.where(spread > least, r, 0.0)

    return Correlation


def _build_changed(filters: tuple[int, ...], units: int, scale: float, rate: float, steps: int) -> keras.Model:
    """Build the same with pixels multiplied by `scale`, trained at another rate."""
    import keras

    model = _convolutions(filters, units, scale)
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _convolutions(filters: tuple[int, ...], units: int, scale: float) -> keras.Model:
    import keras
    from keras import layers

    blocks: list[keras.Layer] = []
    for n in filters:
        blocks += [layers.Conv2D(n, 3, activation="relu"), layers.MaxPooling2D()]
    dense = [layers.Dense(units, activation="relu") for _ in range(2)]
    inputs = [keras.Input((_HEIGHT, _WIDTH, 3)), layers.Rescaling(scale)]
    return keras.Sequential([*inputs, *blocks, layers.Flatten(), *dense, layers.Dense(1, activation="sigmoid")])


def _build_small(steps: int) -> keras.Model:
    """Build five normalised convolutions, averaged feature maps, mirror images and shifts: 190,833 parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((_HEIGHT, _WIDTH, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
            layers.Rescaling(1 / 127.5, offset=-1),
            *_convolution(16, strides=2),
            *_convolution(32, pool=2),
            *_convolution(64, pool=2),
            *_convolution(96, pool=2),
            *_convolution(128),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        one_cycle(steps, peak=3e-3, rise=8),
        "binary_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=8,
    )
    return model


def _build_trained_alike(peak: float, steps: int) -> keras.Model:
    """Build the biggest with all that the small one gets besides its layers: what is left is what these are worth."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((_HEIGHT, _WIDTH, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
            *_convolutions((128, 128), 256, _SCALED).layers,
        ]
    )
    model.compile(one_cycle(steps, peak=peak, rise=8), "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _convolution(filters: int, strides: int = 1, pool: int = 1) -> list[keras.Layer]:
    from keras import layers

    return [
        layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),
        *([layers.MaxPooling2D(pool)] if pool > 1 else []),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


_RAW, _SCALED = 1.0, 1 / 255
_SLOW, _FASTER = 1e-6, 1e-4
# Of 0.0001, 0.0003 and 0.001 the best after three epochs. The small network's 0.003 is for normalised layers.
_BIG_PEAK = 3e-4

_load_all_alike = partial(_load, _N_TRAINING)
_recipe = partial(Experiment, chapter=_CHAPTER, role="recipe", load=_load_all_alike)
_answer = partial(Experiment, chapter=_CHAPTER, role="answer")
_changed = partial(_answer, load=_load_all_alike)

_LINK = "https://dev.to/strikingloo/convolutional-neural-networks-an-introduction-tensorflow-eager-4f4m"
_published = partial(_recipe, epochs=5)

EXPERIMENTS = (
    _published(
        name="published-dense",
        title="dense layer of 512 units, as published",
        build=partial(_build_published, _dense, 1e-5),
        epochs=10,
        published=Published(accuracy=0.5, on="validation", link=_LINK),
    ),
    # 256 units: with Adam's two averages of each weight they make the file of more than 200 MB that is published.
    _published(
        name="published-conv-24",
        title="one convolution of 24 kernels, as published",
        build=partial(_build_published, partial(_convolutions, (24,), 256, _RAW), _SLOW),
    ),
    _published(
        name="published-conv-48",
        title="two convolutions of 48 kernels, as published",
        build=partial(_build_published, partial(_convolutions, (48, 48), 256, _RAW), _SLOW),
        epochs=15,
        published=Published(accuracy=0.61, on="validation", link=_LINK),
    ),
    _published(
        name="published-conv-128",
        title="two convolutions of 128 kernels, as published",
        build=partial(_build_published, partial(_convolutions, (128, 128), 256, _RAW), _SLOW),
        epochs=13,
        published=Published(accuracy=0.67, on="validation", link=_LINK),
    ),
    _recipe(
        name="big-dense",
        title="dense layer of 512 units",
        build=_build_dense,
        epochs=3,
        published=Published(accuracy=0.5, on="validation"),
    ),
    _recipe(
        name="big-conv-24",
        title="one convolution of 24 kernels",
        build=partial(_build_recipe, (24,), 128),
        epochs=5,
    ),
    _recipe(
        name="big-conv-48",
        title="two convolutions of 48 kernels",
        build=partial(_build_recipe, (48, 48), 256),
        epochs=15,
        published=Published(accuracy=0.61, on="validation"),
    ),
    _recipe(
        name="big-conv-128",
        title="two convolutions of 128 kernels",
        build=partial(_build_recipe, (128, 128), 256),
        epochs=13,
        published=Published(accuracy=0.67, on="validation"),
    ),
    _changed(
        name="big-conv-24-scaled",
        title="24 kernels, pixels from 0 to 1",
        build=partial(_build_changed, (24,), 128, _SCALED, _SLOW),
        epochs=5,
    ),
    _changed(
        name="big-conv-24-faster",
        title="24 kernels, learning rate 0.0001",
        build=partial(_build_changed, (24,), 128, _RAW, _FASTER),
        epochs=5,
    ),
    _changed(
        name="big-conv-24-both",
        title="24 kernels, both",
        build=partial(_build_changed, (24,), 128, _SCALED, _FASTER),
        epochs=5,
    ),
    _changed(
        name="big-conv-128-both",
        title="two convolutions of 128 kernels, both",
        build=partial(_build_changed, (128, 128), 256, _SCALED, _FASTER),
        epochs=5,
    ),
    _changed(
        name="big-conv-128-alike",
        title="two convolutions of 128 kernels, trained like the small network",
        build=partial(_build_trained_alike, _BIG_PEAK),
        epochs=_SMALL_EPOCHS,
    ),
    _answer(
        name="small-on-1024",
        title="small network, 1,024 photos",
        load=partial(_load, _N_TRAINING // 4),
        build=_build_small,
        epochs=4 * _SMALL_EPOCHS,
    ),
    _answer(
        name="small-on-4096",
        title="small network, 4,096 photos",
        load=_load_all_alike,
        build=_build_small,
        epochs=_SMALL_EPOCHS,
        mirrored=True,
    ),
    _answer(
        name="small-on-16384",
        title="small network, 16,384 photos",
        load=partial(_load, 4 * _N_TRAINING),
        build=_build_small,
        epochs=_SMALL_EPOCHS // 4,
    ),
)
