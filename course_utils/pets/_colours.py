"""Colours, and how they are mixed."""

import numpy as np

Colour = tuple[int, int, int]

WHITE: Colour = (250, 247, 240)
BLACK: Colour = (26, 22, 26)
PINK: Colour = (226, 132, 138)
FUR: tuple[Colour, ...] = (
    (52, 48, 54),  # black
    (98, 100, 108),  # charcoal
    (166, 168, 174),  # silver
    (234, 230, 222),  # white
    (232, 209, 168),  # cream
    (226, 142, 66),  # ginger
    (162, 92, 54),  # red-brown
    (104, 72, 56),  # chocolate
    (208, 168, 98),  # golden
    (124, 138, 156),  # blue-grey
    (196, 160, 126),  # fawn
)
BRIGHT: tuple[Colour, ...] = (
    (214, 64, 58),
    (46, 110, 186),
    (240, 186, 52),
    (70, 150, 92),
    (152, 84, 160),
    (236, 124, 60),
    (64, 168, 172),
    (228, 138, 164),
)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Colour on the way from a (t = 0) to b (t = 1)."""
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def luminance(c: Colour) -> float:
    """How bright a colour looks, from 0 to 255."""
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def jittered(rng: np.random.Generator, c: Colour, spread: float) -> Colour:
    """Colour near `c`: a random shift of its brightness and a random shift of each channel."""
    shift = (rng.random(3) - 0.5 + (rng.random() - 0.5)) * spread
    r, g, b = (min(255, max(0, round(x + d))) for x, d in zip(c, shift.tolist(), strict=True))
    return r, g, b
