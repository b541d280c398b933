"""Every check of the course, part by part, with the time each took: ``python -m tests [PART …]``."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

# In the order in which a mistake is cheapest to find. A part is a list of commands; the first that fails ends it.
PARTS: dict[str, list[str]] = {
    "lint": ["ruff check .", "ruff format --check ."],
    "types": ["mypy"],
    "check": ["course check"],
    "unit": ["pytest tests --ignore=tests/book --ignore=tests/test_wheel.py -q --cov=course_utils --cov-fail-under=90"],
    "book": ["jupyter-book build . -W -n --keep-going --quiet"],
    "links": [f"lychee --offline --no-progress --root-dir {ROOT}/_build/html '_build/html/**/*.html' README.md"],
    "browser": ["pytest tests/book -q"],
    # Two chapters at a time: a small network keeps one core busy, not two.
    "chapters": ["pytest -p tests.failing_cells --nbval-lax chapters -q --no-header -n 2 --dist loadfile"],
    "wheel": ["pytest tests/test_wheel.py -q"],
}


def main(names: list[str]) -> int:
    """Run parts and report; the exit status is the number of parts that failed."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no part is called {', '.join(unknown)}; there are: {', '.join(PARTS)}")
        return 2
    # What the checks find must not depend on the data of the machine they run on.
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COURSE_DATA": "embedded", "PATH": tools, "PYTHONUNBUFFERED": "1"}
    results = {}
    for name in names or PARTS:
        print(f"\n=== {name}", flush=True)
        if name == "book":  # a page of a chapter that is gone would be tested too
            shutil.rmtree(ROOT / "_build" / "html", ignore_errors=True)
        start = time.perf_counter()
        passed = all(
            subprocess.run(shlex.split(command), cwd=ROOT, env=environment).returncode == 0 for command in PARTS[name]
        )
        results[name] = passed, time.perf_counter() - start

    print("\n=== how long each part took")
    for name, (passed, seconds) in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {seconds:7.1f} s  {name}")
    print(f"{'':6}  {sum(seconds for _, seconds in results.values()):7.1f} s  in all")
    failed = sum(not passed for passed, _ in results.values())
    print(f"parts: {len(results) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
