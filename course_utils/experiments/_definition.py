"""What an experiment is: data, a network, how long it trains, and what was published about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


@dataclass(frozen=True)
class Data:
    """Batches to train on and to hold out.

    Attributes
    ----------
    training : callable
        From the epoch (0, 1, …) to its shuffled batches ``(x, y)``, a ``tf.data.Dataset``. The same epoch gives the
        same batches, so that a stopped run goes on as if it had never been stopped.
    validation : tf.data.Dataset
        Batches ``(x, y)``, always in the same order; looked at after every epoch.
    n_training : int
        Examples in one epoch.
    steps_per_epoch : int
        Batches in one epoch.
    source : str
        "real" or "embedded".
    test : tf.data.Dataset, optional
        Looked at once, after the last epoch; where there is none, the validation data has the last word.
    """

    training: Callable[[int], tf.data.Dataset]
    validation: tf.data.Dataset
    n_training: int
    steps_per_epoch: int
    source: str
    test: tf.data.Dataset | None = None


@dataclass(frozen=True)
class Published:
    """A figure that somebody published for a recipe.

    Attributes
    ----------
    accuracy : float
        As published, 0 to 1.
    on : str
        What it was measured on: "validation", "test" or "training".
    link : str or None
        Where; ``None`` where the source has no address.
    """

    accuracy: float
    on: str
    link: str | None = None


@dataclass(frozen=True)
class Experiment:
    """A training that takes too long to be made in front of a reader.

    Attributes
    ----------
    name : str
        Lower-case words joined by hyphens; the same name in ``course bench``, in the results and in bindings.
    chapter : str
        Topic of the chapter that tells its story.
    role : {"recipe", "answer"}
        As published, or ours.
    title : str
        A few words for tables and legends.
    load : callable
        From a seed to the data; the seed orders the batches and never changes which examples are held out.
    build : callable
        From the number of training steps in all to a compiled model that measures ``accuracy``.
    epochs : int
        How often the training data is seen.
    published : Published, optional
        What others reported for this recipe.
    mirrored : bool
        Whether to measure also the mean prediction for an image and its mirror image.
    shown_smaller : int, optional
        Whether that mean is to be also over held-out images made smaller, and to what height and width in pixels.
    """

    name: str
    chapter: str
    role: Literal["recipe", "answer"]
    title: str
    load: Callable[[int], Data]
    build: Callable[[int], keras.Model]
    epochs: int
    published: Published | None = None
    mirrored: bool = False
    shown_smaller: int | None = None


def begin_epoch(seed: int, epoch: int) -> None:
    """Seed an epoch: it has the same batches and crops whether or not the run was stopped before it."""
    import keras

    keras.utils.set_random_seed(1000 * (seed + 1) + epoch)
