"""Outputs on real data are never replaced by those of the sample; on the sample a chapter runs beside them."""

import pytest
from rich.console import Console

from course_utils.chapters import ChapterError, _run, run, run_embedded
from course_utils.chapters._notebooks import read
from course_utils.data import source_of

pytestmark = pytest.mark.lasting

LOAD = "from course_utils.data import mnist\nprint(mnist().source)"


@pytest.fixture
def on_real_data(course, bare_machine):
    """A chapter recorded on real data, which are not here."""
    return course.chapter(course.code(LOAD), data={"mnist": "real"})


def test_a_chapter_recorded_on_real_data_is_not_run_without_them(course, on_real_data, monkeypatch):
    other = course.chapter(course.code("x = 1"), stem="00-other", data={"cats_vs_dogs": "real", "photo": "real"})
    monkeypatch.setattr(_run, "execute", None)
    with pytest.raises(ChapterError) as error:
        run([other, on_real_data], Console(quiet=True))
    assert str(error.value) == (
        "00-other and 01-tiny were recorded on real cats_vs_dogs and mnist, and only the embedded sample is here, so "
        "nothing was run. To get the real data: `course data fetch cats_vs_dogs` and `course data fetch mnist`, or set "
        "COURSE_DATA_DIR to a folder that holds them. To run on the sample, leaving the stored outputs alone: "
        "course run --embedded 00-other 01-tiny"
    )


def test_where_the_sample_is_forced_the_way_out_is_to_stop_forcing_it(on_real_data, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    with pytest.raises(ChapterError, match="To get the real data: unset COURSE_DATA"):
        run([on_real_data], Console(quiet=True))


def test_a_wrong_setting_is_told_before_the_run(on_real_data, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "fake")
    with pytest.raises(ChapterError, match="COURSE_DATA is 'fake'"):
        run([on_real_data], Console(quiet=True))


def test_small_data_that_a_loader_would_download_count_as_real(publish, arrays, npz, monkeypatch):
    publish("mnist", {"mnist.npz": npz(arrays)})
    assert source_of("mnist") == "real"
    monkeypatch.setenv("COURSE_DATA", "embedded")
    assert source_of("mnist") == "embedded"


def test_data_that_turn_out_to_be_unusable_cost_no_real_output(course, on_real_data, monkeypatch):
    before = on_real_data.read_bytes()
    monkeypatch.setattr(_run, "sources_now", dict)  # a broken file looks like a whole one
    monkeypatch.setenv("COURSE_DATA", "embedded")
    with pytest.raises(ChapterError, match=r"01-tiny\.ipynb is unchanged: its outputs are of real mnist") as error:
        run([on_real_data], Console(quiet=True))
    assert on_real_data.read_bytes() == before
    result = course.folder / "_build" / "embedded" / "01-tiny.ipynb"
    assert str(error.value).endswith(f"What the run gave is in {result}")
    assert read(result).cells[0].outputs[0].text == "embedded\n"


def test_on_the_sample_a_chapter_runs_beside_its_stored_outputs(course, on_real_data, capsys):
    before = on_real_data.read_bytes()
    run_embedded([on_real_data], Console(width=40))
    result = course.folder / "_build" / "embedded" / "01-tiny.ipynb"
    assert read(result).cells[0].outputs[0].text == "embedded\n"
    assert on_real_data.read_bytes() == before
    assert [file.name for file in on_real_data.parent.iterdir()] == [on_real_data.name]
    said = capsys.readouterr().out
    assert "data: mnist embedded" in said
    assert f"{result}\n" in said


def test_a_chapter_that_was_never_run_on_real_data_runs_on_what_there_is(course, bare_machine, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    path = course.chapter(course.code(LOAD))
    course.change(lambda notebook: notebook["metadata"].clear())
    run([path], Console(quiet=True))
    assert read(path).cells[0].outputs[0].text == "embedded\n"
