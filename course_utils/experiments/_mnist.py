"""Handwritten digits: a VGG-style network as a tutorial trained it, a small one, and each with the other's training."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..data import mnist
from ._batches import in_memory
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

_VALIDATION_SHARE = 0.1
_PLAIN_BATCH, _CYCLE_BATCH = 32, 64
_PLAIN_EPOCHS, _CYCLE_EPOCHS = 3, 6


def _load_published(seed: int) -> Data:
    """All training digits; as in the tutorial the test digits are looked at after every epoch."""
    digits = mnist()
    training = (digits.X_train[..., np.newaxis], digits.y_train)
    test = (digits.X_test[..., np.newaxis], digits.y_test)
    return in_memory(training, test, test=test, batch_size=_PLAIN_BATCH, seed=seed, source=digits.source)


def _load(batch_size: int, seed: int) -> Data:
    """Digits as uint8 of shape (n, 28, 28, 1); the same tenth of the training set is always held out."""
    from sklearn.model_selection import train_test_split

    digits = mnist()
    X, X_val, y, y_val = train_test_split(
        digits.X_train[..., np.newaxis],
        digits.y_train,
        test_size=_VALIDATION_SHARE,
        stratify=digits.y_train,
        random_state=0,
    )
    test = (digits.X_test[..., np.newaxis], digits.y_test)
    return in_memory((X, y), (X_val, y_val), test=test, batch_size=batch_size, seed=seed, source=digits.source)


# --- networks ---------------------------------------------------------------------------------------------------------


def _vgg() -> list[keras.Layer]:
    """Two blocks of padded convolutions and two dense layers: 1,676,266 parameters."""
    from keras import layers

    return [
        *_padded_convolution(32),
        *_padded_convolution(32),
        layers.MaxPooling2D(),
        *_padded_convolution(64),
        *_padded_convolution(64),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


def _padded_convolution(filters: int) -> list[keras.Layer]:
    from keras import layers

    return [layers.ZeroPadding2D(), layers.Conv2D(filters, 3, activation="relu")]


def _small() -> list[keras.Layer]:
    """Three normalised convolutions with pooling, and one dense layer: 23,546 parameters."""
    from keras import layers

    return [
        *_normalised_convolution(16, 5),
        *_normalised_convolution(32, 3),
        *_normalised_convolution(48, 3),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ]


def _normalised_convolution(filters: int, kernel_size: int) -> list[keras.Layer]:
    from keras import layers

    return [
        layers.Conv2D(filters, kernel_size, padding="same", use_bias=False),
        layers.MaxPooling2D(),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


# --- trainings --------------------------------------------------------------------------------------------------------


def _plain(network: Callable[[], list[keras.Layer]], steps: int) -> keras.Model:
    """Train as the tutorial does, with SGD at what was its default rate.

    The tutorial subtracts the mean of all training pixels, 33.32, and divides by it once more, where it means the
    standard deviation; mnist-from-layers shows what that does.
    """
    import keras
    from keras import layers

    mean = 33.32
    return _compiled([layers.Rescaling(1 / mean, offset=-1), *network()], keras.optimizers.SGD(0.01))


def _cycle(network: Callable[[], list[keras.Layer]], steps: int) -> keras.Model:
    """Train with shifted digits and one cycle of the learning rate."""
    from keras import layers

    shifts = layers.RandomTranslation(0.08, 0.08, fill_mode="constant")
    return _compiled([layers.Rescaling(1 / 255), shifts, *network()], one_cycle(steps, peak=4e-3, rise=_CYCLE_EPOCHS))


def _compiled(layers: list[keras.Layer], optimizer: keras.Optimizer) -> keras.Model:
    import keras

    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    # XLA costs more to compile than it saves on networks of this size, and several steps at a time save overhead.
    model.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=8,
    )
    return model


_answer = partial(Experiment, chapter="mnist-from-layers", role="answer")
_plainly = partial(_answer, load=partial(_load, _PLAIN_BATCH), epochs=_PLAIN_EPOCHS)
_in_a_cycle = partial(_answer, load=partial(_load, _CYCLE_BATCH), epochs=_CYCLE_EPOCHS)

EXPERIMENTS = (
    Experiment(
        name="mnist-vgg",
        chapter="mnist-from-layers",
        role="recipe",
        title="VGG-style, plain SGD",
        load=_load_published,
        build=partial(_plain, _vgg),
        epochs=_PLAIN_EPOCHS,
        published=Published(
            accuracy=0.9893,
            on="test",
            link=(
                "https://github.com/theianchan/one-data-science-a-day/blob/"
                "b7cfe5614eda13259de0a5ab5fa10c36ab28180b/neural-network-layers.ipynb"
            ),
        ),
    ),
    _plainly(name="mnist-vgg-plain", title="VGG-style, plain SGD, a tenth held out", build=partial(_plain, _vgg)),
    _in_a_cycle(name="mnist-vgg-cycle", title="VGG-style, one cycle, shifts", build=partial(_cycle, _vgg)),
    _plainly(name="mnist-small-plain", title="three convolutions, plain SGD", build=partial(_plain, _small)),
    _in_a_cycle(name="mnist-small", title="three convolutions, one cycle, shifts", build=partial(_cycle, _small)),
)
