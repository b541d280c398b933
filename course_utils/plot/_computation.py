"""A computation as a graph: values on the way forward, slopes on the way back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from ..autograd import Node
from ._shared import TRAINING, VALIDATION, new_axes, not_empty

_BOX = 0.25  # half the height of a node; the distance between two columns is 1
_ARCH = 0.45  # how high an arrow rises that passes over a node
_INCHES = 1.7


def computation(names: Mapping[str, Node], ax: Axes | None = None) -> Axes:
    """Draw how numbers are computed from each other, with the slopes that come back.

    A node shows its value, and below it its gradient once ``backward`` has found one. At an arrow stands the slope of
    the number that it leads to in the one that it comes from: the gradient of a node is the sum, over the arrows that
    leave it, of that slope times the gradient at the other end.

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
    width, height = (max(place[axis] for place in places.values()) + 1 for axis in (0, 1))
    ax = ax or new_axes(_INCHES * width, _INCHES * (height + 0.3))
    for node, place in places.items():
        for source, rule in node.sources:
            if source in places:
                _arrow(ax, places[source], place, float(rule(np.ones_like(node.value))))
    for name, node in names.items():
        _node(ax, places[node], name, node)
    ax.set(xlim=(-0.5, width - 0.5), ylim=(-0.55, height - 0.25), aspect="equal")
    ax.axis("off")
    return ax


def _places(nodes: list[Node]) -> dict[Node, tuple[int, int]]:
    """Columns by the longest way from a beginning, rows in the order of `nodes`."""
    columns: dict[Node, int] = {}
    for end in nodes:
        for node in end.graph():
            columns.setdefault(node, max((columns[source] + 1 for source, _ in node.sources), default=0))
    shown = sorted({columns[node] for node in nodes})
    taken = dict.fromkeys(shown, 0)
    places = {}
    for node in nodes:
        column = columns[node]
        places[node] = shown.index(column), taken[column]
        taken[column] += 1
    return places


def _node(ax: Axes, place: tuple[int, int], name: str, node: Node) -> None:
    x, y = place
    ax.text(
        x,
        y,
        f"{name}\n{node.value.item():.3g}",
        ha="center",
        va="center",
        fontsize=11,
        linespacing=1.5,
        bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": TRAINING, "linewidth": 1.5},
    )
    if node.gradient is not None:
        slope = f"{node.gradient.item():.3g}"
        ax.text(x, y - _BOX - 0.06, slope, ha="center", va="top", color=VALIDATION, fontsize=12, fontweight="bold")


def _arrow(ax: Axes, start: tuple[int, int], end: tuple[int, int], slope: float) -> None:
    length = end[0] - start[0]
    arch = _ARCH if length > 1 and start[1] == end[1] else 0
    ax.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": "grey",
            "shrinkA": 24,
            "shrinkB": 24,
            "connectionstyle": f"arc3,rad={-2 * arch / length}",
        },
    )
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + arch
    ax.text(x, y + 0.05, f"× {slope:.3g}", ha="center", va="bottom", color="dimgrey", fontsize=10)
