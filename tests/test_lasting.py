"""Tests that take long run again when something has changed that can change how they end, and only then."""

from pathlib import Path

import pytest

from . import lasting
from .imports import EVERYWHERE, ROOT
from .shown import shown_by

pytest_plugins = ["pytester"]

DOCTOR = EVERYWHERE["tests.doctor.test_pages"]


def made_of(tests, files):
    """What tests that read these files are made of."""
    return lasting.made_of(lasting.read_by(tests, files))


def test_what_a_test_imports_and_the_rooms_that_it_names_are_followed_down():
    helpers, rooms = lasting._reached(frozenset({"tests.doctor.test_pages"}))
    assert {"tests.doctor.backends", "tests.doctor.mend", "tests.doctor.silence"} <= helpers
    assert {"doctor", "network"} <= rooms
    assert not {"plot", "inside", "chapters", "assignments"} & rooms
    helpers, rooms = lasting._reached(frozenset({"tests.assignments.test_masters"}))
    assert {"assignments", "chapters", "data", "record", "pets"} <= rooms
    assert "doctor" not in rooms


def test_a_changed_file_or_room_or_package_is_another_digest(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("One word.", encoding="utf-8")
    before = made_of(DOCTOR, [str(page)])
    assert made_of(DOCTOR, [str(page)]) == before
    page.write_text("Another word.", encoding="utf-8")
    another = made_of(DOCTOR, [str(page)])
    assert another != before
    page.write_text("from course_utils import plot", encoding="utf-8")
    assert lasting._rooms_named(page) == {"course_utils.plot"}
    page.write_text("One word.", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(lasting, "installed", lambda *others: {"python": "3.0"})
        assert made_of(DOCTOR, [str(page)]) != before
    with monkeypatch.context() as patch:
        patch.setattr(lasting, "digest", lambda it: str(it).replace("0", "1") if isinstance(it, dict) else "changed")
        assert "course_utils/doctor/__init__.py" in made_of(DOCTOR, [str(page)])
    assert made_of(DOCTOR, [str(page)]) == before


def test_what_every_test_of_a_folder_shares_counts():
    read = {path.relative_to(ROOT).as_posix() for path in lasting.read_by(EVERYWHERE["tests.book.test_pages"], [])}
    assert {"tests/conftest.py", "tests/book/conftest.py", "tests/book/test_pages.py", "tests/shown.py"} <= read
    assert "tests/labs/conftest.py" not in read


def test_a_page_shows_its_pictures_sheets_and_scripts_and_not_what_it_links_to(tmp_path):
    (tmp_path / "chapters").mkdir()
    for name in ("cat.webp", "small.webp", "book.css", "book.js", "other.html", "font.woff2", "data.ipynb"):
        (tmp_path / name).touch()
    page = tmp_path / "chapters" / "one.html"
    page.write_text(
        """<link href="../book.css?v=1"><link rel="preload" href="../font.woff2"><script src="../book.js"></script>
        <img src="../cat.webp" srcset="../small.webp 480w, ../cat.webp 960w"><a href="../other.html#there">other</a>
        <img src="data:image/png;base64,AAAA"><a href="https://example.org/cat.png"></a><a href="../data.ipynb"></a>
        <img src="../gone.png">"""
    )
    names = [file.name for file in shown_by(page)]
    assert names == ["book.css", "book.js", "cat.webp", "font.woff2", "small.webp"]


def test_caches_do_not_count(tmp_path):
    (tmp_path / "page.md").write_text("One word.", encoding="utf-8")
    before = made_of(DOCTOR, [str(tmp_path)])
    for folder in (".ruff_cache", "__pycache__"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "kept.md").write_text("One word.", encoding="utf-8")
    assert made_of(DOCTOR, [str(tmp_path)]) == before
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "page.md").write_text("One word.", encoding="utf-8")
    assert made_of(DOCTOR, [str(tmp_path)]) != before


TESTS = """
import pytest

@pytest.mark.lasting("{name}.txt")
@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize("half", ["left", "right"])
def test_halves(name, half):
    assert open("halves").read() != name + half

def test_always():
    pass
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run four lasting tests, in two groups, and another one; return how many passed, failed and were left out."""
    stored, read = {}, {"halves", "test_halves.py"}
    monkeypatch.setattr(lasting, "ROOT", pytester.path)
    monkeypatch.setattr(lasting, "read_by", lambda path, files: {Path(pytester.path, name) for name in (*files, *read)})
    monkeypatch.setattr(lasting, "made_of", lambda read: f"made of {sorted(read)[-1].name}")
    monkeypatch.setattr(lasting, "passed_before", lambda: stored)
    monkeypatch.setattr(lasting, "remember", stored.update)
    path = pytester.makepyfile(test_halves=TESTS)
    halves = pytester.path / "halves"

    def once(*words, failing="", undeclared=()):
        read.difference_update(undeclared)
        halves.write_text(failing)
        pytester.makeini("[pytest]\nmarkers = lasting")
        result = pytester.inline_run("-p", "no:cacheprovider", *(words or [str(path)]), plugins=[lasting])
        passed, _, failed = result.countoutcomes()
        return passed, failed, sum(len(call.items) for call in result.getcalls("pytest_deselected"))

    return once


def test_only_groups_that_have_passed_whole_are_left_out(run):
    assert run(failing="oneleft") == (4, 1, 0)
    assert run() == (3, 0, 2), "the group that had passed is left out"
    assert run() == (1, 0, 4)
    assert run("--everything", "test_halves.py") == (5, 0, 0)


def test_another_digest_runs_again(run, monkeypatch):
    assert run() == (5, 0, 0)
    assert run() == (1, 0, 4)
    monkeypatch.setattr(lasting, "made_of", lambda read: "changed")
    assert run() == (5, 0, 0)


def test_a_part_of_a_group_is_not_kept(run):
    assert run("-k", "left", "test_halves.py") == (2, 0, 3)
    assert run("test_halves.py::test_halves") == (4, 0, 0)
    assert run() == (5, 0, 0)


def test_a_file_of_which_the_mark_does_not_tell_may_not_be_read(run):
    assert run(undeclared=["halves"]) == (1, 4, 0)
    assert run() == (1, 4, 0), "and nothing was kept"


@pytest.mark.parametrize(
    ("reader", "counts"), [("hypothesis.internal.constants_ast", False), ("tests.test_some", True)]
)
def test_what_hypothesis_reads_of_all_that_is_imported_does_not_count(reader, counts, tmp_path):
    file = tmp_path / "module.py"
    file.touch()
    lasting._listen()
    lasting._opened.discard(str(file))
    exec("open(file).close()", {"__name__": reader, "file": str(file)})
    assert (str(file) in lasting._opened) == counts
