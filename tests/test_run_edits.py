"""A run never costs what its author edited meanwhile, and its own result is never lost: it is stored, or named."""

import copy
import json
import os
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from course_utils.chapters import ChapterError, _run, _store, check, find, run
from course_utils.chapters._merge import merge
from course_utils.chapters._notebooks import read
from course_utils.record import fingerprint

PROSE, FIRST, SECOND = range(3)


@pytest.fixture
def chapter(course):
    """A chapter that was run long ago."""
    course.write("constraints.txt", "")
    return course.chapter(course.prose("# Tiny"), course.code("x = 1"), course.code("print(x)"))


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def as_run(notebook):
    """Leave what a run leaves: in every code cell its source as output."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip():
            count += 1
            cell.outputs, cell.execution_count = [printed(f"ran: {cell.source}")], count
    versions = {"date": "2025-02-01", "data": {}, "versions": {}, "backend": None, "hardware": "2 cores"}
    recorded = {"seconds": 1.0, **versions, "code": fingerprint(notebook)}
    notebook.metadata.course = nbformat.from_dict({"recorded": recorded})
    notebook.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata.language_info = {"name": "python"}
    return notebook


@pytest.fixture
def run_while(course, chapter, monkeypatch, capsys):
    """Run the chapter without a kernel, edit its parsed JSON meanwhile; return what its author reads."""

    def run_while(edit=None):
        def execute(notebook, path, console):
            if edit:
                course.change(edit)
            return as_run(notebook)

        monkeypatch.setattr(_run, "execute", execute)
        run([chapter], Console(width=400))
        return capsys.readouterr().out

    return run_while


def stale(course):
    return {finding.code for finding in check(course.folder)[0]} & {"stale-output", "execution-order", "not-run"}


# --- edits while a chapter runs ---------------------------------------------------------------------------------------


def test_an_edit_saved_while_a_real_kernel_runs_survives(course, capsys):
    edit = (
        "from pathlib import Path\nfile = Path('01-tiny.ipynb')\nwords = 'It ' + 'reaches'\n"
        "file.write_text(file.read_text().replace(words, 'Behold, it reaches'));"
    )
    path = course.chapter(course.prose("It reaches 3."), course.code(edit), course.code("1 + 2"))
    run([path], Console(width=400))
    notebook = read(path)
    assert notebook.cells[PROSE].source == "Behold, it reaches 3."
    assert notebook.cells[SECOND].outputs[0].data["text/plain"] == "3"
    assert "! 01-tiny was edited while it ran: your edit of cell 0 is kept.\n" in capsys.readouterr().out


def test_a_chapter_that_nobody_edited_is_stored_without_a_word(course, chapter, run_while):
    assert run_while() == "✓ 01-tiny: 1 s, data: none\n"
    assert read(chapter).cells[SECOND].outputs == [printed("ran: print(x)")]
    assert stale(course) == set()


def test_edited_prose_is_kept_and_every_output_stored(course, chapter, run_while):
    said = run_while(lambda notebook: notebook["cells"][PROSE].update(source="# Tiny, edited"))
    notebook = read(chapter)
    assert notebook.cells[PROSE].source == "# Tiny, edited"
    assert notebook.cells[FIRST].outputs == [printed("ran: x = 1")]
    assert said.endswith("! 01-tiny was edited while it ran: your edit of cell 0 is kept.\n")
    assert stale(course) == set()


@pytest.mark.parametrize("source", ["print(x + 1)", "print(x)  # the answer"])
def test_a_cell_whose_code_changed_has_no_outputs_and_the_check_asks_for_a_run(course, chapter, run_while, source):
    said = run_while(lambda notebook: notebook["cells"][SECOND].update(source=source))
    notebook = read(chapter)
    assert notebook.cells[SECOND].source == source
    assert (notebook.cells[SECOND].outputs, notebook.cells[SECOND].execution_count) == ([], None)
    assert notebook.cells[FIRST].outputs == [printed("ran: x = 1")]
    assert "your edit of cell 2 is kept" in said
    assert "the code of cell 2 changed, so its outputs are empty: course run 01-tiny\n" in said
    assert stale(course)


@pytest.mark.parametrize(
    "edit",
    [
        lambda notebook: notebook["cells"].pop(SECOND),
        lambda notebook: notebook["cells"].append(notebook["cells"].pop(FIRST)),
    ],
)
def test_code_cells_that_were_removed_or_moved_stay_so_and_the_check_asks_for_a_run(course, chapter, run_while, edit):
    expected = json.loads(chapter.read_text())
    edit(expected)
    said = run_while(edit)
    assert [cell.id for cell in read(chapter).cells] == [cell["id"] for cell in expected["cells"]]
    assert "the order or number of its code cells changed: course run 01-tiny\n" in said
    assert "stale-output" in stale(course)


def test_the_notebooks_own_metadata_of_now_are_kept(chapter, run_while):
    run_while(lambda notebook: notebook["metadata"].update(title="Tiny"))
    metadata = read(chapter).metadata
    assert metadata.title == "Tiny"
    assert metadata.course.recorded.date == "2025-02-01"


SOURCES = st.sampled_from(["", "x = 1", "x = 2", "x = 1  # one", "# only a note", "%matplotlib inline"])
CELLS = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), SOURCES), unique_by=lambda cell: cell[0])


def notebook_of(cells):
    made = [(nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell)(s, id=i) for i, code, s in cells]
    return nbformat.v4.new_notebook(cells=made)


@given(before=CELLS, after=CELLS)
def test_outputs_stand_exactly_where_the_same_code_ran(before, after):
    ran = as_run(notebook_of(before))
    merged = merge(ran, notebook_of(after))
    assert [(c.id, c.cell_type == "code", c.source) for c in merged.notebook.cells] == after
    for cell in merged.notebook.cells:
        if cell.cell_type == "code":
            ran_so = (cell.id, True, cell.source) in before and cell.source.strip()
            assert cell.outputs == ([printed(f"ran: {cell.source}")] if ran_so else [])
    nbformat.validate(merged.notebook)


@given(before=CELLS, after=CELLS)
def test_a_merge_that_says_nothing_about_code_leaves_nothing_for_a_run_to_do(before, after, tmp_path_factory):
    ran = as_run(notebook_of(before))
    merged = merge(copy.deepcopy(ran), notebook_of(after))
    counts = [c.execution_count for c in merged.notebook.cells if c.cell_type == "code" and c.source.strip()]
    vouched = merged.notebook.metadata.course.recorded.code.cells == fingerprint(merged.notebook)["cells"]
    fresh = vouched and counts == list(range(1, len(counts) + 1))
    assert ("course run" in merged.told("01-tiny")) == (not fresh)


# --- results that have no place in their chapter ----------------------------------------------------------------------


def kept(course, message):
    """The result that an error names."""
    path = Path(message.rpartition("What the run gave is in ")[2])
    assert path not in find(folder=course.folder)
    assert path.suffix == ".ipynb"
    return path, read(path)


@pytest.mark.filterwarnings("ignore:Non-unique cell id", "ignore:Cell is missing an id")
@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda path: path.write_text("<<<<<<< HEAD"), "01-tiny.ipynb is not a notebook"),
        (lambda path: path.unlink(), r"01-tiny.ipynb cannot be read \(No such file or directory\)"),
        (lambda path: path.write_text(path.read_text().replace("cell-2", "cell-1")), "cannot be told apart"),
        (lambda path: path.write_text(path.read_text().replace('"id": "cell-2"', '"is": "x"')), "cannot be told apart"),
    ],
)
def test_a_result_that_cannot_be_merged_is_kept_beside_the_chapter(course, chapter, monkeypatch, edit, reason):
    def execute(notebook, path, console):
        edit(path)
        return as_run(notebook)

    monkeypatch.setattr(_run, "execute", execute)
    with pytest.raises(ChapterError, match=reason) as error:
        run([chapter], Console(quiet=True))
    path, result = kept(course, str(error.value))
    assert path.parent == course.folder / "_build" / "run"
    assert result.cells[SECOND].outputs == [printed("ran: print(x)")]
    assert not chapter.exists() or "ran: " not in chapter.read_text()


def test_a_disk_that_fills_up_during_the_run_costs_nothing_but_the_place(
    course, chapter, run_while, monkeypatch, tmp_path
):
    before = chapter.read_bytes()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    replace = Path.replace

    def full(self, target):
        if course.folder in self.parents:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(
        ChapterError, match=r"could not be written \(No space left on device\) and is as it was"
    ) as error:
        run_while()
    path, result = kept(course, str(error.value))
    assert course.folder not in path.parents
    assert result.cells[SECOND].outputs == [printed("ran: print(x)")]
    assert chapter.read_bytes() == before
    assert [file.name for file in chapter.parent.iterdir()] == [chapter.name]


# --- what is known before a run ---------------------------------------------------------------------------------------


@pytest.fixture
def refused(chapter, course, monkeypatch):
    """Run two chapters; the error must come before the first one is executed."""

    def refused(stem="01-tiny"):
        monkeypatch.setattr(_run, "execute", lambda *_: pytest.fail("it ran"))
        first = course.path("00-first")
        if not first.exists():
            course.chapter(course.code("x = 1"), stem="00-first")
        with pytest.raises(ChapterError) as error:
            run([first, course.path(stem)], Console(quiet=True))
        assert "\n" not in str(error.value)
        return str(error.value)

    return refused


def test_a_full_disk_is_known_before_the_run(refused, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**9, 10**9, 5_000_000))
    assert "so nothing was run: 5 MB are free" in refused()


def test_a_folder_that_cannot_be_written_to_is_known_before_the_run(refused, chapter, monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    message = refused()
    assert "could not be stored afterwards (Permission denied), so nothing was run" in message
    assert str(chapter.parent) in message


def test_a_folder_without_write_permission_is_known_before_the_run(refused, course, chapter):
    course.chapter(course.code("x = 1"), stem="00-first")
    chapter.parent.chmod(0o555)
    try:
        if os.access(chapter.parent, os.W_OK):
            pytest.skip("root may write everywhere")
        assert "could not be stored afterwards (Permission denied), so nothing was run" in refused()
    finally:
        chapter.parent.chmod(0o755)


def test_a_write_protected_chapter_is_known_before_the_run(refused, chapter, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != chapter)
    assert refused().startswith("01-tiny.ipynb is write-protected, so nothing was run.")


def test_an_unreadable_chapter_and_a_folder_with_a_chapters_name_are_known_before_the_run(
    refused, chapter, monkeypatch
):
    chapter.unlink()
    chapter.mkdir()
    assert refused() == "01-tiny.ipynb is a folder, not a notebook. Rename it, then try again."

    def deny(self, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", deny)
    assert "cannot be read (Permission denied)" in refused()


# --- two runs at once -------------------------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from course_utils.chapters._store import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


@pytest.fixture
def held(chapter):
    """Another process that runs the chapter."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, chapter], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_chapter_that_is_being_run_is_not_run_twice_but_another_one_is(course, held, refused, monkeypatch):
    assert refused() == (
        "01-tiny.ipynb is being run by another `course run`. Wait for it; other chapters can run meanwhile."
    )
    monkeypatch.setattr(_run, "execute", lambda notebook, *_: as_run(notebook))
    run([course.path("00-first")], Console(quiet=True))
    assert read(course.path("00-first")).cells[0].outputs == [printed("ran: x = 1")]


def test_a_run_that_was_killed_holds_nothing(chapter, held, run_while):
    held.send_signal(signal.SIGKILL)
    held.wait()
    for _ in range(50):  # the system may take a moment
        try:
            with _store.alone(chapter):
                break
        except ChapterError:
            time.sleep(0.1)
    assert "✓ 01-tiny" in run_while()


def test_a_lock_leaves_nothing_beside_the_chapter(chapter, run_while):
    run_while()
    assert [file.name for file in chapter.parent.iterdir()] == [chapter.name]
