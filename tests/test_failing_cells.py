"""Failing cells are compared by type and last words."""

import subprocess
import sys

import nbformat
import pytest

from tests.failing_cells import last_words

NOT_A_NUMBER = "invalid literal for int() with base 10: 'a'"
SHAPE = "bad shape\n\nArguments received by Dense.call():\n  • inputs={}"
NODE = "Received a label value of 5\n\t [[{{{{node loss}}}}]] [Op:__f_{}]"


def failure(ename, evalue):
    return nbformat.v4.new_output("error", ename=ename, evalue=evalue, traceback=[])


@pytest.mark.parametrize("message", [SHAPE, NODE])
def test_what_keras_and_tensorflow_append_does_not_count(message):
    first, second = ([failure("ValueError", message.format(n))] for n in (1, 2))
    assert last_words(first) == last_words(second)


def test_the_last_line_counts_without_colours():
    assert last_words([failure("ValueError", "in fit\n\x1b[1mthe reason\x1b[0m\n")]) == ("ValueError", "the reason")
    assert last_words([failure("AssertionError", "")]) == ("AssertionError", "")
    assert last_words([nbformat.v4.new_output("stream", text="fine")]) is None


@pytest.mark.slow
def test_a_cell_that_fails_differently_or_not_at_all_is_reported(tmp_path, pytestconfig):
    sources = {"same": "int('a')", "no longer": "int('1')", "another type": "int([])", "another line": "int('b')"}
    cells = [
        nbformat.v4.new_code_cell(
            source,
            execution_count=1,
            outputs=[failure("ValueError", NOT_A_NUMBER)],
            metadata={"tags": ["raises-exception"]},
        )
        for source in sources.values()
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "failing.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "tests.failing_cells", "--nbval-lax", tmp_path / "failing.ipynb"]
    run = subprocess.run(command, cwd=pytestconfig.rootpath, capture_output=True, text=True)
    assert "3 failed, 1 passed" in run.stdout
    assert f"on the page: ('ValueError', \"{NOT_A_NUMBER}\")" in run.stdout
    assert "now: None" in run.stdout
