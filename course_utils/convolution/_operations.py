"""Convolution and pooling."""

from collections.abc import Iterator

import numpy as np

from ._arguments import OneOrTwo, pair
from ._sizes import output_size, same_padding


def conv2d(
    X: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None = None,
    stride: OneOrTwo = 1,
    padding: str = "valid",
    dilation: OneOrTwo = 1,
) -> np.ndarray:
    """Convolve an image, or a batch of images, as Keras' ``Conv2D`` does.

    Parameters
    ----------
    X : array-like, shape (height, width, channels_in), (n, height, width, channels_in) or (height, width)
        The image; without a channel axis if the kernel has none either. Whole numbers are computed as float64, so
        that uint8 cannot overflow.
    kernel : array-like, shape (kernel_height, kernel_width, channels_in, filters) or (kernel_height, kernel_width)
        The weights, in the order of Keras' ``Conv2D.kernel``.
    bias : array-like, shape (filters,), optional
        Added to each feature map; zero by default.
    stride : int or (int, int)
        How many pixels the kernel moves at a time, down and to the right.
    padding : {"valid", "same"}
        Add no border, or zeros around the image as :func:`same_padding` says.
    dilation : int or (int, int)
        Distance of neighbouring weights of the kernel in the image. Keras refuses a dilation together with a stride.

    Returns
    -------
    numpy.ndarray, shape (rows, columns, filters), (n, rows, columns, filters) or (rows, columns)
        The feature maps, float; :func:`output_size` says how large.

    Raises
    ------
    ValueError
        If the shapes do not belong together, the kernel does not fit into the image, or the padding is unknown.

    Examples
    --------
    >>> conv2d([[1, 1, 5]] * 3, [[-1, 0, 1]] * 3)
    array([[12.]])
    """
    X, kernel = _floats(X), _floats(kernel)
    if kernel.ndim == 2 and X.ndim == 2:
        return conv2d(X[..., np.newaxis], kernel[..., np.newaxis, np.newaxis], bias, stride, padding, dilation)[..., 0]
    if kernel.ndim != 4:
        raise ValueError(
            f"kernel must be (height, width, channels_in, filters), or (height, width) for an image without channels, "
            f"got kernel {kernel.shape} for X {X.shape}"
        )
    kernel_height, kernel_width, channels, filters = kernel.shape
    if X.ndim not in (3, 4) or X.shape[-1] != channels:
        raise ValueError(
            f"a kernel for {channels} channels needs X of shape (height, width, {channels}) "
            f"or (n, height, width, {channels}), got {X.shape}"
        )
    bias = np.zeros(filters, kernel.dtype) if bias is None else _floats(bias)
    if bias.shape != (filters,):
        raise ValueError(f"{filters} filters need bias of shape ({filters},), got {bias.shape}")
    seen = _seen_by_each_weight(X, (kernel_height, kernel_width), stride, padding, dilation)
    # The inner sum over the channels, for all places and all filters at once, is a product with a matrix.
    return bias + sum(pixels @ kernel[u, v] for u, v, pixels in seen)


def max_pool2d(X: np.ndarray, size: OneOrTwo = 2, stride: OneOrTwo | None = None, padding: str = "valid") -> np.ndarray:
    """Keep the largest value of each window, as Keras' ``MaxPooling2D`` does.

    Parameters
    ----------
    X : array-like, shape (height, width), (height, width, channels) or (n, height, width, channels)
        Image, feature maps, or a batch of them. Every channel is pooled by itself.
    size : int or (int, int)
        Height and width of the window.
    stride : int or (int, int), optional
        How many pixels the window moves at a time; by default its size, so that windows do not overlap.
    padding : {"valid", "same"}
        Leave out the rest that fills no window, or let a window reach beyond the border, where there is nothing.

    Returns
    -------
    numpy.ndarray
        Of the same dtype and number of axes.

    Raises
    ------
    ValueError
        If `X` has another number of axes, the window does not fit into it, or the padding is unknown.

    Examples
    --------
    >>> max_pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    array([[6, 8],
           [3, 4]])
    """
    # Repeating a pixel of the border cannot change the maximum of a window that holds this pixel.
    seen = _seen_by_each_weight(_with_channels(X), size, size if stride is None else stride, padding, border="edge")
    return _like(np.max([pixels for _, _, pixels in seen], axis=0), X)


def average_pool2d(
    X: np.ndarray, size: OneOrTwo = 2, stride: OneOrTwo | None = None, padding: str = "valid"
) -> np.ndarray:
    """Average each window, as Keras' ``AveragePooling2D`` does.

    Parameters
    ----------
    X : array-like, shape (height, width), (height, width, channels) or (n, height, width, channels)
        Image, feature maps, or a batch of them. Every channel is pooled by itself.
    size : int or (int, int)
        Height and width of the window.
    stride : int or (int, int), optional
        How many pixels the window moves at a time; by default its size, so that windows do not overlap.
    padding : {"valid", "same"}
        Leave out the rest that fills no window, or let a window reach beyond the border; what lies there does not
        count.

    Returns
    -------
    numpy.ndarray
        Float, with the same number of axes.

    Raises
    ------
    ValueError
        If `X` has another number of axes, the window does not fit into it, or the padding is unknown.

    Examples
    --------
    >>> average_pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    array([[3.25, 5.25],
           [2.  , 2.  ]])
    """
    images = _floats(_with_channels(X))
    stride = size if stride is None else stride
    # Beyond the border both are zero, so that it adds to neither the total nor the count.
    total, count = (
        np.add.reduce([pixels for _, _, pixels in _seen_by_each_weight(values, size, stride, padding)])
        for values in (images, np.ones_like(images))
    )
    return _like(total / count, X)


def _seen_by_each_weight(
    X: np.ndarray,
    kernel_size: OneOrTwo,
    stride: OneOrTwo,
    padding: str,
    dilation: OneOrTwo = 1,
    border: str = "constant",
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield, for each place (u, v) of the kernel, the pixels it meets: X at (i s + u d, j s + v d), for all i, j."""
    sizes, (height, width) = X.shape[-3:-1], pair("kernel_size", kernel_size)
    strides, dilations = pair("stride", stride), pair("dilation", dilation)
    axes = list(zip(sizes, (height, width), strides, dilations, strict=True))
    i, j = (np.arange(output_size(n, k, s, padding, d)) * s for n, k, s, d in axes)
    if padding == "same":
        around = [same_padding(*axis) for axis in axes]
        X = np.pad(X, [(0, 0)] * (X.ndim - 3) + around + [(0, 0)], mode=border)  # type: ignore[call-overload]
    for u, v in np.ndindex(height, width):
        yield u, v, X[..., (i + u * dilations[0])[:, np.newaxis], j + v * dilations[1], :]


def _with_channels(X: np.ndarray) -> np.ndarray:
    X = np.asarray(X)
    if X.ndim not in (2, 3, 4):
        raise ValueError(
            f"X must be (height, width), (height, width, channels) or (n, height, width, channels), got {X.shape}"
        )
    return X[..., np.newaxis] if X.ndim == 2 else X


def _like(Y: np.ndarray, X: np.ndarray) -> np.ndarray:
    return Y[..., 0] if np.ndim(X) == 2 else Y


def _floats(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values)
    return values if np.issubdtype(values.dtype, np.floating) else values.astype(np.float64)
