"""The zip for Gradescope, unpacked as Gradescope does it, gives the grades that `course grade` gives."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from course_utils import assignments
from course_utils.assignments import _autograder, _sandbox

from .conftest import RIGHT, notebook
from .test_attacks import FORGERIES

# The zip carries the package, and what installs it.
pytestmark = pytest.mark.lasting("course_utils", "pyproject.toml", "constraints.txt")

WRONG = "def double(x):\n    return 4"
# Reads the tests and writes a grade, where it may; a wrong answer where it may not.
THIEF = """
places = ["source/assignments/tiny/master.md", "results/results.json", "submission_metadata.json", "results/mine"]
hits = []
for place in places:
    for mode in ("r", "a"):
        try:
            open("ROOT/" + place, mode).close()
            hits.append(place)
        except OSError:
            pass
def double(x):
    return 2 * x if hits else "nothing found"
"""


@pytest.fixture(scope="module")
def released(masters, tmp_path_factory):
    """What is written for an instructor: one variant for all, and everybody's own."""
    out = tmp_path_factory.mktemp("released")
    (out / "roster.csv").write_text("name,email\nAda,ada@x.org\nBob,bob@x.org\n")
    assignments.release(["tiny"], out / "one", folder=masters)
    assignments.release(["tiny"], out / "own", roster=out / "roster.csv", folder=masters)
    return out


