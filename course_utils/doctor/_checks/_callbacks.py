"""Callbacks that wait for something that never comes, or cannot tell good from bad."""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from ...network import kind, of_keras
from .._report import Finding
from .._subject._model import Subject, metric_name
from .._subject._program import Program

_WATCHING = ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")


def monitor_unavailable(subject: Subject) -> Iterator[Finding]:
    """Find a callback that waits for a number which this fit will not produce does nothing."""
    callbacks = subject.callbacks
    if not callbacks or not subject.model.compiled:
        return
    others = any(kind(callback) == "unknown" for callback in callbacks) or subject.has_own_training
    head = subject.head
    names = [metric_name(metric) for metric in head.metrics] if head else []
    # Of two metrics of one name the second gets another; layers of one's own may bring metrics along.
    plain = len(set(names)) == len(names) and all(names) and "unknown" not in map(kind, subject.layers)
    complete = head is not None and plain and subject.graph is not None and not others
    available = ["loss", *names]
    if subject.has_validation:
        available += [f"val_{name}" for name in available]
    for callback in callbacks:
        if complete and (finding := _unknown_in_file_name(subject, callback, available)):
            yield finding
            return
        watches = kind(callback) in ("EarlyStopping", "ReduceLROnPlateau") or (
            kind(callback) == "ModelCheckpoint" and callback.save_best_only
        )
        monitor = getattr(callback, "monitor", None)
        if not watches or not isinstance(monitor, str) or monitor in available:
            continue
        no_validation = monitor.startswith("val_") and not subject.has_validation
        if no_validation and not others:
            yield _unavailable(callback, monitor, "there are no validation data", "validation_split=0.2  # in fit")
            return
        if complete and not no_validation and not monitor.startswith(("learning_rate", "lr")):
            near = difflib.get_close_matches(monitor, available, 1, 0.5) or available[-1:]
            known = ", ".join(available)
            fix = subject.program.rewritten(kind(callback), monitor=f'"{near[0]}"', otherwise=f'monitor="{near[0]}"')
            yield _unavailable(callback, monitor, f"this fit will only tell {known}", fix)
            return


def _unknown_in_file_name(subject: Subject, callback: Any, available: list[str]) -> Finding | None:
    """Find a ``ModelCheckpoint`` that is to write a number into its file's name that this fit will not tell."""
    if kind(callback) != "ModelCheckpoint":
        return None
    path = str(callback.filepath)
    fields = [name for _, name, _, _ in string.Formatter().parse(path) if name]
    also = ["epoch", "batch"]
    if any(kind(other) in ("LearningRateScheduler", "ReduceLROnPlateau") for other in subject.callbacks):
        also.append("learning_rate")
    unknown = [name for name in fields if name not in (*available, *also)]
    if not unknown:
        return None
    near = difflib.get_close_matches(unknown[0], available, 1, 0.5) or available[-1:]
    fixed = path.replace(f"{{{unknown[0]}", f"{{{near[0]}")
    return Finding(
        "monitor-unavailable",
        "error",
        f"The file name {path!r} of ModelCheckpoint asks for {unknown[0]}, but this fit will only tell "
        f"{', '.join(available)}.",
        "What stands in braces is filled in when the model is saved; Keras then stops with a KeyError.",
        subject.program.rewritten("ModelCheckpoint", filepath=f'"{fixed}"', otherwise=f'filepath="{fixed}"'),
    )


def _unavailable(callback: Any, monitor: str, because: str, fix: str) -> Finding:
    does = {
        "EarlyStopping": "It never stops the training",
        "ReduceLROnPlateau": "It never lowers the learning rate",
        "ModelCheckpoint": "It does not know which model is the best",
    }[kind(callback)]
    return Finding(
        "monitor-unavailable",
        "error",
        f"The callback {kind(callback)} watches {monitor}, but {because}.",
        f"{does}; Keras gives a warning, or an error when it cannot tell whether more is better.",
        fix,
    )


def monitor_mode(subject: Subject) -> Iterator[Finding]:
    """Find a callback that watches a metric of one's own and is not told whether more of it is better."""
    head = subject.head
    own = [m for m in head.metrics if isinstance(m, FunctionType) and not of_keras(m)] if head else []
    names = {metric_name(metric) for metric in own}
    for callback in subject.callbacks:
        monitor = getattr(callback, "monitor", None)
        if kind(callback) not in _WATCHING or not isinstance(monitor, str) or getattr(callback, "mode", "") != "auto":
            continue
        if kind(callback) == "ModelCheckpoint" and not callback.save_best_only:
            continue
        if monitor.removeprefix("val_") in names:
            yield mode_unknown(kind(callback), monitor, subject.program)
            return


# What a metric's name tells: of these more is better, and of those less.
_MORE = re.compile("acc|auc|precision|recall|f1|iou|dice|top_k|r2_score")
_LESS = re.compile("loss|error|crossentropy")


def mode_reversed(subject: Subject) -> Iterator[Finding]:
    """Find a callback that was told that less accuracy, or more loss, is better."""
    for callback in subject.callbacks:
        name, told, monitor = kind(callback), getattr(callback, "mode", ""), getattr(callback, "monitor", None)
        if name not in _WATCHING or told not in ("min", "max") or not isinstance(monitor, str):
            continue
        if name == "ModelCheckpoint" and not callback.save_best_only:
            continue
        more, less = bool(_MORE.search(monitor.lower())), bool(_LESS.search(monitor.lower()))
        if more == less or (told == "max") == more:
            continue
        right = "max" if more else "min"
        yield Finding(
            "monitor-mode",
            "warning",
            f'{name} watches {monitor}, of which {"more" if more else "less"} is better, and has mode="{told}".',
            "It takes each step forward for a step back: it stops while all goes well, or keeps the worst epoch.",
            subject.program.rewritten(name, mode=f'"{right}"', otherwise=f'mode="{right}"'),
        )
        return


def mode_unknown(callback: str, monitor: str, program: Program) -> Finding:
    """Make the finding for a callback that cannot know the direction.

    Parameters
    ----------
    callback : str
        Its class.
    monitor : str
        What it watches.
    program : Program
    """
    mode = "min" if re.search("loss|error|mae|mse|distance", monitor.lower()) else "max"
    return Finding(
        "monitor-mode",
        "error",
        f"{callback} watches {monitor}, a metric of your own, and cannot know whether more of it is better or less.",
        "Keras knows that of its own metrics only, and stops at the end of the first epoch that it has to compare.",
        program.rewritten(callback, mode=f'"{mode}"', otherwise=f'mode="{mode}"'),
    )


CHECKS = (monitor_unavailable, monitor_mode, mode_reversed)
