"""Measure what grading takes and store it in `book/grading.json`, for the page for teachers.

Run it after a change to how submissions are judged: `python book/measure_grading.py PART…`, where a part is one of

- `many`: two hundred generated submissions, right, wrong, blank, broken and hostile, on two sandboxes;
- `kills`: the same on a cluster, once with a worker killed and once with the scheduler killed and the command given
  again; it stops unless the grades are those of `many`;
- `thousand`: a thousand small ones, for what the grader itself holds in memory;
- `otter`: ten of the two hundred that no machine must fear, by `course grade` and by `otter run` in turn; it stops
  unless both give the same points. `OTTER` names that program; it is not installed with the course.

Seconds are those that processors spent, in the command and in everything it started: a machine that does other work
besides changes them little. Linux counts them, for a control group of its own, which takes root.
"""

import csv
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

import nbformat
import psutil
from nbformat import v4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from course_utils import assignments  # noqa: E402
from course_utils.assignments import _master, _release  # noqa: E402
from course_utils.record import hardware  # noqa: E402
from tests.assignments.test_attacks import FORGERIES, HOGS  # noqa: E402

STORED = ROOT / "book" / "grading.json"
# A network is built, compiled and asked for predictions in it, but not trained.
ASSIGNMENT = "repair"
# Of each twenty: what a class hands in, and one that attacks.
CLASS = ["right"] * 9 + ["wrong"] * 6 + ["blank"] * 2 + ["broken"] * 2 + ["hostile"]
# What takes little to judge, so that a thousand of them are judged in minutes; Keras is imported all the same.
SMALL, TRIVIAL = "labels", ["right", "wrong"] + ["blank"] * 4 + ["broken"] * 4
# What attacks the grading and no question, so that it can stand in front of any answer.
ATTACKS = [code for code in HOGS.values() if "def double" not in code]
ATTACKS += [FORGERIES[name].partition("def double")[0] for name in FORGERIES if name.startswith(("patched", "garbage"))]
BROKEN = ["", "{", '{"cells": [3]}', '{"cells": []}']
COURSE = [sys.executable, "-c", "import course_utils.cli as cli; cli.app()"]


