"""Chapters run again when something has changed that can change how they end, and only then."""

import json
import re
import shutil
from types import SimpleNamespace

import nbformat
import pytest

from course_utils import assignments
from course_utils.chapters import find, topic
from tests import chapters, passed
from tests.imports import MODULES, imported


@pytest.fixture
def change(tmp_path):
    """Change a cell of a copy of a chapter."""
    original = next(path for path in find() if topic(path) == "keras-dense")
    copy = tmp_path / original.name
    shutil.copy(original, copy)

    def change(kind, edit):
        notebook = nbformat.read(copy, as_version=4)
        cell = next(cell for cell in notebook.cells if kind(cell))
        edit(cell)
        nbformat.write(notebook, copy)
        return chapters.made_of([copy])

    change.before = chapters.made_of([copy])
    return change


def is_code(cell):
    return cell.cell_type == "code" and cell.source.startswith("import")


def is_compared(cell):
    return "nbval-check-output" in cell.metadata.get("tags", ())


def is_shown_only(cell):
    return cell.cell_type == "code" and cell.outputs and not cell.metadata.get("tags", ())


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        (is_code, lambda cell: cell.update(source=cell.source + "\nimport this")),
        (is_compared, lambda cell: cell.outputs[0].update(text="another number")),
    ],
)
def test_another_cell_or_compared_output_is_another_run(change, kind, edit):
    assert change(kind, edit) != change.before


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        (lambda cell: cell.cell_type == "markdown", lambda cell: cell.update(source="Another sentence.")),
        (is_code, lambda cell: cell.update(source=f"# Why.\n{cell.source}")),
        (is_shown_only, lambda cell: cell.update(outputs=[])),
    ],
)
def test_words_and_what_is_only_shown_are_not(change, kind, edit):
    assert change(kind, edit) == change.before


def test_another_package_room_or_result_is_another_run(change, monkeypatch, tmp_path):
    def now():
        return change(is_code, lambda cell: None)

    with monkeypatch.context() as patch:
        patch.setattr(passed, "version", lambda name: "0.0.1")
        assert now() != change.before
    with monkeypatch.context() as patch:
        (tmp_path / "loader.py").write_text("digits = None", encoding="utf-8")
        patch.setattr(chapters, "_files", lambda: [tmp_path / "loader.py"])
        assert now() != change.before
    with monkeypatch.context() as patch:
        patch.setattr(chapters, "read_provenance", lambda notebook: {"results": {"mnist-vgg": "…"}})
        with_results = now()
        patch.setattr(chapters, "results_digest", lambda name: "measured again")
        assert now() != with_results != change.before
    assert now() == change.before


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the chapters by a stand-in for pytest that ends with a given status; return which it was given."""
    stored = tmp_path / "passed.json"
    monkeypatch.setattr(chapters, "made_of", lambda paths: {topic(path): f"digest of {path.name}" for path in paths})

    def run(status=0, everything=False, names=()):
        commands = []
        monkeypatch.setattr(
            chapters.subprocess,
            "run",
            lambda command, **_: commands.append(command) or SimpleNamespace(returncode=status),
        )
        assert chapters.main(everything, names, stored) == status
        assert "tests/test_wheel.py" in commands[0]
        from_the_wheel = [] if f"not {chapters.RUN_FROM_THE_WHEEL}" in commands[0] else [chapters.RUN_FROM_THE_WHEEL]
        return {topic(word) for word in commands[0] if word.endswith(".ipynb")} | {*from_the_wheel}

    run.stored = stored
    return run


def test_only_what_has_passed_is_left_out(run, monkeypatch, capsys):
    everything = {topic(path) for path in find()}
    assert run(status=1) == everything
    assert not run.stored.exists()
    assert run(names=["attention"]) == {"attention"}
    assert set(json.loads(run.stored.read_text(encoding="utf-8"))) == {"attention"}
    run.stored.unlink()
    assert run() == everything
    assert run() == set()
    assert "not run, because they passed as they are: spiral-mlp, " in capsys.readouterr().out
    assert run(everything=True) == everything
    stored = json.loads(run.stored.read_text(encoding="utf-8"))
    run.stored.write_text(json.dumps(stored | {"attention": "as it was"}), encoding="utf-8")
    assert run(status=1) == {"attention"}
    assert json.loads(run.stored.read_text(encoding="utf-8"))["attention"] == "as it was"
    assert run() == {"attention"}
    assert json.loads(run.stored.read_text(encoding="utf-8")) == stored


def test_a_room_that_counts_whole_stands_on_none_that_does_not():
    for module in MODULES:
        if module.split(".")[1:2] and module.split(".")[1] in chapters.WHOLE_ROOMS:
            below = {name.split(".")[1] for name in imported(module) if name.startswith("course_utils.")}
            assert {name for name in below if name[0] != "_"} <= {*chapters.WHOLE_ROOMS}, module


def test_how_a_result_was_measured_does_not_count_but_how_it_is_read_does():
    counted = {path.name for path in chapters._files() if path.parent.name == "experiments"}
    assert {"_results.py", "_models.py", "__init__.py"} <= counted
    assert not {"_how_big.py", "_cats.py"} & counted


def test_nothing_is_kept_of_what_is_gone():
    kept = passed.passed_before()
    assert {name for name in kept if "/" not in name} <= {topic(path) for path in find()}
    groups = [re.fullmatch(r"(tests/[\w/]+\.py)(?:\[(.+)\])?", name) for name in kept if "/" in name]
    assert all((passed.ROOT / group[1]).is_file() for group in groups)
    assert {group[2] for group in groups if "masters" in group[1] and group[2]} <= {*assignments.names()}
