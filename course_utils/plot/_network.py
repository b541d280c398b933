"""A whole network at work: what each of its layers makes of one image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ._shared import TRAINING, not_empty, whole

# In inches: the column of labels, a map with the gap beside it, a row with the gap below it.
_LABELS, _MAP, _ROW, _TITLE = 2.05, 0.62, 0.86, 0.3


def layer_by_layer(
    outputs: Sequence[np.ndarray], labels: Sequence[str], *, title: str | None = None, maps: int = 6
) -> Figure:
    """Draw what the layers of a network make of one image: a row for each layer, from top to bottom.

    A row of maps has one scale for all of them: bright for large if nothing in the row is negative, else orange above
    zero and purple below it. A row of single numbers is drawn as squares on the same scales, the last one as bars.

    Parameters
    ----------
    outputs : sequence of array-like, each of shape (height, width, channels) or (n,)
        The image and then what each layer gives for it, without the batch axis; the last of shape (n,).
    labels : sequence of str
        One for each output, such as the layer's name, shape and parameters on lines of their own.
    title : str, optional
        What to see.
    maps : int
        How many maps of a layer to draw at most, at least 1: the first ones.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is nothing to draw, an output has another shape, the labels another number, or `maps` is out of range.
    """
    arrays = [np.asarray(output, float) for output in outputs]
    whole("maps", maps)
    if not arrays or len(labels) != len(arrays):
        raise ValueError(f"{len(arrays)} outputs need as many labels, at least one, got {len(labels)}")
    for array in arrays:
        if array.ndim not in (1, 3):
            raise ValueError(
                f"an output must be (height, width, channels) or (n,), got {array.shape}: leave out the batch axis"
            )
        not_empty("an output", array)
    if arrays[-1].ndim != 1:
        raise ValueError(f"the last output must be one row of numbers, (n,), got {arrays[-1].shape}")
    width, height = _LABELS + maps * _MAP, len(arrays) * _ROW + _TITLE
    figure = plt.figure(figsize=(width, height))

    def place(left: float, top: float, across: float, down: float) -> Axes:
        """Make Axes at a place counted in inches from the top left corner."""
        return figure.add_axes((left / width, 1 - (top + down) / height, across / width, down / height))

    if title:
        figure.text(0.5, 1 - 0.06 / height, title, ha="center", va="top", fontsize=11)
    for row, (array, label) in enumerate(zip(arrays, labels, strict=True)):
        top = _TITLE + row * _ROW
        middle = 1 - (top + _MAP / 2) / height
        figure.text(0.3 / width, middle, label, va="center", fontsize=8, linespacing=1.25)
        if row:
            arrow = place(0.05, top - 0.2 - _MAP / 4, 0.2, _MAP / 2)
            arrow.annotate(
                "", (0.5, 0), (0.5, 1), xycoords="axes fraction", arrowprops={"arrowstyle": "->", "color": "0.4"}
            )
            arrow.axis("off")
        if row == len(arrays) - 1:
            _bars(array, place(_LABELS, top, maps * _MAP - 0.06, _MAP * 0.8))
            continue
        limit = float(np.abs(array).max()) or 1.0
        signed = array.min() < 0
        scale: dict[str, Any] = {
            "cmap": "PuOr_r" if signed else "viridis",
            "vmin": -limit if signed else 0,
            "vmax": limit,
        }
        if array.ndim == 1:
            ax = place(_LABELS, top + _MAP / 4, maps * _MAP - 0.06, _MAP / 2)
            ax.imshow(array[np.newaxis], aspect="auto", interpolation="nearest", **scale)
            ax.axis("off")
            continue
        for channel in range(min(maps, array.shape[2])):
            ax = place(_LABELS + channel * _MAP, top, _MAP - 0.06, _MAP - 0.06)
            ax.imshow(array[..., channel], interpolation="nearest", **scale)
            ax.set(xticks=[], yticks=[])
            for side in ax.spines.values():
                side.set_color("0.7")
    return figure


def _bars(numbers: np.ndarray, ax: Axes) -> None:
    """Draw the answer: a bar for each class."""
    ax.bar(range(len(numbers)), numbers, color=TRAINING)
    ax.set(xticks=range(len(numbers)), yticks=[])
    ax.tick_params(length=0, labelsize=9)
    ax.spines[["top", "left", "right"]].set_visible(False)
