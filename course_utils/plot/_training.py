"""How a training went, and what the model predicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ._shared import TRAINING, VALIDATION, new_axes, not_empty


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
        raise KeyError(f"the history has no {metric!r}; it has {', '.join(values) or 'nothing'}")
    ax = ax or new_axes(6, 3.6)
    epochs = np.arange(1, len(values[metric]) + 1)
    ax.plot(epochs, values[metric], color=TRAINING, label="training")
    if f"val_{metric}" in values:
        ax.plot(epochs, values[f"val_{metric}"], color=VALIDATION, linestyle="--", label="validation")
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
        If `y` or `y_hat` is empty, they have different lengths, or a class has no name.
    """
    from sklearn.metrics import confusion_matrix as count

    for argument, classes in (("y", y), ("y_hat", y_hat)):
        not_empty(argument, np.asarray(classes))
    highest = int(max(np.max(y), np.max(y_hat)))
    names = list(class_names) if class_names is not None else [str(i) for i in range(highest + 1)]
    n = len(names)
    if highest >= n:
        raise ValueError(f"there is a class {highest}, but class_names has {n} names; it needs {highest + 1}")
    counts = count(y, y_hat, labels=range(n))
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.62 * n)
    ax = ax or new_axes(side, side)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(n, n):
        colour = "white" if share[row, column] > 0.5 else "black"
        ax.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=colour, fontsize=9)
    ax.set(xticks=range(n), yticks=range(n), yticklabels=names, xlabel="predicted class", ylabel="true class")
    ax.set_xticklabels(
        names, rotation=45 if max(map(len, names)) > 2 else 0, ha="right" if max(map(len, names)) > 2 else "center"
    )
    return ax


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
        If there are not as many names as probabilities, or none.
    """
    proba = np.asarray(proba)
    if proba.shape != (len(class_names),):
        raise ValueError(f"{len(class_names)} class names need as many probabilities, got shape {proba.shape}")
    not_empty("proba", proba)
    ax = ax or new_axes(5, 0.3 * len(proba) + 0.8)
    colours = [VALIDATION if i == truth else TRAINING for i in range(len(proba))]
    bars = ax.barh(range(len(proba)), proba, color=colours)
    ax.bar_label(bars, fmt="%.3f", padding=3, fontsize=8)
    ax.set(yticks=range(len(proba)), yticklabels=class_names, xlim=(0, 1.15), xlabel="probability")
    ax.set_xticks([0, 0.5, 1])
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    return ax
