"""Fashion-MNIST: a tutorial's network and five convolutions, each with both trainings; what regularises; a transformer.

The last is compared with the convolutions, at three learning rates each, and gets no less time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..data import fashion_mnist
from ._batches import in_memory
from ._definition import Data, Experiment, Published
from ._schedule import one_cycle

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

_BATCH = 128
_PLAIN_EPOCHS, _CYCLE_EPOCHS = 10, 12
# So few images are soon known by heart; as few to validate on, or looking would take longer than learning.
_FEW, _FEW_VALIDATION, _FEW_EPOCHS = 2000, 1000, 60
# The transformer's epochs take no less time than the convolutions': 27 against 20 seconds when they were measured.
_CONVOLUTION_EPOCHS, _PATCH_EPOCHS, _SMALL_BATCH = 6, 7, 64


def _load_published(seed: int) -> Data:
    """All training images and one-hot labels. The tutorial validates on nothing; here the test images are watched."""
    import keras

    clothes = fashion_mnist()
    training, test = (
        (_prepared(images), keras.utils.to_categorical(labels))
        for images, labels in [(clothes.X_train, clothes.y_train), (clothes.X_test, clothes.y_test)]
    )
    return in_memory(training, test, test=test, batch_size=_BATCH, seed=seed, source=clothes.source)


def _load(seed: int, n_training: int | None = None, n_validation: int | None = None, batch_size: int = _BATCH) -> Data:
    """Load the split of fashion-mnist, or the first images of it: the same tenth of the training set is held out."""
    from sklearn.model_selection import train_test_split

    clothes = fashion_mnist()
    X, X_val, y, y_val = train_test_split(
        _prepared(clothes.X_train), clothes.y_train, test_size=0.1, stratify=clothes.y_train, random_state=0
    )
    training, validation = (X[:n_training], y[:n_training]), (X_val[:n_validation], y_val[:n_validation])
    test = (_prepared(clothes.X_test), clothes.y_test)
    return in_memory(training, validation, test=test, batch_size=batch_size, seed=seed, source=clothes.source)


def _prepared(images: np.ndarray) -> np.ndarray:
    return (images / 255).astype("float32")[..., np.newaxis]


# --- networks ---------------------------------------------------------------------------------------------------------


def _tutorial(dropout: float = 0.25) -> list[keras.Layer]:
    """One convolution and one large dense layer: 804,554 parameters."""
    from keras import layers

    return [
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(dropout),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(dropout),
        layers.Dense(10, activation="softmax"),
    ]


def _small() -> list[keras.Layer]:
    """Five normalised convolutions: 101,466 parameters."""
    from keras import layers

    return [
        *_convolution(16, pool=True),
        *_convolution(32),
        *_convolution(32, pool=True),
        *_convolution(64),
        *_convolution(64),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ]


def _convolution(filters: int, pool: bool = False) -> list[keras.Layer]:
    from keras import layers

    shrink = [layers.MaxPooling2D(2)] if pool else []
    convolve = layers.Conv2D(filters, 3, padding="same", use_bias=False)
    return [convolve, *shrink, layers.BatchNormalization(momentum=0.9), layers.ReLU()]


def _patches(size: int = 32, blocks: int = 2, heads: int = 4) -> keras.Model:
    """49 patches of 4 × 4 pixels that look at each other: 34,954 parameters."""
    import keras
    from keras import layers, ops

    image = keras.Input((28, 28, 1))
    rows = layers.Permute((1, 3, 2, 4))(layers.Reshape((7, 4, 7, 4))(image))
    x = layers.Reshape((49, 16))(rows)
    place = ops.cast(0 * x[..., 0], "int32") + np.arange(49)
    x = layers.Dense(size)(x) + layers.Embedding(49, size)(place)
    for _ in range(blocks):
        y = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(heads, size // heads)(y, y)
        y = layers.Dense(2 * size, "relu")(layers.LayerNormalization()(x))
        x = x + layers.Dense(size)(y)
    x = layers.Flatten()(layers.LayerNormalization()(x))
    return keras.Model(image, layers.Dense(10, activation="softmax")(x))


# --- trainings --------------------------------------------------------------------------------------------------------


def _published(steps: int) -> keras.Model:
    import keras

    return _compiled(_tutorial(), keras.optimizers.Adam(), loss="categorical_crossentropy")


def _plain(network: Callable[[], list[keras.Layer]], steps: int) -> keras.Model:
    """Train as the tutorial does: the images as they are, Adam at its default rate."""
    import keras

    return _compiled(network(), keras.optimizers.Adam())


def _cycle(network: Callable[[], list[keras.Layer]], steps: int) -> keras.Model:
    """Train with mirrored images and one cycle of the learning rate."""
    from keras import layers

    mirrored = [layers.RandomFlip("horizontal"), *network()]
    return _compiled(mirrored, one_cycle(steps, peak=3e-3, rise=_CYCLE_EPOCHS))


def _regularised(steps: int, *, dropout: float = 0.0, weight_decay: float = 0.0, moved: bool = False) -> keras.Model:
    """Train the tutorial's network with or without brakes on learning by heart, at a constant rate."""
    import keras
    from keras import layers

    moves = [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.08, 0.08, fill_mode="constant")]
    return _compiled(
        [*(moves if moved else []), *_tutorial(dropout)], keras.optimizers.AdamW(1e-3, weight_decay=weight_decay)
    )


