"""What a layer has learned, and what it answers to images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..network import all_layers, find_layer, outputs_of
from ._batches import as_batch, batches, check_built

if TYPE_CHECKING:
    import keras


def filters(model: keras.Model, layer: str) -> np.ndarray:
    """Take the filters out of a convolutional layer, one small picture each.

    Keras keeps them as (kernel height, kernel width, channels in, filters); here the filters come first, as images do
    in a batch.

    Parameters
    ----------
    model : keras.Model
        Any built model.
    layer : str
        Name of a two-dimensional convolution: ``Conv2D``, ``Conv2DTranspose`` or ``DepthwiseConv2D``. Each kernel of
        a depthwise convolution is a filter that reads one channel.

    Returns
    -------
    numpy.ndarray, shape (filters, kernel height, kernel width, channels in), float32
        A copy; changing it does not change the model.

    Raises
    ------
    TypeError
        If `model` is not a Keras model.
    ValueError
        If the model was never built, or has no such layer, or the layer has no such kernel.

    Examples
    --------
    >>> filters(model, "conv1").shape  # doctest: +SKIP
    (32, 3, 3, 3)
    """
    import keras

    check_built(model)
    found = find_layer(model, layer)
    kernel = getattr(found, "kernel", None)
    if isinstance(found, keras.layers.Conv2D | keras.layers.Conv2DTranspose | keras.layers.DepthwiseConv2D):
        weights = np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(kernel)), "float32")
        if isinstance(found, keras.layers.Conv2DTranspose):
            weights = weights.swapaxes(2, 3)
        if isinstance(found, keras.layers.DepthwiseConv2D):
            weights = weights.reshape(*weights.shape[:2], 1, -1)
        return np.moveaxis(weights, -1, 0).copy()
    convolutions = [each.name for each in all_layers(model) if len(getattr(each, "kernel_size", ())) == 2]
    has = "has no kernel" if kernel is None else f"has a kernel of shape {tuple(kernel.shape)}, which is no picture"
    pooling = f"the convolutions are {', '.join(convolutions)}" if convolutions else "the model has no convolution"
    raise ValueError(f"layer {layer!r} ({type(found).__name__}) {has}; {pooling}")


def feature_maps(model: keras.Model, images: np.ndarray, layers: Sequence[str]) -> dict[str, np.ndarray]:
    """Run images through a model and keep what comes out of some layers.

    Parameters
    ----------
    model : keras.Model
        Any built model.
    images : array-like, shape (n, height, width, channels)
        What the model takes.
    layers : sequence of str
        Names of layers. What a layer gives includes its own activation, but not what a batch normalisation or an
        activation behind it makes of that: these are layers of their own.

    Returns
    -------
    dict of str to numpy.ndarray, float32
        For each name what the layer gave: (n, rows, columns, filters) for a convolution, (n, units) for a dense layer.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, `layers` is a single string, or `images` are not numbers.
    ValueError
        If the model was never built or takes several inputs, has no such layer, runs it more than once, or `images`
        are no batch.

    Examples
    --------
    >>> maps = feature_maps(model, photos, ["conv1", "conv2"])  # doctest: +SKIP
    >>> maps["conv1"].shape  # doctest: +SKIP
    (5, 64, 64, 32)
    """
    if isinstance(layers, str):
        raise TypeError(f"layers must be a list of names: [{layers!r}], not {layers!r}")
    batch = as_batch(model, images)
    found = [find_layer(model, name) for name in layers]
    pieces = [outputs_of(model, piece, found) for piece in batches(batch)]
    return {name: np.concatenate(parts) for name, parts in zip(layers, zip(*pieces, strict=True), strict=True)}


def activity(model: keras.Model, images: np.ndarray, layer: str) -> np.ndarray:
    """Measure how often each filter of a layer fires: gives more than zero.

    Parameters
    ----------
    model : keras.Model
        Any built model.
    images : array-like, shape (n, height, width, channels)
        What the model takes. The more there are and the more they differ, the more the answer means.
    layer : str
        Name of a layer whose outputs are zero or more, such as a ``ReLU``.

    Returns
    -------
    numpy.ndarray, shape (filters,), float64
        For each filter (or unit of a dense layer) the share of all positions on all images at which it fires, 0 to 1.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If the layer gives negative values, and whatever :func:`feature_maps` objects to.
    """
    batch = as_batch(model, images)
    firing, positions = 0.0, 0
    for piece in batches(batch):
        values = feature_maps(model, piece, [layer])[layer]
        if values.min() < 0:
            raise ValueError(
                f"layer {layer!r} gives negative values, down to {values.min():.3g}, so silence is not zero there. "
                f"Ask a layer with ReLU: the activation behind it, if it is a layer of its own"
            )
        values = values.reshape(-1, values.shape[-1])
        firing, positions = firing + (values > 0).sum(axis=0), positions + len(values)
    return np.asarray(firing / positions, "float64")


def dead_filters(model: keras.Model, images: np.ndarray, layer: str) -> np.ndarray:
    """Find the filters that never fire, at no position of any image.

    With ReLU such a filter gets no gradient from these images either, so training on them cannot wake it.

    Parameters
    ----------
    model : keras.Model
        Any built model.
    images : array-like, shape (n, height, width, channels)
        What the model takes. A filter that is silent on a few images may well fire on others.
    layer : str
        Name of a layer whose outputs are zero or more, such as a ``ReLU``.

    Returns
    -------
    numpy.ndarray, shape (number of dead filters,), int64
        Their indices, ascending.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If the layer gives negative values, and whatever :func:`feature_maps` objects to.
    """
    return np.flatnonzero(activity(model, images, layer) == 0)
