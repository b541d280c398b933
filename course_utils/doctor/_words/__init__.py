"""What only the words of an exception tell: old names, spelling, files, and layers that were never built."""

from __future__ import annotations

from collections.abc import Callable

from .._report import Finding
from .._subject._failure import Failure
from . import _building, _data, _files, _images, _memory, _names, _old, _own_steps, _python, _shapes

Recognise = Callable[[Failure], Finding | None]
# From what is certain whatever else is said to what is only likely; the first that knows what it is speaks, and alone.
_RECOGNISERS: tuple[Recognise, ...] = (
    *_python.RECOGNISERS,
    *_own_steps.RECOGNISERS,
    *_files.RECOGNISERS,
    *_old.RECOGNISERS,
    *_names.RECOGNISERS,
    *_memory.RECOGNISERS,
    *_building.RECOGNISERS,
    *_images.RECOGNISERS,
    *_shapes.RECOGNISERS,
    *_data.RECOGNISERS,
)


def in_words(failure: Failure) -> Finding | None:
    """Ask for what an exception says, the surest first.

    Parameters
    ----------
    failure : Failure

    Returns
    -------
    Finding or None
    """
    for recognise in _RECOGNISERS:
        try:
            finding = recognise(failure)
        except Exception:  # the doctor must never add a second error to the first
            continue
        if finding is not None:
            return finding
    return None
