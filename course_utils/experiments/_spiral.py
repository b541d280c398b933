"""Five-colour spiral, dense networks: the tutorial's training, a falling rate, and whether size helps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..data import spiral
from ._batches import in_memory
from ._definition import Data, Experiment, Published

if TYPE_CHECKING:
    import keras

_PUBLISHED_EPOCHS, _EPOCHS = 200, 100
_FAST = 0.003  # three times Adam's own rate
_LARGE, _SMALL, _WIDE = (512, 256, 64), (64, 64, 64), (2048,)


def _load(seed: int) -> Data:
    """Load the points of keras-dense: 800 to train on, 2,000 others to choose by, and 2,000 for the last word."""
    training, validation, test = spiral(800, seed=0), spiral(2000, seed=100), spiral(2000, seed=200)
    return in_memory(training, validation, test=test, batch_size=32, seed=seed, source="real")


def _build_published(steps: int) -> keras.Model:
    import keras

    return _compiled(_LARGE, keras.optimizers.Adam())


def _build_fast(steps: int) -> keras.Model:
    import keras

    return _compiled(_LARGE, keras.optimizers.Adam(_FAST))


def _build_falling(units: tuple[int, ...], steps: int, rate: float = _FAST) -> keras.Model:
    import keras

    return _compiled(units, keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)))


def _compiled(units: tuple[int, ...], optimizer: keras.Optimizer) -> keras.Model:
    """Build hidden layers: with 512, 256 and 64 units 149,637 parameters, with 64 three times 8,837."""
    import keras
    from keras import layers

    hidden = [layers.Dense(n, activation="relu") for n in units]
    model = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(5, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=25)
    return model


_answer = partial(Experiment, chapter="keras-dense", role="answer", load=_load, epochs=_EPOCHS)

EXPERIMENTS = (
    Experiment(
        name="spiral-dense",
        chapter="keras-dense",
        role="recipe",
        title="512-256-64, constant rate",
        load=_load,
        build=_build_published,
        epochs=_PUBLISHED_EPOCHS,
        published=Published(accuracy=0.80875, on="training"),
    ),
    _answer(name="spiral-fast", title="the same, three times that rate", build=_build_fast),
    _answer(name="spiral-falling", title="the same, falling rate", build=partial(_build_falling, _LARGE)),
    _answer(
        name="spiral-steep",
        title="512-256-64, falling from 0.01",
        build=partial(_build_falling, _LARGE, rate=0.01),
    ),
    _answer(name="spiral-small", title="64-64-64, falling rate", build=partial(_build_falling, _SMALL)),
    _answer(name="spiral-wide", title="2048, falling rate", build=partial(_build_falling, _WIDE)),
)
