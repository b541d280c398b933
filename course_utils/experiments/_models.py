"""Trained networks that another part of the book needs: trained once, kept in the cache."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from ..data import cache_folder, mode
from ..record import note, used
from ._current import code_digest, earlier_identities, identities
from ._definition import Experiment
from ._error import ExperimentError
from ._every import one
from ._identity import differences
from ._seed import SEED_VARIABLE

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
    experiment = one(name)
    theirs = [(tuple(w.shape), str(w.dtype)) for w in model.weights]
    if theirs != [(tuple(w.shape), str(w.dtype)) for w in experiment.build(1).weights]:
        raise ExperimentError(
            f"this is not the network of {name!r}: its weights have other shapes or another order than those of "
            f"course_utils.experiments. Make the two agree before anything else builds on the model"
        )
    sources = {entry["source"] for entry in used("data").values()}
    if SEED_VARIABLE not in os.environ:  # `course spread` must not exchange the network that other chapters show
        _save(model, _path(experiment, "embedded" if "embedded" in sources else "real"))
    note("models", name, {})


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

    experiment = one(name)
    note("models", name, {})
    # Only when no network on real data is there does it have to be found out whether real data is.
    if mode() != "embedded" and _is_kept(experiment, "real"):
        return keras.saving.load_model(_path(experiment, "real"))
    keras.utils.set_random_seed(0)
    data = experiment.load(0)
    path = _path(experiment, data.source)
    if _is_kept(experiment, data.source):
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


def _path(experiment: Experiment, source: str) -> Path:
    return cache_folder() / "models" / f"{experiment.name}-{source}.keras"


def _is_kept(experiment: Experiment, source: str) -> bool:
    """Whether a model is there that is made of what the experiment is made of now."""
    path = _path(experiment, source)
    try:
        code = json.loads(_note_of(path).read_text(encoding="utf-8"))["code"]
    except (OSError, ValueError, KeyError):
        return False
    if not path.is_file():
        return False
    if code == code_digest():
        return True
    # Other code may make the same network; that is looked up where it is known, which it is for authors.
    then = earlier_identities(code) or {}
    return experiment.name in then and not differences(then[experiment.name], identities()[experiment.name])


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _save(model: keras.Model, path: Path) -> None:
    """Write under another name first: nobody may load half a model, or one with another's note."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _note_of(path).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        made = Path(scratch) / path.name
        model.save(made)
        made.replace(path)
        _note_of(made).write_text(json.dumps({"code": code_digest()}), encoding="utf-8")
        _note_of(made).replace(_note_of(path))
