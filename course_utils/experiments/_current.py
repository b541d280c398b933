"""What every experiment is made of now: asked of a process of its own, and kept until code or versions change."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from ..data import cache_folder
from ..data import editions as known_editions
from ..record import digest, lock_on
from ._error import ExperimentError
from ._identity import Identity, differences

_PACKAGE = Path(__file__).parents[1]
# The rooms whose code takes part in making an identity, and the libraries that do.
_ROOMS = ("data", "experiments", "network", "pets", "record")
_LIBRARIES = ("keras", "tensorflow", "numpy", "scikit-learn", "pillow")


def identities() -> dict[str, Identity]:
    """Return what every experiment is made of now: data, batches, network, training, versions.

    Found out by a process of its own, in which they load stand-ins for the data and build their networks; that takes
    half a minute after a change of the package's code, and nothing as long as there is none.

    Returns
    -------
    dict of str to dict
        By the experiment's name; to be compared by :func:`differences`.

    Raises
    ------
    ExperimentError
        If they cannot be found out; the message has the reason.
    """
    code = code_digest()
    if known := earlier_identities(code):
        return known
    path = _path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock_on(path):  # who asks meanwhile waits for the same answer
        return earlier_identities(code) or _ask(path)


def earlier_identities(code: str) -> dict[str, Identity] | None:
    """Return what every experiment was made of by the code that :func:`code_digest` named; None if nobody has asked."""
    path = _path(code)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _path(code: str) -> Path:
    return cache_folder() / "identities" / f"{code}.json"


def code_digest() -> str:
    """Name the code and the versions of which identities are made; the same name means the same identities."""
    return _digest(str(_PACKAGE))


@cache
def _digest(package: str) -> str:
    files = sorted(path for room in _ROOMS for path in (Path(package) / room).rglob("*.py"))
    code = {str(path.relative_to(package)): digest(path.read_bytes()) for path in files}
    return digest({"code": code, "versions": {name: _version(name) for name in _LIBRARIES}})


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None  # tensorflow-cpu, say; identities are asked of what is installed all the same


def _ask(path: Path) -> dict[str, Identity]:
    search = os.pathsep.join(filter(None, [str(_PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    surroundings = os.environ | {"KERAS_BACKEND": "tensorflow", "PYTHONPATH": search}
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        found = Path(folder) / path.name
        command = [sys.executable, "-m", "course_utils.experiments._identify", str(found)]
        process = subprocess.run(command, env=surroundings, capture_output=True, text=True)
        if process.returncode:
            last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise ExperimentError(f"what the experiments are made of cannot be found out: {last}")
        found.replace(path)
    return json.loads(path.read_text(encoding="utf-8"))


def changes(then: Identity, now: Identity) -> list[str]:
    """Say in what a measured run differs from the experiment as it is now; nothing at all means that it counts.

    Parameters
    ----------
    then : dict
        The identity that a run's line holds, with the edition of the data that it was trained on.
    now : dict
        The experiment's identity among :func:`identities`.

    Returns
    -------
    list of str
    """
    data = {}
    for name, of_loader in now["data"].items():
        editions = known_editions(name)
        used = then.get("data", {}).get(name, {}).get("edition")
        data[name] = {"edition": used if used in editions else editions[0], **of_loader}
    return differences(then, now | {"data": data})
