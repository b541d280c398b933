"""A computation as a graph: values on the way forward, slopes on the way back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from ..autograd import Node
from ._shared import TRAINING, VALIDATION, new_axes, not_empty

# Inches from node to node. They stand below each other, so that a phone shows a long computation as a page does.
_BESIDE, _BELOW = 1.9, 0.85
_ARCH = 1.1  # how far an arrow swings out that passes a node


def computation(names: Mapping[str, Node], ax: Axes | None = None) -> Axes:
    """Draw how numbers are computed from each other, with the slopes that come back.

    The computation runs downwards. A node shows its value, and beside it its gradient once ``backward`` has found one.
    At an arrow stands the slope of the number that it leads to in the one that it comes from: the gradient of a node is
    the sum, over the arrows that leave it, of that slope times the gradient at the other end.

    Parameters
    ----------
    names : dict of str to course_utils.autograd.Node
        The nodes to draw, each a single number, with what they are called. Arrows are drawn between these.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no nodes, or one of them holds several numbers.
    """
    not_empty("names", np.empty(len(names)))
    for name, node in names.items():
        if node.value.size != 1:
            raise ValueError(
                f"only graphs of single numbers can be drawn, and {name!r} has the shape {node.value.shape}"
            )
    places = _places(list(names.values()))
    right, down = max(x for x, _ in places.values()), min(y for _, y in places.values())
    left, right, down, up = -_BESIDE * 0.8, right + _BESIDE * 0.8, down - _BELOW / 2, _BELOW / 2
    ax = ax or new_axes(right - left, up - down)
    boxes = {node: _box(ax, places[node], name, node) for name, node in names.items()}
    for node, box in boxes.items():
        for source, rule in node.sources:
            if source in places:
                _arrow(ax, places[source], boxes[source], places[node], box, float(rule(np.ones_like(node.value))))
    ax.set(xlim=(left, right), ylim=(down, up), aspect="equal")
    ax.axis("off")
    return ax


def _places(nodes: list[Node]) -> dict[Node, tuple[float, float]]:
    """Rows by the longest way from a beginning, columns in the order of `nodes`; in inches."""
    rows: dict[Node, int] = {}
    for end in nodes:
        for node in end.graph():
            rows.setdefault(node, max((rows[source] + 1 for source, _ in node.sources), default=0))
    shown = sorted({rows[node] for node in nodes})
    taken = dict.fromkeys(shown, 0)
    places = {}
    for node in nodes:
        row = rows[node]
        places[node] = _BESIDE * taken[row], -_BELOW * shown.index(row)
        taken[row] += 1
    return places


def _box(ax: Axes, place: tuple[float, float], name: str, node: Node) -> Text:
    box = ax.text(
        *place,
        f"{name} = {node.value.item():.3g}",
        ha="center",
        va="center",
        fontsize=11,
        bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": TRAINING, "linewidth": 1.5},
        zorder=3,
    )
    if node.gradient is not None:
        ax.annotate(
            f"{node.gradient.item():.3g}",
            (1, 0.5),
            (12, 0),
            xycoords=box,
            textcoords="offset points",
            va="center_baseline",
            color=VALIDATION,
            fontsize=12,
            fontweight="bold",
        )
    return box


def _arrow(
    ax: Axes, start: tuple[float, float], above: Text, end: tuple[float, float], below: Text, slope: float
) -> None:
    passes = start[0] == end[0] and start[1] - end[1] > 1.5 * _BELOW
    # An arc of three points goes half as far as its middle one.
    bend = 2 * _ARCH / (start[1] - end[1]) if passes else 0
    ax.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": "grey",
            "patchA": above.get_bbox_patch(),
            "patchB": below.get_bbox_patch(),
            "shrinkA": 2,
            "shrinkB": 2,
            "connectionstyle": f"arc3,rad={bend}",
        },
    )
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    beside, side = (x - _ARCH - 0.07, "right") if passes else (x + 0.1, "left")
    # Below an arrow that comes from the right, above one that comes from the left.
    height = {-1: "bottom", 0: "center", 1: "top"}[int(np.sign(start[0] - end[0]))]
    ax.text(beside, y, f"× {slope:.3g}", ha=side, va=height, color="dimgrey", fontsize=10)
