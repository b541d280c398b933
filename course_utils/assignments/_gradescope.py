"""The zip that Gradescope's autograder takes: the course itself, the master, and how to run the judge on them.

Its image is built once, by `setup.sh`; each submission is then judged by `run_autograder`, which is `_autograder`. All
of it is for instructors: the master holds solutions and hidden tests.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from ._errors import AssignmentError
from ._master import Assignment
from ._sandbox import _PACKAGE

# Where things are on Gradescope; a trial elsewhere names another place.
_ROOT = "root=${AUTOGRADER_ROOT:-/autograder}"
_RUN = f"""#!/bin/bash
# Gradescope runs this for each submission.
{_ROOT}
exec "$root/venv/bin/python" -m course_utils.assignments._autograder "$root"
"""


def autograder(assignment: Assignment, roster: str | None = None) -> bytes:
    """Return the zip for an assignment, for one variant or, by a roster's `variants.csv`, everybody's own."""
    wheel, course = _wheel()
    python = importlib.metadata.metadata("course-utils")["Requires-Python"]
    about = {"assignment": assignment.name, "variant": assignment.variant}
    files: dict[str, str | bytes] = {
        "setup.sh": _setup(python, wheel),
        "run_autograder": _RUN,
        "assignment.json": json.dumps(about),
        wheel: course,
        "constraints.txt": _constraints(),
    }
    if roster is not None:
        files["variants.csv"] = roster
    for path in (assignment.folder / "master.md", assignment.folder / "variant.py"):
        if path.is_file():
            files[f"assignments/{assignment.name}/{path.name}"] = path.read_bytes()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            member = zipfile.ZipInfo(name)  # without the time, so that the same assignment gives the same zip
            member.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return content.getvalue()


def _setup(python: str, wheel: str) -> str:
    """Return the script that installs the course, with the versions that its repository names."""
    return f"""#!/bin/bash
# Gradescope runs this once, as root, when it builds the image in which submissions are judged.
set -euo pipefail
{_ROOT}
apt-get update
apt-get install -y python3-venv
apt-get install -y bubblewrap || echo "Without bubblewrap, student code will run as the user nobody."
python3 -m venv "$root/uv"
"$root/uv/bin/pip" install --quiet uv
# The system's Python may be too old. Another one must lie where the user nobody can read it.
export UV_PYTHON_INSTALL_DIR="$root/python"
"$root/uv/bin/uv" venv --python "{python}" "$root/venv"
"$root/uv/bin/uv" pip install --python "$root/venv/bin/python" --constraint "$root/source/constraints.txt" \\
  "course-utils[grading] @ file://$root/source/{wheel}"
"""


def _repository() -> Path:
    """Return the folder that the course is built from: no package index has it."""
    folder = _PACKAGE.parent
    if not (folder / "pyproject.toml").is_file():
        raise AssignmentError(
            f"Gradescope gets the course itself, built from its repository, and this one ({_PACKAGE}) was installed "
            "without it: pip install -e '.[grading]' in a copy of the repository"
        )
    return folder


def _constraints() -> str:
    return (_repository() / "constraints.txt").read_text(encoding="utf-8")


@cache
def _wheel() -> tuple[str, bytes]:
    """Build the course that judges here, and return its wheel's name and content."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        done = subprocess.run(words, cwd=_repository(), capture_output=True, text=True)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            said = (done.stderr or done.stdout).strip()[-600:]
            raise AssignmentError(f"the course cannot be built for Gradescope: {said}: pip install -e '.[grading]'")
        return wheels[0].name, wheels[0].read_bytes()
