"""Runs, checks and verifies the chapters: what holds prose, code and stored outputs together."""

from ._check import Finding, check
from ._notebooks import ChapterError, find, root
from ._rerun import stale
from ._run import run, run_embedded
from ._verify import Comparison, verify

__all__ = ["ChapterError", "Comparison", "Finding", "check", "find", "root", "run", "run_embedded", "stale", "verify"]
