"""Kernels that need no training: stripes and chequers of every frequency, as in a JPEG file."""

from __future__ import annotations

import numpy as np

# Brightness, blue against red, green against both: orthogonal, and nearly the colours that photographs vary in most
# (Y. Ohta, T. Kanade, T. Sakai, Color information for region segmentation, 1980).
_COLOURS = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])
_COLOUR_SPREADS = np.array([1, 1 / 5, 1 / 10])
# The mean of a patch spreads as widely as a pattern of this frequency would, if spreads went on growing towards zero.
_MEAN = 0.2


def cosine_kernels(size: int, n: int) -> np.ndarray:
    """Make the kernels that describe small patches of colour photographs best, each together with its negative.

    The patterns are those of the discrete cosine transform, in three colours. Those come first of which there is most
    in photographs, and each is divided by how much there is: along the brightness of a photograph that spread falls
    about as one over the frequency.

    Parameters
    ----------
    size : int
        Height and width of a kernel in pixels.
    n : int
        Number of kernels: even, and at most ``6 * size**2``.

    Returns
    -------
    numpy.ndarray, shape (size, size, 3, n), float32
        For channels red, green and blue. The second half are the negatives of the first: behind ReLU, only both
        together keep what a pattern measures.

    Raises
    ------
    ValueError
        If ``n`` is odd, not positive or too large.

    References
    ----------
    D. J. Field, Relations between the statistics of natural images and the response properties of cortical cells,
    1987.

    Examples
    --------
    >>> kernels = cosine_kernels(4, 48)
    >>> kernels.shape
    (4, 4, 3, 48)
    """
    if n % 2 or not 0 < n <= 6 * size**2:
        raise ValueError(
            f"n is {n}, but must be even, since half of the kernels are the negatives of the others, and at most "
            f"{6 * size**2}: there are no more patterns of {size}×{size} pixels"
        )
    frequencies = np.arange(size)
    waves = np.cos(np.pi * frequencies[:, np.newaxis] * (np.arange(size) + 0.5) / size)
    waves /= np.linalg.norm(waves, axis=1, keepdims=True)
    vertical, horizontal, colour = (grid.ravel() for grid in np.meshgrid(frequencies, frequencies, range(3)))
    spread = _COLOUR_SPREADS[colour] / np.maximum(np.hypot(vertical, horizontal), _MEAN)
    most = np.argsort(-spread, kind="stable")[: n // 2]
    kernels = np.einsum("nh,nw,nc->hwcn", waves[vertical[most]], waves[horizontal[most]], _COLOURS[colour[most]])
    kernels /= spread[most]
    return np.concatenate([kernels, -kernels], axis=-1).astype(np.float32)
