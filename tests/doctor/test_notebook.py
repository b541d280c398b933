"""`%load_ext course_utils.doctor` explains failing cells and hides nothing."""

import sys

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course_utils.doctor._shown import _notebook

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]

LOAD = "%load_ext course_utils.doctor"
FAILING = 'import keras\nkeras.layers.Dense(\n    2, activaton="relu")'


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all notebooks here: loading Keras is what takes long."""
    kernel = KernelManager(kernel_name="python3")
    kernel.start_kernel()
    yield kernel
    kernel.shutdown_kernel(now=True)


def execute(kernel, *sources, allowed=True):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if allowed:
        for cell in cells:
            cell.metadata["tags"] = ["raises-exception"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, km=kernel, timeout=300).execute()
    return notebook.cells


@pytest.fixture(scope="module")
def cells(kernel):
    after = "import sys\nprint(type(sys.last_value).__name__, sys.last_value.__traceback__ is not None)"
    return execute(kernel, FAILING, LOAD, FAILING, after, "%tb", "1 / 0", "%unload_ext course_utils.doctor", FAILING)


def text(cell):
    (error,) = [output for output in cell.outputs if output.output_type == "error"]
    return "\n".join(error.traceback)


@pytest.mark.slow
class TestAFailingCell:
    def test_shows_ones_own_line_then_the_finding_then_the_folded_traceback(self, cells):
        shown = cells[2].outputs[0]
        assert shown.output_type == "display_data"
        html = shown.data["text/html"]
        order = ["Your line 2", "activaton", "unknown-name", "<details>", "The whole traceback", "</details>"]
        assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
        assert "keras/src/" in html

    def test_shows_no_place_of_this_machine(self, cells):
        assert sys.prefix not in cells[2].outputs[0].data["text/html"]

    def test_keeps_the_name_and_the_words_of_the_error(self, cells):
        plain, explained = cells[0].outputs[-1], cells[2].outputs[-1]
        assert explained.output_type == "error"
        assert (explained.ename, explained.evalue) == (plain.ename, plain.evalue)

    def test_shortens_the_traceback_and_says_how_to_see_it_all(self, cells):
        assert "folded away; %tb shows them" in text(cells[2])
        assert len(text(cells[2])) < len(text(cells[0]))
        assert text(cells[2]).splitlines()[-1] == text(cells[0]).splitlines()[-1]

    def test_leaves_the_exception_and_the_whole_traceback_to_ipython(self, cells):
        assert cells[3].outputs[0].text == "ValueError True\n"
        assert "keras/src/" in text(cells[4])
        assert "folded away" not in text(cells[4])

    def test_stays_as_it_is_when_the_doctor_finds_nothing(self, cells):
        (only,) = cells[5].outputs
        assert (only.output_type, only.ename) == ("error", "ZeroDivisionError")

    def test_stays_as_it_is_once_the_extension_is_unloaded(self, cells):
        (only,) = cells[7].outputs
        assert "folded away" not in text(cells[7])
        assert only.evalue == cells[0].outputs[-1].evalue

    def test_still_stops_a_notebook_that_allows_no_errors(self, cells, kernel):
        with pytest.raises(CellExecutionError, match="Unrecognized keyword arguments"):
            execute(kernel, LOAD, FAILING, allowed=False)


MODEL = """import keras, numpy as np
scores = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])"""
COMPILED = 'scores = scores.compile(\n    "rmsprop", "mse", metrics=["mae"])'
OTHER = 'other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\nother = other.compile("sgd", "mse")'
FIT = "scores.fit(np.zeros((8, 4)), np.zeros((8, 3)), verbose=0)"


class TestAFixInANotebook:
    def said(self, kernel, *sources):
        (shown,) = [output for output in execute(kernel, LOAD, *sources)[-1].outputs if "data" in output]
        return shown.data["text/plain"]

    def test_is_the_line_of_an_earlier_cell(self, kernel):
        assert 'Do: scores.compile("rmsprop", "mse", metrics=["mae"])' in self.said(kernel, MODEL, COMPILED, OTHER, FIT)

    @pytest.mark.parametrize("more", ["", "\nprint(scores)"])
    def test_is_found_where_cells_are_timed(self, kernel, more):
        said = self.said(kernel, MODEL, f"%%time\n{COMPILED}", f"%%time\n{FIT}{more}")
        assert said.startswith(f"Your line 1:\n  {FIT}\n")
        assert 'Do: scores.compile("rmsprop", "mse", metrics=["mae"])' in said


@pytest.fixture
def shell():
    shell = InteractiveShell()
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("frame", "hidden"),
    [
        ("File ~/.venv/lib/python3.12/site-packages/keras/src/layers/layer.py:8, in Layer.__call__(self)\n", True),
        (
            "\x1b[0;32m/usr/lib/python3.12/dist-packages/keras/src/layers/layer.py\x1b[0m in \x1b[0;36mcall\x1b[0m()\n",
            True,
        ),
        ("[... skipping hidden 1 frame]\n", True),
        ("Cell In[1], line 1\n----> 1 model.fit(X, y)\n", False),
        (
            "\x1b[0;32m<ipython-input-1-0f>\x1b[0m in \x1b[0;36m<cell line: 1>\x1b[0m()\n----> 1 model.fit(X, y)\n",
            False,
        ),
    ],
)
def test_frames_of_libraries_are_known_in_the_words_of_every_ipython(frame, hidden):
    assert bool(_notebook._library_file(frame)) == hidden


def test_loading_twice_and_unloading_once_leaves_no_trace(shell):
    before = shell.custom_exceptions
    _notebook.load_ipython_extension(shell)
    _notebook.load_ipython_extension(shell)
    assert shell.custom_exceptions == (Exception,)
    _notebook.unload_ipython_extension(shell)
    _notebook.unload_ipython_extension(shell)
    assert shell.custom_exceptions == before


def test_a_doctor_that_fails_leaves_the_traceback_as_always(shell, monkeypatch, capsys):
    def broken(error):
        raise RuntimeError("the doctor is ill")

    monkeypatch.setattr(_notebook, "explain", broken)
    _notebook.load_ipython_extension(shell)
    result = shell.run_cell("1 / 0")
    _notebook.unload_ipython_extension(shell)
    said = capsys.readouterr().out
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert "division by zero" in said
    assert "ill" not in said
