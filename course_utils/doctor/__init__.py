"""What is wrong with a model, its data or its training, in plain words.

:func:`examine` looks before training, :func:`explain` after an exception, :func:`review` at a finished training and
:class:`Watch` at one that goes on. ``%load_ext course_utils.doctor`` explains every failing cell of a notebook.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._report import Finding, Report

if TYPE_CHECKING:
    from ._examine import examine
    from ._explain import explain
    from ._review import review
    from ._shown._notebook import load_ipython_extension, unload_ipython_extension
    from ._watch import Watch

# Keras takes seconds to load, and whoever asks for one of these names need not need the others.
_HOMES = {
    "Watch": "_watch",
    "examine": "_examine",
    "explain": "_explain",
    "load_ipython_extension": "_shown._notebook",
    "review": "_review",
    "unload_ipython_extension": "_shown._notebook",
}

__all__ = [
    "Finding",
    "Report",
    "Watch",
    "examine",
    "explain",
    "load_ipython_extension",
    "review",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
