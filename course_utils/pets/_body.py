"""Bodies that sit, lie and stand; the head comes on top of them, centred on the origin."""

import math
from collections.abc import Callable

import numpy as np

from ._chance import pick
from ._coat import Coat
from ._colours import BLACK, mix
from ._curves import mirrored, smooth
from ._pen import Pen
from ._species import Species


def _tail(pen: Pen, coat: Coat, species: Species, rng: np.random.Generator, x: float, y: float) -> None:
    """Tail that begins at the rump (x, y)."""
    path = np.array(pick(rng, species.tails))
    path[1:, :2] += rng.normal(0.0, 0.06, size=(len(path) - 1, 2))
    path[:, :2] += (x, y)
    colour = coat.accent if coat.pattern == "points" else coat.fur
    pen.ribbon(path[:, :2], path[:, 2].tolist(), colour, coat.edge)
    if coat.pattern == "blaze":
        pen.ribbon(path[-2:, :2], (path[-1, 2] * 0.5, path[-1, 2]), coat.light)
    if coat.pattern == "stripes":
        for (x0, y0, w0), (x1, y1, w1) in zip(path[1:-1].tolist(), path[2:].tolist(), strict=True):
            across = math.atan2(y1 - y0, x1 - x0)
            pen.oval((x0 + x1) / 2, (y0 + y1) / 2, 0.07, (w0 + w1) * 0.45, coat.accent, across)


def _leg(pen: Pen, coat: Coat, x: float, top: float, bottom: float, half: float) -> None:
    """Upright leg, twice `half` thick, and its paw."""
    sock = {"points": coat.accent, "blaze": coat.light}.get(coat.pattern, coat.fur)
    pen.ribbon(((x, top), (x, bottom - half)), (half * 1.1, half), coat.fur, coat.edge)
    paw = bottom - half * 0.75
    pen.oval(x, paw, half * 1.35, half * 0.85, sock, edge=coat.edge)
    for toe in (x - 0.4 * half, x + 0.4 * half):
        pen.line(((toe, paw), (toe, paw + 0.6 * half)), coat.edge, 0.04)


def _neck(pen: Pen, coat: Coat, y: float) -> None:
    """Shadow of the chin at height y, and the collar."""
    pen.oval(0.0, y + 0.02, 0.46, 0.3, mix(coat.fur, BLACK, 0.22))
    if coat.collar is None:
        return
    pen.ribbon(((-0.62, y - 0.12), (0.0, y + 0.1), (0.62, y - 0.12)), (0.11, 0.11, 0.11), coat.collar)
    pen.oval(0.0, y + 0.28, 0.13, 0.13, (246, 206, 84), edge=(150, 112, 30))


def _sitting(pen: Pen, coat: Coat, species: Species, rng: np.random.Generator) -> None:
    """Body that sits and faces the viewer; the portrait shows only its top."""
    w = species.shoulders
    _tail(pen, coat, species, rng, 0.8, 2.75)
    torso = ((0.0, 0.3), (0.5 * w, 0.6), (0.72 * w, 1.3), (0.88, 2.2), (0.98, 2.9), (0.7, 3.25), (0.0, 3.3))
    pen.shape(smooth(mirrored(torso)), coat.fur, coat.edge)
    for side in (-1, 1):
        pen.oval(side * 0.78, 2.75, 0.42, 0.52, coat.fur, side * 0.3, edge=coat.edge)
    pen.oval(0.0, 1.45, 0.42 * w, 0.75, coat.light)
    if coat.pattern == "stripes":
        for side in (-1, 1):
            for y in (1.25, 1.65, 2.05, 2.6, 2.9):
                out = 0.66 * w if y < 1.5 else (0.8 if y < 2.5 else 1.08)
                pen.stripe(side * out, y, side * (out - 0.42), y + 0.1, 0.09, coat.accent)
    if coat.pattern == "patches":
        pen.oval(0.42 * w, 1.55, 0.24, 0.5, coat.accent, -0.2)
        pen.oval(-0.8, 2.7, 0.28, 0.36, coat.accent, -0.3)
    for side in (-1, 1):
        _leg(pen, coat, side * 0.3 * w, 2.0, 3.4, species.legs)
    _neck(pen, coat, 0.85)


def _lying(pen: Pen, coat: Coat, species: Species, rng: np.random.Generator) -> None:
    """Body that lies to the right of the head."""
    _tail(pen, coat, species, rng, 2.75, 1.4)
    torso = (
        (-0.3, 0.5),
        (0.6, 0.25),
        (1.6, 0.3),
        (2.6, 0.5),
        (3.1, 1.1),
        (3.0, 1.85),
        (1.6, 2.0),
        (0.0, 1.95),
        (-0.55, 1.3),
    )
    pen.shape(smooth(torso), coat.fur, coat.edge)
    _flank(pen, coat, 0.35, 1.2)
    pen.oval(2.45, 1.4, 0.6, 0.58, coat.fur, edge=coat.edge)
    pen.oval(-0.05, 1.45, 0.38, 0.4, coat.light)
    for x in (0.45, -0.15):
        half = species.legs * 1.1
        pen.ribbon(((x + 0.3, 1.75), (x - 0.75, 1.9)), (half, half), coat.fur, coat.edge)
        pen.oval(x - 0.85, 1.9, half * 1.3, half, coat.light if coat.pattern == "blaze" else coat.fur, edge=coat.edge)
    _neck(pen, coat, 0.9)


def _standing(pen: Pen, coat: Coat, species: Species, rng: np.random.Generator) -> None:
    """Body that stands to the right of the head."""
    _tail(pen, coat, species, rng, 2.75, 1.0)
    for x in (0.55, 2.75):
        _leg(pen, coat, x, 1.4, 3.1, species.legs)
    torso = (
        (0.0, 0.2),
        (0.8, 0.45),
        (1.8, 0.55),
        (2.7, 0.55),
        (3.05, 1.1),
        (2.85, 1.75),
        (1.7, 1.75),
        (0.5, 1.95),
        (-0.3, 1.4),
    )
    pen.shape(smooth(torso), coat.fur, coat.edge)
    _flank(pen, coat, 0.6, 1.05)
    pen.oval(0.0, 1.3, 0.36 * species.shoulders, 0.45, coat.light)
    for x in (0.05, 2.35):
        _leg(pen, coat, x, 1.5, 3.2, species.legs)
    _neck(pen, coat, 0.85)


def _flank(pen: Pen, coat: Coat, top: float, middle: float) -> None:
    """Pattern on the side of a body seen from the side."""
    if coat.pattern == "stripes":
        for x in (0.95, 1.35, 1.75, 2.15, 2.55):
            pen.stripe(x, top, x - 0.1, middle + 0.25, 0.09, coat.accent)
    if coat.pattern == "patches":
        pen.oval(1.15, middle - 0.1, 0.42, 0.36, coat.accent, 0.3)
        pen.oval(2.1, middle, 0.5, 0.34, coat.accent, -0.2)


BODIES: dict[str, Callable[[Pen, Coat, Species, np.random.Generator], None]] = {
    "portrait": _sitting,
    "sit": _sitting,
    "lie": _lying,
    "stand": _standing,
}
