"""Grading: what is there is kept, what is missing is done, and what a person wrote stays."""

import csv
import dataclasses
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from course_utils import assignments, cli
from course_utils.assignments import _grade, _judge, _master, _pool, _sandbox

from .conftest import MASTER, RIGHT, notebook

pytestmark = pytest.mark.lasting("chapters/assignments", "constraints.txt")

ROOT = Path(__file__).parents[2]
HALF = ("def double(x):\n    return 4", RIGHT[1])


@pytest.fixture
def grade(masters, tmp_path):
    """Grade the folder `in` in the open, since these submissions are ours."""

    def grade(**options):
        options = {"folder": masters, "sandbox": False} | options
        return assignments.grade(tmp_path / "in", "tiny", tmp_path / "out", **options)

    (tmp_path / "in").mkdir()
    return grade


def rows(tmp_path, name="grades.csv"):
    with (tmp_path / "out" / name).open() as file:
        return list(csv.DictReader(file))


def test_a_second_run_does_only_what_is_new(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*RIGHT))
    assert (grade().judged, grade().judged) == (1, 0)
    (tmp_path / "in" / "bob.ipynb").write_text(notebook(*HALF))
    (tmp_path / "in" / "cyd.ipynb").write_text("broken")
    before = (tmp_path / "out" / "results" / "ada.json").read_bytes()
    summary = grade()
    assert (summary.found, summary.judged, summary.graded) == (3, 2, 2)
    assert summary.problems == {"not a notebook: its JSON is broken": 1}
    assert (tmp_path / "out" / "results" / "ada.json").read_bytes() == before
    assert [(row["student"], row["double"], row["numbers"]) for row in rows(tmp_path)] == [
        ("ada", "2.0", "1.0"),
        ("bob", "1.0", "1.0"),
        ("cyd", "", ""),
    ]


def test_a_run_that_is_stopped_loses_no_finished_grade(grade, tmp_path):
    for name in ("ada", "bob", "cyd"):
        (tmp_path / "in" / f"{name}.ipynb").write_text(notebook(*RIGHT))

    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(progress=stop)
    statuses = [row["status"] for row in rows(tmp_path)]
    assert len(statuses) == 3
    assert "graded" in statuses
    assert grade().judged == statuses.count("not graded")
    assert {row["double"] for row in rows(tmp_path)} == {"2.0"}


def test_a_resubmission_is_judged_anew(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*HALF))
    grade()
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*RIGHT))
    assert grade().judged == 1
    assert rows(tmp_path)[0]["double"] == "2.0"


def test_a_question_judged_again_shows_old_points_beside_new_ones(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*HALF))
    grade()
    mended = tmp_path / "mended"
    (mended / "tiny").mkdir(parents=True)
    (mended / "tiny" / "variant.py").write_text("def values(seed):\n    return {'factor': 1}\n")
    (mended / "tiny" / "master.md").write_text(MASTER.replace("for secret in (17, -3.5)", "for secret in (2,)"))
    assert "older master" in " ".join(grade(folder=mended).advice)
    assert grade(folder=mended, regrade="double").judged == 1
    (row,) = rows(tmp_path)
    assert (row["double"], row["double before"], row["numbers"]) == ("2.0", "1.0", "1.0")
    with pytest.raises(assignments.AssignmentError, match="no question 'dobule'; it has double"):
        grade(regrade="dobule")


def test_marks_that_a_person_enters_are_counted_and_never_overwritten(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*RIGHT, "## 3. Why?\nBecause of it."))
    assert "1 written answers wait for a mark" in grade().advice[0]
    assert "Because of it." in (tmp_path / "out" / "feedback" / "ada.html").read_text()
    marks = tmp_path / "out" / "marks.csv"
    # As a spreadsheet of a country with decimal commas saves it.
    marks.write_text("key;student;question;of;mark;comment\nada;ada;why;1;0,5;half a reason\n", encoding="utf-8-sig")
    (tmp_path / "in" / "bob.ipynb").write_text(notebook(*RIGHT))
    grade()
    assert "ada;ada;why;1;0,5;half a reason\n" in marks.read_text()
    assert [row["total"] for row in rows(tmp_path)] == ["3.5", "3.0"]
    assert [row["complete"] for row in rows(tmp_path)] == ["yes", "no"]
    marks.write_text("key,question,mark\nada,why,good\n")
    with pytest.raises(assignments.AssignmentError, match="'good' is no mark"):
        grade()


