"""The measured runs: one line of JSON each, appended by ``course bench``, read by chapters, pages and the checker."""

from __future__ import annotations

import base64
import functools
import json
import os
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..evaluation import place
from ..record import digest, lock_on, note
from ._alone import quiet
from ._current import changes, identities
from ._error import ExperimentError
from ._identity import in_short

if TYPE_CHECKING:
    import pandas as pd

# In a wheel the file lies beside this module, in the repository among the book's pages.
_PACKAGED = Path(__file__).parent / "results.jsonl"
_IN_BOOK = Path(__file__).parents[2] / "book" / "results.jsonl"

# How a binding calls what the last epoch measured: on what it was trained on, and on validation data.
_EPOCH_FIELD = ("training_", "validation_")
# Those that depend on the machine: a median or a ratio of them is formed of runs on the same hardware alone.
_TIMED = ("images_per_second", "load_seconds", "minutes", "seconds_per_epoch", "training_seconds")
_OVER = "_over_"
# How many seeds an experiment gets that takes less than so many minutes, and that takes longer.
_SEEDS = ((1, 10), (5, 5))
_LEAST_SEEDS, MOST_SEEDS = 3, 10
MARKS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)


def seeds_wanted(minutes: float) -> int:
    """Say over how many seeds an experiment is to be measured: ten below a minute, five below five, else three.

    Parameters
    ----------
    minutes : float
        What one run takes.

    Returns
    -------
    int
    """
    return next((seeds for limit, seeds in _SEEDS if minutes < limit), _LEAST_SEEDS)


def results_path() -> Path:
    """Return the file of the measured runs; it need not exist."""
    return _PACKAGED if _PACKAGED.is_file() else _IN_BOOK


