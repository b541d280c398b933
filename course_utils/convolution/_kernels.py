"""Kernels made by hand."""

import numpy as np


def hand_made_kernels() -> dict[str, np.ndarray]:
    """Give four kernels that people use on photographs.

    Returns
    -------
    dict of str to numpy.ndarray, shape (3, 3), float32
        "vertical edges" and "horizontal edges" (Prewitt's kernels; each sums to 0, so that an even area gives 0),
        "blur" and "sharpen" (each sums to 1, so that brightness stays).

    References
    ----------
    J. M. S. Prewitt, "Object enhancement and extraction", in Picture Processing and Psychopictorics, 1970.

    Examples
    --------
    >>> hand_made_kernels()["vertical edges"]
    array([[-1.,  0.,  1.],
           [-1.,  0.,  1.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    vertical = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], np.float32)
    return {
        "vertical edges": vertical,
        "horizontal edges": vertical.T.copy(),
        "blur": np.full((3, 3), 1 / 9, np.float32),
        "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32),
    }
