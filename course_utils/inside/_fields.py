"""Receptive fields: which part of the image a value of a feature map looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import convolution
from ..network import find_layer, leaf_layers, outputs_of, run_model, watched, without_gradients
from ._batches import as_batch, batches, check_built
from ._gradients import Tensor

if TYPE_CHECKING:
    import keras

# Layers that keep every value in its place, by class name; random ones rest in prediction.
_IN_PLACE = {
    "Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Dropout", "ELU", "GaussianDropout",
    "GaussianNoise", "Identity", "InputLayer", "LeakyReLU", "Multiply", "Normalization", "PReLU", "RandomBrightness",
    "RandomContrast", "RandomFlip", "RandomRotation", "RandomShear", "RandomTranslation", "RandomZoom", "ReLU",
    "Rescaling", "SpatialDropout2D",
}  # fmt: skip


@dataclass(frozen=True)
class _Axis:
    """Along one axis: value i of `length` looks at pixels start + i·stride to start + i·stride + size − 1.

    `windows` are (kernel size, stride, dilation) of the layers passed so far.
    """

    length: int
    start: int = 0
    windows: tuple[tuple[int, int, int], ...] = ()

    @property
    def size(self) -> int:
        return convolution.receptive_field(self.windows)

    @property
    def stride(self) -> int:
        return math.prod(stride for _, stride, _ in self.windows)


def receptive_field(model: keras.Model, layer: str, image_size: tuple[int, int] | None = None) -> tuple[int, int]:
    """Compute which part of the image one value of a layer can depend on.

    Parameters
    ----------
    model : keras.Model
        A built model whose layers, up to this one, form a chain of convolutions, pooling, padding and layers that work
        value by value. A gate, which multiplies each map by one number, is passed over, although that number may depend
        on the whole image.
    layer : str
        Name of a layer that gives feature maps.
    image_size : tuple of int, optional
        Height and width of an image to try the model on; by default what its input says, or 256 where it leaves that
        open.

    Returns
    -------
    tuple of int
        Height and width in pixels. Near the border part of the field lies in the padding; deep in a network it can be
        larger than the image.

    Raises
    ------
    TypeError
        If `model` is not a Keras model.
    ValueError
        If the model was never built, has no such layer, does not tell its input's shape, or another kind of layer is
        in the way.

    See Also
    --------
    course_utils.convolution.receptive_field : The same from kernel sizes and strides, without a model.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016, arXiv:1603.07285.

    Examples
    --------
    >>> receptive_field(model, "conv2")  # doctest: +SKIP
    (8, 8)
    """
    check_built(model)
    shape = getattr(model, "input_shape", None)
    if shape is None or len(shape) != 4 or shape[-1] is None:
        raise ValueError(f"the model's input shape must be (batch, height, width, channels), but it is {shape}")
    height, width = image_size or (shape[1] or 256, shape[2] or 256)
    rows, columns = _axes(model, layer, np.zeros((1, height, width, shape[-1]), "float32"))
    return rows.size, columns.size


def strongest_patches(model: keras.Model, images: np.ndarray, layer: str, filter: int, n: int = 9) -> np.ndarray:
    """Cut out the parts of images that excite a filter most, at most one from each image.

    Parameters
    ----------
    model : keras.Model
        See :func:`receptive_field`.
    images : array-like, shape (m, height, width, channels)
        Where to look.
    layer : str
        Name of a layer that gives feature maps.
    filter : int
        Which of its filters.
    n : int
        How many parts, at most as many as images.

    Returns
    -------
    numpy.ndarray, shape (n, field height, field width, channels), dtype of `images`
        The strongest first, each as large as the receptive field. What lies outside the image is filled with the
        images' mean value.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If there is no such filter, `n` is more than there are images, and whatever :func:`receptive_field` objects to.

    References
    ----------
    M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, arXiv:1311.2901.
    """
    batch = as_batch(model, images)
    if not 1 <= n <= len(batch):
        raise ValueError(f"n is {n}, but it must be 1 to {len(batch)}, the number of images: each gives one part")
    rows, columns = _axes(model, layer, batch[:1])
    found = find_layer(model, layer)
    strengths, places = [], []
    for piece in batches(batch):
        (maps,) = outputs_of(model, piece, [found])
        if not 0 <= filter < maps.shape[-1]:
            raise ValueError(f"layer {layer!r} has filters 0 to {maps.shape[-1] - 1}, got {filter}")
        flat = maps[..., filter].reshape(len(piece), -1)
        strengths += flat.max(axis=1).tolist()
        places += flat.argmax(axis=1).tolist()
    originals = np.asarray(images)
    patches = np.full((n, rows.size, columns.size, batch.shape[-1]), batch.mean()).astype(originals.dtype)
    for patch, i in zip(patches, np.argsort(strengths, kind="stable")[::-1], strict=False):
        row, column = divmod(places[i], columns.length)
        (image_rows, patch_rows), (image_columns, patch_columns) = (
            _overlap(axis, place, length)
            for axis, place, length in zip((rows, columns), (row, column), batch.shape[1:3], strict=True)
        )
        patch[patch_rows, patch_columns] = originals[i, image_rows, image_columns]
    return patches


def _overlap(axis: _Axis, place: int, length: int) -> tuple[slice, slice]:
    """Where a field meets the image: in the image's pixels, and in its own."""
    start = axis.start + place * axis.stride
    first, last = max(start, 0), min(start + axis.size, length)
    return slice(first, last), slice(first - start, last - start)


