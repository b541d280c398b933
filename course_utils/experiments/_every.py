"""The list of all experiments, and finding one by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from . import _cats, _cats_published, _fashion, _how_big, _mnist, _size, _spiral
from ._definition import Experiment
from ._error import ExperimentError

EVERY: tuple[Experiment, ...] = (
    *_spiral.EXPERIMENTS,
    *_mnist.EXPERIMENTS,
    *_fashion.EXPERIMENTS,
    *_cats_published.EXPERIMENTS,
    *_cats.EXPERIMENTS,
    *_how_big.EXPERIMENTS,
    *_size.EXPERIMENTS,
)


def find(names: Iterable[str] = ()) -> list[Experiment]:
    """Find experiments by their names, or by the topic of the chapter that tells about them.

    Parameters
    ----------
    names : iterable of str
        Names such as ``"cats-steady"``, or topics of chapters such as ``"cats-vs-dogs"``, which stand for all
        experiments of that chapter; none at all means every experiment.

    Returns
    -------
    list of Experiment
        Those of a chapter together, each once.

    Raises
    ------
    ExperimentError
        If a name fits none; the message has the nearest one that does.
    """
    wanted = [_match(name) for name in names]
    return [experiment for experiment in EVERY if not wanted or any(experiment in match for match in wanted)]


def one(name: str) -> Experiment:
    """Find the experiment of exactly this name.

    Raises
    ------
    ExperimentError
        If there is none.
    """
    for experiment in find([name]):
        if experiment.name == name:
            return experiment
    raise ExperimentError(f"{name!r} is a chapter, not an experiment")


def _match(name: str) -> list[Experiment]:
    found = [e for e in EVERY if name in (e.name, e.chapter)]
    if found:
        return found
    known = [e.name for e in EVERY]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    raise ExperimentError(f"no experiment and no chapter with experiments is called {name!r}; {hint}")
