"""Explain an exception in plain words."""

from __future__ import annotations

import sys
from collections.abc import Callable

from .._report import Finding, Report
from . import _building, _files, _images, _inputs, _labels, _names, _old
from ._failure import Failure
from ._place import Place, user_lines

__all__ = ["Place", "explain", "user_lines"]

# In this order; the first that knows what it is speaks, and alone.
_RECOGNISERS: tuple[Callable[[Failure], Finding | None], ...] = (
    _old.old_import,
    _old.old_attribute,
    _old.old_objects,
    _old.old_argument,
    _old.old_key,
    _building.not_built,
    _names.identifier,
    _names.attribute_name,
    _names.argument_name,
    _files.download,
    _files.extension,
    _files.loading,
    _building.duplicate_name,
    _building.not_compiled,
    _images.image_too_small,
    _inputs.missing_inputs,
    _inputs.batch_in_shape,
    _inputs.not_a_shape,
    _inputs.unknown_sizes,
    _inputs.three_channels,
    _inputs.do_not_join,
    _inputs.unusable_type,
    _inputs.lengths,
    _inputs.list_of_arrays,
    _inputs.wrong_shape,
    _inputs.unusable_dtype,
    _inputs.embedding_index,
    _inputs.not_adapted,
    _inputs.channels_first_on_cpu,
    _labels.to_categorical,
    _labels.out_of_range,
    _labels.class_weight,
    _labels.against_outputs,
    _labels.binary_targets,
    _labels.monitor,
    _labels.dropout_rate,
    _labels.probabilities_as_classes,
    _labels.shapes_collide,
    _building.symbolic_tensor,
)


def explain(exception: BaseException) -> Report:
    """Say in plain words what an exception of Keras means, and which line to change.

    It reads the exception's words and what it came from; where the traceback still holds the model and the data, it
    looks at those too. Nothing is run again, and the exception stays as it is.

    Parameters
    ----------
    exception : BaseException
        What was caught. In a notebook, ``explain(sys.last_value)`` explains the last failing cell.

    Returns
    -------
    Report
        One finding, or none if the exception is not about Keras or not known.

    Raises
    ------
    TypeError
        If it is given anything but an exception.

    Examples
    --------
    >>> explain(ZeroDivisionError("division by zero")).codes
    ()
    """
    if not isinstance(exception, BaseException):
        raise TypeError(f"explain() wants an exception, such as sys.last_value, but was given {exception!r}")
    failure = Failure(exception)
    about = f"this {type(exception).__name__}"
    if not _may_be_keras(failure):
        return Report(about=about)
    for recognise in _RECOGNISERS:
        try:
            finding = recognise(failure)
        except Exception:  # the doctor must never add a second error to the first
            continue
        if finding is not None:
            return Report([finding], about)
    return Report(about=about)


def _may_be_keras(failure: Failure) -> bool:
    if isinstance(failure.exception, (KeyboardInterrupt, SystemExit, SyntaxError)):
        return False
    # Without Keras in memory only its import can have failed.
    return isinstance(failure.exception, ImportError) or "keras" in sys.modules