def test_platforms_get_their_identifiers_back(grade, tmp_path):
    (tmp_path / "in" / "lovelaceada_101_9001_tiny.ipynb").write_text(notebook(*RIGHT))
    folder = tmp_path / "in" / "Bob Ek_12_assignsubmission_file_"
    folder.mkdir()
    (folder / "tiny.ipynb").write_text(notebook(*RIGHT))
    grade()
    marks = tmp_path / "out" / "marks.csv"
    marks.write_text(marks.read_text().replace("why,1,,", "why,1,1,"))
    grade()
    assert [row["ID"] for row in rows(tmp_path, "canvas.csv")] == ["", "101"]
    assert rows(tmp_path, "canvas.csv")[1]["Tiny"] == "4.0"
    assert [(row["Identifier"], row["Grade"]) for row in rows(tmp_path, "moodle.csv")] == [("Participant 12", "4.0")]


def test_everybody_is_judged_by_their_own_variant(grade, masters, tmp_path):
    (tmp_path / "roster.csv").write_text("email\nada@x.org\nbob@x.org\n")
    assignments.release(["tiny"], tmp_path / "handed", roster=tmp_path / "roster.csv", folder=masters)
    variants = tmp_path / "handed" / "tiny" / "variants.csv"
    for row in csv.DictReader(variants.open()):
        factor = int(row["variant"]) + 1
        (tmp_path / "in" / f"{row['email']}.ipynb").write_text(notebook(f"def double(x): return {2 * factor} * x"))
    (tmp_path / "in" / "cyd@x.org.ipynb").write_text(notebook(*RIGHT))
    grade(roster=variants)
    assert [(row["double"], row["status"]) for row in rows(tmp_path)] == [
        ("2.0", "graded"),
        ("2.0", "graded"),
        ("", "not in the roster"),
    ]


def test_a_student_is_known_by_each_name_that_a_platform_writes_unless_two_share_it(grade, masters, tmp_path):
    students = ["Zoë,Ek,7,zoe@x.org", "Ana,Li,8,ana@x.org", "Ana,Li,9,li@x.org", "Bo,Ek,10,bo@x.org"]
    (tmp_path / "roster.csv").write_text("\n".join(["First name,Surname,ID number,Email address", *students]))
    assignments.release(["tiny"], tmp_path / "handed", roster=tmp_path / "roster.csv", folder=masters)
    variants = tmp_path / "handed" / "tiny" / "variants.csv"
    factors = {row["Email address"]: int(row["variant"]) + 1 for row in csv.DictReader(variants.open())}
    # macOS writes an accent as a character of its own; Moodle puts two spaces where a second name is missing.
    for number, name in enumerate(["Zoe\u0308  Ek", "Ana Li", "Cyd Ray"]):
        folder = tmp_path / "in" / f"{name}_{number}_assignsubmission_file_"
        folder.mkdir()
        (folder / "tiny.ipynb").write_text(notebook(f"def double(x): return {2 * factors['zoe@x.org']} * x"))
    (tmp_path / "in" / "bo@x.org.ipynb").write_text(notebook(f"def double(x): return {2 * factors['bo@x.org']} * x"))
    summary = grade(roster=variants)
    assert {row["student"]: (row["double"], row["status"]) for row in rows(tmp_path)} == {
        "Zoë  Ek": ("2.0", "graded"),
        "Ana Li": ("", "several in the roster are called so"),
        "Cyd Ray": ("", "not in the roster"),
        "bo@x.org": ("2.0", "graded"),
    }
    (advice,) = (line for line in summary.advice if "roster" in line)
    assert advice.startswith("1 are not in the roster, such as Cyd Ray or Participant 2; it has zoe@x.org and the like")


def test_two_of_one_name_are_told_apart_by_the_number_that_the_platform_gives_them(grade, masters, tmp_path):
    (tmp_path / "roster.csv").write_text("Identifier,Full name\nParticipant 5,Ana Li\nParticipant 6,Ana Li\n")
    assignments.release(["tiny"], tmp_path / "handed", roster=tmp_path / "roster.csv", folder=masters)
    variants = tmp_path / "handed" / "tiny" / "variants.csv"
    for row in csv.DictReader(variants.open()):
        folder = tmp_path / "in" / f"Ana Li_{row['Identifier'].split()[1]}_assignsubmission_file_"
        folder.mkdir()
        answer = f"def double(x): return {2 * (int(row['variant']) + 1)} * x"
        (folder / "tiny.ipynb").write_text(notebook(answer))
    grade(roster=variants)
    assert [(row["double"], row["status"]) for row in rows(tmp_path)] == [("2.0", "graded")] * 2


