"""Handwritten digits: a VGG-style network as a tutorial trained it, and a small one that does better sooner."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..data import mnist
from ._batches import in_memory
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras

_VALIDATION_SHARE = 0.1
_SMALL_EPOCHS = 6


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


def _build_vgg(steps: int) -> keras.Model:
    """Build two blocks of padded convolutions and two dense layers: 1,676,266 parameters.

    The tutorial subtracts the mean of all training pixels, 33.32, and divides by it once more, where it means the
    standard deviation; mnist-from-layers shows what that does. It leaves SGD at its default rate.
    """
    import keras
    from keras import layers

    mean = 33.32
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / mean, offset=-1),
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
    )
    return _compiled(model, keras.optimizers.SGD(0.01))


def _padded_convolution(filters: int) -> list[keras.Layer]:
    from keras import layers

    return [layers.ZeroPadding2D(), layers.Conv2D(filters, 3, activation="relu")]


def _build_small(steps: int) -> keras.Model:
    """Build three normalised convolutions with pooling, shifts and one dense layer: 23,546 parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomTranslation(0.08, 0.08, fill_mode="constant"),
            *_normalised_convolution(16, 5),
            *_normalised_convolution(32, 3),
            *_normalised_convolution(48, 3),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return _compiled(model, one_cycle(steps, peak=4e-3, rise=_SMALL_EPOCHS))


def _normalised_convolution(filters: int, kernel_size: int) -> list[keras.Layer]:
    from keras import layers

    return [
        layers.Conv2D(filters, kernel_size, padding="same", use_bias=False),
        layers.MaxPooling2D(),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


def _compiled(model: keras.Model, optimizer: keras.Optimizer) -> keras.Model:
    # XLA costs more to compile than it saves on networks of this size, and several steps at a time save overhead.
    model.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=8,
    )
    return model


EXPERIMENTS = (
    Experiment(
        name="mnist-vgg",
        chapter="mnist-from-layers",
        role="recipe",
        title="VGG-style, plain SGD",
        load=partial(_load, 32),
        build=_build_vgg,
        epochs=3,
        published=Published(
            accuracy=0.9893,
            on="test",
            link=(
                "https://github.com/theianchan/one-data-science-a-day/blob/"
                "b7cfe5614eda13259de0a5ab5fa10c36ab28180b/neural-network-layers.ipynb"
            ),
        ),
    ),
    Experiment(
        name="mnist-small",
        chapter="mnist-from-layers",
        role="answer",
        title="three convolutions, one cycle, shifts",
        load=partial(_load, 64),
        build=_build_small,
        epochs=_SMALL_EPOCHS,
    ),
)