def _axes(model: keras.Model, name: str, batch: np.ndarray) -> tuple[_Axis, _Axis]:
    """Follow the fields of a layer's values from the image through the chain of layers, along both axes."""
    rows, columns = (_Axis(length) for length in batch.shape[1:3])
    for layer, shape in _chain(model, find_layer(model, name), batch):
        if type(layer).__name__ in _IN_PLACE:
            continue
        if len(shape) != 4 or getattr(layer, "data_format", None) != "channels_last":
            raise _in_the_way(layer)
        rows, columns = (_through(layer, axis, i) for i, axis in enumerate((rows, columns)))
    return rows, columns


def _through(layer: Any, axis: _Axis, i: int) -> _Axis:
    import keras

    if isinstance(layer, keras.layers.ZeroPadding2D):
        before, after = layer.padding[i]
        return replace(axis, length=axis.length + before + after, start=axis.start - before * axis.stride)
    if isinstance(layer, keras.layers.Cropping2D):
        before, after = layer.cropping[i]
        return replace(axis, length=axis.length - before - after, start=axis.start + before * axis.stride)
    if isinstance(layer, keras.layers.MaxPooling2D | keras.layers.AveragePooling2D):
        window = layer.pool_size[i], layer.strides[i], 1
    elif isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D | keras.layers.SeparableConv2D):
        window = layer.kernel_size[i], layer.strides[i], layer.dilation_rate[i]
    else:
        raise _in_the_way(layer)
    kernel_size, stride, dilation = window
    before = convolution.same_padding(axis.length, *window)[0] if layer.padding == "same" else 0
    return _Axis(
        convolution.output_size(axis.length, kernel_size, stride, layer.padding, dilation),
        axis.start - before * axis.stride,
        (*axis.windows, window),
    )


def _in_the_way(layer: Any) -> ValueError:
    return ValueError(
        f"layer {layer.name!r} ({type(layer).__name__}) is in the way: receptive fields are computed through "
        f"convolutions, pooling, padding and layers that work value by value, on channels-last images"
    )


def _chain(model: keras.Model, last: keras.Layer, batch: np.ndarray) -> list[tuple[keras.Layer, tuple]]:
    """List the layers from the image to this one, with the shapes of what each reads."""
    import keras

    made_by: dict[int, tuple[keras.Layer, Tensor]] = {}
    kept = []  # an object that is gone would give its id to another

    def see(layer: keras.Layer, args: tuple, output: Tensor) -> Tensor:
        kept.append((args, output))
        if not args or output is not args[0]:
            made_by.setdefault(id(output), (layer, args[0] if args else None))
        if layer is last:
            ends.append(args[0])
        return output

    ends: list[Tensor] = []
    with watched(leaf_layers(model), see), without_gradients():
        run_model(model, keras.ops.convert_to_tensor(batch))
    if len(ends) != 1:
        raise ValueError(f"layer {last.name!r} is no single step of a chain: it runs {len(ends)} times on its own")
    chain, tensor = [(last, tuple(ends[0].shape))], ends[0]
    while id(tensor) in made_by:
        layer, tensor = made_by[id(tensor)]
        if isinstance(layer, keras.layers.Multiply):
            tensor = _gated(tensor)
        if not hasattr(tensor, "shape"):
            raise _in_the_way(layer)
        chain.append((layer, tuple(tensor.shape)))
    if tuple(tensor.shape) != batch.shape:
        raise ValueError(f"the layers before {chain[-1][0].name!r} are no chain: something else made its input")
    return chain[::-1]


def _gated(tensors: list[Tensor]) -> Tensor:
    """Choose the maps where the others are gates, one number for each map; leave everything else as it is."""
    maps = [each for each in tensors if len(each.shape) != 4 or tuple(each.shape[1:3]) != (1, 1)]
    return maps[0] if len(maps) == 1 else tensors
