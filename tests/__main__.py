"""Every check of the course, part by part, with the time each took: ``python -m tests [PART …]``."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORES = 2
# Two workers on two cores: a second thread in each would mostly wait, which costs a small network a third of its time.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
UNIT = "pytest tests --ignore=tests/book --ignore=tests/test_wheel.py -p tests.lasting -q -n 2"
BROWSER = "pytest tests/book -p tests.lasting -q -n 2"


@dataclass(frozen=True)
class Part:
    """Commands, of which the first that fails ends the part; the cores they keep busy; the parts that come before."""

    commands: tuple[str, ...]
    cores: int = 1
    needs: tuple[str, ...] = ()


# In the order in which a mistake is cheapest to find. Parts for one core run side by side.
PARTS = {
    "lint": Part(("ruff check .", "ruff format --check .")),
    "types": Part(("mypy",)),
    "check": Part(("course check",)),
    "book": Part(("jupyter-book build . -W -n --keep-going --quiet",)),
    "links": Part(
        (f"lychee --offline --no-progress --root-dir {ROOT}/_build/html '_build/html/**/*.html' README.md",),
        needs=("book",),
    ),
    "fast": Part((f'{UNIT} -m "not slow"',), cores=2),
    "unit": Part((UNIT,), cores=2),
    # The same once more, watched line by line, which takes a third longer on Python 3.11.
    "coverage": Part((f"{UNIT} --everything --cov=course_utils --cov-fail-under=90",), cores=2),
    "all-unit": Part((f"{UNIT} --everything",), cores=2),
    "browser": Part((BROWSER,), cores=2, needs=("book",)),
    "all-browser": Part((f"{BROWSER} --everything",), cores=2, needs=("book",)),
    "chapters": Part(("python -m tests.chapters",), cores=2),
    "all-chapters": Part(("python -m tests.chapters --all",), cores=2),
}
# Others among the parts do the same, or less of it.
VARIANTS = ("fast", "coverage", "all-unit", "all-browser", "all-chapters")
EVERYTHING = [name for name in PARTS if name not in VARIANTS]


@dataclass(frozen=True)
class Result:
    """How a part ended, and what it said unless it was shown at once."""

    passed: bool
    seconds: float
    said: str = ""


def main(names: list[str]) -> int:
    """Run parts and report; the exit status is the number of parts that failed."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no part is called {', '.join(unknown)}; there are: {', '.join(PARTS)}")
        return 2
    start = time.perf_counter()
    results = run_all([name for name in PARTS if name in (names or EVERYTHING)])
    print("\n=== how long each part took")
    for name, result in results.items():
        print(f"{'passed' if result.passed else 'FAILED'}  {result.seconds:7.1f} s  {name}")
    print(f"{'':6}  {time.perf_counter() - start:7.1f} s  in all")
    failed = [name for name, result in results.items() if not result.passed]
    print(f"parts: {len(results) - len(failed)} passed, {len(failed)} failed{': ' * bool(failed)}{', '.join(failed)}")
    return len(failed)


def run_all(names: list[str]) -> dict[str, Result]:
    """Run parts in their order, each as soon as cores are free and what it needs is done."""
    results: dict[str, Result] = {}
    running: dict[Future[Result], str] = {}
    with ThreadPoolExecutor() as pool:
        while len(results) < len(names):
            for name in names:
                if name in results or name in running.values():
                    continue
                part = PARTS[name]
                needs = [need for need in part.needs if need in names]
                failed = [need for need in needs if need in results and not results[need].passed]
                if failed:
                    results[name] = Result(False, 0.0)
                    print(f"\n=== {name}\nnot run, because {', '.join(failed)} failed", flush=True)
                elif results.keys() >= set(needs) and part.cores <= CORES - busy(running.values()):
                    alone = part.cores == CORES or len(names) == 1
                    running[pool.submit(run, name, alone)] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                results[name] = future.result()
                if results[name].said:
                    print(results[name].said, end="", flush=True)
    return {name: results[name] for name in names}


def busy(names: Iterable[str]) -> int:
    """Return how many cores parts keep busy."""
    return sum(PARTS[name].cores for name in names)


def run(name: str, alone: bool) -> Result:
    """Run a part. Alone it shows what it says at once; beside others it keeps it for the end, so that no lines mix."""
    # What the checks find must not depend on the data of the machine they run on.
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COURSE_DATA": "embedded", "PATH": tools, "PYTHONUNBUFFERED": "1"}
    if PARTS[name].cores == CORES:
        environment |= ONE_THREAD
    if name == "book":  # a page of a chapter that is gone would be tested too
        shutil.rmtree(ROOT / "_build" / "html", ignore_errors=True)
    said = f"\n=== {name}\n"
    if alone:
        print(said, end="", flush=True)
        said = ""
    start = time.perf_counter()
    passed = True
    for command in PARTS[name].commands:
        where = {} if alone else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(shlex.split(command), cwd=ROOT, env=environment, **where)
        said += done.stdout or ""
        if done.returncode != 0:
            passed = False
            break
    return Result(passed, time.perf_counter() - start, said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
