"""What all views share: two colours, a figure of one's own, and what their arguments may be."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

# Training and held-out curves have the same two colours throughout the book.
TRAINING, VALIDATION = "tab:blue", "tab:orange"


def new_axes(width: float, height: float) -> Axes:
    """Make a figure with one Axes; width and height in inches."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def whole(name: str, value: int) -> None:
    """Refuse what is no whole number of at least 1."""
    if not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")


def positive(name: str, value: float) -> None:
    """Refuse a length or a limit that is not more than 0."""
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be more than 0, and finite, got {value!r}")


def not_empty(name: str, values: np.ndarray) -> None:
    """Refuse an array of no numbers."""
    if not values.size:
        raise ValueError(f"there is nothing to draw: {name} is empty, it has the shape {values.shape}")
