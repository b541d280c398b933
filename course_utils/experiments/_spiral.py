"""Five-colour spiral, dense networks: the tutorial's training, and the same network with a falling rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..data import spiral
from ._batches import in_memory
from ._definition import Data, Experiment, Published

if TYPE_CHECKING:
    import keras

_EPOCHS = 100


def _load(seed: int) -> Data:
    """Load the points of keras-dense: 800 to train on, 2,000 others held out."""
    X, y = spiral(800, seed=0)
    return in_memory((X, y), spiral(2000, seed=100), batch_size=32, seed=seed, source="real")


def _build_plain(steps: int) -> keras.Model:
    import keras

    return _compiled(keras.optimizers.Adam())


def _build_falling(steps: int) -> keras.Model:
    import keras

    return _compiled(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.003, decay_steps=steps)))


def _compiled(optimizer: keras.Optimizer) -> keras.Model:
    """Build hidden layers of 512, 256 and 64 units: 149,637 parameters."""
    import keras
    from keras import layers

    hidden = [layers.Dense(units, activation="relu") for units in (512, 256, 64)]
    model = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(5, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=25)
    return model


EXPERIMENTS = (
    Experiment(
        name="spiral-dense",
        chapter="keras-dense",
        role="recipe",
        title="dense, constant rate",
        load=_load,
        build=_build_plain,
        epochs=_EPOCHS,
        published=Published(accuracy=0.809, on="training"),
    ),
    Experiment(
        name="spiral-falling",
        chapter="keras-dense",
        role="answer",
        title="the same, falling rate",
        load=_load,
        build=_build_falling,
        epochs=_EPOCHS,
    ),
)
