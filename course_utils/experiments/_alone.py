"""Whether a run had the machine for itself: only then is its time a measurement of the run."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import psutil

# Which share of the processors others may have used before a time no longer counts: an idle desktop takes 2 to 5 %.
_QUIET = 0.1
_BUSY = ("user", "nice", "system", "irq", "softirq", "steal")


class Alone:
    """Measures, between two moments, how much of the machine's processors went to other processes.

    Examples
    --------
    >>> alone = Alone()
    >>> 0 <= alone.share_of_others() <= 1
    True
    """

    def __init__(self) -> None:
        self._start = _now()

    def share_of_others(self) -> float:
        """Tell the share since the object was made.

        Returns
        -------
        float
            0 if nobody else did anything, 1 if others had every processor all the time. What the host of a virtual
            machine took away counts as others'.
        """
        elapsed, busy, ours = (after - before for after, before in zip(_now(), self._start, strict=True))
        capacity = elapsed * (psutil.cpu_count() or 1)
        return min(max((busy - ours) / capacity, 0.0), 1.0) if capacity else 0.0


def _now() -> tuple[float, float, float]:
    times = psutil.cpu_times()
    return time.perf_counter(), sum(getattr(times, kind, 0.0) for kind in _BUSY), time.process_time()


def quiet(runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choose the runs whose times count: those that had the machine for themselves, or all if none had.

    Parameters
    ----------
    runs : iterable of dict
        Lines of the results.

    Returns
    -------
    list of dict
    """
    every = list(runs)
    return [run for run in every if was_alone(run)] or every


def was_alone(run: dict[str, Any]) -> bool:
    """Tell whether others had hardly anything of the processors while a run trained.

    Parameters
    ----------
    run : dict
        A line of the results. One without ``share_of_others`` is older than that measurement and counts as alone.

    Returns
    -------
    bool
    """
    return float(run.get("share_of_others", 0.0)) <= _QUIET
