"""``python -m tests`` runs every part once, no more at a time than there are cores, and says what failed."""

import inspect
import re
import shlex
import sys
import threading
import time
from pathlib import Path

import pytest

from tests import __main__ as parts
from tests import chapters

ROOT = Path(__file__).parent.parent


def says(text, status=0):
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(f'print({text!r}); raise SystemExit({status})')}"


@pytest.fixture
def declare(monkeypatch):
    """Replace the parts by others, without the clean-up that a real book needs."""
    monkeypatch.setattr(parts.shutil, "rmtree", lambda *_, **__: None)
    return lambda **declared: monkeypatch.setattr(parts, "PARTS", declared)


def test_parts_share_the_cores_and_never_want_more(declare, monkeypatch):
    declare(a=parts.Part(()), b=parts.Part(()), c=parts.Part(()), d=parts.Part((), cores=2), e=parts.Part(()))
    busy, most, lock = [0], [], threading.Lock()

    def run(name, alone):
        with lock:
            busy[0] += parts.PARTS[name].cores
            most.append(busy[0])
        time.sleep(0.05)
        with lock:
            busy[0] -= parts.PARTS[name].cores
        return parts.Result(True, 0.05)

    monkeypatch.setattr(parts, "run", run)
    assert list(parts.run_all(list("abcde"))) == list("abcde")
    assert len(most) == 5
    assert max(most) == parts.CORES


def test_a_failed_part_is_named_and_counts_and_what_needs_it_is_not_run(declare, capfd):
    declare(
        good=parts.Part((says("fine"),)),
        book=parts.Part((says("broken", 3), says("never reached"))),
        browser=parts.Part((says("never run"),), cores=2, needs=("book",)),
    )
    assert parts.main(["good", "book", "browser"]) == 2
    said = capfd.readouterr().out
    assert "never" not in said
    assert "=== browser\nnot run, because book failed" in said
    assert [line.split()[0] for line in said.splitlines() if " s  " in line][:3] == ["passed", "FAILED", "FAILED"]
    assert said.endswith("parts: 1 passed, 2 failed: book, browser\n")


def test_a_part_without_what_it_needs_takes_what_is_there(declare, capfd):
    declare(book=parts.Part((says("built"),)), browser=parts.Part((says("looked"),), cores=2, needs=("book",)))
    assert parts.main(["browser"]) == 0
    said = capfd.readouterr().out
    assert "looked" in said
    assert "built" not in said


def test_what_parts_say_side_by_side_is_not_mixed(declare, capfd):
    lines = [says("one\ntwo"), says("three")]
    declare(left=parts.Part(tuple(lines)), right=parts.Part(tuple(lines)))
    assert parts.main(["left", "right"]) == 0
    said = capfd.readouterr().out
    for name in ("left", "right"):
        assert f"=== {name}\none\ntwo\nthree\n" in said


def test_an_unknown_part_is_answered_with_the_known_ones(capsys):
    assert parts.main(["units"]) == 2
    said = capsys.readouterr().out
    assert "units" in said
    assert all(name in said for name in parts.PARTS)


def test_what_the_unit_tests_leave_out_belongs_to_another_part():
    ignored = re.findall(r"--ignore=(\S+)", parts.UNIT)
    others = " ".join((*parts.PARTS["browser"].commands, inspect.getsource(chapters)))
    assert ignored
    assert all(path in others for path in ignored)
    assert set(parts.EVERYTHING) == set(parts.PARTS) - {"fast", "coverage", "all-unit", "all-browser", "all-chapters"}
