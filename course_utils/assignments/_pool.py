"""Who judges: threads of this process or the workers of a cluster, each thread with a sandbox of its own.

Both are executors as `concurrent.futures` has them, so that what hands the notebooks out need not know which.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .._cluster import connect
from ..record import digest
from ._errors import AssignmentError
from ._judge import Verdict, judge
from ._master import Assignment
from ._sandbox import EndedError, Zygote, must_have

# For so many seconds a scheduler may have no worker yet.
_FIRST_WORKER = 30
# How often a notebook goes to another worker when one is lost.
_RETRIES = 3

_own = threading.local()
_opened: set[Zygote] = set()
# Runs that were stopped: none of their notebooks is begun any more.
_stopped: set[str] = set()


@cache
def _edition() -> str:
    """Name the code that judges, so that a worker with another release is noticed."""
    return digest([path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))])


@dataclass(frozen=True)
class Case:
    """What judging one notebook takes; all of it can be sent to another machine."""

    code: tuple[str, ...]
    master: Assignment
    only: str | None = None
    sandbox: bool = True
    as_nobody: bool = False
    run: str = ""
    edition: str = field(default_factory=_edition)


def hear(case: Case) -> Verdict | str:
    """Judge one notebook, with a second sandbox if the first is gone; or say why it cannot be judged."""
    if case.edition != _edition():
        raise AssignmentError("a worker has another release of the course than this machine: install the same on all")
    reason = "the sandbox ended"
    for _ in range(2):
        if case.run in _stopped:
            return "stopped"
        try:
            zygote = _sandbox(case)
            verdict = judge(case.code, case.master, zygote, only=case.only)
            if zygote.alive:  # else the last answers were cut off
                return verdict
        except (AssignmentError, EndedError, OSError) as error:
            _close(getattr(_own, "zygote", None))
            reason = str(error)
    return reason


def _sandbox(case: Case) -> Zygote:
    """Return this thread's sandbox; a new one if the last is gone or has imported something else."""
    made_for = (tuple(case.master.imports), case.sandbox, case.as_nobody)
    mine: Zygote | None = getattr(_own, "zygote", None)
    if mine is None or not mine.alive or _own.made_for != made_for:
        _close(mine)
        mine = _own.zygote = Zygote(case.master.imports, sandbox=case.sandbox, as_nobody=case.as_nobody)
        _own.made_for = made_for
        _opened.add(mine)
        if case.run in _stopped:  # perhaps too late for whoever killed what was opened
            mine.kill()
    return mine


def _close(zygote: Zygote | None) -> None:
    if zygote is not None:
        zygote.close()
        _opened.discard(zygote)


def _close_all() -> None:
    for zygote in tuple(_opened):
        _close(zygote)


def _stop(run: str) -> None:
    """Let no notebook of a run begin, nor begin again, and end those that are being judged here."""
    _stopped.add(run)
    for zygote in tuple(_opened):
        zygote.kill()


@contextmanager
def judges(workers: int, scheduler: str | None, sandbox: bool, run: str = "") -> Iterator[tuple[Executor, int]]:
    """Give an executor for `hear`, and how many notebooks it judges at the same time.

    Parameters
    ----------
    workers : int
        Threads of this process, if there is no scheduler.
    scheduler : str or None
        Address of a dask.distributed scheduler.
    sandbox : bool
        Whether there must be a sandbox wherever notebooks are judged.
    run : str
        What the cases of this run are marked with, so that they end when it is stopped.

    Raises
    ------
    AssignmentError
        If there is no sandbox, no dask.distributed, no scheduler or no worker.
    """
    if scheduler is None:
        if sandbox:
            must_have()
        try:
            with ThreadPoolExecutor(workers) as pool:
                try:
                    yield pool, workers
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    _stop(run)
                    raise
        finally:
            _close_all()
    else:
        with _cluster(scheduler) as client:
            if sandbox:
                client.run(must_have)
            try:
                yield client.get_executor(retries=_RETRIES, pure=False), max(1, sum(client.nthreads().values()))
            except BaseException:
                if client.status == "running":
                    client.run(_stop, run, on_error="ignore")
                raise
            finally:
                if client.status == "running":
                    client.run(_close_all, on_error="ignore")


@contextmanager
def _cluster(scheduler: str) -> Iterator[Any]:
    with connect(scheduler, AssignmentError) as client:
        try:
            client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError:
            raise AssignmentError(f"the scheduler at {scheduler} has no workers: dask worker {scheduler}") from None
        yield client


def outcome(future: Future[Verdict | str]) -> Verdict | str:
    """Return what `hear` found; a notebook whose workers were lost again and again is not judged."""
    try:
        return future.result()
    except CancelledError:
        raise AssignmentError(
            "the scheduler is gone. What was judged is kept; run the command again to go on"
        ) from None
    except AssignmentError:
        raise
    except Exception as error:
        if type(error).__name__ != "KilledWorker":  # distributed's, which need not be installed
            raise
        return "every worker that was given it ended"
