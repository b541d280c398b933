"""Points of a plane, and what a model says about every place between them."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from ._shared import new_axes, not_empty, whole

_MARKERS = "os^Dv*PXph"


def class_colours(n: int) -> np.ndarray:
    """Choose colours for classes that stay apart in print and for colour-blind readers.

    Parameters
    ----------
    n : int
        Number of classes, at least 1.

    Returns
    -------
    numpy.ndarray, shape (n, 4), float64
        RGBA in [0, 1], from viridis, dark to light.

    Raises
    ------
    ValueError
        If `n` is no whole number of at least 1.
    """
    whole("n", n)
    return plt.get_cmap("viridis")(np.linspace(0.0, 0.95, n))


def scatter(X: np.ndarray, y: np.ndarray, ax: Axes | None = None) -> Axes:
    """Draw points of a plane, a colour and a marker for each class.

    Parameters
    ----------
    X : array-like, shape (n, 2)
        Coordinates.
    y : array-like, shape (n,), int
        Class of each point, 0 to K − 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no points, they are not in a plane, or their classes are not as many.
    """
    X, y = _points(X, y)
    return _scatter(X, y, ax or new_axes(5, 5), int(y.max()) + 1)


def _scatter(X: np.ndarray, y: np.ndarray, ax: Axes, n_classes: int) -> Axes:
    for label, colour in enumerate(class_colours(n_classes)):
        here = y == label
        ax.scatter(
            X[here, 0],
            X[here, 1],
            s=18,
            color=colour,
            marker=_MARKERS[label % len(_MARKERS)],
            edgecolor="white",
            linewidth=0.4,
            label=f"class {label}",
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    return ax


def decision_boundary(
    predict: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    ax: Axes | None = None,
    *,
    points: bool = True,
    resolution: int = 300,
) -> Axes:
    """Colour the plane by the class that a model predicts, and draw points over it.

    Parameters
    ----------
    predict : callable
        From points (m, 2) to their classes (m,), or to their class probabilities (m, K): an estimator's ``predict``,
        or a Keras model's. With probabilities, a colour is the paler the less sure the model is.
    X : array-like, shape (n, 2)
        Points; they set the part of the plane that is shown.
    y : array-like, shape (n,), int
        Class of each point, 0 to K − 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    points : bool
        Whether the points are drawn too.
    resolution : int
        Grid points along each axis, at least 1.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no points, they are not in a plane, their classes are not as many, the predictions have neither
        shape, or `resolution` is out of range.
    """
    X, y = _points(X, y)
    whole("resolution", resolution)
    ax = ax or new_axes(5, 5)
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    axes = [np.linspace(low[i], high[i], resolution) for i in (0, 1)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    shades, n_classes = _shades(np.asarray(predict(grid)), len(grid), int(y.max()) + 1)
    ax.imshow(
        shades.reshape(resolution, resolution, 3),
        extent=(low[0], high[0], low[1], high[1]),
        origin="lower",
        interpolation="nearest",
    )
    if points:
        _scatter(X, y, ax, n_classes)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    return ax


def _shades(predicted: np.ndarray, n: int, n_classes: int) -> tuple[np.ndarray, int]:
    """Mix each class's colour with white, the more the less sure; also count the classes that have a colour."""
    if predicted.shape == (n,):
        label, certainty = predicted.astype(int), np.ones(n)
    elif predicted.ndim == 2 and len(predicted) == n and predicted.shape[1] > 1:
        label, guess = predicted.argmax(axis=1), 1 / predicted.shape[1]
        n_classes = max(n_classes, predicted.shape[1])
        certainty = np.clip((predicted.max(axis=1) - guess) / (1 - guess), 0, 1)
    else:
        raise ValueError(
            f"predict gave shape {predicted.shape} for {n} points; it must give classes ({n},) "
            f"or probabilities ({n}, number of classes)"
        )
    n_classes = max(n_classes, int(label.max()) + 1)
    strength = (0.15 + 0.5 * certainty)[:, None]
    return strength * class_colours(n_classes)[label, :3] + (1 - strength), n_classes


def _points(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must hold points of a plane, shape (n, 2), got {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y must hold one class for each of the {len(X)} points, got shape {y.shape}")
    not_empty("X", X)
    return X, y