def append(line: dict[str, Any], path: Path) -> bool:
    """Add one run to the file, unless it is there; the line is written at once or not at all.

    Returns
    -------
    bool
        Whether it was added.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(line, separators=(",", ":"), sort_keys=True) + "\n"
    with lock_on(path):
        if path.is_file() and text in path.read_text(encoding="utf-8"):
            return False
        with path.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    return True


def read(path: Path | None = None) -> list[dict[str, Any]]:
    """Read the runs that count: for each experiment and seed the last one.

    Raises
    ------
    ExperimentError
        If a line is no JSON: a file that was edited by hand or cut off.
    """
    path = path or results_path()
    return list(_read(path, path.stat().st_mtime_ns)) if path.is_file() else []


@functools.cache
def _read(path: Path, _changed: int) -> tuple[dict[str, Any], ...]:
    runs = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            run = json.loads(text)
            runs[run["name"], run["seed"]] = run
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ExperimentError(
                f"{path.name}, line {number}: is no measured run ({error}); restore the file"
            ) from None
    return tuple(runs.values())


def _runs(name: str, path: Path | None = None) -> list[dict[str, Any]]:
    every = read(path)
    runs = sorted((run for run in every if run["name"] == name), key=lambda run: run["seed"])
    if not runs:
        known = ", ".join(sorted({run["name"] for run in every})) or "none yet"
        raise ExperimentError(f"{name!r} has no measured run: course bench {name}. Measured so far: {known}")
    return runs


def results(name: str) -> pd.DataFrame:
    """Read the measured runs of an experiment.

    Parameters
    ----------
    name : str
        Its name, such as ``"cats-steady"``.

    Returns
    -------
    pandas.DataFrame
        One row for each seed. ``accuracy`` on held-out data after the last epoch, ``accuracy_mirrored`` of the mean
        answer to each image and its mirror image, in one or two sizes (NaN where not asked for),
        ``minutes`` of preparing data and training, ``seconds_per_epoch``,
        ``images_per_second``, ``parameters``, ``peak_memory_mb``, ``history`` (a list with a dictionary for each epoch:
        ``epoch``, ``minutes`` since the start, ``accuracy``, ``loss``, ``val_accuracy``, ``val_loss``), ``minutes_to``
        (from an accuracy on validation data to when it was first reached), ``share_of_others`` (of the machine's
        processors while it trained; NaN where not measured), ``right`` (a boolean array: which examples
        of the held-out data were answered rightly, for :func:`course_utils.evaluation.paired_test`), ``versions``,
        ``hardware`` and more.

    Raises
    ------
    ExperimentError
        If the experiment has not been measured; the message lists those that have.
    """
    import pandas as pd

    runs = _runs(name)
    note("results", name, _digest(runs))
    table = pd.DataFrame(runs).drop(columns="identity", errors="ignore")
    if all("right" in run for run in runs):
        table["right"] = [_unpacked(run["right"], run["n_held_out"]) for run in runs]
    return table


def pack(right: np.ndarray) -> str:
    """Write one bit for each example: whether it was answered rightly."""
    return base64.b64encode(np.packbits(right).tobytes()).decode()


def _unpacked(packed: str, n: int) -> np.ndarray:
    return np.unpackbits(np.frombuffer(base64.b64decode(packed), np.uint8), count=n).astype(bool)


def among_seeds(name: str, accuracy: float) -> str:
    """Say whether your run of an experiment is a normal one.

    Parameters
    ----------
    name : str
        The experiment's name, such as ``"fashion-small"``.
    accuracy : float
        What your run reached, on the same held-out data.

    Returns
    -------
    str
        Its place among the recorded seeds.

    Raises
    ------
    ExperimentError
        If the experiment has not been measured; the message lists those that have.

    Examples
    --------
    >>> among_seeds("mnist-small", 0.9)  # doctest: +ELLIPSIS
    '0.9: below all ...'
    """
    return place(accuracy, _over_seeds(name, "accuracy", None))


# Not what was measured: what it was made of, which is compared for itself, and where the book tells about it.
_UNMEASURED = {"chapter", "identity"}


def _digest(runs: list[dict[str, Any]]) -> str:
    return digest([{key: value for key, value in run.items() if key not in _UNMEASURED} for run in runs])


def results_digest(name: str, path: Path | None = None) -> str | None:
    """Name what :func:`results` would return now; None if it would raise.

    Parameters
    ----------
    name : str
        An experiment's name.
    path : pathlib.Path, optional
        The file of the measured runs; the book's by default.

    Returns
    -------
    str or None
    """
    try:
        return _digest(_runs(name, path))
    except ExperimentError:
        return None


def quoted(reference: str, path: Path | None = None) -> float | int:
    """Look up what a binding ``bench:NAME.FIELD`` quotes.

    Parameters
    ----------
    reference : str
        ``NAME.FIELD``. Fields are the numbers of a run (``accuracy``, ``minutes``, ``images_per_second``, …), of its
        last epoch (``training_accuracy``, ``validation_loss``, …) and ``minutes_to_0.75`` and its like: the median over
        the seeds (of times, over those that had the machine for themselves, if any had), with ``_min`` or ``_max``
        behind it the smallest or the largest; ``seeds``; and ``minutes_over_OTHER``: how many times as many minutes as
        the experiment OTHER took.
    path : pathlib.Path, optional
        The file of the measured runs; the book's by default.

    Returns
    -------
    float or int

    Raises
    ------
    ExperimentError
        If there is no such run or field, and the message lists those there are; or if times of different hardware
        would be put together.
    """
    name, _, field = reference.partition(".")
    timed, over, other = field.partition(_OVER)
    if over and timed in _TIMED:
        same_hardware(name, other, path=path)
        return quoted(f"{name}.{timed}", path) / quoted(f"{other}.{timed}", path)
    if field == "seeds":
        return len(_runs(name, path))
    for ending, extreme in (("_min", min), ("_max", max)):
        if field.endswith(ending):
            return extreme(_over_seeds(name, field.removesuffix(ending), path))
    return statistics.median(_over_seeds(name, field, path))


def spread(reference: str, path: Path | None = None) -> float:
    """Say how far the seeds lie apart in what a binding ``bench:NAME.FIELD`` quotes.

    Parameters
    ----------
    reference : str
        As for :func:`quoted`.
    path : pathlib.Path, optional
        The file of the measured runs; the book's by default.

    Returns
    -------
    float
        The largest minus the smallest value; 0 for what is no median: extremes, ratios and the number of seeds.

    Raises
    ------
    ExperimentError
        As for :func:`quoted`.
    """
    name, _, field = reference.partition(".")
    if field == "seeds" or _OVER in field or field.endswith(("_min", "_max")):
        return 0.0
    values = _over_seeds(name, field, path)
    return max(values) - min(values)


def _over_seeds(name: str, field: str, path: Path | None) -> list[float]:
    """Read one number of each run of an experiment."""
    runs = _runs(name, path)
    if field in _TIMED or field.startswith("minutes_to_"):
        same_hardware(name, path=path)
        runs = quiet(runs)
    values = [value for run in runs if (value := _field(run, field)) is not None]
    if len(values) < len(runs):
        numbers = [key for key, value in runs[0].items() if isinstance(value, int | float)]
        epoch = (runs[0].get("history") or [{}])[-1]
        last = [_EPOCH_FIELD[key.startswith("val_")] + key.removeprefix("val_") for key in epoch]
        marks = [f"minutes_to_{mark}" for mark in runs[0]["minutes_to"]]
        raise ExperimentError(f"{name} has no {field!r}; it has {', '.join([*numbers, *last, *marks, 'seeds'])}")
    return values


def same_hardware(*names: str, path: Path | None = None) -> str:
    """Make sure that experiments were measured on the same hardware, as whoever compares their times must.

    Parameters
    ----------
    *names : str
        Experiments.
    path : pathlib.Path, optional
        The file of the measured runs; the book's by default.

    Returns
    -------
    str
        The hardware.

    Raises
    ------
    ExperimentError
        If it differs; the message says which runs were made on what.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        for run in _runs(name, path):
            found.setdefault(run["hardware"], []).append(f"{name}, seed {run['seed']}")
    if len(found) > 1:
        told = "; ".join(f"{', '.join(runs)} on {hardware}" for hardware, runs in found.items())
        raise ExperimentError(f"times of different hardware cannot be compared: {told}. Measure them on one machine")
    return next(iter(found))


