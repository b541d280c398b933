"""The shapes of a dog: drooping ears, round eyes under brows, a long muzzle, a broad body."""

import numpy as np

from ._chance import between, pick
from ._coat import Coat
from ._colours import BLACK, PINK, WHITE, mix
from ._curves import mirrored, smooth
from ._head import CLOSED_LID, ear_colour, face_marks
from ._pen import Pen
from ._pose import Pose
from ._species import Species


def _head(pen: Pen, coat: Coat, pose: Pose, rng: np.random.Generator) -> None:
    shift = 0.24 * pose.yaw
    ears = pick(rng, (_hanging_ear, _hanging_ear, _folded_ear, _flying_ear))
    length = between(rng, 0.9, 1.12)
    head = ((0.0, -0.92), (0.5, -0.84), (0.84, -0.4), (0.86, 0.1), (0.66, 0.6), (0.3, 0.84), (0.0, 0.88))
    pen.shape(smooth(mirrored(head)), coat.fur, coat.edge)
    face_marks(pen, coat, shift)
    _eyes(pen, coat, shift, pose.asleep)
    _muzzle(pen, coat, pose.yaw, rng)
    for side in (-1, 1):
        far = 1.0 - 0.2 * max(0.0, side * pose.yaw)
        ears(pen.placed(-0.06 * pose.yaw, 0.0, 1.0), coat, side, length, far)


def _hanging_ear(pen: Pen, coat: Coat, side: int, length: float, far: float) -> None:
    """Long ear that hangs beside the cheek."""
    ear = np.array([(0.5, -0.82), (0.86, -0.78), (1.14, -0.2), (1.24, 0.45), (1.05, 0.82), (0.82, 0.5), (0.76, -0.1)])
    ear[:, 1] = (ear[:, 1] + 0.8) * length - 0.8
    pen.shape(smooth(ear * (side * far, 1.0)), ear_colour(coat, side, coat.ear), coat.edge)


def _folded_ear(pen: Pen, coat: Coat, side: int, length: float, far: float) -> None:
    """Ear that stands half and folds over, its tip beside the brow."""
    stem = np.array([(0.2, -0.78), (0.4, -1.16), (0.78, -1.22), (0.96, -0.85), (0.78, -0.35)])
    flap = np.array([(0.36, -1.12), (0.72, -1.26), (1.08, -1.02), (1.28, -0.5), (1.06, -0.34), (0.78, -0.62)])
    flap[:, 1] = (flap[:, 1] + 1.2) * length - 1.2
    pen.shape(smooth(stem * (side * far, 1.0)), ear_colour(coat, side, coat.fur), coat.edge)
    pen.shape(smooth(flap * (side * far, 1.0)), ear_colour(coat, side, coat.ear), coat.edge)


def _flying_ear(pen: Pen, coat: Coat, side: int, length: float, far: float) -> None:
    """Ear that stands off sideways and droops."""
    ear = np.array([(0.5, -0.8), (0.9, -0.86), (1.34, -0.55), (1.56, -0.05), (1.38, 0.2), (1.06, -0.05), (0.76, -0.3)])
    ear[:, 0] = (ear[:, 0] - 0.5) * length + 0.5
    pen.shape(smooth(ear * (side * far, 1.0)), ear_colour(coat, side, coat.ear), coat.edge)


def _eyes(pen: Pen, coat: Coat, shift: float, asleep: bool) -> None:
    """Round eyes, mostly pupil, under brows."""
    for side in (-1, 1):
        x = side * 0.36 + shift
        brow = ((x - 0.14, -0.5 - side * 0.04), (x, -0.54), (x + 0.14, -0.5 + side * 0.04))
        pen.line(brow, coat.edge, 0.06)
        if asleep:
            pen.line(np.add(CLOSED_LID, (x, -0.18)), coat.edge, 0.07)
            continue
        pen.oval(x, -0.2, 0.18, 0.19, coat.iris, edge=BLACK)
        pen.oval(x, -0.19, 0.1, 0.11, BLACK)
        pen.oval(x - 0.05, -0.26, 0.045, 0.045, WHITE)


_SMILE = ((-0.34, 0.14), (-0.2, 0.29), (0.0, 0.24), (0.2, 0.29), (0.34, 0.14))


def _muzzle(pen: Pen, coat: Coat, yaw: float, rng: np.random.Generator) -> None:
    """Long muzzle that points where the dog looks, a big nose at its end, perhaps a tongue."""
    x, y = 0.62 * yaw, between(rng, 0.56, 0.68)
    if rng.random() < 0.45:
        tongue = ((x * 0.95, y + 0.35), (x + 0.02, y + 0.62), (x + 0.03, y + 0.78))
        pen.ribbon(tongue, (0.17, 0.17, 0.14), PINK, mix(PINK, BLACK, 0.45))
    pen.ribbon(((0.24 * yaw, 0.05), (x * 0.7, y * 0.6), (x, y + 0.06)), (0.27, 0.4, 0.42), coat.light, coat.edge)
    bridge = coat.light if coat.pattern == "blaze" else coat.fur
    pen.ribbon(((0.24 * yaw, -0.1), (x * 0.6, y * 0.5)), (0.2, 0.26), bridge)
    pen.line(((x, y), (x, y + 0.26)), coat.edge, 0.06)
    pen.line(np.add(_SMILE, (x, y)), coat.edge, 0.06)
    pen.oval(x, y - 0.12, 0.24, 0.17, coat.nose)
    pen.oval(x - 0.07, y - 0.19, 0.06, 0.035, mix(coat.nose, WHITE, 0.7))


DOG = Species(
    head=_head,
    shoulders=1.12,
    legs=0.25,
    tails=(
        ((0.0, 0.0, 0.24), (0.5, -0.25, 0.2), (0.8, -0.75, 0.12), (0.9, -1.15, 0.04)),
        ((0.0, 0.0, 0.22), (0.45, -0.4, 0.26), (0.85, -0.8, 0.26), (1.0, -1.2, 0.06)),
        ((0.0, 0.0, 0.2), (0.4, -0.5, 0.2), (0.25, -0.95, 0.18), (-0.1, -0.8, 0.1)),
    ),
)
