"""The five-colour spiral: a small problem that no simple model can learn."""

import numpy as np

from ._catalogue import ENTRIES
from ._lookup import note_use

# The sum of a sine and a cosine never leaves ±√2, so ±1.5 bounds the outer two classes.
_CUTS = (-1.1, -0.6, 0.6, 1.1)


def spiral(n: int = 800, seed: int | None = 0) -> tuple[np.ndarray, np.ndarray]:
    r"""Draw points from a round cloud, coloured in five spiral bands.

    With polar angle :math:`\alpha` and radius :math:`r` of a point, its class says between which of the
    cuts −1.1, −0.6, 0.6 and 1.1 the sum :math:`\sin(3\alpha + 2r) + \cos(3\alpha + 2r)` lies.

    Parameters
    ----------
    n : int
        Number of points, at least 1.
    seed : int or None
        Seed of the random numbers; the same seed gives the same points. ``None`` draws new ones each time.

    Returns
    -------
    X : numpy.ndarray, shape (n, 2), float64
        Coordinates, standard normal in each direction.
    y : numpy.ndarray, shape (n,), int64
        Class of each point, 0 to 4.

    Raises
    ------
    ValueError
        If `n` is not a positive whole number.

    Examples
    --------
    >>> X, y = spiral(800, seed=1)
    >>> X.shape, y.shape, sorted(set(y.tolist()))
    ((800, 2), (800,), [0, 1, 2, 3, 4])
    """
    if not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n is the number of points and must be a whole number of at least 1, got {n!r}")
    (edition,) = ENTRIES["spiral"].editions["generated"]
    note_use("spiral", "generated", edition)
    X = np.random.default_rng(seed).standard_normal((n, 2))
    return X, _band(X)


def _band(X: np.ndarray) -> np.ndarray:
    """Class of any points (n, 2): the rule that the network has to discover."""
    angle = np.arctan2(X[:, 1], X[:, 0])
    radius = np.hypot(X[:, 0], X[:, 1])
    phase = 3 * angle + 2 * radius
    return np.digitize(np.sin(phase) + np.cos(phase), _CUTS)
