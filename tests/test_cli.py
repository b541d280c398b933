"""The course command: tables and short messages for people, exit codes for scripts, never a traceback."""

import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_utils import chapters, cli, experiments
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
    for command in ("run", "check", "renumber", "verify", "spread", "data"):
        assert re.search(rf"\b{command}\b +[A-Z]\w+ .*\w", output), command


@pytest.mark.parametrize(("wrong", "right"), [("chek", "check"), ("verfy", "verify"), ("dat", "data")])
def test_a_command_that_is_nearly_right_gets_a_suggestion(type_in, wrong, right):
    result = type_in(wrong)
    assert result.exit_code == 2
    assert f"Did you mean '{right}'?" in result.stderr


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_chapter_that_is_nearly_right_gets_the_right_name(type_in, here, command):
    result = type_in(command, "more-fo-it")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "No chapter is called 'more-fo-it'. Did you mean more-of-it?\n"


@pytest.mark.parametrize("command", ["run", "check", "renumber", "verify"])
def test_outside_the_course_every_command_says_so(type_in, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    result = type_in(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is not inside the course" in result.stderr


def test_the_version_is_that_of_the_package(type_in):
    result = type_in("--version")
    assert (result.exit_code, result.stdout) == (0, f"course-utils {version('course-utils')}\n")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("words", [["--help"], ["data"], ["check"], ["run", "1"], ["run", "nothing"]])
def test_a_terminal_without_unicode_gets_legible_text(here, encoding, words):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COURSE_DATA": "embedded", "COLUMNS": "200"}
    command = [sys.executable, "-c", "from course_utils.cli import app; app()", *words]
    result = subprocess.run(command, cwd=here.folder, env=environment, capture_output=True, encoding=encoding)
    said = result.stdout + result.stderr
    assert "Traceback" not in said
    assert "UnicodeEncodeError" not in said
    assert "?" not in said.replace("Did you mean tiny?", ""), said
    assert result.returncode == (words == ["run", "nothing"])
    if words in (["check"], ["run", "1"]):
        # On a slow machine the seconds of slow cells come first.
        assert any(told.startswith("ok ") for told in said.splitlines())


# --- check ------------------------------------------------------------------------------------------------------------


def test_a_course_in_order_passes_the_check(type_in, here):
    result = type_in("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "✓ 2 chapters: prose, outputs, Markdown and alt texts agree\n"


def test_a_finding_is_one_line_with_place_and_kind_and_makes_the_check_fail(type_in, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")  # a narrow terminal must not break what an editor wants to parse
    here.write("README.md", "4<!--=tiny/n--> [legs]\n")
    result = type_in("check")
    assert result.exit_code == 1
    assert result.stdout == "README.md, page: says 4, but n is 3: course check --fix [prose-number]\n"
    assert "1 findings" in result.stderr


def test_fix_repairs_what_it_can_and_then_passes(type_in, here):
    here.write("README.md", "4<!--=tiny/n--> legs")
    result = type_in("check", "--fix")
    assert result.exit_code == 0
    assert "1 cells or pages rewritten\n" in result.stdout
    assert here.text("README.md") == "3<!--=tiny/n--> legs"


def test_a_broken_notebook_is_named(type_in, here):
    here.path("01-tiny").write_text("<<<<<<< HEAD")
    for command in ("check", "run", "verify"):
        result = type_in(command)
        assert result.exit_code == 1
        assert "01-tiny.ipynb is not a notebook" in result.stderr


def test_a_chapter_that_is_named_is_checked_and_fixed_alone(type_in, here):
    wrong = here.prose("It has 4<!--=tiny/n--> legs.")
    here.chapter(wrong, here.code("y = 1"), stem="02-more-of-it")
    here.chapter(wrong, here.code("y = 1"), stem="03-yet-more")
    here.write("README.md", "4<!--=tiny/n--> legs")
    assert type_in("check", "1").stdout == "✓ 1 chapter: prose, outputs, Markdown and alt texts agree\n"

    result = type_in("check", "2")
    assert result.exit_code == 1
    assert result.stdout == "02-more-of-it.ipynb, cell 0: says 4, but n is 3: course check --fix [prose-number]\n"

    before = here.path("03-yet-more").read_bytes()
    assert type_in("check", "--fix", "2").exit_code == 0
    assert "3<!--=tiny/n--> legs" in here.path("02-more-of-it").read_text()
    assert here.path("03-yet-more").read_bytes() == before
    assert here.text("README.md") == "4<!--=tiny/n--> legs"


@pytest.mark.parametrize("command", ["check", "run", "verify"])
def test_a_chapter_that_may_not_be_read_is_told_in_one_sentence(type_in, here, monkeypatch, command):
    read_text = Path.read_text

    def deny(self, **options):
        if self.suffix == ".ipynb":
            raise PermissionError(13, "Permission denied")
        return read_text(self, **options)

    monkeypatch.setattr(Path, "read_text", deny)
    result = type_in(command)
    assert (result.exit_code, result.stdout) == (1, "")
    path = here.path("01-tiny")
    assert result.stderr == f"01-tiny.ipynb cannot be read (Permission denied): {path}\n"


def test_what_the_system_refuses_is_one_sentence(type_in, here, monkeypatch):
    def refuse(self, content):
        raise PermissionError(13, "Permission denied", str(self))

    here.write("README.md", "4<!--=tiny/n--> legs")
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    result = type_in("check", "--fix")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Permission denied: {here.folder / 'README.md'}\n"


# --- renumber ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def swapped(here):
    here.write("_toc.yml", "chapters:\n- file: chapters/02-more-of-it\n- file: chapters/01-tiny\n")
    here.write("README.md", "[chapter 2](chapters/02-more-of-it.ipynb) and chapter 1")
    (here.folder / "course_utils").mkdir()
    here.write("course_utils/tool.py", "# of chapter 1\n")
    return here


def test_renumbering_says_what_it_did_and_what_is_left_to_do(type_in, swapped):
    result = type_in("renumber")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "02-more-of-it.ipynb → 01-more-of-it.ipynb",
        "01-tiny.ipynb → 02-tiny.ipynb",
        "✓ 2 chapters renamed, 5 mentions rewritten",
    ]
    assert result.stderr == "tool.py, line 1: chapter 1 is chapter 2 now, but stands in code: change it by hand\n"
    assert swapped.text("README.md") == "[chapter 1](chapters/01-more-of-it.ipynb) and chapter 2"


def test_a_dry_run_prints_every_change_and_makes_none(type_in, swapped):
    result = type_in("renumber", "--dry-run")
    assert "README.md, line 1: chapter 1 → chapter 2\n" in result.stdout
    assert "_toc.yml, line 3: 01-tiny → 02-tiny\n" in result.stdout
    assert result.stdout.endswith("5 mentions rewritten if not for --dry-run\n")
    assert swapped.path("02-more-of-it").is_file()


def test_what_cannot_be_renumbered_is_explained(type_in, here):
    here.path("01-tiny").unlink()
    result = type_in("renumber")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "_toc.yml lists chapters/01-tiny.ipynb, but there is no such file" in result.stderr


# --- bench ------------------------------------------------------------------------------------------------------------


def test_bench_takes_experiments_and_chapters_by_topic_number_or_file_name(type_in, course, monkeypatch):
    course.chapter(course.code("x"), stem="01-cats-vs-dogs")
    monkeypatch.chdir(course.folder)
    asked = []
    monkeypatch.setattr(experiments, "bench", lambda names, *_, **__: asked.append(names) or 0)
    for name in ("1", "01-cats-vs-dogs", "cats-vs-dogs", "cats-sprint"):
        assert type_in("bench", name).exit_code == 0
    assert asked == [["cats-vs-dogs"], ["cats-vs-dogs"], ["cats-vs-dogs"], ["cats-sprint"]]
    result = type_in("bench", "2")
    assert (result.exit_code, "There is no chapter 2" in result.stderr) == (1, True)


# --- run and verify ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_chapter_that_was_run_verifies_and_one_whose_value_moved_does_not(type_in, course, monkeypatch):
    course.chapter(course.code("from course_utils.record import record\nrecord(tolerance=0.5, answer=42.0)"))
    course.write("constraints.txt", "")
    monkeypatch.chdir(course.folder)
    result = type_in("run", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"✓ 01-tiny: \d+ s, data: none", result.stdout)

    result = type_in("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"01-tiny +│ answer +│ 42 +│ 42 +│ 0\.5 +│ +│ ✓", result.stdout)
    assert result.stdout.endswith("✓ all 1 values within their tolerance\n")
    assert type_in("check").exit_code == 0


def test_values_that_left_their_tolerance_make_verify_fail(type_in, here, monkeypatch):
    comparisons = [
        Comparison("01-tiny", "acc", 0.98, 0.9123456, 0.02, False, "3rd of 10"),
        Comparison("a", "b", 1, None, 0.0, True),
    ]
    monkeypatch.setattr(chapters, "verify", lambda paths, console: comparisons)
    result = type_in("verify")
    assert result.exit_code == 1
    assert re.search(r"01-tiny +│ acc +│ 0\.98 +│ 0\.91235 +│ 0\.02 +│ 3rd of 10 +│ ✗", result.stdout)
    assert "1 of 2 values left their tolerance" in result.stderr


def test_a_survey_is_a_table_and_fails_unless_every_chapter_holds(type_in, here, monkeypatch):
    outcomes = {"tiny": chapters.Outcome("within", values=12, differ=3)}
    asked = []
    monkeypatch.setattr(chapters, "survey", lambda paths, report, console: asked.append(report) or outcomes)
    result = type_in("verify", "--report", "elsewhere.json")
    assert (result.exit_code, result.stderr, asked) == (0, "", [Path("elsewhere.json")])
    assert re.search(r"tiny +│ within +│ 12 +│ 3", result.stdout)
    assert result.stdout.endswith("✓ 1 chapters hold\n")

    outcomes["more-of-it"] = chapters.Outcome("not run", "its data are [elsewhere]")
    result = type_in("verify", "--report", "elsewhere.json")
    assert result.exit_code == 1
    assert "its data are [elsewhere]" in result.stdout
    assert "1 of 2 chapters changed, broke or could not be run" in result.stderr


def test_a_report_that_cannot_be_written_is_told_before_anything_is_run(type_in, here, monkeypatch):
    monkeypatch.setattr("course_utils.chapters._verify.execute", None)
    here.write("taken", "")
    result = type_in("verify", "--report", "taken/report.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "taken" in result.stderr


def test_a_cell_that_raises_is_shown_as_it_is_brackets_included(type_in, course, monkeypatch):
    course.chapter(course.code("x = [1, 2]\nraise KeyError('[red] is no key of mine')"))
    monkeypatch.chdir(course.folder)
    result = CliRunner().invoke(cli.app, ["run"])
    assert result.exit_code == 1
    assert "01-tiny.ipynb: cell 0 raised KeyError" in result.stderr
    assert "[red] is no key of mine" in result.stderr
    assert "nbclient" not in result.output, "the reader's traceback, not ours"


@pytest.mark.slow
def test_ctrl_c_ends_a_run_with_one_line_and_leaves_the_file_alone(course):
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
    assert process.returncode == 130
    assert output == "Stopped. 01-tiny.ipynb is unchanged.\n"
    assert path.read_bytes() == before


def test_stale_runs_exactly_the_chapters_that_the_check_finds_stale_and_says_why(type_in, here, monkeypatch):
    ran = []
    monkeypatch.setattr(chapters, "run", lambda paths, console: ran.extend(path.stem for path in paths))
    here.chapter(here.code("y = 2"), stem="03-never-run")
    here.change(lambda notebook: notebook["metadata"].clear(), stem="03-never-run")
    result = type_in("run", "--stale")
    assert ran == ["03-never-run"]
    assert result.stdout == "03-never-run is stale: has no recorded run\n"

    here.change(lambda notebook: notebook["cells"][0].update(source="y = 3"), stem="02-more-of-it")
    result = type_in("run", "--stale", "1", "2")
    assert ran == ["03-never-run", "02-more-of-it"]
    assert result.stdout == "02-more-of-it is stale: its code changed after the recorded run\n"


def test_nothing_is_run_when_nothing_is_stale(type_in, here, monkeypatch):
    here.write("README.md", "4<!--=tiny/n--> legs")  # a fault, but none that a run would mend
    before = here.path("01-tiny").read_bytes()
    result = type_in("run", "--stale")
    assert (result.exit_code, result.stdout) == (0, "✓ nothing is stale\n")
    assert here.path("01-tiny").read_bytes() == before


def test_without_real_data_run_says_so_and_runs_beside_the_chapter_when_asked(type_in, here, bare_machine):
    path = here.chapter(here.code("from course_utils.data import mnist\nmnist().source"), data={"mnist": "real"})
    before = path.read_bytes()
    result = type_in("run", "1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "so nothing was run. To get the real data: `course data fetch mnist`" in result.stderr
    assert type_in("verify", "1").exit_code == 1

    result = type_in("run", "--embedded", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{here.folder / '_build' / 'embedded' / '01-tiny.ipynb'}\n" in result.stdout
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
