"""Fashion-MNIST: a tutorial's network, and one of five convolutions with an eighth of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..data import fashion_mnist
from ._batches import in_memory
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras

_BATCH = 128
_SMALL_EPOCHS = 12


def _load(seed: int) -> Data:
    """Load the split of fashion-mnist: the same tenth of the training set is always held out."""
    from sklearn.model_selection import train_test_split

    clothes = fashion_mnist()
    X, X_val, y, y_val = train_test_split(
        _prepared(clothes.X_train), clothes.y_train, test_size=0.1, stratify=clothes.y_train, random_state=0
    )
    test = (_prepared(clothes.X_test), clothes.y_test)
    return in_memory((X, y), (X_val, y_val), test=test, batch_size=_BATCH, seed=seed, source=clothes.source)


def _prepared(images: np.ndarray) -> np.ndarray:
    return (images / 255).astype("float32")[..., np.newaxis]


def _build_tutorial(steps: int) -> keras.Model:
    """Build one convolution and one large dense layer: 804,554 parameters. The dropout rates are our choice."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return _compiled(model, keras.optimizers.Adam())


def _build_small(steps: int) -> keras.Model:
    """Build five normalised convolutions: 101,466 parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomFlip("horizontal"),
            *_convolution(16, pool=True),
            *_convolution(32),
            *_convolution(32, pool=True),
            *_convolution(64),
            *_convolution(64),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return _compiled(model, one_cycle(steps, peak=3e-3, rise=_SMALL_EPOCHS))


def _convolution(filters: int, pool: bool = False) -> list[keras.Layer]:
    from keras import layers

    shrink = [layers.MaxPooling2D(2)] if pool else []
    convolve = layers.Conv2D(filters, 3, padding="same", use_bias=False)
    return [convolve, *shrink, layers.BatchNormalization(momentum=0.9), layers.ReLU()]


def _compiled(model: keras.Model, optimizer: keras.Optimizer) -> keras.Model:
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


EXPERIMENTS = (
    Experiment(
        name="fashion-tutorial",
        chapter="fashion-mnist",
        role="recipe",
        title="one convolution, one large dense layer",
        load=_load,
        build=_build_tutorial,
        epochs=10,
        published=Published(accuracy=0.9168, on="test"),
    ),
    Experiment(
        name="fashion-small",
        chapter="fashion-mnist",
        role="answer",
        title="five convolutions",
        load=_load,
        build=_build_small,
        epochs=_SMALL_EPOCHS,
        mirrored=True,
    ),
)
