"""How big a network, asked of size alone: one design in five widths, and what else differs from the published networks.

Half as high and wide as the published photographs: so small that ten seeds of most of these take minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import Photos, cats_vs_dogs
from ._batches import in_memory, read_photos
from ._definition import Data, Experiment
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras

    _Files = tuple[list[Path], np.ndarray]

_CHAPTER = "how-big-a-network"
_SHAPE = (47, 62)
_BATCH = 32
# Of each kind, the first 2,560 files are shared out as the published networks' are: every fifth is held out to choose
# by. The next 2,048 have the last word.
_EACH, _TEST_EACH = 2560, 2048
# There are fewer drawn pets than photographs, so of them every number is a quarter, or what there is.
_DRAWN_PART = 4
_MANY, _FEW = 4096, 1024
_EPOCHS = 8


def load(n_training: int, seed: int, shape: tuple[int, int] = _SHAPE, tested: bool = True) -> Data:
    """Read the photographs, squeezed to a shape, as whole numbers; with a test set if nothing else is to judge."""
    from PIL import Image

    photos = cats_vs_dogs()
    training, validation, *test = (
        (read_photos(files, shape, Image.Resampling.BICUBIC), y)
        for files, y in share_out(photos, n_training)[: 3 if tested else 2]
    )
    return in_memory(
        training, validation, test=test[0] if test else None, batch_size=_BATCH, seed=seed, source=photos.source
    )


def share_out(photos: Photos, n_training: int) -> tuple[_Files, _Files, _Files]:
    """Choose files to train on, to choose by and for the last word; the last two are the same for every `n_training`.

    Parameters
    ----------
    photos : Photos
        All there are.
    n_training : int
        Number of photographs to train on, half of them cats; of drawn pets a quarter as many.

    Returns
    -------
    tuple of (list of pathlib.Path, numpy.ndarray)
        Training, validation, test, cats and dogs in turn; labels 0 for a cat and 1 for a dog, int64.
    """
    part = 1 if photos.source == "real" else _DRAWN_PART
    each, beyond = _EACH // part, (_EACH + _TEST_EACH) // part
    held_out = np.arange(each) % 5 == 4
    shares: tuple[list[np.ndarray], ...] = ([], [], [])
    for kind in photos.class_names:
        files = np.array(sorted((photos.folder / kind).iterdir()))
        shares[0].append(files[:each][~held_out][: n_training // 2 // part])
        shares[1].append(files[:each][held_out])
        shares[2].append(files[each:beyond])
    training, validation, test = map(_in_turn, shares)
    return training, validation, test


def _in_turn(kinds: list[np.ndarray]) -> _Files:
    n = min(len(files) for files in kinds)
    return list(np.stack([files[:n] for files in kinds], axis=1).reshape(-1)), np.tile(np.arange(len(kinds)), n)


# --- networks ---------------------------------------------------------------------------------------------------------

RAW, _SCALED = 1.0, 1 / 255


def _moves() -> list[keras.Layer]:
    from keras import layers

    return [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")]


def small_network(
    shape: tuple[int, int] = _SHAPE,
    *,
    width: float = 1.0,
    moved: bool = True,
    normalised: bool = True,
    averaged: bool = True,
    last: bool = True,
) -> keras.Model:
    """Build five normalised convolutions and averaged feature maps; one thing at a time can be left out."""
    import keras
    from keras import layers

    def convolution(filters: int, strides: int = 1, pool: bool = False) -> list[keras.Layer]:
        return [
            layers.Conv2D(int(filters * width), 3, strides=strides, padding="same", use_bias=not normalised),
            *([layers.MaxPooling2D()] if pool else []),
            *([layers.BatchNormalization(momentum=0.9)] if normalised else []),
            layers.ReLU(),
        ]

    return keras.Sequential(
        [
            keras.Input((*shape, 3)),
            *(_moves() if moved else []),
            layers.Rescaling(1 / 127.5, offset=-1),
            *convolution(16, strides=2),
            *convolution(32, pool=True),
            *convolution(64, pool=True),
            *convolution(96, pool=True),
            *(convolution(128) if last else []),
            layers.GlobalAveragePooling2D() if averaged else layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def published_network(
    filters: tuple[int, ...],
    shape: tuple[int, int] = _SHAPE,
    *,
    moved: bool = False,
    scale: float = _SCALED,
) -> keras.Model:
    """Build a published network: convolutions, and two dense layers.

    With 256 units: with Adam's two averages of each weight they make the file of more than 200 MB that is published of
    the network with 24 kernels.
    """
    import keras
    from keras import layers

    blocks: list[keras.Layer] = []
    for n in filters:
        blocks += [layers.Conv2D(n, 3, activation="relu"), layers.MaxPooling2D()]
    dense = [layers.Dense(256, activation="relu") for _ in range(2)]
    inputs = [keras.Input((*shape, 3)), *(_moves() if moved else []), layers.Rescaling(scale)]
    return keras.Sequential([*inputs, *blocks, layers.Flatten(), *dense, layers.Dense(1, activation="sigmoid")])


_big = partial(published_network, (128, 128))
_one = partial(published_network, (24,))


def cycled(make: Callable[[], keras.Model], peak: float, steps: int) -> keras.Model:
    """Train with AdamW in one cycle of the rate."""
    model = make()
    model.compile(
        one_cycle(steps, peak=peak, rise=8),
        "binary_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=8,
    )
    return model


def _plainly(make: Callable[[], keras.Model], rate: float, loss: str, steps: int) -> keras.Model:
    """Train with Adam at a constant rate."""
    import keras

    model = make()
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"], jit_compile=False, steps_per_execution=8)
    return model


# --- experiments ------------------------------------------------------------------------------------------------------

WIDTHS = {"eighth": 1 / 8, "quarter": 1 / 4, "half": 1 / 2, "single": 1.0, "double": 2.0}
_PEAK, _BIG_PEAK = 3e-3, 3e-4
_PUBLISHED_RATE, _FASTER = 1e-6, 1e-4

_answer = partial(Experiment, chapter=_CHAPTER, role="answer")
_on_many = partial(_answer, load=partial(load, _MANY), epochs=_EPOCHS)


def _width(name: str, n_training: int) -> Experiment:
    return _answer(
        name=f"{name}-{n_training}",
        title=f"{name.replace('single', 'small')} width, {n_training:,} photos",
        load=partial(load, n_training),
        build=partial(cycled, partial(small_network, width=WIDTHS[name]), _PEAK),
        epochs=_EPOCHS * _MANY // n_training,
    )


def _without(what: str, title: str, peak: float = _PEAK, **options: Any) -> Experiment:
    return _on_many(
        name=f"single-{_MANY}-{what}",
        title=f"small network, {title}",
        build=partial(cycled, partial(small_network, **options), peak),
    )


def _corner(pixels: str, loss: str, rate: str) -> Experiment:
    """Train one convolution of 24 kernels with each of three things as published or mended."""
    scale = {"raw": RAW, "scaled": _SCALED}[pixels]
    losses = {"squared": "mean_squared_error", "entropy": "binary_crossentropy"}
    rates = {"slow": _PUBLISHED_RATE, "faster": _FASTER}
    return _on_many(
        name=f"one-{pixels}-{loss}-{rate}",
        title=f"24 kernels: {pixels} pixels, {losses[loss].replace('_', ' ')}, rate {rates[rate]:g}",
        build=partial(_plainly, partial(_one, scale=scale), rates[rate], losses[loss]),
        epochs=5,
    )


EXPERIMENTS = (
    *(_width(name, n) for n in (_MANY, _FEW) for name in WIDTHS),
    _without("unmoved", "no moves", moved=False),
    _without("unnormalised", "no normalisation", normalised=False),
    # The peak was found for the network that normalises; the one that does not gets as many tries as others had.
    _without("unnormalised-slower", "no normalisation, peak 0.001", 1e-3, normalised=False),
    _without("unnormalised-slowest", "no normalisation, peak 0.0003", 3e-4, normalised=False),
    _without("flat", "maps not averaged", averaged=False),
    _without("shallow", "one convolution fewer", last=False),
    _on_many(
        name="small-published",
        title="small network, the published training",
        build=partial(_plainly, partial(small_network, moved=False), _PUBLISHED_RATE, "mean_squared_error"),
    ),
    _on_many(
        name="small-plain",
        title="small network, plain training",
        build=partial(_plainly, partial(small_network, moved=False), 3e-3, "binary_crossentropy"),
    ),
    _on_many(
        name="big-published",
        title="128 and 128 kernels, the published training",
        build=partial(_plainly, partial(_big, scale=RAW), _PUBLISHED_RATE, "mean_squared_error"),
    ),
    _on_many(
        name="big-plain",
        title="128 and 128 kernels, plain training",
        build=partial(_plainly, _big, _FASTER, "binary_crossentropy"),
    ),
    _on_many(
        name="big-cycle",
        title="128 and 128 kernels, our training",
        build=partial(cycled, partial(_big, moved=True), _BIG_PEAK),
    ),
    *(_corner(*corner) for corner in product(("raw", "scaled"), ("squared", "entropy"), ("slow", "faster"))),
)
