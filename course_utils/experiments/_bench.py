"""``course bench``: train experiments in turn, an epoch at a time, and append what was measured."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console

from ..data import cache_folder
from ..record import environment
from ._definition import Data, Experiment
from ._error import ExperimentError
from ._every import find
from ._results import append, minutes_to, read, results_path

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_STATE = "state.json"
_MATRIX = 2048


def bench(
    names: Iterable[str] = (),
    seeds: int = 3,
    recipe_seeds: int = 1,
    path: Path | None = None,
    console: Console | None = None,
) -> int:
    """Train experiments with several seeds and append a line for each run to the results.

    Experiments take turns, seed by seed, so that a slow hour of the machine hits all of them. Each run has a process
    of its own, whose peak memory is its own. After every epoch the model and what was measured so far are kept in the
    cache: a run that is stopped goes on from there, and one that is in the results already is left out.

    Parameters
    ----------
    names : iterable of str
        Experiments or topics of chapters, as :func:`find` takes them; none at all means every experiment.
    seeds : int
        How many seeds our answers get: 0, 1, ….
    recipe_seeds : int
        How many seeds the recipes get; they are slow.
    path : pathlib.Path, optional
        Where the lines go; ``book/results.jsonl`` by default. There, only runs on real data are kept.
    console : rich.console.Console, optional
        Where progress is shown.

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
    appended = 0
    for experiment, seed in _turns(find(names), seeds, recipe_seeds):
        code = experiment.fingerprint()
        if any((run["name"], run["seed"], run["code"]) == (experiment.name, seed, code) for run in read(path)):
            console.print(f"{experiment.name}, seed {seed}: measured before", style="dim")
            continue
        folder = cache_folder() / "bench" / f"{experiment.name}-{seed}-{code}"
        run = _in_a_process(experiment, seed, folder)
        del run["model"]  # the name of a file that is about to go
        summary = (
            f"{experiment.name}, seed {seed}: {run['on']} accuracy {run['accuracy']:.4f}, {run['minutes']:.1f} min"
        )
        if only_real and run["data"] != "real":
            console.print(f"{summary} on embedded data, not stored: set COURSE_DATA_DIR")
        else:
            append(run, path)
            appended += 1
            console.print(f"[green]✓[/] {summary}")
        shutil.rmtree(folder, ignore_errors=True)
    return appended


def _turns(experiments: list[Experiment], seeds: int, recipe_seeds: int) -> list[tuple[Experiment, int]]:
    return [
        (experiment, seed)
        for seed in range(max(seeds, recipe_seeds))
        for experiment in experiments
        if seed < (recipe_seeds if experiment.role == "recipe" else seeds)
    ]


def _in_a_process(experiment: Experiment, seed: int, folder: Path) -> dict[str, Any]:
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(experiment.name, seed, folder))
    process.start()
    try:
        process.join()
    except KeyboardInterrupt:
        process.terminate()
        process.join()
        raise
    finished = _state(folder)
    if process.exitcode or "accuracy" not in finished:
        raise ExperimentError(
            f"{experiment.name}, seed {seed}: the run ended with status {process.exitcode} after "
            f"{len(finished['history'])} epochs, which are kept. Run the command again to go on"
        )
    return finished