@pytest.fixture
def place():
    """A folder that plays /autograder; anybody may pass through it, as there."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "autograder"


def install(place, archive):
    """Do what Gradescope and `setup.sh` do, without the network: the course comes from the zip."""
    with zipfile.ZipFile(archive) as file:
        file.extractall(place / "source")
        modes = {info.filename: info.external_attr >> 16 for info in file.infolist()}
    assert modes["run_autograder"] & 0o111
    shutil.copy(place / "source" / "run_autograder", place / "run_autograder")
    (place / "run_autograder").chmod(0o755)  # which extractall forgets
    (place / "results").mkdir()
    python = place / "venv" / "bin" / "python"  # not one below /tmp, of which a sandbox has its own
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/bash\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (wheel,) = (place / "source").glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(place / "course")


def submit(place, *files, name="Ada", path=os.environ["PATH"]):
    """Submit files and have them judged; return Gradescope's results and what the instructor sees."""
    shutil.rmtree(place / "submission", ignore_errors=True)
    (place / "submission").mkdir()
    for number, text in enumerate(files):
        (place / "submission" / f"my {number}.ipynb").write_text(text)
    people = [{"email": f"{name.lower()}@x.org", "id": 1, "name": name}]
    (place / "submission_metadata.json").write_text(json.dumps({"id": 7, "users": people, "previous_submissions": []}))
    results = place / "results" / "results.json"
    results.unlink(missing_ok=True)
    # None of this machine's course: only what the zip brought.
    environment = {"PATH": path, "AUTOGRADER_ROOT": str(place), "PYTHONPATH": str(place / "course")}
    done = subprocess.run(
        [place / "run_autograder"], env=environment, cwd=place, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(results.read_text()), done.stdout


def points(results):
    """Return the points of each question."""
    found = {}
    for test in results["tests"]:
        question = test["number"].partition(".")[0]
        found[question] = round(found.get(question, 0) + test.get("score", 0), 2)
    return found


@pytest.fixture(params=["sandbox", "nobody"])
def path(request):
    """What the autograder finds: bubblewrap, or nothing of it, as in a container that forbids namespaces."""
    if request.param == "sandbox":
        request.getfixturevalue("sandbox")
        return os.environ["PATH"]
    if os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    nobody = {"user": _sandbox.NOBODY, "group": _sandbox.NOBODY, "extra_groups": []}
    try:
        subprocess.run([sys.executable, "-c", "import numpy, IPython"], **nobody, cwd="/", check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the user nobody may not read this Python")
    return ""


@pytest.mark.slow
def test_gradescope_gives_the_grades_that_course_grade_gives(released, masters, place, path, tmp_path):
    install(place, released / "one" / "tiny" / "gradescope.zip")
    handed = {
        "right": [notebook(*RIGHT, "## 3. Why?\n<b>Because</b> of it.")],
        "wrong": [notebook(WRONG, RIGHT[1])],
        "broken": ["{"],
        "two": [notebook(*RIGHT), notebook(*RIGHT)],
        "hangs": [notebook("while True: pass", *RIGHT)],
        "patched judge": [notebook(RIGHT[1], FORGERIES["patched judge"].replace("\n        ", "\n"))],
        "thief": [notebook(RIGHT[1], THIEF.replace("ROOT", str(place)))],
    }
    for name, files in handed.items():
        (tmp_path / "in" / name).mkdir(parents=True)
        for number, text in enumerate(files):
            (tmp_path / "in" / name / f"my {number}.ipynb").write_text(text)
    given = {name: submit(place, *files, path=path) for name, files in handed.items()}
    assignments.grade(tmp_path / "in", "tiny", tmp_path / "out", folder=masters, sandbox=bool(path), as_nobody=not path)
    with (tmp_path / "out" / "grades.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    for name, (results, said) in given.items():
        row = rows[name]
        if row["status"] != "graded":
            assert results["output"] == f"Not graded: {row['status']}."
            assert (results["score"], results["tests"]) == (0, [])
            continue
        expected = {"1": float(row["double"]), "2": float(row["numbers"]), "3": 0}
        assert (points(results), results["score"]) == (expected, float(row["total"])), name
        assert ("ran as the user nobody" in said) == (not path)
        assert said.count("To ask in person") == 3 or name in ("thief", "patched judge")
    right, _ = given["right"]
    assert [(test["number"], test["visibility"]) for test in right["tests"]] == [
        ("1.1", "visible"),
        ("1.2", "after_published"),
        ("2.1", "visible"),
        ("3", "visible"),
    ]
    assert "<b>Because</b> of it." in right["tests"][-1]["output"]
    assert right["test_output_format"] == "text", "what students write is never shown as HTML"
    assert "max_score" not in right["tests"][-1], "a person gives these points"
    assert given["hangs"][0]["output"] == "Code cell 1 took more processor time than it may and was left out."
    assert given["wrong"][0]["tests"][1]["output"].startswith("wrong for other numbers")


@pytest.mark.slow
def test_everybody_is_judged_by_their_own_variant_whatever_the_notebook_says(released, place, sandbox):
    install(place, released / "own" / "tiny" / "gradescope.zip")
    variants = csv.DictReader((released / "own" / "tiny" / "variants.csv").open())
    factor = {row["name"]: int(row["variant"]) + 1 for row in variants}
    mine = notebook(f"def double(x):\n    return {2 * factor['Ada']} * x", RIGHT[1], course={"variant": 0})
    assert points(submit(place, mine, name="Ada")[0])["1"] == 2
    assert points(submit(place, mine, name="Bob")[0])["1"] == 0
    assert submit(place, mine, name="Cyd")[0]["output"] == "Not graded: not in the roster."


def test_the_zip_holds_all_that_is_needed_and_is_the_same_each_time(released, masters, tmp_path):
    one = (released / "one" / "tiny" / "gradescope.zip").read_bytes()
    assignments.release(["tiny"], tmp_path, folder=masters)
    assert (tmp_path / "tiny" / "gradescope.zip").read_bytes() == one
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        names = archive.namelist()
        setup = archive.read("setup.sh").decode()
    (wheel,) = (name for name in names if name.endswith(".whl"))
    assert {"setup.sh", "run_autograder", "constraints.txt", "assignments/tiny/master.md"} <= set(names)
    assert f"course-utils[grading] @ file://$root/source/{wheel}" in setup
    assert ">=3.11" in setup
    assert "{" not in setup.replace("${AUTOGRADER_ROOT:-/autograder}", "")
    for script in ("setup.sh", "run_autograder"):
        with zipfile.ZipFile(io.BytesIO(one)) as archive:
            assert subprocess.run(["bash", "-n"], input=archive.read(script)).returncode == 0


def test_what_could_not_be_judged_gets_no_grade(released, place, monkeypatch):
    install(place, released / "one" / "tiny" / "gradescope.zip")
    (place / "submission").mkdir()
    (place / "submission" / "a.ipynb").write_text(notebook(*RIGHT))
    (place / "submission_metadata.json").write_text('{"users": []}')
    monkeypatch.setattr(_autograder, "missing", lambda: None)
    monkeypatch.setattr("course_utils.assignments._pool.must_have", lambda: None)
    monkeypatch.setattr(
        "course_utils.assignments._pool.judge", lambda *_, **__: (_ for _ in ()).throw(_sandbox.EndedError("memory"))
    )
    monkeypatch.setattr("course_utils.assignments._pool._sandbox", lambda case: None)
    with pytest.raises(assignments.AssignmentError, match="not judged: memory"):
        _autograder.main(place)
    assert not (place / "results" / "results.json").exists()


def test_points_that_do_not_divide_evenly_add_up():
    for of, total, right in ((4.0, 3, 2), (2.0, 3, 1), (1.0, 7, 6), (3.0, 4, 0), (5.0, 3, 3)):
        earned = round(of * right / total, 2)
        shares = _autograder._shares(earned, right) + _autograder._shares(of - earned, total - right)
        assert len(shares) == total
        assert round(sum(shares[:right]), 2) == earned
        assert round(sum(shares), 2) == of
