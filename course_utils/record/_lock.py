"""Locks between processes, for what two of them must not make or write at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ._digest import digest

if TYPE_CHECKING:
    from filelock import BaseFileLock


def lock_on(path: Path, timeout: float = -1) -> BaseFileLock:
    """Make a lock on a file or folder, to be held by ``with``; the system frees it when its holder dies.

    It lies in the system's folder of temporary files, so that nothing is left beside what it protects.

    Parameters
    ----------
    path : pathlib.Path
        What it stands for; it need not exist.
    timeout : float
        How long to wait for another process, in seconds; for as long as it takes by default.

    Returns
    -------
    filelock.BaseFileLock
        Entering it raises ``filelock.Timeout`` when the time is up.
    """
    from filelock import FileLock

    folder = Path(tempfile.gettempdir()) / f"course-locks-{getattr(os, 'getuid', int)()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return FileLock(folder / f"{digest(str(path.resolve()))}.lock", timeout=timeout)