def _falling(network: Callable[[], list[keras.Layer] | keras.Model], steps: int, *, rate: float) -> keras.Model:
    """Train with Adam at a rate that falls to zero."""
    import keras

    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    return _compiled(network(), keras.optimizers.Adam(falling))


def _compiled(
    network: list[keras.Layer] | keras.Model,
    optimizer: keras.Optimizer,
    loss: str = "sparse_categorical_crossentropy",
) -> keras.Model:
    import keras

    model = keras.Sequential([keras.Input((28, 28, 1)), *network]) if isinstance(network, list) else network
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    return model


_answer = partial(Experiment, chapter="fashion-mnist", role="answer")
_plainly = partial(_answer, load=_load, epochs=_PLAIN_EPOCHS)
_in_a_cycle = partial(_answer, load=_load, epochs=_CYCLE_EPOCHS, mirrored=True)
_with_few = partial(_answer, load=partial(_load, n_training=_FEW, n_validation=_FEW_VALIDATION), epochs=_FEW_EPOCHS)
_in_comparison = partial(
    Experiment,
    chapter="attention",
    role="answer",
    load=partial(_load, n_training=_FEW, n_validation=_FEW_VALIDATION, batch_size=_SMALL_BATCH),
)
_by_convolutions = partial(_in_comparison, epochs=_CONVOLUTION_EPOCHS)
_by_patches = partial(_in_comparison, epochs=_PATCH_EPOCHS)

EXPERIMENTS = (
    Experiment(
        name="fashion-tutorial",
        chapter="fashion-mnist",
        role="recipe",
        title="one convolution, one large dense layer",
        load=_load_published,
        build=_published,
        epochs=_PLAIN_EPOCHS,
        published=Published(
            accuracy=0.9168,
            on="test",
            link=("https://github.com/mpolinowski/tf-keras-2023"),
        ),
    ),
    _plainly(name="fashion-tutorial-plain", title="tutorial's network, its training", build=partial(_plain, _tutorial)),
    _in_a_cycle(
        name="fashion-tutorial-cycle", title="tutorial's network, our training", build=partial(_cycle, _tutorial)
    ),
    _plainly(name="fashion-small-plain", title="five convolutions, its training", build=partial(_plain, _small)),
    _in_a_cycle(name="fashion-small", title="five convolutions", build=partial(_cycle, _small)),
    _with_few(name="few-plain", title="2,000 images", build=_regularised),
    _with_few(name="few-dropout", title="2,000 images, dropout", build=partial(_regularised, dropout=0.5)),
    _with_few(name="few-decay", title="2,000 images, weight decay", build=partial(_regularised, weight_decay=0.1)),
    _with_few(name="few-moved", title="2,000 images, moved", build=partial(_regularised, moved=True)),
    _answer(
        name="few-moved-longer",
        title="2,000 images, moved, three times as long",
        load=_with_few.keywords["load"],
        build=partial(_regularised, moved=True),
        epochs=3 * _FEW_EPOCHS,
    ),
    *(
        by(name=f"{short}-{speed}", title=f"{title}, rate {rate}", build=partial(_falling, network, rate=rate))
        for by, short, title, network in (
            (_by_convolutions, "few-convolutions", "2,000 images, five convolutions", _small),
            (_by_patches, "few-patches", "2,000 images, transformer of patches", _patches),
        )
        for speed, rate in (("slow", 0.001), ("steady", 0.003), ("fast", 0.01))
    ),
)
