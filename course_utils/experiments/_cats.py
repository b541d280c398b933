"""Cats and dogs, our way: photographs decoded once, small, in memory; and what each of our decisions is worth."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..convolution import cosine_kernels
from ..data import Photos, cats_vs_dogs
from ._batches import Examples, read_photos
from ._cats_published import split_folder
from ._definition import Data, Experiment
from ._schedule import one_cycle

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_CHAPTER = "cats-vs-dogs"
_SPLIT_SEED = 1
_BATCH = 64
_LEAST_IMAGES = 3000


def split_files(photos: Photos) -> tuple[Examples, Examples, Examples]:
    """Hold a quarter of the files out, half of them to choose by and half for the last word.

    Parameters
    ----------
    photos : Photos
        All there are.

    Returns
    -------
    tuple of (paths, labels)
        Training, validation, test; paths as str, labels 0 for a cat and 1 for a dog, int64.
    """
    training, (paths, y) = split_folder(photos, 0.25, _SPLIT_SEED)
    return training, (paths[::2], y[::2]), (paths[1::2], y[1::2])


def _load_memory(stages: tuple[tuple[int, int], ...], shown: int, least: float, seed: int, mirror: bool = True) -> Data:
    """Decode once, then cut, mirror and shrink whole batches; the pictures grow from stage to stage.

    Parameters
    ----------
    stages : tuple of (size, epochs)
        Height and width of the training images in pixels, and for how many epochs.
    shown : int
        Height and width of the images in memory and of the validation images. Larger than the last training images,
        because these are cut out: it is the animals that are to have one size.
    least : float
        Smallest height of a cut, as a share of the image.
    seed : int
        Orders and cuts the training images.
    mirror : bool
        Whether half of the cuts are mirrored.
    """
    import tensorflow as tf
    from PIL import Image

    photos = cats_vs_dogs()
    (paths, y), validation, test = split_files(photos)
    read = partial(read_photos, size=(shown, shown), resample=Image.Resampling.BILINEAR, draft=True)
    sizes = [size for size, epochs in stages for _ in range(epochs)]
    # On a small sample an epoch is several rounds: what a network learns depends on the number of steps.
    rounds = math.ceil(_LEAST_IMAGES / len(y))
    images, labels = tf.constant(read(paths)), tf.constant(y.astype(np.float32)[:, np.newaxis])

    def training(epoch: int) -> tf.data.Dataset:
        order = np.concatenate([np.random.default_rng([seed, epoch, i]).permutation(len(y)) for i in range(rounds)])
        size = (sizes[epoch], sizes[epoch])

        def cut(i: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            boxes = random_boxes(tf.size(i), least, mirror)
            return tf.image.crop_and_resize(tf.gather(images, i), boxes, tf.range(tf.size(i)), size), tf.gather(
                labels, i
            )

        return tf.data.Dataset.from_tensor_slices(order).batch(_BATCH).map(cut, num_parallel_calls=2).prefetch(2)

    def held_out(paths: np.ndarray, y: np.ndarray) -> tf.data.Dataset:
        return tf.data.Dataset.from_tensor_slices((read(paths), y[:, np.newaxis])).batch(250)

    return Data(
        training=training,
        validation=held_out(*validation),
        test=held_out(*test),
        n_training=rounds * len(y),
        steps_per_epoch=math.ceil(rounds * len(y) / _BATCH),
        source=photos.source,
    )


def random_boxes(n: tf.Tensor, least: float, mirror: bool = True) -> tf.Tensor:
    """Draw the part of each image to train on; half of the boxes run from right to left, which mirrors the image.

    Parameters
    ----------
    n : int
        Number of images.
    least : float
        Smallest height, as a share of the image.
    mirror : bool
        Whether half of the boxes run from right to left.

    Returns
    -------
    tf.Tensor, shape (n, 4), float32
        Top, left, bottom, right as shares of the image, for ``tf.image.crop_and_resize``.
    """
    import tensorflow as tf

    height = tf.random.uniform((n,), least, 1.0)
    # Whole photographs keep their width too.
    width = tf.minimum(height * tf.random.uniform((n,), 0.8 if least < 1 else 1.0, 1.2), 1.0)
    top = tf.random.uniform((n,)) * (1 - height)
    left = tf.random.uniform((n,)) * (1 - width)
    turned = (tf.random.uniform((n,)) < 0.5) & mirror
    sides = tf.where(turned, left + width, left), tf.where(turned, left, left + width)
    return tf.stack([top, sides[0], top + height, sides[1]], axis=1)


# The first kernels are given, the others learned.
_WIDTHS, _WIDER = (48, 48, 96, 192, 192), (48, 64, 128, 256, 256)
_GIVEN_SIZE, _LEARNED_FIRST = 4, 24
_FIRST_GATED = 3


def _build_small(
    steps: int,
    *,
    widths: tuple[int, ...] = _WIDTHS,
    residual: int = 0,
    given: bool = True,
    pool_first: bool = True,
    momentum: float = 0.9,
    gated: bool = True,
    flatten: int | None = None,
    smoothing: float = 0.05,
    optimizer: Literal["muon", "adamw", "constant"] = "muon",
    peak: float = 3e-3,
    precision: str = "float32",
) -> keras.Model:
    """Build given kernels and four blocks of learned ones, each pooled, normalised and rectified; any image size goes.

    Parameters
    ----------
    steps : int
        Training steps in all.
    widths : tuple of int
        Kernels of each layer.
    residual : int
        Behind how many blocks, the last ones, two more convolutions correct what the block has found.
    given : bool
        Whether the first kernels are cosines, applied at every second pixel and never trained; or else learned and
        applied at every pixel, in a block like the others.
    pool_first : bool
        Whether pooling comes before normalising, as in ours, or last, as in most networks.
    momentum : float
        Of the running averages of batch normalisation.
    gated : bool
        Whether the channels of the last three blocks are weighted by what their means say.
    flatten : int, optional
        The images' size, if the last maps are to be flattened and seen by a dense layer of 256 units, not averaged.
    smoothing : float
        Of the labels.
    optimizer : {"muon", "adamw", "constant"}
        Muon or AdamW in one cycle, or Adam at its default rate.
    peak : float
        Highest rate of the cycle.
    precision : str
        Of the convolutions alone: "mixed_bfloat16" where the processor has it, which is then faster.
    """
    import keras
    from keras import layers

    convolution = partial(layers.Conv2D, padding="same", use_bias=False, dtype=precision)
    normalised = partial(layers.BatchNormalization, momentum=momentum)
    inputs = keras.Input((flatten, flatten, 3))
    x = layers.Rescaling(1 / 64, offset=-2)(inputs)
    if given:
        first = convolution(widths[0], _GIVEN_SIZE, strides=2, trainable=False, name="given")
        x = layers.ReLU()(first(x))
        first.set_weights([cosine_kernels(_GIVEN_SIZE, widths[0])])
        blocks = widths[1:]
    else:
        blocks = (_LEARNED_FIRST, *widths[1:])
    for i, filters in enumerate(blocks, start=len(widths) + 1 - len(blocks)):
        x = convolution(filters, 3, name=f"conv{i}")(x)
        if pool_first:
            x = layers.MaxPooling2D()(x)
        x = layers.ReLU()(normalised()(x))
        if not pool_first:
            x = layers.MaxPooling2D()(x)
        if i > len(widths) - residual:
            correction = layers.ReLU()(normalised()(convolution(filters, 3)(x)))
            # It begins as none at all.
            correction = normalised(gamma_initializer="zeros")(convolution(filters, 3)(correction))
            x = layers.ReLU()(layers.add([x, correction]))
        if gated and i >= _FIRST_GATED:
            gate = layers.Dense(filters // 8, activation="relu")(layers.GlobalAveragePooling2D(keepdims=True)(x))
            x = layers.multiply([x, layers.Dense(filters, activation="sigmoid")(gate)])
    x = layers.Dense(256, activation="relu")(layers.Flatten()(x)) if flatten else layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layers.Dropout(0.1)(x)))
    cycle = partial(one_cycle, steps, peak=peak, rise=10, start=0.05, weight_decay=0.05)
    optimizers = {"muon": partial(cycle, kernels=13.0), "adamw": cycle, "constant": keras.optimizers.Adam}
    model.compile(
        optimizers[optimizer](),
        keras.losses.BinaryCrossentropy(label_smoothing=smoothing),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


_Stages = tuple[tuple[int, int], ...]
_TENTH: _Stages = ((40, 1), (48, 2))
_TENTH_SHOWN, _TENTH_LEAST = 56, 0.75


def _ours(
    name: str,
    title: str,
    stages: _Stages,
    shown: int,
    least: float,
    shown_smaller: int | None = None,
    **built: Any,
) -> Experiment:
    return Experiment(
        name=name,
        chapter=_CHAPTER,
        role="answer",
        title=title,
        load=partial(_load_memory, stages, shown, least),
        build=partial(_build_small, **built),
        epochs=sum(epochs for _, epochs in stages),
        mirrored=True,
        shown_smaller=shown_smaller,
    )


def _without(
    name: str,
    title: str,
    *,
    stages: _Stages = _TENTH,
    shown: int = _TENTH_SHOWN,
    least: float = _TENTH_LEAST,
    mirror: bool = True,
    **built: Any,
) -> Experiment:
    """Take one decision back, in the shortest of our trainings."""
    return Experiment(
        name=f"cats-tenth-{name}",
        chapter=_CHAPTER,
        role="answer",
        title=title,
        load=partial(_load_memory, stages, shown, least, mirror=mirror),
        build=partial(_build_small, **built),
        epochs=sum(epochs for _, epochs in stages),
    )


_BFLOAT16: dict[str, Any] = {"precision": "mixed_bfloat16"}

EXPERIMENTS = (
    _ours("cats-tenth", "ours, three epochs", _TENTH, _TENTH_SHOWN, _TENTH_LEAST),
    _ours("cats-sprint", "ours, six epochs", ((48, 4), (64, 2)), shown=72, least=0.65),
    _ours("cats-sprint-bfloat16", "the same, in bfloat16", ((48, 4), (64, 2)), shown=72, least=0.65, **_BFLOAT16),
    _ours(
        "cats-steady",
        "ours, 26 epochs",
        ((48, 12), (64, 10), (80, 4)),
        shown=96,
        least=0.65,
        shown_smaller=80,
        **_BFLOAT16,
    ),
    _ours(
        "cats-hour",
        "ours, wider, an hour",
        ((48, 12), (64, 16), (80, 14), (96, 18)),
        shown=128,
        least=0.5,
        shown_smaller=112,
        widths=_WIDER,
        residual=2,
        **_BFLOAT16,
    ),
    _without("one-size", "48 pixels throughout", stages=((48, 3),)),
    _without("large", "96 pixels, one epoch", stages=((96, 1),), shown=112),
    _without("learned", "first kernels learned", given=False),
    _without("ungated", "no gates", gated=False),
    _without("adamw", "AdamW, not Muon", optimizer="adamw"),
    _without("adamw-fast", "AdamW at 0.008", optimizer="adamw", peak=8e-3),
    _without("adamw-faster", "AdamW at 0.02", optimizer="adamw", peak=2e-2),
    _without("constant", "Adam at a constant rate", optimizer="constant"),
    _without("pool-last", "pooling after ReLU", pool_first=False),
    _without("flat", "flattened, a dense layer of 256", stages=((48, 3),), shown=48, flatten=48),
    _without("uncut", "whole photographs", least=1.0),
    _without("unmirrored", "not mirrored", mirror=False),
    _without("slow-average", "momentum 0.99 in batch normalisation", momentum=0.99),
    _without("unsmoothed", "labels not smoothed", smoothing=0.0),
)
