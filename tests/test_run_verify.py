"""A run stores outputs with what vouches for them or leaves the file alone; a second run agrees with the first."""

import copy
import io
import json
import math
import platform
import re
import sys
from datetime import date
from importlib.metadata import version
from types import SimpleNamespace

import nbformat
import pytest
from rich.console import Console

from course_utils.chapters import ChapterError, Outcome, _execute, check, run, survey, verify
from course_utils.chapters._notebooks import read
from course_utils.chapters._survey import judge
from course_utils.chapters._verify import compare
from course_utils.data import editions
from course_utils.record import Recorded, _environment, environment, read_provenance, read_records

pytestmark = pytest.mark.lasting

TINY = [
    ("import math\nimport time\nfrom course_utils.data import spiral\nfrom course_utils.record import record", {}),
    ("X, y = spiral(20, seed=4)\nrecord(tolerance=0.01, mean=X.mean())\nprint(X.shape)", {}),
    ("", {}),
    ("# slow on purpose\nstart = time.time()\ntime.sleep(0.3)", {}),
    ("record(tolerance=math.inf, seconds=time.time() - start)\nrecord(kind='Shirt', n=len(X))", {}),
    ("1 / 0", {"tags": ["raises-exception"]}),
    ("import sys\nsys.stderr.write('I0000 00:00:1700000000.1 1 cpu.cc:210] notes\\nMind the gap\\n');", {}),
    ("print(len(X), 'points')", {}),
]


def loud(width=120):
    """A console that remembers what a person at a terminal would have seen."""
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


