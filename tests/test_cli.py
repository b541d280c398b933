"""The course command: tables and short messages for people, exit codes for scripts, never a traceback."""

import re
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from course_utils import chapters, cli
from course_utils import data as course_data
from course_utils.chapters import Comparison


@pytest.fixture
def type_in(monkeypatch):
    """Type ``course …`` at a wide terminal; whatever happens, no traceback may come."""
    monkeypatch.setenv("COLUMNS", "200")

    def type_in(*words):
        result = CliRunner().invoke(cli.app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return type_in


@pytest.fixture
def here(course, monkeypatch):
    """Stand in a course of two chapters, the second never run."""
    course.chapter(course.prose("It has 3<!--=n--> legs."), course.code("x = 3", course.recorded("n", 3)))
    course.chapter(course.code("y = 1"), stem="02-more-of-it")
    monkeypatch.chdir(course.folder)
    return course


# --- finding one's way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_lists_every_command_with_a_sentence(type_in, words):
    output = type_in(*words).output
    for command in ("run", "check", "verify", "data"):
        assert re.search(rf"\b{command}\b +[A-Z]\w+ .*\w", output), command


@pytest.mark.parametrize(("wrong", "right"), [("chek", "check"), ("verfy", "verify"), ("dat", "data")])
def test_a_command_that_is_nearly_right_gets_a_suggestion(type_in, wrong, right):
    result = type_in(wrong)
    assert result.exit_code == 2
    assert f"Did you mean '{right}'?" in result.stderr


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_chapter_that_is_nearly_right_gets_the_right_name(type_in, here, command):
    result = type_in(command, "more")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "No chapter is called 'more'. Did you mean 02-more-of-it?\n"


@pytest.mark.parametrize("command", ["run", "check", "verify"])
def test_outside_the_course_every_command_says_so(type_in, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    result = type_in(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is not inside the course" in result.stderr


# --- check ------------------------------------------------------------------------------------------------------------


def test_a_course_in_order_passes_the_check(type_in, here):
    result = type_in("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "✓ 2 chapters: prose, outputs, Markdown and alt texts agree\n"


def test_a_finding_is_one_line_with_place_and_kind_and_makes_the_check_fail(type_in, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")  # a narrow terminal must not break what an editor wants to parse
    here.write("README.md", "4<!--=01-tiny/n--> [legs]\n")
    result = type_in("check")
    assert result.exit_code == 1
    assert result.stdout == "README.md, page: says 4, but n is 3: course check --fix [prose-number]\n"
    assert "1 findings" in result.stderr


def test_fix_repairs_what_it_can_and_then_passes(type_in, here):
    here.write("README.md", "4<!--=01-tiny/n--> legs")
    result = type_in("check", "--fix")
    assert result.exit_code == 0
    assert "1 cells or pages rewritten\n" in result.stdout
    assert here.text("README.md") == "3<!--=01-tiny/n--> legs"


def test_a_broken_notebook_is_named(type_in, here):
    here.path("01-tiny").write_text("<<<<<<< HEAD")
    for command in ("check", "run", "verify"):
        result = type_in(command)
        assert result.exit_code == 1
        assert "01-tiny.ipynb is not a notebook" in result.stderr


# --- run and verify ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_chapter_that_was_run_verifies_and_one_whose_value_moved_does_not(type_in, course, monkeypatch):
    course.chapter(course.code("from course_utils.record import record\nrecord('answer', 42.0, tolerance=0.5)"))
    course.write("constraints.txt", "")
    monkeypatch.chdir(course.folder)
    result = type_in("run", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"✓ 01-tiny: \d+ s, data: none", result.stdout)

    result = type_in("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"01-tiny +│ answer +│ 42 +│ 42 +│ 0\.5 +│ ✓", result.stdout)
    assert result.stdout.endswith("✓ all 1 values within their tolerance\n")
    assert type_in("check").exit_code == 0


def test_values_that_left_their_tolerance_make_verify_fail(type_in, here, monkeypatch):
    comparisons = [Comparison("01-tiny", "acc", 0.98, 0.9123456, 0.02, False), Comparison("a", "b", 1, None, 0.0, True)]
    monkeypatch.setattr(chapters, "verify", lambda paths, console: comparisons)
    result = type_in("verify")
    assert result.exit_code == 1
    assert re.search(r"01-tiny +│ acc +│ 0\.98 +│ 0\.91235 +│ 0\.02 +│ ✗", result.stdout)
    assert "1 of 2 values left their tolerance" in result.stderr


def test_a_cell_that_raises_is_shown_as_it_is_brackets_included(type_in, course, monkeypatch):
    course.chapter(course.code("x = [1, 2]\nraise KeyError('[red] is no key of mine')"))
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(cli.app, ["run"])
    assert result.exit_code == 1
    assert "01-tiny.ipynb: cell 0 raised KeyError" in result.stderr
    assert "[red] is no key of mine" in result.stderr
    assert "nbclient" not in result.output, "the reader's traceback, not ours"


@pytest.mark.slow
def test_ctrl_c_ends_a_run_without_a_traceback_and_leaves_the_file_alone(course):
    path = course.chapter(course.code("import time\nopen('started', 'w').close()\ntime.sleep(100)"))
    before = path.read_bytes()
    command = [sys.executable, "-c", "from course_utils.cli import app; app()", "run"]
    process = subprocess.Popen(command, cwd=course.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(600):
            if path.with_name("started").exists():
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode not in (0, -signal.SIGINT)
    assert "Traceback" not in output
    assert path.read_bytes() == before


# --- data -------------------------------------------------------------------------------------------------------------


def test_the_data_table_says_of_every_data_set_what_is_here_and_how_to_get_the_rest(type_in, bare_machine):
    result = type_in("data")
    assert result.exit_code == 0
    for dataset in course_data.catalogue():
        assert re.search(rf"│ {dataset.name} .*{dataset.available}: ", result.stdout), dataset.name
    assert "course data fetch NAME" in result.stdout


def test_fetching_what_does_not_exist_says_so(type_in, bare_machine):
    result = type_in("data", "fetch", "nonsense")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nonsense" in result.stderr
    assert "fashion_mnist" in result.stderr


def test_fetching_says_where_the_data_is(type_in, publish, arrays, npz):
    publish("mnist", {"mnist.npz": npz(arrays)})
    result = type_in("data", "fetch", "mnist")
    assert result.exit_code == 0
    assert re.search(r"✓ mnist: \S+mnist\.npz", result.stdout)


@pytest.mark.parametrize(("variable", "value"), [("COURSE_DATA", "fake"), ("COURSE_DATA_DIR", "/nowhere/at/all")])
def test_a_wrong_setting_is_explained_by_the_data_table_too(type_in, bare_machine, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    result = type_in("data")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{variable} is {value!r}" in result.stderr
