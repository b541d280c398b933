"""`course doctor SCRIPT.py` runs a script as Python does, and explains what stops it."""

import importlib.util
import io
import json
import re
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from course_utils import cli
from course_utils.doctor.__main__ import main
from course_utils.doctor._shown import _script

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]

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


# --- before a training

TRAINS = """
import os
os.environ["KERAS_BACKEND"] = os.environ.get("KERAS_BACKEND", "tensorflow")
import numpy as np
import keras

X, y = np.eye(4, dtype="float32")[np.arange(40) % 4], np.arange(40) % 4
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"),
                          keras.layers.Dense({units}, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")

def train():
    model.fit(
        X, y, 8, {epochs}, 0)

try:
    train()
except Exception as error:
    print("kept", type(error).__name__)
print("trained")
"""


def test_an_error_before_a_training_ends_the_script_there(tmp_path, capsys):
    status, said = run(tmp_path, TRAINS.format(units=3, epochs=1), before=True)
    assert status == 1
    assert "line 13, in train" in said
    assert "labels-out-of-range" in said
    assert capsys.readouterr().out == ""  # not even the script's own except or what is behind it


def test_without_being_asked_it_looks_at_no_training(tmp_path, capsys):
    run(tmp_path, TRAINS.format(units=3, epochs=1))
    assert capsys.readouterr().out.endswith("trained\n")


def test_a_right_training_runs_and_nothing_is_said(tmp_path, capsys):
    assert run(tmp_path, TRAINS.format(units=4, epochs=1), before=True) == (0, "")
    assert capsys.readouterr().out == "trained\n"


def test_a_warning_is_told_and_the_training_runs(tmp_path, capsys):
    source = TRAINS.format(units=4, epochs=1).replace('"adam"', "keras.optimizers.SGD(50.0)")
    status, said = run(tmp_path, source, before=True)
    assert status == 0
    assert "learning-rate" in said
    assert capsys.readouterr().out == "trained\n"


def test_what_a_training_shows_is_told_when_it_is_over_and_once(tmp_path, capsys):
    source = TRAINS.format(units=4, epochs=3).replace('"adam"', "keras.optimizers.SGD(1e38)")
    status, said = run(tmp_path, source, after=True)
    assert status == 1
    assert "line 13, in train" in said
    assert said.count("error: loss-not-finite") == 1
    assert capsys.readouterr().out == "trained\n"  # nothing was stopped
    assert run(tmp_path, TRAINS.format(units=4, epochs=3), before=True, after=True) == (0, "")


def test_what_was_told_before_a_training_is_not_told_again_after_it(tmp_path):
    source = TRAINS.format(units=4, epochs=3).replace('"adam"', "keras.optimizers.SGD(50.0)")
    _, said = run(tmp_path, source, before=True, after=True)
    codes = re.findall(r"(?:error|warning|hint): ([\w-]+)", said)
    assert "learning-rate" in codes
    assert len(codes) == len(set(codes))


def test_fit_is_afterwards_what_it_was(tmp_path):
    import keras

    before = keras.Model.fit, sys.meta_path[:]
    run(tmp_path, TRAINS.format(units=3, epochs=1), before=True, after=True)
    assert (keras.Model.fit, sys.meta_path) == before
    assert "fit" not in vars(keras.Model)


def test_a_script_still_chooses_its_backend_before_it_imports_keras(tmp_path):
    others = [name for name in ("jax", "torch") if importlib.util.find_spec(name)]
    if not others:
        pytest.skip("only one backend is installed")
    path = tmp_path / "script.py"
    chooses = f'import os\nos.environ["KERAS_BACKEND"] = "{others[0]}"\nimport keras\nprint(keras.config.backend())\n'
    path.write_text(chooses + TRAINS.format(units=3, epochs=1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.doctor", "--before", path], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, f"{others[0]}\n")
    assert "labels-out-of-range" in done.stderr


def test_who_only_asks_for_keras_does_not_keep_the_doctor_from_it(tmp_path):
    path = tmp_path / "script.py"
    path.write_text("import importlib.util\nimportlib.util.find_spec('keras')\n" + TRAINS.format(units=3, epochs=1))
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.doctor", "--before", path], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "labels-out-of-range" in done.stderr


def test_a_slip_of_the_doctor_stops_no_training(tmp_path, capsys, monkeypatch):
    from course_utils.doctor import _examine, _review

    def slips(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(_examine, "examine", slips)
    monkeypatch.setattr(_review, "review", slips)
    assert run(tmp_path, TRAINS.format(units=4, epochs=1), before=True, after=True) == (0, "")
    assert capsys.readouterr().out == "trained\n"


# --- for other programs


def test_json_is_all_that_standard_output_holds(tmp_path, capsys):
    source = "print('mine')\n" + TRAINS.format(units=3, epochs=1)
    status, said = run(tmp_path, source, before=True, form="json")
    out = capsys.readouterr()
    told = json.loads(out.out)
    assert (status, told["status"], said, out.err) == (1, 1, "", "mine\n")
    (finding,) = told["findings"]
    assert (finding["code"], finding["severity"], finding["line"]) == ("labels-out-of-range", "error", 14)
    assert finding["page"].endswith("labels-out-of-range/index.html")
    assert told["errors"] == []


def test_json_names_the_line_and_the_words_of_what_stopped_the_script(tmp_path, capsys):
    assert run(tmp_path, FAILS, form="json")[0] == 1
    told = json.loads(capsys.readouterr().out)
    assert [(finding["code"], finding["line"]) for finding in told["findings"]] == [("unknown-name", 5)]
    assert told["errors"][0]["error"].startswith("ValueError: Unrecognized keyword arguments")


def test_json_tells_of_errors_that_the_doctor_does_not_know(tmp_path, capsys):
    run(tmp_path, "def f():\n    return 1 / 0\n\nf()\n", form="json")
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == []
    assert [(one["error"], one["line"]) for one in told["errors"]] == [("ZeroDivisionError: division by zero", 2)]


def test_json_of_a_right_script_is_empty(tmp_path, capsys):
    assert run(tmp_path, "", form="json")[0] == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["findings"], told["errors"]) == (0, [], [])


def test_github_shows_each_finding_beside_its_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, said = run(tmp_path, FAILS, form="github")
    assert "unknown-name" in said  # a log is read by people, too
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line]
    assert line.startswith("::error file=script.py,line=5,title=unknown-name::")
    assert '%0ADo: activation="relu"%0Ahttps://' in line


def test_what_has_a_meaning_for_github_is_written_by_its_number(tmp_path, capsys):
    run(tmp_path, "raise ValueError('100 %\\n::error::: a, b')", form="github")
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line]
    assert line.endswith(",line=1,title=ValueError::100 %25%0A::error::: a, b")


def test_a_log_holds_every_word_however_narrow(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(TRAINS.format(units=3, epochs=1), encoding="utf-8")
    out = io.StringIO()
    _script.run(path, before=True, console=Console(file=out, width=30))
    assert "and its loss merely looks too low." in out.getvalue()
    assert "Do: keras.layers.Dense(4" in out.getvalue()


def test_both_commands_offer_the_same_formats():
    assert tuple(cli._Form) == _script.FORMS


def test_the_module_is_a_command_too(tmp_path, capsys):
    path = tmp_path / "script.py"
    path.write_text("import sys\nsys.exit(len(sys.argv))", encoding="utf-8")
    assert main([str(path), "--full", "-x", "3"]) == 4
    with pytest.raises(SystemExit) as refused:
        main(["--format", "xml", str(path)])
    assert refused.value.code == 2
