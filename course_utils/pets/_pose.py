"""The pose: where the animal is and how it holds itself, the same for a cat and a dog."""

from dataclasses import dataclass

import numpy as np

from ._chance import between, pick


@dataclass(frozen=True)
class Pose:
    """Where the animal is and how it holds itself; drawn without knowing the animal."""

    name: str
    x: float  # centre of the head, in picture widths
    y: float
    unit: float  # about half the width of the head, in picture widths
    lean: float  # turn of the whole animal, radians
    tilt: float  # further turn of the head
    yaw: float  # where it looks: -1 is left, 1 is right
    mirror: bool
    asleep: bool


# Left, top, right and bottom of what must be seen, in head units around the centre of the head.
_EXTENTS = {
    "portrait": (-1.45, -1.6, 1.45, 1.5),
    "sit": (-1.5, -1.6, 2.0, 3.4),
    "lie": (-1.45, -1.6, 3.7, 2.1),
    "stand": (-1.45, -1.6, 3.6, 3.2),
}
_POSES = ("portrait", "portrait", "portrait", "sit", "sit", "sit", "lie", "stand")


def random_pose(rng: np.random.Generator) -> Pose:
    """Choose a pose and a place in the picture where all that must be seen is inside."""
    name = pick(rng, _POSES)
    mirror = rng.random() < 0.5
    left, top, right, bottom = _EXTENTS[name]
    if mirror:
        left, right = -right, -left
    fill = between(rng, 0.58, 0.97) if name == "portrait" else between(rng, 0.8, 1.0)
    unit = fill / max(right - left, bottom - top)
    return Pose(
        name=name,
        x=between(rng, -left * unit, 1.0 - right * unit),
        y=between(rng, -top * unit, 1.0 - bottom * unit),
        unit=unit,
        lean=between(rng, -0.15, 0.15) if name in ("portrait", "sit") else between(rng, -0.1, 0.1),
        tilt=between(rng, -0.3, 0.3),
        yaw=between(rng, -0.8, 0.8),
        mirror=mirror,
        asleep=rng.random() < 0.06,
    )