@pytest.fixture(scope="module")
def ran(shared_course):
    """A chapter that was run once, and what its author saw meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_execute, "_WORTH_TELLING", 0.25)
        cells = [shared_course.prose("# Tiny"), *(shared_course.code(code, **meta) for code, meta in TINY)]
        path = shared_course.chapter(*cells)
        shared_course.change(lambda notebook: notebook["metadata"].clear())
        left = [shared_course.recorded("old", 1)]
        for cell in (2, 3):  # the second one has been emptied since
            shared_course.change(lambda notebook, cell=cell: notebook["cells"][cell].update(outputs=left))
        console = loud()
        run([path], console)
    return SimpleNamespace(path=path, notebook=read(path), said=console.file.getvalue(), course=shared_course)


@pytest.fixture
def fails(course):
    """Run a chapter that cannot be run, and return the message of the error."""

    def fails(*sources):
        path = course.chapter(course.code("x = 1", course.recorded("old", 1)), *map(course.code, sources))
        before = path.read_bytes()
        with pytest.raises(ChapterError) as error:
            run([path], Console(quiet=True))
        assert path.read_bytes() == before
        assert [file.name for file in path.parent.iterdir()] == [path.name], "something was left behind"
        return str(error.value)

    return fails


# --- running ----------------------------------------------------------------------------------------------------------


def test_a_run_stores_the_outputs_of_every_cell_in_order(ran):
    code = [cell for cell in ran.notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [source for source, _ in TINY], "the cells themselves stay as they are"
    assert [cell.execution_count for cell in code] == [1, 2, None, 3, 4, 5, 6, 7]
    assert code[-1].outputs == [nbformat.v4.new_output("stream", name="stdout", text="20 points\n")]
    nbformat.validate(ran.notebook)


def test_a_run_stores_the_records_of_this_run_and_no_older_ones(ran):
    records = read_records(ran.path)
    assert list(records) == ["mean", "seconds", "kind", "n"]
    assert records["kind"] == Recorded("kind", "Shirt", 0.0, 5)
    assert records["n"].value == 20
    assert (records["mean"].tolerance, records["seconds"].tolerance) == (0.01, math.inf)
    assert 0.3 <= records["seconds"].value < 30


def test_an_error_that_is_the_lesson_is_stored_and_does_not_stop_the_run(ran):
    [output] = ran.notebook.cells[6].outputs
    assert (output.output_type, output.ename) == ("error", "ZeroDivisionError")


def test_a_warning_is_stored_but_not_what_tensorflow_notes_about_the_processor(ran):
    assert [output.text for output in ran.notebook.cells[7].outputs] == ["Mind the gap\n"]


def test_the_provenance_says_when_how_long_on_what_and_with_what(ran):
    recorded = read_provenance(ran.path)
    told = {"date", "seconds", "data", "editions", "results", "models", "versions", "backend", "hardware"}
    assert set(recorded) == told | {"peak_memory_mb", "code", "pretrained"}
    assert 30 < recorded["peak_memory_mb"] < 2000
    assert recorded["editions"] == {"spiral": editions("spiral")[0]}
    assert (recorded["results"], recorded["models"], recorded["pretrained"]) == ({}, {}, {})
    assert abs((date.today() - date.fromisoformat(recorded["date"])).days) <= 1
    assert 0.3 <= recorded["seconds"] < 120
    assert recorded["data"] == {"spiral": "generated"}
    assert recorded["versions"]["python"] == platform.python_version()
    assert recorded["versions"]["numpy"] == version("numpy")
    assert recorded["versions"]["course-utils"] == version("course-utils")
    assert "keras" not in recorded["versions"], "the chapter has not used it"
    assert recorded["backend"] is None
    assert re.match(r"\d+ cores?, \w+", recorded["hardware"])
    assert recorded["code"]["course_utils"] == {}, "what data gives has an edition, and record shows nothing"


def test_the_file_is_strict_json_that_names_no_kernel_of_this_machine(ran):
    def refuse(constant):
        raise AssertionError(constant)

    metadata = json.loads(ran.path.read_text(encoding="utf-8"), parse_constant=refuse)["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert "version" not in metadata["language_info"]


def test_a_chapter_that_was_just_run_has_nothing_stale_in_it(ran):
    pinned = "".join(f"{n}=={v}\n" for n, v in read_provenance(ran.path)["versions"].items())
    ran.course.write("constraints.txt", pinned)
    assert check(ran.course.folder) == ([], 0)


def test_progress_shows_the_chapter_its_slow_cells_and_the_summary(ran):
    assert "01-tiny ━" in ran.said
    assert "/8" in ran.said, "all cells but the runner's own question are counted"
    assert re.search(r"0\.\d s  cell 4: start = time\.time\(\)", ran.said), "no word about the slow cell"
    assert "cell 2:" not in ran.said, "a word about a quick cell"
    assert re.search(r"✓ 01-tiny: \d+ s, data: spiral generated", ran.said)


def test_nothing_but_the_notebook_is_left_in_its_folder(ran):
    assert [file.name for file in ran.path.parent.iterdir()] == [ran.path.name]


def test_a_cell_that_raises_is_shown_with_its_traceback_and_the_file_stays_as_it_was(fails):
    message = fails("def halve(n):\n    return n / nothing\n\nhalve(2)", "print('never')")
    assert message.startswith(
        "01-tiny.ipynb: cell 1 raised NameError\n\n    def halve(n):\n        return n / nothing\n"
    )
    assert "name 'nothing' is not defined" in message
    assert message.endswith("The file on disk is unchanged.")


def test_a_kernel_that_dies_is_told_with_its_cell_and_its_last_words_and_the_file_stays_as_it_was(fails):
    message = fails("import os\nos.write(2, b'no memory for 9 GB\\n')\nos._exit(1)")
    assert message == (
        "01-tiny.ipynb: the kernel died in cell 1 (os.write(2, b'no memory for 9 GB\\n')), most often because "
        "memory ran out. The file is unchanged. Its last words:\nno memory for 9 GB"
    )


def test_notes_of_a_kernel_that_starts_are_no_last_words(fails):
    notes = (
        r"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        r"I0000 00:00:1795764856.775074   19730 port.cc:153] oneDNN custom operations are on.\n"
        r"0.00s - Debugger warning: It seems that frozen modules are being used, which may\n"
    )
    message = fails(f"import os\nos.write(2, b'{notes}')\nos._exit(1)")
    assert message.endswith("because memory ran out. The file is unchanged. It said nothing.")


def test_a_kernel_that_does_not_start_is_told_in_a_sentence(fails, monkeypatch):
    def start(*args, **kwargs):
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr("nbclient.NotebookClient.execute", start)
    assert fails() == (
        "01-tiny.ipynb: no kernel could be started (Kernel died before replying to kernel_info). The file is unchanged."
    )


# --- what a process tells about itself --------------------------------------------------------------------------------


def test_the_backend_is_named_when_keras_was_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(backend=SimpleNamespace(backend=lambda: "jax")))
    described = environment()
    assert described["backend"] == "jax"
    assert described["versions"]["keras"] == version("keras")
    json.dumps(described, allow_nan=False)


@pytest.mark.parametrize(("cores", "words"), [({0}, "1 core, "), ({0, 1, 5}, "3 cores, ")])
def test_the_cores_that_this_process_may_use_are_counted(monkeypatch, cores, words):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: cores, raising=False)
    assert environment()["hardware"].startswith(words)


def test_a_system_that_does_not_tell_its_memory_or_affinity_is_described_without(monkeypatch):
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.delattr("os.sysconf", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    monkeypatch.setattr(_environment, "_processor", lambda: "")
    assert environment()["hardware"] == f"6 cores, {platform.machine()}"


# --- verifying --------------------------------------------------------------------------------------------------------


def edited(ran, change):
    """A copy of the chapter, beside it, with other stored values."""
    notebook = copy.deepcopy(ran.notebook)
    change(notebook)
    path = ran.path.with_name("02-copy.ipynb")
    nbformat.write(notebook, path)
    return path


def test_a_second_run_agrees_with_the_first_and_leaves_the_file_alone(ran):
    before = ran.path.read_bytes()
    comparisons = verify([ran.path], Console(quiet=True))
    assert ran.path.read_bytes() == before
    assert [c.name for c in comparisons] == ["mean", "seconds", "kind", "n"]
    assert all(c.agrees and c.chapter == "01-tiny" for c in comparisons)
    mean, seconds = comparisons[:2]
    assert mean.stored == mean.fresh
    assert seconds.stored != seconds.fresh, "the second run is a run of its own"


def test_values_that_left_their_tolerance_are_told_from_those_within_it(ran):
    def change(notebook):
        mean = notebook.cells[2].outputs[0].metadata.course
        mean.value += 0.02
        seconds, kind, n = (output.metadata for output in notebook.cells[5].outputs)
        seconds.course.value, kind.course.value = 1e9, "Coat"
        n.scrapbook.name = "gone"
        notebook.cells[5].outputs.append(copy.deepcopy(notebook.cells[5].outputs[0]))
        notebook.cells[5].outputs[-1].metadata.scrapbook.name = "other_backend_seconds"

    comparisons = {c.name: c for c in verify([edited(ran, change)], Console(quiet=True))}
    assert {name: c.agrees for name, c in comparisons.items()} == {
        "mean": False,
        "seconds": True,
        "kind": False,
        "gone": False,
        "other_backend_seconds": True,
        "n": False,
    }
    assert (comparisons["gone"].stored, comparisons["gone"].fresh) == (20, None)
    assert (comparisons["n"].stored, comparisons["n"].fresh) == (None, 20)


def test_numbers_from_other_data_are_not_compared_and_not_even_computed(ran, bare_machine, monkeypatch):
    def change(notebook):
        notebook.metadata.course.recorded.data = {"spiral": "generated", "mnist": "real"}

    monkeypatch.setattr("course_utils.chapters._verify.execute", None)
    expected = (
        "was recorded on real mnist, generated spiral, but here is embedded mnist, generated spiral.*"
        "`course data fetch mnist`, or set COURSE_DATA_DIR"
    )
    with pytest.raises(ChapterError, match=expected):
        verify([ran.path, edited(ran, change)], Console(quiet=True))


def test_data_that_turn_out_to_be_other_ones_are_not_compared_either(ran):
    def change(notebook):
        notebook.metadata.course.recorded.data = {"spiral": "generated", "squares": "real"}

    with pytest.raises(
        ChapterError, match="was recorded on generated spiral, real squares, but here is generated spiral"
    ):
        verify([edited(ran, change)], Console(quiet=True))


def test_a_chapter_that_was_never_run_cannot_be_verified(ran):
    with pytest.raises(ChapterError, match=r"02-copy\.ipynb has no recorded run.*course run 02-copy"):
        verify([edited(ran, lambda notebook: notebook.metadata.clear())])


def test_a_name_recorded_twice_is_told_before_anything_is_run(ran, monkeypatch):
    monkeypatch.setattr("course_utils.chapters._verify.execute", None)
    path = edited(ran, lambda notebook: notebook.cells[5].outputs.append(notebook.cells[5].outputs[-1]))
    with pytest.raises(ChapterError, match=r"02-copy\.ipynb: cells 5 and 5 both record 'n'"):
        verify([path])


def records(**values):
    return {name: Recorded(name, *value, 0) for name, value in values.items()}


@pytest.mark.parametrize(
    ("stored", "fresh", "agrees"),
    [
        ((0.5, 0.1), (0.59, 0.0), True),
        ((0.5, 0.1), (0.61, 9.0), False),  # the recorded run's tolerance counts
        ((0.5, 0.0), (0.5, 0.0), True),
        (("Shirt", 0.0), ("Coat", 0.0), False),
        ((0.5, math.inf), ("now a word", 0.0), True),
        ((0.5, 0.1), None, False),
        (None, (0.5, 0.1), False),
        (("jax", math.inf), None, True),
        (None, (0.5, math.inf), True),
    ],
)
def test_two_values_agree_within_the_tolerance_and_what_depends_on_the_machine_always(stored, fresh, agrees):
    [comparison] = compare(
        "c", records(**({"x": stored} if stored else {})), records(**({"x": fresh} if fresh else {}))
    )
    assert comparison.agrees is agrees
    assert (comparison.stored, comparison.fresh) == (stored and stored[0], fresh and fresh[0])


# --- in other surroundings --------------------------------------------------------------------------------------------


def compared(*values):
    """Comparisons of stored, fresh and tolerance, judged as `verify` does."""
    return [
        comparison
        for number, (stored, fresh, tolerance) in enumerate(values)
        for comparison in compare(
            "c", records(**{f"x{number}": (stored, tolerance)}), records(**{f"x{number}": (fresh, tolerance)})
        )
    ]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ([(0.5, 0.5, 0.1), (3, 3, 0)], Outcome("same", values=2)),
        ([(0.5, 0.55, 0.1), (3, 3, 0)], Outcome("within", values=2, differ=1)),
        ([(0.5, 0.55, 0.1), (3, 4, 0)], Outcome("changed", values=2, differ=2, changed={"x1": [3, 4, 0]})),
        ([(20.0, 35.0, math.inf)], Outcome("same")),  # seconds are another machine's business
    ],
)
def test_a_chapter_is_judged_by_the_worst_of_its_values(values, outcome):
    assert judge(compared(*values)) == outcome


@pytest.mark.slow
def test_a_survey_goes_on_where_a_chapter_breaks_and_reports_every_one(ran, tmp_path):
    def break_it(notebook):
        notebook.cells[2].source = "1 / 0"

    broken = edited(ran, break_it)
    report = tmp_path / "deep" / "newest.json"
    outcomes = survey([broken, ran.path], report, Console(quiet=True))
    assert outcomes["copy"] == Outcome("broken", "02-copy.ipynb: cell 2 raised ZeroDivisionError")
    assert outcomes["tiny"] == Outcome("same", values=3)
    told = json.loads(report.read_text(encoding="utf-8"))
    assert {name: outcome["verdict"] for name, outcome in told["chapters"].items()} == {
        "copy": "broken",
        "tiny": "same",
    }
    assert told["versions"]["numpy"] == version("numpy")
    assert told["versions"]["python"] == platform.python_version()
    assert [path.name for path in report.parent.iterdir()] == ["newest.json"]


def test_a_chapter_without_its_data_is_not_run_and_not_called_broken(ran, tmp_path, bare_machine, monkeypatch):
    monkeypatch.setattr("course_utils.chapters._verify.execute", None)
    path = edited(ran, lambda notebook: notebook.metadata.course.recorded.data.update(mnist="real"))
    (outcome,) = survey([path], tmp_path / "report.json", Console(quiet=True)).values()
    assert outcome.verdict == "not run"
    assert "`course data fetch mnist`" in outcome.why


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("processor\t: 0\nmodel name\t: Intel(R) Xeon(R) CPU E5-2673 v4 @ 2.30GHz\n", "Intel Xeon E5-2673 v4"),
        ("model name\t: AMD EPYC 9V74 80-Core Processor\n", "AMD EPYC 9V74 80-Core"),
        ("Features\t: fp asimd\n", ""),
    ],
)
def test_the_processor_is_named_without_marks_and_clock(monkeypatch, told, named):
    monkeypatch.setattr("pathlib.Path.read_text", lambda path, encoding: told)
    assert _environment._processor() == named


def test_a_package_is_named_with_its_version_whatever_its_distribution_is_called(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="of the module"))
    monkeypatch.setattr(_environment, "_distributions", lambda: {"tensorflow": ["numpy"]})
    assert environment()["versions"]["tensorflow"] == version("numpy")
    monkeypatch.setattr(_environment, "_distributions", dict)
    assert environment()["versions"]["tensorflow"] == "of the module"
