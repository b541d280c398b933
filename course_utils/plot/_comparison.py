"""Networks beside each other: what each costs, and what it reaches."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ._shared import TRAINING, VALIDATION, new_axes


def trade_off(
    networks: Mapping[str, tuple[float, float]],
    ax: Axes | None = None,
    *,
    highlight: Sequence[str] = (),
    **labels: str,
) -> Axes:
    """Draw what networks reach against what they cost; the best place is the upper left corner.

    Parameters
    ----------
    networks : mapping of str to (float, float)
        From a network's name to its cost (parameters, seconds, …; more than 0, drawn on a logarithmic scale) and its
        accuracy.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    highlight : sequence of str
        Names of the networks that get the other colour and marker.
    **labels : str
        Passed to ``ax.set``, for instance ``title`` and ``xlabel``.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there are no networks, a cost is not more than 0, or a highlighted name is not among them.

    Examples
    --------
    >>> networks = {"big": (8e6, 0.6), "small": (2e5, 0.85)}
    >>> trade_off(networks, highlight=["small"], xlabel="parameters")
    <Axes: xlabel='parameters', ylabel='accuracy'>
    """
    if not networks:
        raise ValueError("networks is empty: there is nothing to compare")
    for name, (cost, _) in networks.items():
        if not cost > 0:
            raise ValueError(f"{name!r} costs {cost}, but a logarithmic scale has room only for more than 0")
    if unknown := sorted(set(highlight) - set(networks)):
        raise ValueError(f"highlight names {unknown[0]!r}, but the networks are {', '.join(networks)}")
    ax = ax or new_axes(6, 4)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(_short))
    # Most names stand to the right of their points: leave them room there, and a little everywhere.
    costs = [cost for cost, _ in networks.values()]
    ax.set_xlim(min(costs) / 1.6, max(costs) * (max(costs) / min(costs)) ** 0.25 * 1.6)
    ax.margins(y=0.15)
    for name, (cost, accuracy) in networks.items():
        colour, marker = (VALIDATION, "s") if name in highlight else (TRAINING, "o")
        ax.scatter(cost, accuracy, color=colour, marker=marker, zorder=3)
        side, align = (-6, "right") if _blocked(name, networks) else (6, "left")
        ax.annotate(name, (cost, accuracy), (side, 0), textcoords="offset points", ha=align, va="center", fontsize=8)
    ax.set(**{"xlabel": "cost", "ylabel": "accuracy", **labels})
    ax.grid(alpha=0.3)
    return ax


def _blocked(name: str, networks: Mapping[str, tuple[float, float]]) -> bool:
    """Whether another network's point lies where the name would stand, to the right of its own."""
    cost, accuracy = networks[name]
    costs, accuracies = zip(*networks.values(), strict=True)
    width = 0.3 * math.log(max(costs) / min(costs))
    height = 0.05 * (max(accuracies) - min(accuracies))
    return any(0 < math.log(c / cost) < width and abs(a - accuracy) < height for c, a in networks.values())


def _short(value: float, _position: int) -> str:
    """Write 300,000 as 300 k and 8,000,000 as 8 M."""
    for size, unit in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
