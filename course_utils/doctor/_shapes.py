"""Shapes and counts, read and written the same way by all who look for mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Shape = tuple[int | None, ...]


def fits(expected: Shape, shape: Shape) -> bool:
    """Whether Keras takes examples of a shape for those that it expects, None standing for any size.

    Both are shapes of one example, without the batch. Keras adds or drops a last axis of size 1 by itself.
    """
    if len(shape) == len(expected) - 1 and expected[-1] == 1:
        shape = (*shape, 1)
    elif len(shape) == len(expected) + 1 and shape[-1] == 1:
        shape = shape[:-1]
    pairs = zip(expected, shape, strict=False)
    return len(shape) == len(expected) and all(e is None or s is None or e == s for e, s in pairs)


def shape_in_words(shape: Iterable[Any]) -> str:
    """Write a shape as NumPy and ``summary()`` do, whatever kind of numbers it holds: "(None, 28, 28, 1)"."""
    return str(tuple(None if size is None else int(size) for size in shape))


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: "1 unit", "3 units"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"
