"""Explain an exception in plain words: what was running says what is wrong; the words of the error say the rest."""

from __future__ import annotations

import sys

from ._codes import CODES
from ._report import Finding, Report, spelt
from ._subject._failure import Failure
from ._words import in_words


def explain(exception: BaseException) -> Report:
    """Say in plain words what an exception of Keras means, and which line to change.

    Where the traceback still holds the model and the data, it looks at them as :func:`examine` does; the exception's
    words are read for what no object shows. Nothing is run again, and the exception stays as it is.

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
    finding = _in_objects(failure) or in_words(failure)
    return Report([spelt(finding, failure.program)] if finding else [], about)


def _may_be_keras(failure: Failure) -> bool:
    if isinstance(failure.exception, KeyboardInterrupt | SystemExit | SyntaxError):
        return False
    # Without Keras in memory only an import can have failed.
    return isinstance(failure.exception, ImportError | AttributeError) or "keras" in sys.modules


def _in_objects(failure: Failure) -> Finding | None:
    """Ask the checks of ``examine`` about what was running, for what stops it."""
    if failure.call is None or failure.is_in_own_code:
        return None
    from ._checks import run
    from ._subject._model import subject_of

    try:
        subject = subject_of(failure)
    except Exception:  # the doctor must never add a second error to the first
        return None
    found = [finding for finding in run(subject) if CODES[finding.code].stops and finding.severity == "error"]
    return found[0] if found else None
