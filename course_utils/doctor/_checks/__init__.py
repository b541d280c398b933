"""What can be wrong with a model, its data and how it is trained: one function for each thing to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .._codes import CODES
from .._report import Finding
from .._subject._model import Subject
from . import (
    _asked,
    _batches,
    _callbacks,
    _inputs,
    _labels,
    _leaks,
    _losses,
    _metrics,
    _network,
    _outputs,
    _own_steps,
    _preparation,
    _scale,
    _sequences,
    _shares,
    _validation,
    _wiring,
)

__all__ = ["run"]

Check = Callable[[Subject], Iterator[Finding]]
_CHECKS: tuple[Check, ...] = (
    *_network.CHECKS,
    *_outputs.CHECKS,
    *_batches.CHECKS,
    *_inputs.CHECKS,
    *_scale.CHECKS,
    *_labels.CHECKS,
    *_metrics.CHECKS,
    *_losses.CHECKS,
    *_own_steps.CHECKS,
    *_preparation.CHECKS,
    *_leaks.CHECKS,
    *_shares.CHECKS,
    *_validation.CHECKS,
    *_callbacks.CHECKS,
    *_wiring.CHECKS,
    *_sequences.CHECKS,
    *_asked.CHECKS,
)


def run(subject: Subject) -> list[Finding]:
    """Run all checks, and leave out what follows from another finding.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    list of Finding
        The first of each code, in the order of the checks.
    """
    findings: dict[str, Finding] = {}
    for check in _CHECKS:
        for finding in _safely(check, subject):
            findings.setdefault(finding.code, finding)  # the first of a kind is enough to read
    certain = [code for code, finding in findings.items() if finding.severity != "hint"]
    hidden = {consequence for code in certain for consequence in CODES[code].hides}
    return [finding for code, finding in findings.items() if code not in hidden]


def _safely(check: Check, subject: Subject) -> list[Finding]:
    """Run a check; one that stumbles over an unusual model has nothing to say about it."""
    try:
        return list(check(subject))
    except Exception:
        return []