def submissions(name: str, kinds: list[str]) -> Iterator[tuple[str, str]]:
    """Yield names and texts of notebooks without end, the same ones each time."""
    master = assignments.load(name)
    rng = random.Random(2026)
    number = 0
    while True:
        kind = kinds[number % len(kinds)]
        if kind == "broken":
            text = BROKEN[number // len(kinds) % len(BROKEN)]
        else:
            cells = answered(master, kind, rng)
            if kind == "hostile":
                cells.insert(0, textwrap.dedent(ATTACKS[number // len(kinds) % len(ATTACKS)]))
            text = notebook(master, cells)
        yield f"{number:04}-{kind}.ipynb", text
        number += 1


def answered(master: assignments.Assignment, kind: str, rng: random.Random) -> list[str]:
    """Return the code of a notebook whose answers are right, partly wrong or missing."""
    questions = [question for question in master.questions if not question.written]
    wrong = rng.sample(questions, rng.randint(1, len(questions))) if kind == "wrong" else []
    told = {}
    for question in questions:
        solution = "\n".join(cell.source for cell in question.solution if cell.cell_type == "code")
        if kind == "blank":
            told[question.name] = _master.stub(solution)
        elif question in wrong:
            told[question.name] = rng.choice(list(_master.answers(question, master, "wrong")))[1]
        else:
            others = [code for _, code in _master.answers(question, master, "right")]
            told[question.name] = rng.choice([_master.plain(solution), *others])
    return _release.code_cells(master, told)


def notebook(master: assignments.Assignment, cells: list[str]) -> str:
    """Return a notebook's file, with something under the headings of the questions that a person marks."""
    written = [f"## {question.title}\n\nBecause." for question in master.questions if question.written]
    made = [*map(v4.new_code_cell, cells), *map(v4.new_markdown_cell, written)]
    return nbformat.writes(v4.new_notebook(cells=made))


def hand_in(folder: Path, name: str, kinds: list[str], count: int) -> Path:
    """Write so many submissions into a folder."""
    folder.mkdir()
    for file, text in islice(submissions(name, kinds), count):
        (folder / file).write_text(text, encoding="utf-8")
    return folder


class Watched:
    """A running program: what it and all that it started have spent, and what they hold."""

    def __init__(self, words: list[str], **options: object) -> None:
        self.group = Path("/sys/fs/cgroup/cpuacct")
        if not self.group.is_dir():  # version 2 has one tree for everything
            self.group = self.group.parent
        self.group /= f"measure-grading-{os.getpid()}"
        self.group.mkdir()
        join = ["sh", "-c", f'echo $$ > {self.group}/cgroup.procs; exec "$@"', "sh"]
        self.process = psutil.Popen([*join, *words], stdout=subprocess.DEVNULL, cwd=ROOT, **options)
        self.cpu = 0.0
        self.own_memory = self.memory = 0

    def until_end(self, meanwhile: Callable[[], None] = lambda: None) -> "Watched":
        """Look twice a second until the program ends."""
        while self.process.poll() is None:
            self.look()
            meanwhile()
            time.sleep(0.5)
        self.cpu = self.spent()
        while (self.group / "cgroup.procs").read_text():  # the last that it started are about to end
            time.sleep(0.1)
        self.group.rmdir()
        return self

    def look(self) -> None:
        """See what is held now."""
        memory = 0
        with suppress(psutil.NoSuchProcess):
            for process in (self.process, *self.process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    held = process.memory_info()
                    memory += held.rss - held.shared  # what runners share with their sandbox counts once, nearly
                    if process.pid == self.process.pid:
                        self.own_memory = max(self.own_memory, held.rss)
        self.memory = max(self.memory, memory)

    def spent(self) -> float:
        """Return processor seconds."""
        usage = self.group / "cpuacct.usage"
        if usage.exists():
            return int(usage.read_text()) / 1e9
        return int((self.group / "cpu.stat").read_text().split()[1]) / 1e6


def grading(place: Path, name: str, out: Path, *options: str) -> Watched:
    """Start `course grade`."""
    words = [*COURSE, "grade", str(place), "--assignment", name, "--out", str(out), *options]
    return Watched(words, env=os.environ | {"PYTHONPATH": str(ROOT), "COURSE_DATA": "embedded"})


def grades(out: Path) -> list[dict[str, str]]:
    """Return the grades, without the seconds that they took."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(file)]


def graded(out: Path) -> int:
    """Count what is judged by now."""
    return len(list((out / "feedback").glob("*.html")))


def many(work: Path, count: int = 200) -> dict:
    """Grade a class."""
    place = hand_in(work / "in", ASSIGNMENT, CLASS, count)
    took = grading(place, ASSIGNMENT, work / "out", "--workers", "2").until_end()
    rows = grades(work / "out")
    (work / "grades.json").write_text(json.dumps(rows))
    assert len(rows) == count
    assert {row["status"] for row in rows if "broken" not in row["key"]} == {"graded"}
    kinds = {kind: [row for row in rows if row["key"].endswith(kind)] for kind in dict.fromkeys(CLASS)}
    points = {
        kind: round(sum(float(row["total"] or 0) for row in found) / len(found), 2) for kind, found in kinds.items()
    }
    return told(took, count) | {
        "assignment": ASSIGNMENT,
        "kinds": {k: len(f) for k, f in kinds.items()},
        "mean": points,
    }


def told(took: Watched, count: int) -> dict:
    """Return what a run took, as it is stored."""
    assert took.process.returncode == 0, took.process.returncode
    megabytes = {"grader_mb": took.own_memory / 1e6, "all_mb": took.memory / 1e6}
    rounded = {key: round(value) for key, value in megabytes.items()}
    return {"count": count, "cpu_seconds": round(took.cpu, 1), "each": round(took.cpu / count, 2)} | rounded


def kills(work: Path) -> dict:
    """Grade the class on a cluster twice, and kill a part of it in the middle each time."""
    place, expected = work / "in", json.loads((work / "grades.json").read_text())
    count = len(list(place.iterdir()))
    found = {}
    for victim in ("worker", "scheduler"):
        out = work / f"out-{victim}"
        shutil.rmtree(out, ignore_errors=True)
        with cluster(work) as (address, programs):

            def kill(program: subprocess.Popen = programs[1 if victim == "worker" else 0], out: Path = out) -> None:
                if graded(out) >= count // 3:
                    program.kill()

            took = grading(place, ASSIGNMENT, out, "--scheduler", address).until_end(kill)
        kept = graded(out)
        if victim == "scheduler":
            assert took.process.returncode == 1
            assert kept < count * 3 // 4, "it was to be killed in the middle"
            assert grading(place, ASSIGNMENT, out, "--workers", "2").until_end().process.returncode == 0
        differ = [one for one, other in zip(expected, grades(out), strict=True) if one != other]
        print(victim, "killed:", len(differ), "of", count, "grades differ", *differ[:5])
        assert not differ
        found[victim] = {
            "count": count,
            "judged_when_killed": kept if victim == "scheduler" else count // 3,
        }
    return found


@contextmanager
def cluster(work: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler and two workers, programs of their own; end what is left of them."""
    file = work / "scheduler.json"
    file.unlink(missing_ok=True)
    named = ["--scheduler-file", str(file), "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    quiet["env"] = os.environ | {"PYTHONPATH": str(ROOT), "COURSE_DATA": "embedded"}
    words = [["dask_scheduler", *named, "--port", "0", "--host", "127.0.0.1"]]
    words += [["dask_worker", *named, "--nthreads", "1", "--no-nanny"]] * 2
    programs = []
    try:
        for module, *rest in words:
            programs.append(subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *rest], **quiet))
            while not file.exists():
                time.sleep(0.1)
        yield json.loads(file.read_text())["address"], programs
    finally:
        for program in programs:
            program.kill()
            program.wait()


def thousand(work: Path, count: int = 1000) -> dict:
    """Grade a thousand small submissions, and a hundred of them for comparison."""
    place = hand_in(work / "small", SMALL, TRIVIAL, count)
    took = told(grading(place, SMALL, work / "out-small", "--workers", "2").until_end(), count)
    shutil.rmtree(work / "small")
    fewer = hand_in(work / "small", SMALL, TRIVIAL, count // 10)
    shutil.rmtree(work / "out-small")
    tenth = told(grading(fewer, SMALL, work / "out-small", "--workers", "2").until_end(), count // 10)
    return took | {"assignment": SMALL, "tenth": tenth}


def otter(work: Path, count: int = 10) -> dict:
    """Grade the same notebooks with the same tests, by `course grade` and by `otter run`."""
    honest = [kind for kind in CLASS if kind in ("right", "wrong")]
    place = hand_in(work / "both", ASSIGNMENT, honest, count)
    took = told(grading(place, ASSIGNMENT, work / "out-both").until_end(), count)
    master = assignments.load(ASSIGNMENT)
    autograder = otter_zip(master, work / "autograder.zip")
    ours = {row["key"]: row for row in grades(work / "out-both")}
    spent, memory = 0.0, 0
    for path in sorted(place.iterdir()):
        results = work / "otter" / path.stem
        results.mkdir(parents=True)
        words = [os.environ["OTTER"], "run", "--no-logo", "-a", str(autograder), "-o", str(results), str(path)]
        run = Watched(words, stderr=subprocess.DEVNULL, env=os.environ | {"COURSE_DATA": "embedded"}).until_end()
        assert run.process.returncode == 0, run.process.returncode
        spent, memory = spent + run.cpu, max(memory, run.memory)
        theirs = json.loads((results / "results.json").read_text())
        points = sum(test["score"] for test in theirs["tests"] if "score" in test)
        assert abs(points - float(ours[path.stem]["total"])) < 0.02, path.stem
        print(path.stem, "otter", points, "course", ours[path.stem]["total"], f"{run.cpu:.1f} s", flush=True)
    version = subprocess.run([os.environ["OTTER"], "--version"], capture_output=True, text=True).stdout
    return {
        "count": count,
        "assignment": ASSIGNMENT,
        "course": took,
        "otter": {"cpu_seconds": round(spent, 1), "each": round(spent / count, 2), "all_mb": round(memory / 1e6)},
        "version": next(line.split()[-1] for line in version.splitlines() if "otter" in line.lower()),
    }


def otter_zip(master: assignments.Assignment, path: Path) -> Path:
    """Write a master's tests as otter-grader reads them: the same code, on the student's own objects."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("otter_config.json", "{}")
        for question in master.questions:
            if question.written:
                continue
            worth = question.points / len(question.tests)
            parts = ["from otter.test_files import test_case\nimport numpy as np\nOK_FORMAT = False"]
            parts.append(f"name = {question.name!r}\npoints = None")
            for number, test in enumerate(question.tests):
                parts.append(f"@test_case(points={worth!r}, hidden={test.hidden})")
                parts.append(f"def test_{number}({', '.join(question.uses)}):\n{textwrap.indent(test.code, '    ')}")
            file.writestr(f"tests/{question.name}.py", "\n".join(parts))
    return path


def main(names: list[str]) -> None:
    """Measure parts and store each as soon as it is measured."""
    parts = {"many": many, "kills": kills, "thousand": thousand, "otter": otter}
    work = Path(os.environ.get("WORK") or tempfile.mkdtemp(prefix="measure-grading-"))
    for name in names or parts:
        found = parts[name](work) | {"date": datetime.date.today().isoformat(), "hardware": hardware()}
        print(name, json.dumps(found), flush=True)
        stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
        STORED.write_text(json.dumps(stored | {name: found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
