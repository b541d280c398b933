"""What every error gets, known or not: the values that went into the user's own line."""

from __future__ import annotations

import re
from typing import Any

from .._subject._failure import Failure, is_keras, model_shape, shape_of
from .._subject._program import is_users

_MOST = 8


def is_inside_a_library(error: BaseException) -> bool:
    """Whether an exception was raised in a library's code, so that Python's own traceback hides the user's line."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and not is_users(trace.tb_frame)


def arguments(error: BaseException) -> tuple[str, ...]:
    """Describe the values that the user's innermost line names: shapes, dtypes, kinds.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    tuple of str
        A line for each value; none for values that need no description.
    """
    failure = Failure(error)
    found = []
    for name in dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", failure.line)):
        described = _described(failure.program.value_of(name))
        if described:
            found.append(f"{name}: {described}")
    return tuple(found[:_MOST])


def _described(value: Any) -> str:
    kind = type(value).__name__
    if value is None or isinstance(value, type) or (callable(value) and not is_keras(value, "Layer")):
        return ""
    if is_keras(value, "Model"):
        takes, gives = _shapes(value, "input"), _shapes(value, "output")
        if takes and gives:
            return f"{kind}, takes {takes}, gives {gives}"
        return f"{kind}, built" if getattr(value, "built", False) else f"{kind}, not built yet"
    if hasattr(value, "element_spec"):
        return f"data set of {value.element_spec}"
    shape = shape_of(value)
    if shape is not None:
        kinds = value.dtypes if hasattr(value, "columns") else [value.dtype]
        dtype = ", ".join(sorted({str(each) for each in kinds}))
        return f"{kind} of shape {shape}, {dtype}"
    if isinstance(value, list | tuple | dict):
        of = f" of {type(value[0]).__name__}s" if isinstance(value, list | tuple) and value else ""
        return f"{kind} of length {len(value)}{of}"
    return ""


def _shapes(model: Any, end: str) -> str:
    """Write what a model takes (or gives), each of several; empty where it does not tell."""
    shape = model_shape(model, end)
    if shape is not None:
        return str(shape)
    try:
        return " and ".join(str(tuple(tensor.shape)) for tensor in getattr(model, f"{end}s", None) or ())
    except (AttributeError, TypeError, ValueError):  # of several kinds, or none yet
        return ""
