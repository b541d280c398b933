"""``course bench``: train experiments in turn, here or on a cluster's workers, and append what was measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from .._cluster import connect
from ..data import cache_folder
from ._current import changes, identities
from ._error import ExperimentError
from ._every import find
from ._measure import finished_state
from ._results import MOST_SEEDS, append, read, results_path, seeds_wanted

_PACKAGE = Path(__file__).parents[2]
# How often a run goes to another worker when one is lost; it goes on where it was, if they share a cache.
_RETRIES = 3
# For how many seconds a run waits for another on the same worker.
_WAIT = 1.0

_Turn = tuple[str, int]

# Two networks on the same cores would spoil each other's times, so a worker with several threads trains one at a time.
_one_at_a_time = threading.Lock()


def bench(
    names: Iterable[str] = (),
    seeds: int | None = None,
    path: Path | None = None,
    console: Console | None = None,
    scheduler: str | None = None,
) -> int:
    """Train experiments with several seeds and append a line for each run to the results.

    Experiments take turns, so that a slow hour of the machine hits all of them: first one seed of each, then the
    others, as many as :func:`seeds_wanted` says after the first. Each run has a process
    of its own, whose peak memory is its own. After every epoch the model and what was measured so far are kept in the
    cache: a run that is stopped goes on from there, and one that is in the results already is left out.

    Parameters
    ----------
    names : iterable of str
        Experiments or topics of chapters, as :func:`find` takes them; none at all means every experiment.
    seeds : int, optional
        How many seeds each experiment gets: 0, 1, …; by default as many as its time allows.
    path : pathlib.Path, optional
        Where the lines go; ``book/results.jsonl`` by default. There, only runs on real data are kept.
    console : rich.console.Console, optional
        Where progress is shown.
    scheduler : str, optional
        Address of a dask.distributed scheduler, such as ``"tcp://10.0.0.5:8786"``. Its workers make the runs, and need
        this course and its data; without it they are made here, one after the other.

    Returns
    -------
    int
        How many lines were appended.

    Raises
    ------
    ExperimentError
        If a name fits no experiment, or a run fails; what it had reached is kept.
    """
    console = console or Console()
    only_real = path is None
    path = path or results_path()
    wanted = find(names)
    minutes: dict[str, float] = {}
    appended = 0
    for seeds_now in (range(1), range(1, seeds or MOST_SEEDS)):
        turns = [
            (experiment.name, seed)
            for seed in seeds_now
            for experiment in wanted
            if seed < (seeds or seeds_wanted(minutes.get(experiment.name, 0)))
        ]
        measured, missing = _sorted_out(turns, path)
        for line in measured:
            minutes[line["name"]] = line["minutes"]
            console.print(f"{line['name']}, seed {line['seed']}: measured before", style="dim")
        for line in _on_workers(missing, scheduler) if scheduler else map(_run, missing):
            minutes[line["name"]] = line["minutes"]
            where = f" on {line['hardware']}" if scheduler else ""
            summary = (
                f"{line['name']}, seed {line['seed']}: {line['on']} accuracy {line['accuracy']:.4f}, "
                f"{line['minutes']:.1f} min{where}"
            )
            if only_real and line["data"] != "real":
                console.print(f"{summary} on embedded data, not stored: set COURSE_DATA_DIR")
            else:
                appended += append(line, path)
                console.print(f"[green]✓[/] {summary}")
            if not scheduler:
                shutil.rmtree(_folder(line["name"], line["seed"]), ignore_errors=True)
    return appended


def _sorted_out(turns: list[_Turn], path: Path) -> tuple[list[dict[str, Any]], list[_Turn]]:
    """Tell which runs are in the results already, as they would be measured now, and which are to be made."""
    now = identities()
    lines = {(line["name"], line["seed"]): line for line in read(path)}
    measured = [
        lines[turn] for turn in turns if turn in lines and not changes(lines[turn].get("identity", {}), now[turn[0]])
    ]
    done = {(line["name"], line["seed"]) for line in measured}
    return measured, [turn for turn in turns if turn not in done]


def _folder(name: str, seed: int) -> Path:
    return cache_folder() / "bench" / f"{name}-{seed}"


def _run(turn: _Turn) -> dict[str, Any]:
    """Make one run in a process of its own and return its line; on a cluster, this is what a worker does."""
    name, seed = turn
    folder = _folder(name, seed)
    search = os.pathsep.join(filter(None, [str(_PACKAGE), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "course_utils.experiments._measure", name, str(seed), str(folder)]
    # The pipe tells the run when this process is gone.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | {"PYTHONPATH": search})
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    state = finished_state(folder)
    if status or "line" not in state:
        raise ExperimentError(
            f"{name}, seed {seed}: the run ended with status {status} after {len(state.get('history', ()))} epochs, "
            f"which are kept. Run the command again to go on"
        )
    return state["line"]


def _run_alone(turn: _Turn) -> dict[str, Any]:
    from distributed import Reschedule

    # A worker with several threads may be given two runs while another has none: the second goes back.
    if not _one_at_a_time.acquire(timeout=_WAIT):
        raise Reschedule
    try:
        return _run(turn)
    finally:
        _one_at_a_time.release()


def _on_workers(turns: list[_Turn], scheduler: str) -> Iterator[dict[str, Any]]:
    """Let the workers of a cluster make the runs, and give their lines as they come."""
    with connect(scheduler, ExperimentError) as client:
        from distributed import as_completed

        now = identities()
        runs = {client.submit(_run_alone, turn, retries=_RETRIES, pure=False): turn for turn in turns}
        for future in as_completed(runs):
            name, _ = runs[future]
            line = future.result()
            if found := changes(line["identity"], now[name]):
                raise ExperimentError(f"a worker has another course than this machine: {name}, {'; '.join(found)}")
            yield line
