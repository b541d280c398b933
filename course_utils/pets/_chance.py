"""Random choices, drawn from a generator that is handed over."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


def pick(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    """One of the choices, each as likely as another."""
    # Far quicker than rng.choice, which copies the choices into an array first.
    return choices[int(rng.random() * len(choices))]


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number from `low` to `high`, each as likely as another."""
    return low + (high - low) * rng.random()
