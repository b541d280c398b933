"""Everything behind the animal: a room, a meadow, a blanket, or something out of focus."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from ._chance import between, pick
from ._coat import Coat
from ._colours import BLACK, BRIGHT, FUR, WHITE, Colour, jittered, luminance, mix
from ._pen import Pen, unit_pen


def backdrop(side: int, rng: np.random.Generator, coat: Coat) -> Image.Image:
    """Picture (side, side) with everything behind the animal."""
    return pick(rng, (_room, _room, _meadow, _meadow, _fabric, _blobs))(side, rng, coat)


def _shade(rng: np.random.Generator, coat: Coat) -> Colour:
    """Colour of a large area: any hue, muted, not as light or dark as the fur in front of it."""
    colour = mix(jittered(rng, pick(rng, BRIGHT + FUR), 60), (150, 142, 134), between(rng, 0.1, 0.75))
    fur = luminance(coat.fur)
    target = between(rng, 40, 215)
    if abs(target - fur) < 45:
        target = fur + 70 if fur < 128 else fur - 70
    now = luminance(colour)
    return mix(colour, BLACK, 1 - target / now) if target < now else mix(colour, WHITE, (target - now) / (256 - now))


def _gradient(side: int, corners: Sequence[Colour]) -> Image.Image:
    """Smooth picture between the colours of its four corners."""
    small = Image.new("RGB", (2, 2))
    small.putdata(list(corners))
    return small.resize((side, side), Image.Resampling.BILINEAR)


def _room(side: int, rng: np.random.Generator, coat: Coat) -> Image.Image:
    """Wall and floor with a piece or two of furniture."""
    wall, floor = _shade(rng, coat), _shade(rng, coat)
    image = _gradient(side, (wall, mix(wall, BLACK, 0.25), mix(wall, WHITE, 0.2), wall))
    pen = unit_pen(image)
    horizon = between(rng, 0.5, 0.85)
    if rng.random() < 0.4:
        paper, step = mix(wall, WHITE, 0.18), between(rng, 0.08, 0.2)
        for x in np.arange(rng.random() * step, 1.0, step).tolist():
            pen.shape(((x, 0.0), (x + step / 2, 0.0), (x + step / 2, 1.0), (x, 1.0)), paper)
    for _ in range(int(rng.random() * 3)):
        x, y, w, h = (
            between(rng, -0.1, 0.9),
            between(rng, 0.0, 0.3),
            between(rng, 0.15, 0.35),
            between(rng, 0.15, 0.3),
        )
        _box(pen, x, y, w, h, jittered(rng, pick(rng, BRIGHT), 60), _shade(rng, coat))
    pen.shape(((0.0, horizon), (1.0, horizon), (1.0, 1.0), (0.0, 1.0)), floor)
    if rng.random() < 0.6:
        x, w, top = between(rng, -0.2, 0.8), between(rng, 0.25, 0.6), horizon - between(rng, 0.1, 0.3)
        _box(pen, x, top, w, horizon + 0.1 - top, _shade(rng, coat), _shade(rng, coat))
    return image


def _box(pen: Pen, x: float, y: float, w: float, h: float, frame: Colour, inside: Colour) -> None:
    """Window, picture or piece of furniture."""
    for inset, colour in ((0.0, frame), (min(w, h) * 0.14, inside)):
        x0, y0, x1, y1 = x + inset, y + inset, x + w - inset, y + h - inset
        pen.shape(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), colour)


def _meadow(side: int, rng: np.random.Generator, coat: Coat) -> Image.Image:
    """Sky, hills, trees and grass."""
    sky, land = _shade(rng, coat), _shade(rng, coat)
    if rng.random() < 0.6:
        sky, land = mix(sky, (132, 190, 236), 0.55), mix(land, (104, 160, 76), 0.55)
    image = _gradient(side, (sky, sky, mix(sky, WHITE, 0.5), mix(sky, WHITE, 0.4)))
    pen = unit_pen(image)
    horizon = between(rng, 0.4, 0.8)
    for _ in range(int(rng.random() * 3)):
        x, y, r = rng.random(), between(rng, 0.05, 0.35), between(rng, 0.05, 0.12)
        pen.oval(x, y, r * 2, r, mix(sky, WHITE, 0.7))
    for _ in range(int(rng.random() * 4)):
        x, w, h = rng.random(), between(rng, 0.08, 0.25), between(rng, 0.12, 0.4)
        leaf = jittered(rng, land, 70)
        if rng.random() < 0.5:
            pen.shape(((x - w, horizon), (x, horizon - h), (x + w, horizon)), leaf)
        else:
            pen.oval(x, horizon - h * 0.6, w * 0.8, h * 0.6, leaf)
    pen.shape(((0.0, horizon), (0.5, horizon - between(rng, 0.0, 0.08)), (1.0, horizon), (1.0, 1.0), (0.0, 1.0)), land)
    grass(pen, rng, mix(land, BLACK, 0.22), 10, horizon, 1.0)
    return image


def grass(pen: Pen, rng: np.random.Generator, colour: Colour, n: int, top: float, bottom: float) -> None:
    """Tufts of three blades."""
    for x, y, h in (rng.random((n, 3)) * (1.0, bottom - top, 0.08) + (0.0, top, 0.04)).tolist():
        tuft = (
            (x - 0.03, y),
            (x - 0.03, y - h),
            (x - 0.01, y - h / 2),
            (x, y - h * 1.3),
            (x + 0.01, y - h / 2),
            (x + 0.03, y - h),
            (x + 0.03, y),
        )
        pen.shape(tuft, colour)


def _fabric(side: int, rng: np.random.Generator, coat: Coat) -> Image.Image:
    """Blanket with slanting stripes."""
    ground, other = _shade(rng, coat), _shade(rng, coat)
    image = _gradient(side, (ground, mix(ground, WHITE, 0.2), mix(ground, BLACK, 0.2), ground))
    turned = unit_pen(image).placed(0.5, 0.5, 1.0, between(rng, 0.0, math.pi))
    step = between(rng, 0.1, 0.3)
    for x in np.arange(-0.8, 0.8, step).tolist():
        turned.shape(((x, -0.8), (x + step * 0.45, -0.8), (x + step * 0.45, 0.8), (x, 0.8)), other)
    return image


def _blobs(side: int, rng: np.random.Generator, coat: Coat) -> Image.Image:
    """Out-of-focus background: round and pointed things."""
    corners = [_shade(rng, coat) for _ in range(4)]
    image = _gradient(side, corners)
    pen = unit_pen(image)
    for x, y, r, angle in (rng.random((8, 4)) * (1.0, 1.0, 0.14, 6.3) + (0.0, 0.0, 0.03, 0.0)).tolist():
        colour = mix(pick(rng, corners), pick(rng, BRIGHT), 0.4)
        if rng.random() < 0.6:
            pen.oval(x, y, r, r, colour)
        else:
            pen.placed(x, y, r, angle).shape(((0.0, -1.3), (1.0, 0.8), (-1.0, 0.8)), colour)
    return image
