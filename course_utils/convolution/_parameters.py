"""How many parameters a layer has."""

from ._arguments import OneOrTwo, pair, whole


def conv2d_params(kernel_size: OneOrTwo, channels_in: int, filters: int, bias: bool = True) -> int:
    """Count the parameters of a convolution: (kernel area × channels in + 1) × filters.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of the kernel.
    channels_in : int
        Channels that it reads.
    filters : int
        Feature maps that it writes.
    bias : bool
        Whether each filter has a bias, the 1 in the formula.

    Returns
    -------
    int
        Number of weights and biases. The size of the image does not matter.

    Raises
    ------
    ValueError
        If a number is not a whole number of at least 1.

    Examples
    --------
    >>> conv2d_params(3, 3, 32)
    896
    """
    height, width = pair("kernel_size", kernel_size)
    return dense_params(height * width * whole("channels_in", channels_in), whole("filters", filters), bias)


def dense_params(inputs: int, units: int, bias: bool = True) -> int:
    """Count the parameters of a dense layer: (inputs + 1) × units.

    Parameters
    ----------
    inputs : int
        Numbers that it reads; for a flattened image height × width × channels.
    units : int
        Numbers that it writes.
    bias : bool
        Whether each unit has a bias, the 1 in the formula.

    Returns
    -------
    int
        Number of weights and biases.

    Raises
    ------
    ValueError
        If a number is not a whole number of at least 1.

    Examples
    --------
    >>> dense_params(784, 10)
    7850
    """
    return (whole("inputs", inputs) + bool(bias)) * whole("units", units)
