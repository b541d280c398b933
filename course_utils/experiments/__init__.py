"""Every published recipe and our answer to it: trainings that are too long to be made in front of a reader.

``course bench`` runs them, an epoch at a time, and appends a line for each run to ``book/results.jsonl``; chapters
read those lines with :func:`results` and quote them as ``0.94<!--=bench:cats-steady.accuracy:.2f-->``. What vouches for
a line is what the run was made of, its identity: see :func:`identities` and :func:`changes`. A network that another
part of the book needs is kept by the chapter that trained it (:func:`keep`) and asked for by name (:func:`trained`).
"""

from ._bench import bench
from ._current import changes, identities
from ._definition import Data, Experiment, Published
from ._error import ExperimentError
from ._every import find
from ._identity import differences, in_short
from ._models import keep, trained
from ._results import among_seeds, quoted, results, results_digest, same_hardware, seeds_wanted, spread, stale
from ._seed import SEED_VARIABLE as SEED_VARIABLE  # for the room that runs chapters

__all__ = [
    "Data",
    "Experiment",
    "ExperimentError",
    "Published",
    "among_seeds",
    "bench",
    "changes",
    "differences",
    "find",
    "identities",
    "in_short",
    "keep",
    "quoted",
    "results",
    "results_digest",
    "same_hardware",
    "seeds_wanted",
    "spread",
    "stale",
    "trained",
]
