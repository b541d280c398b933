"""Images as numbers, and what a convolution does to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..convolution import conv2d, same_padding
from ._shared import VALIDATION, new_axes, not_empty, positive

_WINDOW = "#ffdfba"  # a pale VALIDATION orange, on which black numbers are easy to read
_GAP = 1.2  # between the parts of a step, in cells


def matrix(
    values: np.ndarray,
    ax: Axes | None = None,
    *,
    fmt: str = ".3g",
    cmap: str = "gray",
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw a matrix as squares of colour with its numbers in them.

    Parameters
    ----------
    values : array-like, shape (height, width) or (height, width, 3)
        Grey values or any other numbers; RGB pixels as uint8 show their three numbers below each other.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    fmt : str
        Python format specification of the numbers.
    cmap : str
        Name of a matplotlib colour map.
    limits : (float, float), optional
        The numbers at the ends of the colour map; by default 0 and 255 for uint8, else the lowest and the highest.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `values` has another shape, is empty, or is in colour but not uint8.
    """
    values = np.asarray(values)
    if values.ndim != 2 and not (values.ndim == 3 and values.shape[2] == 3 and values.dtype == np.uint8):
        raise ValueError(
            f"values must be (height, width), or (height, width, 3) as uint8, got {values.shape} {values.dtype}"
        )
    not_empty("values", values)
    height, width = values.shape[:2]
    ax = ax or new_axes(0.6 * width, 0.6 * height)
    if limits is None:
        limits = (0, 255) if values.dtype == np.uint8 else (values.min(), values.max())
    image = ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    colours = values / 255 if values.ndim == 3 else image.to_rgba(values)[..., :3]
    brightness = colours @ [0.299, 0.587, 0.114]
    for row, column in np.ndindex(height, width):
        text = "\n".join(f"{value:{fmt}}" for value in np.atleast_1d(values[row, column])).replace("-", "−")
        colour = "black" if brightness[row, column] > 0.5 else "white"
        ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
    ax.set(xticks=range(width), yticks=range(height), xlabel="column", ylabel="row")
    ax.tick_params(length=0)
    return ax


def response(values: np.ndarray, ax: Axes | None = None, *, limit: float | None = None) -> Axes:
    """Draw a feature map with its signs: orange is positive, purple is negative, white is zero.

    Parameters
    ----------
    values : array-like, shape (height, width) or (height, width, 1)
        What a kernel answers at each place.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    limit : float, optional
        The number that gets the full colour, as does all beyond it, more than 0; by default the largest magnitude.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `values` has another shape or is empty, or `limit` is out of range.
    """
    values = np.asarray(values)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.ndim != 2:
        raise ValueError(f"values must be one feature map, (height, width), got {values.shape}: choose one channel")
    not_empty("values", values)
    if limit is None:
        limit = float(np.abs(values).max()) or 1.0
    else:
        positive("limit", limit)
    ax = ax or new_axes(5, 5 * values.shape[0] / values.shape[1])
    image = ax.imshow(values, cmap="PuOr_r", vmin=-limit, vmax=limit)
    ax.figure.colorbar(image, ax=ax, fraction=0.04, pad=0.02)
    ax.axis("off")
    return ax