def test_three_oral_questions_are_about_the_students_own_work(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(
        notebook("def double(x):\n    return x + x  # mine", "numbers = [4, 1, 1]")
    )
    grade()
    oral = (tmp_path / "out" / "oral" / "ada.html").read_text()
    assert "return x + x  # mine" in oral
    assert "Your numbers are [4, 1, 1]" in oral
    assert oral.count("<b>A good answer:</b>") == 3


def test_copied_reordered_and_broken_cells_are_judged_by_what_they_leave(grade, tmp_path):
    (tmp_path / "in" / "ada.ipynb").write_text(
        notebook("1 / 0", RIGHT[1], "def double(x): return 9", "oh no", RIGHT[0])
    )
    (tmp_path / "in" / "bob.ipynb").write_text(notebook("numbers = [1, 2, 3] + nothing", "def double(y): print(y)"))
    grade()
    assert [(row["double"], row["numbers"]) for row in rows(tmp_path)] == [("2.0", "1.0"), ("0.0", "0.0")]
    told = json.loads((tmp_path / "out" / "results" / "bob.json").read_text())["answers"]
    assert "does it end with `return`?" in told[0]["outcomes"][0]["message"]
    assert "its cell stopped with NameError: name 'nothing' is not defined" in told[1]["outcomes"][0]["message"]


def test_without_a_sandbox_the_command_says_how_to_allow_it_and_stops(monkeypatch, tmp_path):
    monkeypatch.setattr(_sandbox.shutil, "which", lambda name: None)
    words = ["grade", str(tmp_path), "--assignment", "convolution", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 1
    assert "apt-get install bubblewrap" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_number_of_numpy_is_as_whole_for_the_judge_as_for_its_student():
    question = _master.Question("count", "count", 1, 1, ("count", "half"), tests=(_master.Test(WHOLE, True),))
    master = _master.Assignment("m", "m", 0, _sandbox._PACKAGE, (), (question,))
    cell = "import numpy as np\ncount = np.int64(3)\ndef half(x):\n    return np.float32(x) / 2"
    with _sandbox.Zygote((), sandbox=False) as zygote:
        (answer,) = _judge.judge([cell], master, zygote).answers
    assert [outcome.message for outcome in answer.outcomes] == [""]


WHOLE = """
assert isinstance(count, np.integer) and count == 3
assert isinstance(half(3), np.floating) and half(3) == 1.5
"""


@pytest.mark.slow  # imports Keras
def test_a_model_crosses_as_data_and_predicts_inside(sandbox):
    honest = "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"
    patch = "import keras\nkeras.Sequential.count_params = lambda self: 8\nmodel = keras.Sequential([])"
    question = _master.Question("model", "model", 1, 1, ("model",), tests=(_master.Test(TESTS, True),))
    master = _master.Assignment("m", "m", 0, _sandbox._PACKAGE, (), (question,))
    with _sandbox.Zygote(["keras"]) as zygote:
        right, patched, again = (_judge.judge([cell], master, zygote) for cell in (honest, patch, honest))
    assert [verdict.answers[0].status for verdict in (right, patched, again)] == ["passed", "failed", "passed"]


TESTS = """
assert model.count_params() == 8 and model.output_shape == (None, 2)
assert [type(layer).__name__ for layer in model.layers] == ["Dense"]
weights, bias = model.layers[0].get_weights()
assert np.allclose(model.predict(np.eye(3)), weights + bias)
"""


# What a terminal runs, with the masters of these tests.
COMMAND = """
import sys
from pathlib import Path
from course_utils import cli
from course_utils.assignments import _master
home = Path(sys.argv.pop(1))
_master._home = lambda: home
cli.app()
"""


def test_control_c_stops_at_once_and_says_how_to_go_on(masters, tmp_path):
    # A cell that nobody stopped would go on for twenty minutes, longer than is waited for here.
    home = shutil.copytree(masters, tmp_path / "masters")
    master = home / "tiny" / "master.md"
    master.write_text(master.read_text().replace("seconds: 1\n", "seconds: 60\n"))
    (tmp_path / "in").mkdir()
    signs = tmp_path / "signs"
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*RIGHT))
    for name in ("bob", "cyd"):
        begun = f"open({str(signs)!r}, 'a').write('{name} ')"
        (tmp_path / "in" / f"{name}.ipynb").write_text(notebook(f"{begun}\nimport time\ntime.sleep(6000)", *RIGHT))
    words = ["grade", "in", "--assignment", "tiny", "--out", "out", "--no-sandbox"]
    words = [sys.executable, "-c", COMMAND, str(home), *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    # Whoever started the tests in the background of a shell has them, and all they start, pass over Ctrl-C.
    listens = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=listens
    ) as process:
        deadline = time.monotonic() + 120
        while not signs.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        below = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        try:
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert process.returncode == 130
    assert said.splitlines()[-1] == "Stopped. What is judged is kept: give the same command again to go on."
    assert signs.read_text() == "bob ", "nothing began anew"
    assert len(below) >= 3, "a sandbox, what holds a runner to its limits, and the runner"
    _, left = psutil.wait_procs(below, timeout=10)
    assert not left
    statuses = {row["student"]: row["status"] for row in rows(tmp_path)}
    assert statuses == {"ada": "graded", "bob": "not graded", "cyd": "not graded"}


