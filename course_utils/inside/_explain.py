"""Why a model gives this answer to this image: maps of the pixels, or places, that its score depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..network import all_layers, find_layer, outputs_of, replaced, run_model, watched, without_gradients
from ._batches import as_batch, batches
from ._gradients import Tensor, gradient

if TYPE_CHECKING:
    import keras

Target = int | Sequence[int] | np.ndarray | None


def scores(model: keras.Model, images: np.ndarray, target: Target = None) -> np.ndarray:
    """Measure how much speaks for a class: its logit, the output before sigmoid or softmax.

    Probabilities hide how sure a model is: they all end near 1. The score of a sigmoid's class 1 is its logit, that of
    class 0 minus its logit. If the last layer applies neither sigmoid nor softmax, its outputs are taken for logits.

    Parameters
    ----------
    model : keras.Model
        Any built model with one row of outputs for each image: one unit (class 1 against class 0), or one for each
        class.
    images : array-like, shape (n, height, width, channels)
        What the model takes.
    target : int or array-like of int, shape (n,), optional
        The class to speak for; by default the one that the model predicts for each image.

    Returns
    -------
    numpy.ndarray, shape (n,), float32

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If the model was never built or takes several inputs, its outputs have another shape, `images` are no batch,
        or the model has no such class.

    Examples
    --------
    >>> scores(model, photos, target=1)  # doctest: +SKIP
    array([ 5.1, -0.3], dtype=float32)
    """
    batch = as_batch(model, images)
    with _logits(model, batch):
        logits = _outputs(model, batch)
    return (logits * _weights(logits, target)).sum(axis=1)


def pixel_gradients(model: keras.Model, images: np.ndarray, target: Target = None) -> np.ndarray:
    """Differentiate the score of a class with respect to every pixel.

    Parameters
    ----------
    model : keras.Model
        Any built model, see :func:`scores`.
    images : array-like, shape (n, height, width, channels)
        What the model takes.
    target : int or array-like of int, shape (n,), optional
        The class to speak for; by default the one that the model predicts for each image.

    Returns
    -------
    numpy.ndarray, shape of `images`, float32
        By how much the logit grows if that pixel grows by one, for a small step.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        Whatever :func:`scores` objects to.
    NotImplementedError
        If Keras runs on a backend without gradients.
    """
    batch = as_batch(model, images)

    def differentiate(piece: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return gradient(lambda x: _weighted(run_model(model, x), weight), piece)

    with _logits(model, batch):
        weights = _weights(_outputs(model, batch), target)
        return np.concatenate([differentiate(*pair) for pair in zip(batches(batch), batches(weights), strict=True)])


def saliency(model: keras.Model, images: np.ndarray, target: Target = None) -> np.ndarray:
    """Measure how strongly the score of a class reacts to each pixel.

    Parameters
    ----------
    model : keras.Model
        Any built model, see :func:`scores`.
    images : array-like, shape (n, height, width, channels) or (n, height, width)
        What the model takes.
    target : int or array-like of int, shape (n,), optional
        The class to speak for; by default the one that the model predicts for each image.

    Returns
    -------
    numpy.ndarray, shape (n, height, width), float32
        The gradient's largest absolute value over the channels.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        Whatever :func:`scores` objects to.
    NotImplementedError
        If Keras runs on a backend without gradients.

    References
    ----------
    K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks: visualising image classification
    models and saliency maps", 2013, arXiv:1312.6034.
    """
    slopes = np.abs(pixel_gradients(model, images, target))
    return slopes.max(axis=-1) if slopes.ndim == 4 else slopes


def grad_cam(model: keras.Model, images: np.ndarray, layer: str, target: Target = None) -> np.ndarray:
    """Show where a layer's feature maps speak for a class.

    Each map is weighted by its gradient, averaged over all places; the sum is cut off at zero.

    Parameters
    ----------
    model : keras.Model
        Any built model, see :func:`scores`.
    images : array-like, shape (n, height, width, channels)
        What the model takes.
    layer : str
        Name of a layer that gives feature maps. The last one is usual; it has the fewest places.
    target : int or array-like of int, shape (n,), optional
        The class to speak for; by default the one that the model predicts for each image.

    Returns
    -------
    numpy.ndarray, shape (n, rows, columns), float32
        Zero or more, as coarse as the layer's maps, in units of the logit.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If the layer gives no maps, is not in the model or runs more than once; and whatever :func:`scores` objects to.
    NotImplementedError
        If Keras runs on a backend without gradients.

    References
    ----------
    R. Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", ICCV 2017,
    arXiv:1610.02391.
    """
    batch = as_batch(model, images)
    found = find_layer(model, layer)

    def heat(piece: np.ndarray, weight: np.ndarray) -> np.ndarray:
        (maps,) = outputs_of(model, piece, [found])
        if maps.ndim != 4:
            raise ValueError(
                f"layer {layer!r} gives shape {maps.shape}, but Grad-CAM needs maps (n, rows, columns, channels). "
                f"Choose a layer before the maps are averaged or flattened"
            )

        def score(x: Tensor) -> Tensor:
            # The rest of the network starts from x, which stands in for the maps.
            with watched([found], lambda each, args, output: x):
                return _weighted(run_model(model, piece), weight)

        importance = gradient(score, maps).mean(axis=(1, 2), keepdims=True)
        return np.maximum((importance * maps).sum(axis=-1), 0)

    with _logits(model, batch):
        weights = _weights(_outputs(model, batch), target)
        return np.concatenate([heat(*pair) for pair in zip(batches(batch), batches(weights), strict=True)])


def occlusion(
    model: keras.Model,
    images: np.ndarray,
    size: int = 8,
    stride: int | None = None,
    target: Target = None,
    *,
    fill: float | Sequence[float] | None = None,
) -> np.ndarray:
    """Cover one square of the image after the other, and see how much the score of a class falls.

    Parameters
    ----------
    model : keras.Model
        Any built model, see :func:`scores`.
    images : array-like, shape (n, height, width, channels)
        What the model takes.
    size : int
        Height and width of the square in pixels.
    stride : int, optional
        Pixels from one square to the next, at most `size`; by default half of `size`. A last square always ends at the
        border.
    target : int or array-like of int, shape (n,), optional
        The class to speak for; by default the one that the model predicts for each uncovered image.
    fill : float or sequence of float, optional
        Colour of the square; by default the mean colour of each image.

    Returns
    -------
    numpy.ndarray, shape (n, height, width), float32
        By how much the score falls, averaged over the squares that cover the pixel. Negative where covering helps.

    Raises
    ------
    TypeError
        If `model` is not a Keras model, or `images` are not numbers.
    ValueError
        If the square does not fit or the stride skips pixels; and whatever :func:`scores` objects to.

    References
    ----------
    M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, arXiv:1311.2901.
    """
    batch = as_batch(model, images)
    if batch.ndim != 4:
        raise ValueError(f"images must be (n, height, width, channels), got shape {batch.shape}")
    n, height, width = batch.shape[:3]
    if not 1 <= size <= min(height, width):
        raise ValueError(f"size is {size}, but a square must fit into images of {height}×{width} pixels")
    stride = max(size // 2, 1) if stride is None else stride
    if not 1 <= stride <= size:
        raise ValueError(f"stride is {stride}; with squares of {size} pixels it must be 1–{size}, or pixels are missed")
    corners = [(top, left) for top in _steps(height, size, stride) for left in _steps(width, size, stride)]
    heat = np.zeros((n, height, width), "float32")
    squares = np.zeros((height, width), "float32")
    for top, left in corners:
        squares[top : top + size, left : left + size] += 1
    with _logits(model, batch):
        before = _outputs(model, batch)
        weights = _weights(before, target)
        for i, image in enumerate(batch):
            covered = np.repeat(image[np.newaxis], len(corners), axis=0)
            colour = image.mean(axis=(0, 1)) if fill is None else fill
            for square, (top, left) in zip(covered, corners, strict=True):
                square[top : top + size, left : left + size] = colour
            drops = (before[i] - _outputs(model, covered)) @ weights[i]
            for drop, (top, left) in zip(drops, corners, strict=True):
                heat[i, top : top + size, left : left + size] += drop
    return heat / squares


def _steps(length: int, size: int, stride: int) -> list[int]:
    last = length - size
    return [*range(0, last, stride), last]


def _outputs(model: keras.Model, batch: np.ndarray) -> np.ndarray:
    """Run a model on images; shape (n, units)."""
    import keras

    pieces = []
    for piece in batches(batch):
        with without_gradients():
            outputs = run_model(model, keras.ops.convert_to_tensor(piece))
        if not hasattr(outputs, "shape"):
            raise ValueError("the model gives several outputs, but only models with one can be explained")
        if len(outputs.shape) not in (1, 2):
            shape = tuple(outputs.shape)
            raise ValueError(f"the model must give one row of outputs for each image, but gives shape {shape}")
        pieces.append(np.asarray(keras.ops.convert_to_numpy(outputs), "float32").reshape(len(piece), -1))
    return np.concatenate(pieces)


def _weights(logits: np.ndarray, target: Target) -> np.ndarray:
    """For each image and output the factor with which the output enters the score; shape (n, units)."""
    n, n_units = logits.shape
    if target is None:
        target = (logits[:, 0] > 0).astype(int) if n_units == 1 else logits.argmax(axis=1)
    classes = np.asarray(target)
    if classes.ndim == 0:
        classes = np.full(n, classes)
    if classes.shape != (n,):
        raise ValueError(f"{n} images need one target, or as many; got shape {classes.shape}")
    n_classes = max(n_units, 2)
    if classes.dtype.kind not in "biu" or classes.min() < 0 or classes.max() >= n_classes:
        raise ValueError(f"target must be whole numbers from 0 to {n_classes - 1}, the model's classes; got {target!r}")
    if n_units == 1:
        return np.where(classes == 1, 1, -1).astype("float32")[:, np.newaxis]
    return np.eye(n_units, dtype="float32")[classes.astype(int)]


def _weighted(outputs: Tensor, weights: np.ndarray) -> Tensor:
    import keras

    return keras.ops.sum(keras.ops.reshape(outputs, weights.shape) * keras.ops.convert_to_tensor(weights))


@contextmanager
def _logits(model: keras.Model, batch: np.ndarray) -> Iterator[None]:
    """While open, the model's last layer leaves out its sigmoid or softmax."""
    import keras

    instead: list[tuple[keras.Layer, str, Any]] = []
    for layer in _last_layers(model, batch[:1]):
        if getattr(getattr(layer, "activation", None), "__name__", "") in ("sigmoid", "softmax"):
            instead.append((layer, "activation", keras.activations.linear))
        elif isinstance(layer, keras.layers.Softmax):
            instead.append((layer, "call", lambda inputs, mask=None: inputs))
    with replaced(instead):
        yield


def _last_layers(model: keras.Model, batch: np.ndarray) -> list[keras.Layer]:
    """Find the layer whose output is the model's output; nested models are around it."""
    import keras

    seen: list[tuple[keras.Layer, Any]] = []

    def see(layer: keras.Layer, args: tuple, output: Tensor) -> Tensor:
        seen.append((layer, output))
        return output

    with watched(all_layers(model), see), without_gradients():
        final = run_model(model, keras.ops.convert_to_tensor(batch))
    return [layer for layer, output in seen if output is final]
