"""What tells a cat from a dog."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._coat import Coat
from ._pen import Pen
from ._pose import Pose


@dataclass(frozen=True)
class Species:
    """The shapes that tell the animals apart."""

    head: Callable[[Pen, Coat, Pose, np.random.Generator], None]
    shoulders: float  # how broad the chest is
    legs: float  # half the thickness of a leg
    tails: tuple[tuple[tuple[float, float, float], ...], ...]  # x, y, half thickness, from the rump on
