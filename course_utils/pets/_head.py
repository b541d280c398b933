"""What the heads of cats and dogs have in common."""

import numpy as np

from ._coat import Coat
from ._colours import Colour
from ._curves import mirrored, smooth
from ._pen import Pen


def face_marks(pen: Pen, coat: Coat, shift: float) -> None:
    """Fur pattern of the face, below the features."""
    if coat.pattern == "stripes":
        for x in (-0.3, 0.0, 0.3):
            pen.stripe(x + shift * 0.6, -0.82 + abs(x) * 0.15, x * 0.7 + shift, -0.38, 0.08, coat.accent)
        for side in (-1, 1):
            for y in (0.1, 0.36):
                pen.stripe(side * 0.88, y, side * 0.55 + shift * 0.5, y + 0.03, 0.06, coat.accent)
    elif coat.pattern == "patches":
        pen.oval(0.42 + shift, -0.18, 0.38, 0.46, coat.accent, 0.3)
    elif coat.pattern == "blaze":
        blaze = ((0.0, -0.8), (0.1, -0.4), (0.16, 0.0), (0.4, 0.3), (0.42, 0.62), (0.0, 0.82))
        pen.shape(smooth(np.add(mirrored(blaze), (shift, 0.0))), coat.light)


def ear_colour(coat: Coat, side: int, plain: Colour) -> Colour:
    """Fur of the ear on one side (-1 or 1), `plain` if the pattern does not colour it."""
    coloured = coat.pattern == "points" or (coat.pattern == "patches" and side < 0)
    return coat.accent if coloured else plain


CLOSED_LID = ((-0.22, 0.0), (-0.1, 0.08), (0.1, 0.08), (0.22, 0.0))  # the lid of a closed eye
