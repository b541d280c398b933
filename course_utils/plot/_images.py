"""Images in rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from ._shared import not_empty, positive, whole


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
        Images in a row, at least 1.
    size : float
        Width of an image in inches, more than 0.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no image, the images have another shape, the titles another number, or `columns` or `size` is out
        of range.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if not (images.ndim == 3 or (images.ndim == 4 and images.shape[-1] == 3)):
        raise ValueError(f"images must be (n, height, width) or (n, height, width, 1 or 3), got {images.shape}")
    not_empty("images", images)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} images need as many titles, got {len(titles)}")
    whole("columns", columns)
    positive("size", size)
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
