"""Images made to excite a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..network import find_layer, outputs_of, run_model, watched
from ._batches import check_built
from ._gradients import Tensor, gradient

if TYPE_CHECKING:
    import keras


def maximise(
    model: keras.Model,
    layer: str,
    filters: Sequence[int],
    *,
    size: int = 64,
    steps: int = 64,
    step_size: float = 0.05,
    decay: float = 0.01,
    blur: float = 0.5,
    jitter: int = 2,
    pixel_range: tuple[float, float] = (0.0, 255.0),
    seed: int = 0,
) -> np.ndarray:
    """Change grey noise, step by step, until it excites a filter: gradient ascent on the pixels.

    The result is one of many images that would do. Three *regularisers* keep it from being mere noise: decay towards
    grey, blur, and jitter, which shifts the image at random so that no detail can depend on its exact place. They
    choose what the image looks like as much as the filter does; set each to zero to see that.

    Parameters
    ----------
    model : keras.Model
        Any built model of images with one or three channels, or as many as it takes.
    layer : str
        Name of a layer that gives feature maps, or of a dense layer. One *before* the activation has a gradient
        everywhere; behind a ReLU a silent filter may stay silent.
    filters : sequence of int
        Which filters (or units); one image for each. They are made side by side and do not influence each other.
    size : int
        Height and width of the images, if the model does not demand its own.
    steps : int
        Steps of the ascent.
    step_size : float
        Root mean square of one step, as a share of the pixel range.
    decay : float
        Share of the contrast that is lost in each step, 0 to 1.
    blur : float
        Standard deviation of the Gaussian blur after each step, in pixels.
    jitter : int
        Largest shift in pixels.
    pixel_range : tuple of float
        Lowest and highest value of a pixel: (0, 255) for models that scale by themselves, else often (0, 1).
    seed : int
        Seed of the noise and of the shifts.

    Returns
    -------
    numpy.ndarray, shape (len(filters), height, width, channels), float32
        Images in `pixel_range`.

    Raises
    ------
    TypeError
        If `model` is not a Keras model.
    ValueError
        If the model was never built or has no such layer or filter, does not say how many channels it takes, or a
        setting is out of range.
    NotImplementedError
        If Keras runs on a backend without gradients.

    References
    ----------
    C. Olah, A. Mordvintsev and L. Schubert, "Feature visualization", Distill, 2017.
    """
    import keras

    low, high = pixel_range
    for name, value, fine in (
        ("filters", filters, len(filters) > 0),
        ("size", size, size >= 1),
        ("steps", steps, steps >= 0),
        ("step_size", step_size, step_size > 0),
        ("decay", decay, 0 <= decay <= 1),
        ("blur", blur, blur >= 0),
        ("jitter", jitter, jitter >= 0),
        ("pixel_range", pixel_range, low < high),
    ):
        if not fine:
            raise ValueError(f"{name} cannot be {value!r}")
    found = find_layer(model, layer)
    shape = (len(filters), *_image_shape(model, size))
    rng = np.random.default_rng(seed)
    images = (0.5 + 0.05 * rng.standard_normal(shape)).astype("float32")
    n_filters = outputs_of(model, images[:1] * (high - low) + low, [found])[0].shape[-1]
    if min(filters) < 0 or max(filters) >= n_filters:
        raise ValueError(f"filters must be some of 0 to {n_filters - 1}, those of layer {layer!r}; got {filters!r}")
    wanted = np.eye(n_filters, dtype="float32")[np.asarray(filters)]

    def excitement(x: Tensor) -> Tensor:
        seen = []

        def see(each: keras.Layer, args: tuple, output: Tensor) -> Tensor:
            seen.append(output)
            return output

        with watched([found], see):
            run_model(model, x * (high - low) + low)
        places = tuple(range(1, len(seen[0].shape) - 1))
        each_filter = keras.ops.mean(seen[0], axis=places) if places else seen[0]
        return keras.ops.sum(each_filter * keras.ops.convert_to_tensor(wanted))

    for _ in range(steps):
        shift = tuple(rng.integers(-jitter, jitter + 1, 2))
        slope = gradient(excitement, np.roll(images, shift, axis=(1, 2)))
        slope = np.roll(slope, (-shift[0], -shift[1]), axis=(1, 2))
        length = np.sqrt(np.mean(slope**2, axis=(1, 2, 3), keepdims=True))
        images += step_size * slope / np.maximum(length, 1e-12)
        images = np.clip(_calmed(images, decay, blur), 0, 1)
    return images * (high - low) + low


def _calmed(images: np.ndarray, decay: float, blur: float) -> np.ndarray:
    from skimage.filters import gaussian

    images = 0.5 + (1 - decay) * (images - 0.5)
    return gaussian(images, (0, blur, blur, 0)) if blur else images


def _image_shape(model: keras.Model, size: int) -> tuple[int, int, int]:
    check_built(model)
    shape = getattr(model, "input_shape", None)
    if shape is None or isinstance(shape, list | dict) or len(shape) != 4 or shape[-1] is None:
        raise ValueError(
            f"images can be made only for a model whose input shape says (height, width, channels); got {shape}. "
            f"Begin the model with keras.Input((None, None, 3)), for instance"
        )
    return shape[1] or size, shape[2] or size, shape[3]
