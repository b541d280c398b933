"""How large an output is, what padding adds, and how far a stack of layers sees."""

from collections.abc import Iterable, Sequence

from ._arguments import whole


def output_size(size: int, kernel_size: int, stride: int = 1, padding: str = "valid", dilation: int = 1) -> int:
    r"""Compute how many places a kernel or a pooling window visits along one axis.

    Without padding (``"valid"``) the kernel, which spans :math:`d (k - 1) + 1` pixels, must fit inside the image;
    with ``"same"`` padding there is an output for every stride-th pixel:

    .. math:: \left\lfloor \frac{n - d (k - 1) - 1}{s} \right\rfloor + 1
        \qquad\text{or}\qquad \left\lceil \frac{n}{s} \right\rceil

    Parameters
    ----------
    size : int
        Height or width of the image, :math:`n`, in pixels.
    kernel_size : int
        Height or width of the kernel, :math:`k`.
    stride : int
        How many pixels the kernel moves at a time, :math:`s`.
    padding : {"valid", "same"}
        Add no border, or zeros around the image as :func:`same_padding` says.
    dilation : int
        Distance of neighbouring weights of the kernel in the image, :math:`d`.

    Returns
    -------
    int
        Height or width of the output.

    Raises
    ------
    ValueError
        If an argument is not a whole number of at least 1, the padding is unknown, or a kernel without padding is
        larger than the image.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 3, padding="same")
    (26, 28)
    >>> output_size(28, 3, stride=2, padding="same")
    14
    """
    span = _span(size, kernel_size, stride, dilation)
    if _checked(padding) == "same":
        return -(-size // stride)
    if span > size:
        raise ValueError(
            f"a kernel that spans {span} pixels does not fit into {size}: "
            "take a smaller kernel or dilation, or padding='same'"
        )
    return (size - span) // stride + 1


def same_padding(size: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Compute how many zeros ``padding="same"`` adds before and after the pixels of one axis.

    As many as the last place of the kernel needs, and not one more. Half of them go to each side; of an odd number
    the larger half goes to the end, that is to the right and to the bottom.

    Parameters
    ----------
    size : int
        Height or width of the image in pixels.
    kernel_size : int
        Height or width of the kernel.
    stride : int
        How many pixels the kernel moves at a time.
    dilation : int
        Distance of neighbouring weights of the kernel in the image.

    Returns
    -------
    before, after : int
        Pixels to add.

    Raises
    ------
    ValueError
        If an argument is not a whole number of at least 1.

    References
    ----------
    `TensorFlow's notes on padding <https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2>`_. PyTorch
    pads both sides alike and refuses ``"same"`` with a stride.

    Examples
    --------
    >>> same_padding(28, 3), same_padding(28, 3, stride=2), same_padding(28, 4)
    ((1, 1), (0, 1), (1, 2))
    """
    span = _span(size, kernel_size, stride, dilation)
    places = output_size(size, kernel_size, stride, "same", dilation)
    missing = max((places - 1) * stride + span - size, 0)
    return missing // 2, missing - missing // 2


def receptive_field(layers: Iterable[Sequence[int]]) -> int:
    r"""Compute how many pixels, along one axis, can influence one output of a stack of layers.

    A kernel sees :math:`d (k - 1)` pixels beyond the first. Each of them counts as many pixels of the image as the
    strides before it multiply to:

    .. math:: r = 1 + \sum_l d_l (k_l - 1) \prod_{m < l} s_m

    Parameters
    ----------
    layers : iterable of (kernel_size, stride) or (kernel_size, stride, dilation)
        Convolutions and poolings from first to last; a pooling of 2 is ``(2, 2)``.

    Returns
    -------
    int
        Height or width of the receptive field in pixels; 1 if there is no layer.

    Raises
    ------
    ValueError
        If a layer is something else, or one of its numbers is not a whole number of at least 1.

    See Also
    --------
    course_utils.inside.receptive_field : The same for a layer of a Keras model, along both axes.

    References
    ----------
    A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks",
    `Distill (2019) <https://distill.pub/2019/computing-receptive-fields>`_.

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1)]), receptive_field([(3, 1), (2, 2), (3, 1)])
    (5, 8)
    """
    pixels, step = 1, 1
    for layer in layers:
        if not isinstance(layer, Sequence) or len(layer) not in (2, 3):
            raise ValueError(f"a layer is (kernel_size, stride) or (kernel_size, stride, dilation), got {layer!r}")
        kernel_size, stride, dilation = (*layer, 1)[:3]
        pixels += (_span(1, kernel_size, stride, dilation) - 1) * step
        step *= stride
    return pixels


def _span(size: int, kernel_size: int, stride: int, dilation: int) -> int:
    """Check the numbers of one axis and compute how many pixels its kernel reaches over."""
    for name, value in (("size", size), ("kernel_size", kernel_size), ("stride", stride), ("dilation", dilation)):
        whole(name, value)
    return dilation * (kernel_size - 1) + 1


def _checked(padding: str) -> str:
    if padding not in ("valid", "same"):
        raise ValueError(f"padding must be 'valid' or 'same', got {padding!r}")
    return padding
