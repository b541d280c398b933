"""Draw the landing page's picture, `book/static/spiral.webp`: one task, three models.

Run it after a change: `python book/draw_picture.py`. The book uses the stored picture and trains nothing.
"""

import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Circle
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from course_utils.data import spiral

COLOURS = ListedColormap(["#3d348b", "#2f7fc1", "#2aa198", "#eeb03a", "#dd5a3c"])
RADIUS = 2.75
MODELS = [
    LogisticRegression(),
    MLPClassifier((20,), max_iter=2000, random_state=0),
    MLPClassifier((256, 128, 64), max_iter=500, random_state=0),
]


def draw() -> plt.Figure:
    """Train the three models on the same 800 points and draw what each answers everywhere."""
    X, y = spiral(800, seed=1)
    inside = np.hypot(*X.T) < RADIUS - 0.08
    side = np.linspace(-RADIUS, RADIUS, 700)
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    fig, axes = plt.subplots(1, 3, figsize=(12, 4.05))
    for ax, model in zip(axes, MODELS, strict=True):
        answers = model.fit(X, y).predict(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        extent = (-RADIUS, RADIUS, -RADIUS, RADIUS)
        regions = ax.imshow(answers, cmap=COLOURS, vmin=0, vmax=4, extent=extent, origin="lower", alpha=0.62)
        # White under the half-transparent regions, so that they look the same on a dark page.
        ax.add_patch(Circle((0, 0), RADIUS, color="white", zorder=-1))
        regions.set_clip_path(Circle((0, 0), RADIUS, transform=ax.transData))
        ax.scatter(*X[inside].T, c=y[inside], cmap=COLOURS, vmin=0, vmax=4, s=11, edgecolors="w", linewidths=0.45)
        ax.set(xlim=extent[:2], ylim=extent[2:], aspect="equal")
        ax.axis("off")
    fig.subplots_adjust(0, 0, 1, 1, wspace=0.06)
    return fig


if __name__ == "__main__":
    png = io.BytesIO()
    draw().savefig(png, dpi=150, transparent=True)
    Image.open(png).save(Path(__file__).parent / "static" / "spiral.webp", quality=86, method=6)