def convolution_steps(
    X: np.ndarray,
    kernel: np.ndarray,
    steps: Sequence[int] = (0, 1, 2),
    ax: Axes | None = None,
    *,
    stride: int = 1,
    padding: str = "valid",
) -> Axes:
    """Draw a kernel on its way across a matrix: one row of the drawing for each step.

    A row shows the input with the window under the kernel, the kernel, to which dotted lines lead from the window, the
    weighted sum written out, and the output as far as it is computed. Zeros that padding adds are grey.

    Parameters
    ----------
    X : array-like, shape (height, width)
        A small matrix of whole numbers.
    kernel : array-like, shape (kernel_height, kernel_width)
        Whole numbers too.
    steps : sequence of int
        Which steps to draw; 0 is the one at the top left, and the kernel moves as one reads.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    stride : int
        How many cells the kernel moves at a time.
    padding : {"valid", "same"}
        As in :func:`course_utils.convolution.conv2d`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `X` or `kernel` is no matrix, they do not fit each other, or there is no such step.
    """
    X, kernel = np.asarray(X), np.asarray(kernel)
    if X.ndim != 2 or kernel.ndim != 2:
        raise ValueError(f"X and kernel must be matrices, (height, width), got {X.shape} and {kernel.shape}")
    Y = conv2d(X, kernel, stride=stride, padding=padding)
    if not len(steps) or not all(0 <= step < Y.size for step in steps):
        raise ValueError(f"steps must be numbers from 0 to {Y.size - 1}, got {list(steps)}")
    padded, is_padding = X, np.zeros(X.shape, bool)
    if padding == "same":
        around = [same_padding(n, k, stride) for n, k in zip(X.shape, kernel.shape, strict=True)]
        padded, is_padding = np.pad(X, around), np.pad(is_padding, around, constant_values=True)
    tallest = max(len(padded), len(kernel), len(Y))
    kernel_left = padded.shape[1] + _GAP
    output_left = kernel_left + kernel.shape[1] + _GAP
    width, row_height = output_left + Y.shape[1], tallest + 1.5
    ax = ax or new_axes(5.2, 5.2 / width * (len(steps) * row_height + 0.6))
    number = np.arange(Y.size).reshape(Y.shape)
    for row, step in enumerate(steps):
        middle = row * row_height + tallest / 2
        (i,), (j,) = np.nonzero(number == step)
        window = np.zeros(padded.shape, bool)
        window[i * stride : i * stride + len(kernel), j * stride : j * stride + kernel.shape[1]] = True
        _cells(ax, padded, 0, middle, coloured=window, pale=is_padding)
        _cells(ax, kernel, kernel_left, middle, coloured=np.ones(kernel.shape, bool))
        _cells(ax, np.where(number <= step, Y, np.nan), output_left, middle, coloured=number == step)
        # No × and no =: with them a step reads as a product of matrices.
        for side in (-1, 1):
            ends = (
                (j * stride + kernel.shape[1], kernel_left),
                (
                    middle - len(padded) / 2 + i * stride + (side + 1) / 2 * len(kernel),
                    middle + side * len(kernel) / 2,
                ),
            )
            ax.plot(*ends, color=VALIDATION, linewidth=1, linestyle=":")
        start = output_left - _GAP + 0.1, middle
        ax.annotate("", (output_left - 0.1, middle), start, arrowprops={"arrowstyle": "->", "color": "0.3"})
        ax.text(output_left - _GAP / 2, middle - 0.1, "sum", ha="center", va="bottom", fontsize=9)
        written_out = f"step {step + 1} of {Y.size}:   {_weighted_sum(kernel.ravel(), padded[window])} = {Y[i, j]:g}"
        ax.text(0, middle + tallest / 2 + 0.2, written_out.replace("-", "−"), va="top", fontsize=9)
    for name, left, part in (("input", 0, padded), ("kernel", kernel_left, kernel), ("output", output_left, Y)):
        bottom = (tallest - len(part)) / 2 - 0.15
        ax.text(left + part.shape[1] / 2, bottom, name, ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(-0.1, width + 0.1), ylim=(len(steps) * row_height - 0.4, -0.9), aspect="equal")
    ax.axis("off")
    return ax


def _cells(
    ax: Axes, values: np.ndarray, left: float, middle: float, *, coloured: np.ndarray, pale: np.ndarray | None = None
) -> None:
    """Draw a table of cells around the height `middle`; those that are not a number stay empty."""
    top = middle - len(values) / 2
    for row, column in np.ndindex(*values.shape):
        grey = pale is not None and bool(pale[row, column])
        face = _WINDOW if coloured[row, column] else "0.92" if grey else "white"
        x, y = left + column, top + row
        ax.add_patch(Rectangle((x, y), 1, 1, facecolor=face, edgecolor="0.6", linewidth=0.8))
        if not np.isnan(values[row, column]):
            text = f"{values[row, column]:g}".replace("-", "−")
            ax.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=10, color="0.4" if grey else "black")
    rows, columns = np.nonzero(coloured)
    corner = float(left + columns.min()), float(top + rows.min())
    across, down = float(np.ptp(columns) + 1), float(np.ptp(rows) + 1)
    ax.add_patch(Rectangle(corner, across, down, fill=False, edgecolor=VALIDATION, linewidth=2.5))


def _weighted_sum(weights: np.ndarray, values: np.ndarray) -> str:
    """Write a weighted sum out, leaving out what is multiplied by zero."""
    terms = [f"{weight:+g}·{value:g}" for weight, value in zip(weights, values, strict=True) if weight]
    spaced = " ".join(f"{term[0]} {term[1:]}" for term in terms)
    return spaced.removeprefix("+ ") if spaced.startswith("+") else spaced.replace("- ", "-", 1)
