"""Views of data, training and predictions, drawn with matplotlib.

Every view takes ``ax=None`` and returns the Axes it drew on (:func:`image_grid`, which needs many, returns its
Figure), never calls ``plt.show()`` and never touches global style.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = [
    "class_colours",
    "confusion_matrix",
    "decision_boundary",
    "history",
    "image_grid",
    "probabilities",
    "scatter",
]

# Training and held-out curves have the same two colours throughout the book.
_TRAINING, _VALIDATION = "tab:blue", "tab:orange"
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
    """
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
    """
    X, y = _points(X, y)
    return _scatter(X, y, ax or _new_axes(5, 5), int(y.max()) + 1)


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
        Grid points along each axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the points are not in a plane, or the predictions have neither shape.
    """
    X, y = _points(X, y)
    ax = ax or _new_axes(5, 5)
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


def history(
    history: Mapping[str, Sequence[float]] | Any, metric: str = "accuracy", ax: Axes | None = None, **labels: str
) -> Axes:
    """Draw a metric after each epoch, on training and, if there is any, on validation data.

    Parameters
    ----------
    history : keras.callbacks.History or mapping
        What ``fit`` returns, or its ``.history``.
    metric : str
        Name of a metric, such as ``"accuracy"`` or ``"loss"``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    **labels : str
        Passed to ``ax.set``, for instance ``title``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    KeyError
        If the history has no such metric; the message lists those it has.
    """
    values = getattr(history, "history", history)
    if metric not in values:
        raise KeyError(f"the history has no {metric!r}; it has {', '.join(values)}")
    ax = ax or _new_axes(6, 3.6)
    epochs = np.arange(1, len(values[metric]) + 1)
    ax.plot(epochs, values[metric], color=_TRAINING, label="training")
    if f"val_{metric}" in values:
        ax.plot(epochs, values[f"val_{metric}"], color=_VALIDATION, linestyle="--", label="validation")
    ax.set(**{"xlabel": "epoch", "ylabel": metric, **labels})
    ax.locator_params(axis="x", integer=True)  # there is no epoch two and a half
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def confusion_matrix(
    y: np.ndarray, y_hat: np.ndarray, class_names: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how often each class is taken for each other one, as counts.

    Colours show shares of the true class, so that a small class is as visible as a large one.

    Parameters
    ----------
    y, y_hat : array-like, shape (n,), int
        True and predicted classes, 0 to K − 1.
    class_names : sequence of str, optional
        Name of each class.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `y` and `y_hat` have different lengths, or a class has no name.
    """
    from sklearn.metrics import confusion_matrix as count

    highest = int(max(np.max(y), np.max(y_hat)))
    names = list(class_names) if class_names is not None else [str(i) for i in range(highest + 1)]
    n = len(names)
    if highest >= n:
        raise ValueError(f"there is a class {highest}, but class_names has {n} names, for classes 0–{n - 1}")
    counts = count(y, y_hat, labels=range(n))
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.62 * n)
    ax = ax or _new_axes(side, side)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(n, n):
        colour = "white" if share[row, column] > 0.5 else "black"
        ax.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=colour, fontsize=9)
    ax.set(xticks=range(n), yticks=range(n), yticklabels=names, xlabel="predicted class", ylabel="true class")
    ax.set_xticklabels(
        names, rotation=45 if max(map(len, names)) > 2 else 0, ha="right" if max(map(len, names)) > 2 else "center"
    )
    return ax


def image_grid(
    images: np.ndarray, titles: Sequence[str] | None = None, columns: int = 5, *, size: float = 1.5
) -> Figure:
    """Draw images in rows.

    Parameters
    ----------
    images : array-like, shape (n, height, width) or (n, height, width, channels)
        Grey (one channel or none) or RGB; uint8 in 0–255 or float in [0, 1].
    titles : sequence of str, optional
        One for each image.
    columns : int
        Images in a row.
    size : float
        Width of an image in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no image, the images have another shape, or the titles another number.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if not (images.ndim == 3 or (images.ndim == 4 and images.shape[-1] == 3)):
        raise ValueError(f"images must be (n, height, width) or (n, height, width, 1 or 3), got {images.shape}")
    if not len(images):
        raise ValueError("there is no image to draw: images is empty")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} images need as many titles, got {len(titles)}")
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    height = size * (1.3 if titles is not None else 1.05)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * size, rows * height), squeeze=False)
    top = 255 if images.dtype == np.uint8 else 1
    for ax in axes.flat:
        ax.axis("off")
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.imshow(image, cmap="gray_r" if images.ndim == 3 else None, vmin=0, vmax=top)
        if titles is not None:
            ax.set_title(titles[i], fontsize=9)
    figure.tight_layout(pad=0.3)
    return figure


def probabilities(
    proba: np.ndarray, class_names: Sequence[str], ax: Axes | None = None, *, truth: int | None = None
) -> Axes:
    """Draw the probabilities that a model gives one input.

    Parameters
    ----------
    proba : array-like, shape (K,)
        One probability for each class.
    class_names : sequence of str
        Name of each class.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    truth : int, optional
        True class; its bar gets the other colour.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are not as many names as probabilities.
    """
    proba = np.asarray(proba)
    if proba.shape != (len(class_names),):
        raise ValueError(f"{len(class_names)} class names need as many probabilities, got shape {proba.shape}")
    ax = ax or _new_axes(5, 0.3 * len(proba) + 0.8)
    colours = [_VALIDATION if i == truth else _TRAINING for i in range(len(proba))]
    bars = ax.barh(range(len(proba)), proba, color=colours)
    ax.bar_label(bars, fmt="%.3f", padding=3, fontsize=8)
    ax.set(yticks=range(len(proba)), yticklabels=class_names, xlim=(0, 1.15), xlabel="probability")
    ax.set_xticks([0, 0.5, 1])
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _points(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must hold points of a plane, shape (n, 2), got {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y must hold one class for each of the {len(X)} points, got shape {y.shape}")
    return X, y


def _new_axes(width: float, height: float) -> Axes:
    return plt.subplots(figsize=(width, height), layout="constrained")[1]
