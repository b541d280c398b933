"""`course doctor SCRIPT.py` runs a script as Python does, and explains what stops it."""

import io
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from course_utils import cli
from course_utils.doctor._shown import _script

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow

FAILS = """
import keras

def build():
    return keras.layers.Dense(
        2, activaton="relu")

build()
"""


def run(tmp_path, source, *arguments, **options):
    path = tmp_path / "script.py"
    path.write_text(source, encoding="utf-8")
    out = io.StringIO()
    status = _script.run(path, arguments, console=Console(file=out, width=120), **options)
    return status, out.getvalue()


def test_the_doctor_costs_next_to_nothing_until_it_is_called():
    heavy = "{'keras', 'tensorflow', 'jax', 'torch', 'pandas', 'matplotlib', 'IPython'}"
    source = (
        f"import sys, course_utils.doctor as d; d.explain, d.load_ipython_extension; print({heavy} & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_script_runs_as_main_with_its_own_arguments(tmp_path, capsys):
    (tmp_path / "beside.py").write_text("number = 7", encoding="utf-8")
    before = sys.argv, list(sys.path)
    status, said = run(tmp_path, "import sys, beside\nprint(__name__, sys.argv[1:], beside.number)", "-v", "x")
    assert (status, said) == (0, "")
    assert capsys.readouterr().out == "__main__ ['-v', 'x'] 7\n"
    assert (sys.argv, sys.path) == before


@pytest.mark.parametrize(
    "source",
    ["", "import sys; sys.exit()", "import sys; sys.exit(3)", "import sys; sys.exit('bad')", "1 / 0", "def f(:"],
)
def test_the_exit_status_is_pythons(tmp_path, source):
    status, said = run(tmp_path, source)
    python = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True)
    assert status == python.returncode
    assert said.splitlines()[-1:] == python.stderr.splitlines()[-1:]


def test_an_interrupted_script_ends_as_a_shell_reports_it(tmp_path):
    assert run(tmp_path, "raise KeyboardInterrupt")[0] == 130


def test_a_missing_script_is_named(tmp_path):
    out = io.StringIO()
    assert _script.run(tmp_path / "none.py", console=Console(file=out, width=500)) == 2
    assert "none.py" in out.getvalue()


def test_a_notebook_is_told_how_it_gets_a_doctor_of_its_own(tmp_path):
    (tmp_path / "my.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "x": null}')
    said = io.StringIO()
    assert _script.run(tmp_path / "my.ipynb", console=Console(file=said, width=40)) == 1
    assert said.getvalue().count("\n") == 1
    assert "my.ipynb is a notebook, not a script" in said.getvalue()
    assert "%load_ext course_utils.doctor" in said.getvalue()
    assert "jupyter nbconvert --to script" in said.getvalue()


def test_an_unknown_error_is_shown_as_python_shows_it(tmp_path):
    _, said = run(tmp_path, "def f():\n    return 1 / 0\n\nf()\n")
    python = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True)
    assert said.rstrip() == python.stderr.rstrip()


def test_ones_own_line_comes_first_then_the_finding_then_a_short_traceback(tmp_path):
    status, said = run(tmp_path, FAILS)
    assert status == 1
    order = [
        "line 8:",
        "build()",
        "line 5, in build",
        'activaton="relu")',
        "unknown-name",
        'Do: activation="relu"',
        "Traceback",
    ]
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert "folded away; --full shows them" in said
    assert "site-packages" not in said
    assert said.rstrip().splitlines()[-1].startswith("ValueError: Unrecognized keyword arguments")


def test_the_whole_traceback_is_one_option_away(tmp_path):
    _, said = run(tmp_path, FAILS, full=True)
    assert "folded away" not in said
    assert "site-packages" in said


def test_the_command_passes_everything_behind_the_script_on_to_it(tmp_path):
    path = tmp_path / "script.py"
    path.write_text("import sys\nsys.exit(len(sys.argv))", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["doctor", str(path), "--full", "-x", "3"])
    assert result.exit_code == 4


def test_the_command_explains_in_a_terminal_too(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(FAILS, encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["doctor", str(path)])
    assert result.exit_code == 1
    assert "unknown-name" in result.stderr


def test_an_error_that_the_doctor_does_not_know_still_gets_its_line_its_values_and_a_short_traceback(tmp_path):
    source = (
        "import keras, numpy as np\nX, names = np.ones((4, 3), 'float32'), ['a', 'b']\nkeras.ops.reshape(X, (5, 7))\n"
    )
    status, said = run(tmp_path, source)
    assert status == 1
    assert "keras.ops.reshape(X, (5, 7))" in said
    assert "X: ndarray of shape (4, 3), float32" in said
    assert "folded away; --full shows them" in said
    assert "site-packages" not in said
