"""What the arguments of a layer may be."""

from collections.abc import Sequence

import numpy as np

OneOrTwo = int | tuple[int, int]


def pair(name: str, value: OneOrTwo) -> tuple[int, int]:
    """Take one number for both axes, or two: down and to the right."""
    if not isinstance(value, Sequence):
        value = (value, value)
    if len(value) != 2:
        raise ValueError(f"{name} must be one whole number, or two (down, to the right), got {value!r}")
    return whole(name, value[0]), whole(name, value[1])


def whole(name: str, value: int) -> int:
    """Refuse what is no whole number of at least 1."""
    if not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    return int(value)
