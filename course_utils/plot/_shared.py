"""What all views share: two colours, and a figure of one's own."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# Training and held-out curves have the same two colours throughout the book.
TRAINING, VALIDATION = "tab:blue", "tab:orange"


def new_axes(width: float, height: float) -> Axes:
    """Make a figure with one Axes; width and height in inches."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1]
