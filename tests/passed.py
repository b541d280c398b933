"""What has passed, with digests of all that can change how it ends: `passed.json`, beside this file, is committed.

It holds chapters, by their topics (`chapters.py`), and groups of tests that take long (`lasting.py`).
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from course_utils.chapters._check import _pinned

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).with_name("passed.json")


def passed_before(stored: Path = STORED) -> dict[str, str]:
    """Read the digests of what passed last, by its name."""
    return json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}


def remember(passed: dict[str, str], stored: Path = STORED) -> None:
    """Add what has passed."""
    together = dict(sorted((passed_before(stored) | passed).items()))
    stored.write_text(json.dumps(together, indent=1) + "\n", encoding="utf-8")


def installed(*others: str) -> dict[str, str]:
    """Return the versions of Python, of what the lock names, and of other packages, where they are installed."""
    found = {"python": "{}.{}".format(*sys.version_info)}
    for name in (*_pinned(ROOT), *others):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # the lock also names what other systems need
            continue
    return found
