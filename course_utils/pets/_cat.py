"""The shapes of a cat: upright ears, slanting eyes, a short muzzle with whiskers, a slender body."""

import numpy as np

from ._chance import between
from ._coat import Coat
from ._colours import BLACK, PINK, WHITE
from ._curves import mirrored, smooth
from ._head import CLOSED_LID, ear_colour, face_marks
from ._pen import Pen
from ._pose import Pose
from ._species import Species


def _head(pen: Pen, coat: Coat, pose: Pose, rng: np.random.Generator) -> None:
    shift = 0.2 * pose.yaw
    spread, tall = between(rng, 0.9, 1.08), between(rng, 0.95, 1.12)
    half = ((0.0, -0.84), (0.55, -0.74), (0.95, -0.28), (1.06, 0.22), (0.74, 0.66), (0.3, 0.84), (0.0, 0.87))
    head = smooth(mirrored(half))
    ears = [_ear(side, spread, tall, pose.yaw) for side in (-1, 1)]
    for ear in ears:
        pen.shape(ear, coat.edge, coat.edge, 0.1)
    pen.shape(head, coat.fur, coat.edge)
    for side, ear in zip((-1, 1), ears, strict=True):
        pen.shape(ear, ear_colour(coat, side, coat.fur))
        base = ear[[0, -1]].mean(axis=0)
        pen.shape((ear - base) * 0.62 + base + (0.0, -0.08), coat.inner)
    pen.oval(0.0, 0.1, 0.92, 0.66, coat.fur)  # covers the roots of the ears
    face_marks(pen, coat, shift)
    _eyes(pen, coat, shift, pose.asleep, rng)
    _muzzle(pen, coat, shift * 1.25, rng)


def _ear(side: int, spread: float, tall: float, yaw: float) -> np.ndarray:
    """Upright, pointed ear; the one turned away is narrower."""
    far = 1.0 - 0.25 * max(0.0, side * yaw)
    ear = np.array([(0.1, -0.66), (0.3, -1.12), (0.66, -1.6), (0.88, -1.1), (0.96, -0.2)])
    ear[:, 1] = (ear[:, 1] + 0.5) * tall - 0.5
    ear[:, 0] = (ear[:, 0] * spread - 0.1) * far + 0.1
    return ear * (side, 1.0) - (0.06 * yaw, 0.0)


def _eyes(pen: Pen, coat: Coat, shift: float, asleep: bool, rng: np.random.Generator) -> None:
    """Slanting almond eyes with an upright pupil."""
    pupil = between(rng, 0.06, 0.13)
    for side in (-1, 1):
        eye = pen.placed(side * 0.42 + shift, -0.08, 1.0, side * -0.22)
        if asleep:
            eye.line(CLOSED_LID, coat.edge, 0.07)
            continue
        lid = smooth(((-0.26, 0.03), (-0.1, -0.17), (0.12, -0.16), (0.26, -0.03), (0.1, 0.16), (-0.12, 0.16)))
        eye.shape(lid, coat.iris, BLACK, 0.06)
        eye.oval(0.0, 0.0, pupil, 0.16, BLACK)
        eye.oval(-0.06, -0.07, 0.045, 0.045, WHITE)


def _muzzle(pen: Pen, coat: Coat, shift: float, rng: np.random.Generator) -> None:
    """Two small pads, a triangle of a nose, a mouth like a w, whiskers."""
    pen.oval(shift, 0.6, 0.16, 0.14, coat.light)
    for side in (-1, 1):
        pen.oval(side * 0.17 + shift, 0.43, 0.24, 0.18, coat.light)
    if rng.random() < 0.2:
        pen.oval(shift, 0.64, 0.09, 0.13, PINK)
    pen.line(((shift, 0.3), (shift, 0.46)), coat.edge, 0.05)
    for side in (-1, 1):
        smile = ((shift, 0.46), (side * 0.1 + shift, 0.55), (side * 0.22 + shift, 0.53), (side * 0.28 + shift, 0.46))
        pen.line(smile, coat.edge, 0.05)
        for slope in (-0.16, 0.02, 0.2):
            root, tip = (side * 0.26 + shift, 0.42 + slope * 0.3), (side * 1.25 + shift, 0.38 + slope * 1.2)
            pen.line((root, tip), coat.whisker, 0.03)
    nose = ((-0.13, 0.2), (0.0, 0.18), (0.13, 0.2), (0.05, 0.31), (0.0, 0.34), (-0.05, 0.31))
    pen.shape(np.add(nose, (shift, 0.0)), coat.nose)


CAT = Species(
    head=_head,
    shoulders=0.88,
    legs=0.2,
    tails=(
        ((0.0, 0.0, 0.17), (0.6, 0.1, 0.16), (0.98, -0.4, 0.15), (0.8, -1.0, 0.15), (1.05, -1.5, 0.14)),
        ((0.0, 0.0, 0.17), (0.55, -0.2, 0.16), (0.75, -0.9, 0.15), (0.5, -1.5, 0.15), (0.1, -1.6, 0.14)),
        ((0.0, 0.0, 0.17), (0.6, 0.0, 0.16), (0.85, -0.7, 0.15), (0.85, -1.5, 0.14), (0.55, -1.75, 0.13)),
    ),
)
