"""Runs, checks, verifies and renumbers the chapters: what holds prose, code and stored outputs together."""

from . import _nbformat  # noqa: F401  # before any other loads nbformat

# isort: split
from ._check import Finding, check
from ._find import find, root, topic
from ._notebooks import ChapterError
from ._renumber import Mention, Renumbering, renumber
from ._rerun import stale
from ._run import run, run_embedded
from ._spread import spread
from ._survey import Outcome, survey
from ._verify import Comparison, verify

__all__ = [
    "ChapterError",
    "Comparison",
    "Finding",
    "Mention",
    "Outcome",
    "Renumbering",
    "check",
    "find",
    "renumber",
    "root",
    "run",
    "run_embedded",
    "spread",
    "stale",
    "survey",
    "topic",
    "verify",
]
