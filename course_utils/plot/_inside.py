"""What is inside a network: filters, feature maps, and what an answer depends on."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ._shared import new_axes, not_empty, positive, whole

# The same in every view with signs: orange above zero, purple below it.
_SIGNED = "PuOr_r"


def filters(filters: np.ndarray, titles: Sequence[str] | None = None, columns: int = 8, *, size: float = 0.9) -> Figure:
    """Draw the weights of filters as small pictures.

    Each filter has a scale of its own, on which its largest weight, positive or negative, has the full colour. Filters
    of three channels are drawn as colours: grey is a weight of zero, and a bright red one that likes red. Filters of
    one channel are orange where positive and purple where negative.

    Parameters
    ----------
    filters : array-like, shape (n, height, width, 1 or 3) or (n, height, width)
        As :func:`course_utils.inside.filters` gives them. Of filters with other numbers of channels choose one channel:
        ``filters[..., 0]``.
    titles : sequence of str, optional
        One for each filter.
    columns : int
        Filters in a row, at least 1.
    size : float
        Width of a filter in inches, more than 0.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no filter, the filters have another shape, the titles another number, or `columns` or `size` is
        out of range.
    """
    filters = np.asarray(filters, float)
    if filters.ndim == 4 and filters.shape[-1] == 1:
        filters = filters[..., 0]
    if filters.ndim != 3 and filters.shape[3:] != (3,):
        raise ValueError(
            f"filters must be (n, height, width, 1 or 3), got {filters.shape}. Of a deeper layer choose one channel: "
            f"filters[..., 0]"
        )
    not_empty("filters", filters)
    figure, axes = _grid(len(filters), titles, columns, size, "filters")
    for ax, weights in zip(axes, filters, strict=True):
        limit = np.abs(weights).max() or 1.0
        if weights.ndim == 3:
            ax.imshow(0.5 + weights / (2 * limit))
        else:
            ax.imshow(weights, cmap=_SIGNED, vmin=-limit, vmax=limit)
    return figure


def feature_maps(
    maps: np.ndarray, titles: Sequence[str] | None = None, columns: int = 8, *, size: float = 0.9
) -> Figure:
    """Draw feature maps of one image, dark where a filter is silent and bright where it fires most.

    Each map has a scale of its own, from zero (or its lowest value, if that is negative) to its highest, so that
    brightness cannot be compared between maps. A map of zeros is all dark.

    Parameters
    ----------
    maps : array-like, shape (rows, columns, filters)
        What a layer gives for one image, as ``course_utils.inside.feature_maps(...)[layer][0]``.
    titles : sequence of str, optional
        One for each map.
    columns : int
        Maps in a row, at least 1.
    size : float
        Width of a map in inches, more than 0.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no map, `maps` has another shape, the titles another number, or `columns` or `size` is out of
        range.
    """
    maps = np.asarray(maps, float)
    if maps.ndim != 3:
        raise ValueError(f"maps must be (rows, columns, filters), those of one image, got {maps.shape}")
    not_empty("maps", maps)
    figure, axes = _grid(maps.shape[-1], titles, columns, size, "maps")
    for ax, values in zip(axes, np.moveaxis(maps, -1, 0), strict=True):
        low = min(values.min(), 0.0)
        ax.imshow(values, cmap="viridis", vmin=low, vmax=values.max() if values.max() > low else low + 1)
    return figure


def heatmap(image: np.ndarray, heat: np.ndarray, ax: Axes | None = None, *, limit: float | None = None) -> Axes:
    """Lay a map over a grey version of its image: orange above zero, purple below it, clear at zero.

    A coarse map is stretched over the image, and its squares stay visible: it knows nothing finer.

    Parameters
    ----------
    image : array-like, shape (height, width, 3), (height, width, 1) or (height, width)
        Uint8 or float in 0–255, or float in [0, 1].
    heat : array-like, shape (rows, columns)
        Such as one map of :func:`course_utils.inside.grad_cam`, ``saliency`` or ``occlusion``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    limit : float, optional
        The value that gets the full colour, as does all beyond it, more than 0; by default the 99th percentile of the
        magnitudes.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `image` or `heat` has another shape or is empty, or `limit` is out of range.
    """
    image, heat = np.asarray(image, float), np.asarray(heat, float)
    grey = image @ [0.299, 0.587, 0.114] if image.shape[2:] == (3,) else image
    grey = grey[..., 0] if grey.shape[2:] == (1,) else grey
    if grey.ndim != 2 or heat.ndim != 2:
        raise ValueError(f"one image needs one map of shape (rows, columns), got {image.shape} and {heat.shape}")
    not_empty("image", image)
    not_empty("heat", heat)
    if limit is None:
        limit = np.quantile(np.abs(heat), 0.99) or np.abs(heat).max() or 1.0
    else:
        positive("limit", limit)
    height, width = grey.shape
    ax = ax or new_axes(3.2, 3.2 * height / width)
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    # Paler than the photograph, so that both ends of the colour scale stand out from it.
    ax.imshow(grey, cmap="gray", vmin=0, vmax=255 if image.max() > 1 else 1, extent=extent, alpha=0.6)
    share = np.clip(heat / limit, -1, 1)
    colours = mpl.colormaps[_SIGNED](0.5 + share / 2)
    colours[..., 3] = np.sqrt(np.abs(share))
    ax.imshow(colours, extent=extent, interpolation="nearest")
    ax.axis("off")
    return ax


def _grid(n: int, titles: Sequence[str] | None, columns: int, size: float, what: str) -> tuple[Figure, Sequence[Axes]]:
    if titles is not None and len(titles) != n:
        raise ValueError(f"{n} {what} need as many titles, got {len(titles)}")
    whole("columns", columns)
    positive("size", size)
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    height = size * (1.35 if titles is not None else 1.05)
    figure, axes = plt.subplots(rows, columns, figsize=(columns * size, rows * height), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, title in zip(axes.flat, titles or (), strict=False):
        ax.set_title(title, fontsize=8)
    figure.tight_layout(pad=0.3)
    return figure, list(axes.flat[:n])
