"""Run chapters that may end otherwise than when they last passed: ``python -m tests.chapters [--all] [CHAPTER…]``.

What has passed is kept in `passed.json`: for each chapter a digest of all that can change how its run on embedded data
ends. That is its code and the outputs that the run is compared with, the
functions of the package that it reaches, the rooms that load, measure and record, the results it reads, and the
packages of the lock as they are installed. One of the chapters is run from the wheel.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from course_utils.chapters import find, topic
from course_utils.chapters._notebooks import read
from course_utils.experiments import results_digest
from course_utils.record import digest, fingerprint, read_provenance
from tests.passed import ROOT, STORED, installed, passed_before, remember
from tests.test_wheel import THOROUGH as RUN_FROM_THE_WHEEL

# A fingerprint doesn't follow functions into data, experiments, pretrained and record, where a chapter's stored outputs
# are vouched for in other ways. So they count whole, and so does what they stand on: drawn pets come out of `data`.
WHOLE_ROOMS = ("convolution", "data", "evaluation", "experiments", "network", "pets", "pretrained", "record")
_COMPARED = {"nbval-check-output", "raises-exception"}
_PYTEST = "pytest -p tests.failing_cells -p tests.longest_first --nbval-lax -q --no-header -n 2 --no-loadscope-reorder"


def main(everything: bool, names: Iterable[str] = (), stored: Path = STORED) -> int:
    """Run what has to be run, of these chapters or of all, and keep what has passed; the exit status is pytest's."""
    chapters = {topic(path): path for path in find(names, ROOT)}
    # Told before the run: what is edited while it lasts has not passed.
    now = made_of(chapters.values())
    then = {} if everything else passed_before(stored)
    due = {name: path for name, path in chapters.items() if then.get(name) != now[name]}
    if kept := [name for name in chapters if name not in due]:
        print(f"not run, because they passed as they are: {', '.join(kept)}", flush=True)
    wheel = ["tests/test_wheel.py", *([] if RUN_FROM_THE_WHEEL in due else ["-k", f"not {RUN_FROM_THE_WHEEL}"])]
    others = [str(path) for name, path in due.items() if name != RUN_FROM_THE_WHEEL]
    command = [sys.executable, "-m", *_PYTEST.split(), *wheel, *others]
    # As wide as `course run` lets them print.
    surroundings = os.environ | {"COURSE_DATA": "embedded", "COLUMNS": "70"}
    status = subprocess.run(command, cwd=ROOT, env=surroundings).returncode
    if status == 0:
        remember({name: now[name] for name in due}, stored)
    return status


def made_of(chapters: Iterable[Path]) -> dict[str, str]:
    """Return, by topic, digests of all that can change how the runs of chapters on embedded data end."""
    everywhere = {"rooms": [digest(file.read_bytes()) for file in _files()], "packages": installed()}
    return {topic(path): digest(_of_its_own(path) | everywhere) for path in chapters}


def _of_its_own(path: Path) -> dict:
    notebook = read(path)
    results = (read_provenance(notebook) or {}).get("results", ())
    return {
        "code": fingerprint(notebook),
        "compared": [
            [cell["id"], cell["outputs"]]
            for cell in notebook["cells"]
            if _COMPARED & set(cell["metadata"].get("tags", ()))
        ],
        "results": {name: results_digest(name) for name in results},
    }


def _files() -> list[Path]:
    rooms = (ROOT / "course_utils" / room for room in WHOLE_ROOMS)
    files = {file for room in rooms for file in room.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    # How a result was measured changes no reading of it; the results that a chapter reads count by themselves.
    files -= {
        file for file in files if file.parent.name == "experiments" and "\nEXPERIMENTS = (" in file.read_text("utf-8")
    }
    return sorted([*files, *(ROOT / "course_utils").glob("_*.py"), ROOT / "tests" / "failing_cells.py"])


if __name__ == "__main__":
    sys.exit(main("--all" in sys.argv, [word for word in sys.argv[1:] if word != "--all"]))
