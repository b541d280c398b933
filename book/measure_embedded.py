"""Measure what each chapter takes on embedded data and store it in `book/embedded.json`, for the page for teachers.

Run it after a change that costs time or memory: `python book/measure_embedded.py [CHAPTER…]`, ten minutes for all. What
counts is an environment such as students have, made of `requirements.txt`: other backends would take memory, too.
"""

import json
import sys
from pathlib import Path

from rich.console import Console

from course_utils.chapters import find, topic
from course_utils.chapters._execute import execute
from course_utils.chapters._notebooks import read

ROOT = Path(__file__).parent.parent
STORED = ROOT / "book" / "embedded.json"
KEPT = ("seconds", "peak_memory_mb", "date", "hardware", "versions")


def measure(path: Path) -> dict:
    """Run a chapter in a fresh kernel, without changing its file, and tell what it took and on what."""
    recorded = execute(read(path), path, Console(), {"COURSE_DATA": "embedded"}).metadata.course.recorded
    return {name: recorded[name] for name in KEPT}


if __name__ == "__main__":
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    for path in find(sys.argv[1:], ROOT):
        took = stored[topic(path)] = measure(path)
        print(f"{topic(path)}: {took['seconds']:.0f} s, {took['peak_memory_mb']:,} MB")
        STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