def _measure(name: str, seed: int, folder: Path) -> None:
    """Train one experiment in this process; go on where an earlier one was stopped."""
    (experiment,) = [e for e in find([name]) if e.name == name]
    import keras

    speed = _gigaflops()
    state = _state(folder)
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    data = experiment.load(seed)
    loading = time.perf_counter() - start
    if state["history"]:
        model = keras.saving.load_model(folder / state["model"])
    else:
        state |= {"load_seconds": loading, "training_seconds": 0.0, "gigaflops": [], "peak_memory_mb": 0.0}
        model = experiment.build(data.steps_per_epoch * experiment.epochs)
    state["gigaflops"].append(speed)
    for epoch in range(len(state["history"]), experiment.epochs):
        # A seed for each epoch: the same batches and crops whether or not the run was stopped before it.
        keras.utils.set_random_seed(1000 * (seed + 1) + epoch)
        start = time.perf_counter()
        batches = data.training(epoch)
        fitted = model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0).history
        state["training_seconds"] += time.perf_counter() - start
        held_out = model.evaluate(data.validation, verbose=0, return_dict=True)
        measured = {metric: round(values[-1], 5) for metric, values in fitted.items()}
        measured |= {f"val_{metric}": round(value, 5) for metric, value in held_out.items()}
        minutes = (state["load_seconds"] + state["training_seconds"]) / 60
        state["history"].append({"epoch": epoch + 1, "minutes": round(minutes, 3)} | measured)
        state["peak_memory_mb"] = max(state["peak_memory_mb"], _peak_memory())
        _keep(model, state, folder)
        print(
            f"  {name}, seed {seed}, epoch {epoch + 1} of {experiment.epochs}: {minutes:.1f} min, "
            f"training {measured['accuracy']:.4f}, validation {measured['val_accuracy']:.4f}",
            flush=True,
        )
    _write_state(state | _summary(experiment, seed, model, data, state), folder)


def _summary(
    experiment: Experiment, seed: int, model: keras.Model, data: Data, state: dict[str, Any]
) -> dict[str, Any]:
    held_out = data.test or data.validation
    surroundings = environment()
    return {
        "name": experiment.name,
        "chapter": experiment.chapter,
        "role": experiment.role,
        "seed": seed,
        "epochs": experiment.epochs,
        "n_training": data.n_training,
        "on": "test" if data.test else "validation",
        "accuracy": round(model.evaluate(held_out, verbose=0, return_dict=True)["accuracy"], 5),
        "accuracy_mirrored": round(_mirrored(model, held_out), 5) if experiment.mirrored else None,
        "minutes": state["history"][-1]["minutes"],
        "seconds_per_epoch": round(state["training_seconds"] / experiment.epochs, 2),
        "images_per_second": round(data.n_training * experiment.epochs / state["training_seconds"], 1),
        "load_seconds": round(state["load_seconds"], 2),
        "training_seconds": round(state["training_seconds"], 2),
        "parameters": model.count_params(),
        "peak_memory_mb": round(state["peak_memory_mb"]),
        "gigaflops": round(statistics.median([*state["gigaflops"], _gigaflops()]), 1),
        "minutes_to": minutes_to(state["history"]),
        "data": data.source,
        "date": surroundings["date"],
        "versions": surroundings["versions"],
        "hardware": surroundings["hardware"],
        "code": experiment.fingerprint(),
    }


def _mirrored(model: keras.Model, batches: tf.data.Dataset) -> float:
    """Measure the accuracy of the mean prediction for an image and its mirror image."""
    right = total = 0
    for x, y in batches:
        proba = (model(x, training=False).numpy() + model(x[:, :, ::-1], training=False).numpy()) / 2
        y_hat = proba[:, 0] > 0.5 if proba.shape[1] == 1 else proba.argmax(axis=1)
        right += int((y_hat == np.asarray(y).reshape(-1)).sum())
        total += len(proba)
    return right / total


def _gigaflops() -> float:
    """Multiply two matrices: what this machine can do at this moment, in GFLOP/s."""
    matrix = np.ones((_MATRIX, _MATRIX), np.float32)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        matrix @ matrix
        times.append(time.perf_counter() - start)
    return 2 * _MATRIX**3 / min(times) / 1e9


def _peak_memory() -> float:
    """Return the most memory this process has held, in MB; 0 where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _state(folder: Path) -> dict[str, Any]:
    path = folder / _STATE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"history": []}


def _keep(model: keras.Model, state: dict[str, Any], folder: Path) -> None:
    """Write the model under a new name, then the state that points to it: a stop in between loses one epoch."""
    folder.mkdir(parents=True, exist_ok=True)
    before = state.get("model")
    state["model"] = f"epoch-{len(state['history'])}.keras"
    model.save(folder / state["model"])
    _write_state(state, folder)
    if before:
        (folder / before).unlink(missing_ok=True)


def _write_state(state: dict[str, Any], folder: Path) -> None:
    unfinished = folder / f"{_STATE}.new"
    unfinished.write_text(json.dumps(state), encoding="utf-8")
    unfinished.replace(folder / _STATE)