def _field(run: dict[str, Any], field: str) -> float | None:
    if field.startswith("minutes_to_"):
        return run["minutes_to"].get(field.removeprefix("minutes_to_"))
    value = run.get(field)
    if value is None and field.startswith(_EPOCH_FIELD):
        data, _, metric = field.partition("_")
        value = (run.get("history") or [{}])[-1].get(metric if data == "training" else f"val_{metric}")
    return value if isinstance(value, int | float) else None


def minutes_to(history: list[dict[str, float]]) -> dict[str, float]:
    """Tell when each round accuracy was first reached on validation data."""
    first = {}
    for mark in MARKS:
        reached = [epoch["minutes"] for epoch in history if epoch["val_accuracy"] >= mark]
        if reached:
            first[str(mark)] = reached[0]
    return first


def stale(path: Path | None = None) -> list[str]:
    """List measured runs whose experiment has another definition now, or none any more.

    Parameters
    ----------
    path : pathlib.Path, optional
        The file of the measured runs; the book's by default.

    Returns
    -------
    list of str
        One sentence for each experiment.
    """
    findings: dict[str, str] = {}
    lines = read(path)
    now = identities() if lines else {}
    for line in lines:
        name = line["name"]
        if name not in now:
            findings[name] = f"{name} was measured, but there is no such experiment any more: remove its lines"
        elif found := changes(line.get("identity", {}), now[name]):
            findings[name] = f"{name} changed after it was measured: {in_short(found)}: course bench {name}"
    return list(findings.values())
