"""Every published recipe and our answer to it: trainings that are too long to be made in front of a reader.

``course bench`` runs them, an epoch at a time, and appends a line for each run to ``book/results.jsonl``; chapters
read those lines with :func:`results` and quote them as ``0.94<!--=bench:cats-steady.accuracy:.2f-->``. A network that
another part of the book needs is kept by the chapter that trained it (:func:`keep`) and asked for by name
(:func:`trained`).
"""

from ._bench import bench
from ._definition import Data, Experiment, Published
from ._error import ExperimentError
from ._every import find
from ._memory import free_memory
from ._models import keep, trained
from ._results import quoted, results, stale
from ._used import changed, used

__all__ = [
    "Data",
    "Experiment",
    "ExperimentError",
    "Published",
    "bench",
    "changed",
    "find",
    "free_memory",
    "keep",
    "quoted",
    "results",
    "stale",
    "trained",
    "used",
]
