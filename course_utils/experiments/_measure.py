"""One measured run, in a process of its own: ``python -m course_utils.experiments._measure NAME SEED FOLDER``.

After every epoch the model and what was measured so far are kept in the folder: a run that is stopped goes on from
there, if it would be the same run.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import Timeout

from ..record import environment, lock_on, peak_memory, used
from ._alone import Alone
from ._current import identities
from ._definition import Data, Experiment, begin_epoch
from ._error import ExperimentError
from ._every import one
from ._identity import Identity
from ._results import minutes_to, pack

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_STATE = "state.json"
_MATRIX = 2048
# In seconds: a run whose parent was killed needs a moment to notice.
_PATIENCE = 10


def measure(experiment: Experiment, seed: int, folder: Path) -> None:
    """Train one experiment in this process; go on where an earlier one was stopped.

    Parameters
    ----------
    experiment : Experiment
        What to train.
    seed : int
        0, 1, …
    folder : pathlib.Path
        Where the run is kept, afterwards with all that its line in the results says.

    Raises
    ------
    ExperimentError
        If another process is at the same run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with lock_on(folder, timeout=_PATIENCE):
            _measure(experiment, seed, folder)
    except Timeout:
        raise ExperimentError(
            f"{experiment.name}, seed {seed}: another process is measuring this run; wait for it, or stop it"
        ) from None


def _measure(experiment: Experiment, seed: int, folder: Path) -> None:
    import keras

    identity = identities()[experiment.name]
    speed = _gigaflops()
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    data = experiment.load(seed)
    loading = time.perf_counter() - start
    state = _resumable(folder, _with_editions(identity))
    if state["history"]:
        model = keras.saving.load_model(folder / state["model"])
    else:
        state |= {"load_seconds": loading, "training_seconds": 0.0, "gigaflops": [], "peak_memory_mb": 0}
        model = experiment.build(data.steps_per_epoch * experiment.epochs)
    state["gigaflops"].append(speed)
    for epoch in range(len(state["history"]), experiment.epochs):
        begin_epoch(seed, epoch)
        start, alone = time.perf_counter(), Alone()
        batches = data.training(epoch)
        fitted = model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0).history
        seconds = time.perf_counter() - start
        state["training_seconds"] += seconds
        # A run that was begun before this was measured has no such entry.
        state["others_seconds"] = state.get("others_seconds", 0.0) + seconds * alone.share_of_others()
        held_out = model.evaluate(data.validation, verbose=0, return_dict=True)
        measured = {metric: round(values[-1], 5) for metric, values in fitted.items()}
        measured |= {f"val_{metric}": round(value, 5) for metric, value in held_out.items()}
        minutes = (state["load_seconds"] + state["training_seconds"]) / 60
        state["history"].append({"epoch": epoch + 1, "minutes": round(minutes, 3)} | measured)
        state["peak_memory_mb"] = max(state["peak_memory_mb"], peak_memory())
        _keep(model, state, folder)
        print(
            f"  {experiment.name}, seed {seed}, epoch {epoch + 1} of {experiment.epochs}: {minutes:.1f} min, "
            f"training {measured['accuracy']:.4f}, validation {measured['val_accuracy']:.4f}",
            flush=True,
        )
    _write_state(state | {"line": _line(experiment, seed, model, data, state)}, folder)


def _with_editions(identity: Identity) -> Identity:
    """Say which edition of the data this process has loaded, beside what the loader makes of the stand-in."""
    loaded = used("data")
    data = {name: {"edition": loaded[name]["edition"], **of_loader} for name, of_loader in identity["data"].items()}
    return identity | {"data": data}


def _resumable(folder: Path, identity: Identity) -> dict[str, Any]:
    """Read how far the run came, if it was on the same data and would go on in the same way; else begin anew."""
    state = finished_state(folder)
    if state and state["identity"] == identity:
        return state
    if state:
        print("  what was kept of this run was made from something else: it begins anew", flush=True)
        shutil.rmtree(folder)
        folder.mkdir()
    return {"history": [], "identity": identity}