@pytest.fixture
def interrupts():
    """Choose what Ctrl-C does, for the length of a test."""
    before = signal.getsignal(signal.SIGINT)
    yield functools.partial(signal.signal, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_the_first_control_c_waits_until_nothing_is_half_done_and_the_second_does_not(interrupts):
    interrupts(signal.default_int_handler)
    with _grade._interrupts_wait() as may_stop:
        may_stop()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            may_stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_passes_over_control_c_goes_on_doing_so(interrupts):
    interrupts(signal.SIG_IGN)  # as a shell starts what runs in its background
    with _grade._interrupts_wait() as may_stop:
        signal.raise_signal(signal.SIGINT)
        may_stop()


def test_a_sandbox_that_ends_costs_no_points(grade, tmp_path):
    # Without walls a student's code can end what forks its runner, as a machine that is out of memory does.
    end = "import psutil\ndef double(x):\n    psutil.Process().parent().parent().kill()\n    raise SystemExit"
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(end, RIGHT[1]))
    (tmp_path / "in" / "bob.ipynb").write_text(notebook(*RIGHT))
    assert grade().graded == 1
    ada, bob = rows(tmp_path)
    assert (ada["status"].partition(":")[0], ada["numbers"]) == ("not judged", "")
    assert (bob["status"], bob["double"]) == ("graded", "2.0")


# --- on a cluster -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hand_in(tmp_path):
    """Put notebooks into the folder `in`: some right, one half right, one that hangs, one broken."""

    def hand_in(n):
        for k in range(n):
            cells = {1: HALF, 2: ("while True: pass", RIGHT[1])}.get(k, RIGHT)
            (tmp_path / "in" / f"student{k}.ipynb").write_text(notebook(*cells))
        (tmp_path / "in" / "torn.ipynb").write_text("broken")

    return hand_in


def all_but_seconds(tmp_path):
    return [{name: value for name, value in row.items() if "seconds" not in name} for row in rows(tmp_path)]


@pytest.fixture
def dask_programs(tmp_path):
    """A scheduler and two workers, programs of their own; answers with its address and the processes."""
    pytest.importorskip("distributed", reason="install the extra: pip install .[cluster]")
    started = []

    def start(*words):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        started.append(subprocess.Popen([sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], **quiet))

    def cluster():
        file = tmp_path / "scheduler.json"
        start("dask_scheduler", "--scheduler-file", str(file), "--port", "0", "--no-dashboard", "--host", "127.0.0.1")
        deadline = time.monotonic() + 60
        while not file.exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        for _ in range(2):
            start("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard")
        return json.loads(file.read_text())["address"], started

    yield cluster
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_killed_worker_changes_no_grade(grade, hand_in, dask_programs, tmp_path):
    hand_in(8)
    grade()
    here = all_but_seconds(tmp_path)
    shutil.rmtree(tmp_path / "out")
    address, (_, victim, _) = dask_programs()

    def kill_one(done, of):
        if done == 2:
            victim.kill()

    summary = grade(scheduler=address, progress=kill_one)
    assert (summary.found, summary.judged, summary.graded) == (9, 9, 8)
    assert all_but_seconds(tmp_path) == here


@pytest.mark.slow
def test_a_killed_scheduler_loses_no_finished_grade_and_the_next_run_gives_the_rest(
    grade, hand_in, dask_programs, tmp_path
):
    hand_in(8)
    grade()
    here = all_but_seconds(tmp_path)
    shutil.rmtree(tmp_path / "out")
    address, (scheduler, *_) = dask_programs()

    def kill_it(done, of):
        if done == 3:
            scheduler.kill()

    with pytest.raises(assignments.AssignmentError, match="the scheduler is gone"):
        grade(scheduler=address, progress=kill_it)
    statuses = [row["status"] for row in rows(tmp_path)]
    assert "graded" in statuses
    with pytest.raises(assignments.AssignmentError, match="no dask scheduler answers at"):
        grade(scheduler=address)
    assert grade().judged == statuses.count("not graded")
    assert all_but_seconds(tmp_path) == here


def test_a_worker_with_another_release_stops_the_run(masters):
    case = dataclasses.replace(_pool.Case((), assignments.load("tiny", 0, masters), sandbox=False), edition="older")
    with pytest.raises(assignments.AssignmentError, match="another release of the course"):
        _pool.hear(case)


def test_what_could_not_be_judged_is_tried_again(grade, tmp_path, monkeypatch):
    (tmp_path / "in" / "ada.ipynb").write_text(notebook(*RIGHT))
    with monkeypatch.context() as patch:
        patch.setattr(_pool, "judge", lambda *_, **__: (_ for _ in ()).throw(_sandbox.EndedError("memory")))
        assert grade().problems == {"not judged: memory": 1}
    assert (grade().judged, rows(tmp_path)[0]["double"]) == (1, "2.0")
    assert not _pool._opened
