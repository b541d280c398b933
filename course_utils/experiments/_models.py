"""Trained networks that another part of the book needs: trained once, kept in the cache."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from ..data import cache_folder, mode
from ..data import used as data_used
from ._definition import Experiment
from ._error import ExperimentError
from ._every import find
from ._used import note

if TYPE_CHECKING:
    import keras


def keep(model: keras.Model, name: str) -> None:
    """Store a trained network in the cache, for other chapters and pages.

    Parameters
    ----------
    model : keras.Model
        Trained as the experiment `name` says: the chapter shows that code in full.
    name : str
        The experiment's name.

    Raises
    ------
    ExperimentError
        If there is no such experiment, or the model has other weights than the experiment's network: the chapter and
        the definition have drifted apart.
    """
    experiment = _one(name)
    theirs = [(tuple(w.shape), str(w.dtype)) for w in model.weights]
    if theirs != [(tuple(w.shape), str(w.dtype)) for w in experiment.build(1).weights]:
        raise ExperimentError(
            f"this is not the network of {name!r}: its weights have other shapes or another order than those of "
            f"course_utils.experiments. Make the two agree before anything else builds on the model"
        )
    source = "embedded" if "embedded" in data_used().values() else "real"
    _save(model, _path(experiment, source))
    note(f"model {name}", experiment.fingerprint())


def trained(name: str) -> keras.Model:
    """Load a network that a chapter has trained and kept; train it now if none has.

    Parameters
    ----------
    name : str
        The experiment's name, such as ``"cats-sprint"``.

    Returns
    -------
    keras.Model
        Trained on real data if this machine has it, else on the embedded sample.

    Raises
    ------
    ExperimentError
        If there is no such experiment.

    Examples
    --------
    >>> model = trained("cats-sprint")  # doctest: +SKIP
    """
    import keras

    experiment = _one(name)
    note(f"model {name}", experiment.fingerprint())
    # Only when no network on real data is there does it have to be found out whether real data is.
    if mode() != "embedded" and _path(experiment, "real").is_file():
        return keras.saving.load_model(_path(experiment, "real"))
    keras.utils.set_random_seed(0)
    data = experiment.load(0)
    path = _path(experiment, data.source)
    if path.is_file():
        return keras.saving.load_model(path)
    Console(stderr=True).print(
        f"{name} has not been trained here yet ({data.source} data): training, {experiment.epochs} epochs …",
        style="dim",
    )
    model = experiment.build(data.steps_per_epoch * experiment.epochs)
    for epoch in range(experiment.epochs):
        model.fit(data.training(epoch), initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0)
    _save(model, path)
    return model


def _one(name: str) -> Experiment:
    for experiment in find([name]):
        if experiment.name == name:
            return experiment
    raise ExperimentError(f"{name!r} is a chapter, not an experiment")


def _path(experiment: Experiment, source: str) -> Path:
    return cache_folder() / "models" / f"{experiment.name}-{experiment.fingerprint()}-{source}.keras"


def _save(model: keras.Model, path: Path) -> None:
    """Write under another name first: nobody may load half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        made = Path(scratch) / path.name
        model.save(made)
        made.replace(path)