def _line(experiment: Experiment, seed: int, model: keras.Model, data: Data, state: dict[str, Any]) -> dict[str, Any]:
    held_out = data.test or data.validation
    right = _right(model, held_out)
    views = partial(_views, smaller=experiment.shown_smaller)
    surroundings = environment()
    return {
        "name": experiment.name,
        "chapter": experiment.chapter,
        "role": experiment.role,
        "seed": seed,
        "epochs": experiment.epochs,
        "n_training": data.n_training,
        "on": "test" if data.test else "validation",
        "accuracy": round(float(right.mean()), 5),
        "n_held_out": len(right),
        "right": pack(right),
        "accuracy_mirrored": round(float(_right(model, held_out, views).mean()), 5) if experiment.mirrored else None,
        "minutes": state["history"][-1]["minutes"],
        "seconds_per_epoch": round(state["training_seconds"] / experiment.epochs, 2),
        "images_per_second": round(data.n_training * experiment.epochs / state["training_seconds"], 1),
        "load_seconds": round(state["load_seconds"], 2),
        "training_seconds": round(state["training_seconds"], 2),
        "share_of_others": round(state["others_seconds"] / state["training_seconds"], 3),
        "parameters": model.count_params(),
        "peak_memory_mb": state["peak_memory_mb"],
        "gigaflops": round(statistics.median([*state["gigaflops"], _gigaflops()]), 1),
        "minutes_to": minutes_to(state["history"]),
        "history": state["history"],
        "data": data.source,
        "date": surroundings["date"],
        "versions": surroundings["versions"],
        "hardware": surroundings["hardware"],
        "identity": state["identity"],
    }


def _right(
    model: keras.Model, batches: tf.data.Dataset, views: Callable[[tf.Tensor], list[tf.Tensor]] = lambda x: [x]
) -> np.ndarray:
    """Tell of each example whether the model has it right, by the mean of its answers to all views of the example."""
    import keras

    # One output is a probability, or its logarithm's odds, which are 0 where the probability is one half.
    middle = 0.0 if model.layers[-1].activation is keras.activations.linear else 0.5
    right = []
    for x, y in batches:
        answer = np.mean([model(view, training=False).numpy() for view in views(x)], axis=0)
        y_hat = answer[:, 0] > middle if answer.shape[1] == 1 else answer.argmax(axis=1)
        y = np.asarray(y)
        labels = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1)
        right.append(y_hat == labels)
    return np.concatenate(right)


def _views(x: tf.Tensor, smaller: int | None) -> list[tf.Tensor]:
    """Show images as they are and, if so wanted, also smaller, and each with its mirror image."""
    import tensorflow as tf

    sizes = [x] if smaller is None else [x, tf.image.resize(x, (smaller, smaller), antialias=True)]
    return [view for image in sizes for view in (image, image[:, :, ::-1])]


def _gigaflops() -> float:
    """Multiply two matrices: what this machine can do at this moment, in GFLOP/s."""
    matrix = np.ones((_MATRIX, _MATRIX), np.float32)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        matrix @ matrix
        times.append(time.perf_counter() - start)
    return 2 * _MATRIX**3 / min(times) / 1e9


# --- what is kept of a run --------------------------------------------------------------------------------------------


def finished_state(folder: Path) -> dict[str, Any]:
    """Read what is kept of a run: its ``history`` and, when it is finished, its ``line``; empty if nothing is."""
    path = folder / _STATE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _keep(model: keras.Model, state: dict[str, Any], folder: Path) -> None:
    """Write the model under a new name, then the state that points to it: a stop in between loses one epoch."""
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


def _end_with_parent() -> None:
    """Stop when the process that asked for the run is gone: nobody would be left to write down what it measures."""

    def wait() -> None:
        sys.stdin.read()  # comes back when the other end of the pipe is closed, however that happened
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main(name: str, seed: int, folder: Path) -> None:
    """Measure a run that another process has asked for."""
    _end_with_parent()
    try:
        measure(one(name), seed, folder)
    except ExperimentError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
