"""Measure what every chapter takes on embedded data, and write it to `book/embedded.json`.

Run it after a change that costs time or memory: `python book/measure_embedded.py [CHAPTER…]`, about ten minutes for
page for teachers shows the table. Run it in an environment made of `requirements.txt`, which is what students have: other
Keras backends, if they are installed, are loaded with TensorFlow and take memory of their own.
"""

import json
import os
import sys
from pathlib import Path

import nbformat
from rich.console import Console

from course_utils import chapters
from course_utils.chapters._notebooks import read
from course_utils.chapters._run import execute

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).parent / "embedded.json"
# Linux counts in kilobytes, macOS in bytes.
_PEAK = (
    "import resource, sys\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == 'darwin' else 1e3))"
)


def measure(path: Path) -> dict:
    """Run a copy of a chapter in a fresh kernel; answer with seconds, peak memory and what both depend on."""
    notebook = read(path)
    probe = nbformat.v4.new_code_cell(_PEAK)
    notebook.cells.append(probe)
    recorded = execute(notebook, path, Console()).metadata.course.recorded
    peak = next(output.text for output in probe.outputs if output.get("name") == "stdout")
    return {
        "seconds": round(recorded.seconds),
        "peak_memory_mb": round(float(peak)),
        "date": recorded.date,
        "hardware": recorded.hardware,
        "versions": recorded.versions,
    }


if __name__ == "__main__":
    os.environ["COURSE_DATA"] = "embedded"
    measured = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    for path in chapters.find(sys.argv[1:], ROOT):
        topic = path.stem.partition("-")[2]
        measured[topic] = measure(path)
        print(f"{topic}: {measured[topic]['seconds']} s, {measured[topic]['peak_memory_mb']} MB")
        STORED.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
