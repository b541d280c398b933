"""A callback that says what goes wrong in a training as it happens."""

from __future__ import annotations

import contextlib
import functools
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np

from ._report import Finding, Report
from ._review import findings_in, not_finite
from ._training import Training


def _harmless(method: Callable[..., None]) -> Callable[..., None]:
    """Keep an error of the watch from ending a training; say it once and fall silent."""

    @functools.wraps(method)
    def wrapped(self: Watch, *args: Any, **kwargs: Any) -> None:
        if self._broken:
            return
        try:
            method(self, *args, **kwargs)
        except Exception as error:
            self._broken = True
            with contextlib.suppress(Exception):  # the output itself may be what fails
                print(f"The doctor's watch stops here ({type(error).__name__}: {error}); training goes on.")

    return wrapped


class Watch(keras.callbacks.Callback):
    """Say each finding about a training once, when it first shows.

    ``model.fit(x, y, callbacks=[Watch()])``. It tells of a loss that is no number at the batch where that happens,
    and after each epoch what :func:`review` finds in the history and the model so far; it does not see the data, so
    ask :func:`review` afterwards for causes that lie in them. It changes nothing and never breaks a training.

    Parameters
    ----------
    stop : bool
        End the training at an error, such as a loss that is NaN.

    Attributes
    ----------
    report : Report
        What was found in this training so far.
    """

    def __init__(self, *, stop: bool = False):
        super().__init__()
        self._stop = stop
        self._broken = False
        self._start()

    def _start(self) -> None:
        self._said: dict[str, Finding] = {}
        self._values: dict[str, list[float]] = {}
        self._epoch = 0

    @property
    def report(self) -> Report:
        """What was found in this training so far."""
        return Report(self._said.values(), about="this training")

    @_harmless
    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forget the training before."""
        self._start()

    @_harmless
    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remember where the training is."""
        self._epoch = epoch

    @_harmless
    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Tell at once when the loss is no number."""
        loss = (logs or {}).get("loss")
        if loss is None or "loss-not-finite" in self._said or math.isfinite(loss):
            return
        # Keras' loss is the mean over the epoch so far, so this is the batch where it happened.
        seen = f"The loss became {float(loss)} in epoch {self._epoch + 1}, at batch {batch + 1}."
        self._say([not_finite(self._training(), seen)])

    @_harmless
    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the history so far."""
        for name, value in (logs or {}).items():
            if np.ndim(value) == 0:
                self._values.setdefault(name, []).append(float(value))
        self._say(findings_in(self._training()))

    def _training(self) -> Training:
        return Training({name: np.asarray(column) for name, column in self._values.items()}, self.model)

    def _say(self, findings: Iterable[Finding]) -> None:
        new = {finding.code: finding for finding in findings if finding.code not in self._said}
        if not new:
            return
        self._said.update(new)
        report = Report(new.values(), about="this training")
        if self._stop and report:
            self.model.stop_training = True
        show(report)


def show(report: Report) -> None:
    """Print a report: as HTML in a notebook, through rich elsewhere."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import display

        display(report)
        return
    import rich

    print()  # fit's progress bar has not ended its line
    rich.print(report)
