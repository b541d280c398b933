"""Executing a chapter in a kernel of its own, and describing the run in its metadata."""

import json
import os
import re
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from .. import experiments
from ..record import fingerprint
from ._notebooks import ChapterError

# Asked of the kernel behind the last cell, while everything that the chapter imported is still loaded.
_PROBE = "import json\nfrom course_utils.record import environment\nprint(json.dumps(environment()))"
# Keras makes its tables four columns narrower than the terminal: 66, which a phone still shows.
_PAGE = {"COLUMNS": "70"}
# Told to the kernel before the first cell.
_FIGURES = "--IPKernelApp.exec_lines=from course_utils.plot import _page; _page.register()"
_OTHER_SEEDS = "--IPKernelApp.exec_lines=from course_utils.experiments import _seed; _seed.shift()"
# What TensorFlow writes about processors and CUDA while it loads, before its log level counts: no setting silences it.
_STARTUP_NOTES = re.compile(
    r"^(?:[IWE]0000 .*|WARNING: All log messages before absl.*|To enable the following.*)\n?", re.M
)
# What a kernel writes past the notebook whenever it starts, which says nothing about why it died.
_KERNEL_NOTES = re.compile(
    r"^(?:\[IPKernelApp\] WARNING \| Kernel is running over TCP.*|\d\.\d+s - .*|\d{4}-\d\d-\d\d .*: [IWE] .*)\n?", re.M
)
# Cells quicker than this need no line of their own.
_WORTH_TELLING = 2.0


def execute(
    notebook: nbformat.NotebookNode,
    path: Path,
    console: Console,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom in a fresh kernel, beside its file, and describe the run in its metadata.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The chapter; changed in place.
    path : pathlib.Path
        Where it lives: its name is shown, its folder is the working directory.
    console : rich.console.Console
        Where progress is shown.
    settings : mapping of str to str
        Environment variables of the kernel, beside those of this process.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook with fresh outputs.

    Raises
    ------
    ChapterError
        If a cell raises or the kernel dies; the message holds the cell.
    KeyboardInterrupt
        On Ctrl-C; the message says that the file is unchanged.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":  # an empty one is never executed and would keep what it once put out
            cell.outputs, cell.execution_count = [], None
    probe = nbformat.v4.new_code_cell(_PROBE)
    notebook.cells.append(probe)
    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",  # of this interpreter, whatever the file was last saved with
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        extra_arguments=[_FIGURES, *([_OTHER_SEEDS] if experiments.SEED_VARIABLE in settings else [])],
        coalesce_streams=True,  # a progress bar is stored as its last line, not as every step
    )
    start = time.perf_counter()
    # Libraries write notes about sockets and processors past the notebook; only a dead kernel's are of interest.
    with tempfile.TemporaryFile("w+") as asides:
        try:
            with _progress(client, notebook, path.stem, console) as started:
                client.execute(stderr=asides, env={**os.environ, **_PAGE, **settings})
        except CellExecutionError as error:
            raise ChapterError(_failure(notebook, path, error)) from error
        except RuntimeError as error:
            asides.seek(0)
            raise ChapterError(_death(notebook, path, started, asides.read(), error)) from error
        except (KeyboardInterrupt, AssertionError) as error:
            # On Ctrl-C nbclient ends the kernel, then may trip over its absence.
            if isinstance(error, AssertionError) and client.km is not None:
                raise
            raise KeyboardInterrupt(f"{path.name} is unchanged.") from error
    seconds = time.perf_counter() - start
    notebook.cells.pop()
    _tidy(notebook)
    told = _answer(probe)
    told["models"] = {name: _made_of(name) for name in told["models"]}
    notebook.metadata.course = nbformat.from_dict(
        {"recorded": {"seconds": round(seconds, 1), **told, "code": fingerprint(notebook)}}
    )
    notebook.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    # The kernel's exact Python is in the provenance; here it would only make every diff longer.
    notebook.metadata.language_info = {
        "name": "python",
        "pygments_lexer": "ipython3",
        "file_extension": ".py",
    }
    return notebook


def _made_of(name: str) -> dict[str, Any]:
    """State what a trained network that a chapter used is made of; the chapter itself knows only its name."""
    try:
        return experiments.identities().get(name, {})
    except experiments.ExperimentError:  # no reason to lose the run: `course check` will find that nothing vouches
        return {}


def _tidy(notebook: nbformat.NotebookNode) -> None:
    """Leave out of the stored outputs what is about this machine and not about the chapter."""
    from ..plot._page import MIME  # loads matplotlib, which other commands do without

    libraries = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")}
    # The longest first: the standard library's folder is the beginning of the others.
    folders = "|".join(map(re.escape, sorted(libraries, key=len, reverse=True)))
    paths = re.compile(folders + r"|/tmp/ipykernel_\d+/\d+\.py")
    shorter = partial(paths.sub, lambda match: "cell" if "ipykernel" in match[0] else "…")
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                output.text = _STARTUP_NOTES.sub("", output.text)
            for key in ("text", "evalue"):
                if key in output:
                    output[key] = shorter(output[key])
            data = output.get("data", {})
            if MIME in data:  # programs that show notebooks would warn of a kind of output that they do not know
                output.metadata.figure = data.pop(MIME)
            for kind, shown in data.items():
                if kind.startswith("text/"):
                    output.data[kind] = shorter(shown)
            if "traceback" in output:
                output.traceback = [shorter(line) for line in output.traceback]
        if "outputs" in cell:
            cell.outputs = [o for o in cell.outputs if o.output_type != "stream" or o.text.strip()]


def _answer(probe: nbformat.NotebookNode) -> dict[str, Any]:
    return json.loads(next(output.text for output in probe.outputs if output.get("name") == "stdout"))


@contextmanager
def _progress(
    client: NotebookClient, notebook: nbformat.NotebookNode, name: str, console: Console
) -> Iterator[dict[int, float]]:
    """Show how far a run has come; what is yielded grows by the index and the start time of every cell."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[line]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,  # in a file it would leave an empty line
    )
    task = bar.add_task(name, total=sum(cell.cell_type == "code" for cell in notebook.cells) - 1, line="")
    started: dict[int, float] = {}

    def starting(cell: nbformat.NotebookNode, cell_index: int) -> None:
        if cell.cell_type == "code":
            started[cell_index] = time.perf_counter()
            bar.update(task, line=_first_line(cell))

    def done(cell: nbformat.NotebookNode, cell_index: int, **_: Any) -> None:
        seconds = time.perf_counter() - started[cell_index]
        bar.advance(task)
        if seconds >= _WORTH_TELLING:
            line = Text(f"  {seconds:6.1f} s  cell {cell_index}: {_first_line(cell)}", style="dim")
            console.print(line, no_wrap=True, overflow="ellipsis", crop=True)

    client.on_cell_start = starting
    client.on_cell_executed = done
    with bar:
        yield started


def _first_line(cell: nbformat.NotebookNode) -> str:
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith(("#", "import", "from"))]
    return lines[0][:60] if lines else ""


def _failure(notebook: nbformat.NotebookNode, path: Path, error: CellExecutionError) -> str:
    index = next(
        index
        for index, cell in enumerate(notebook.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
        and "raises-exception" not in cell.metadata.get("tags", ())
    )
    cell = notebook.cells[index]
    traceback = next(output for output in cell.outputs if output.output_type == "error").traceback
    code = "\n".join("    " + line for line in cell.source.splitlines())
    return (
        f"{path.name}: cell {index} raised {error.ename}\n\n{code}\n\n"
        + "\n".join(traceback)
        + "\n\nThe file on disk is unchanged."
    )


def _death(
    notebook: nbformat.NotebookNode, path: Path, started: dict[int, float], asides: str, error: RuntimeError
) -> str:
    if not started:
        return f"{path.name}: no kernel could be started ({error}). The file is unchanged."
    index = max(started)
    line = _first_line(notebook.cells[index])
    cell = f"cell {index} ({line})" if line else f"cell {index}"
    words = _KERNEL_NOTES.sub("", _STARTUP_NOTES.sub("", asides)).strip()
    return f"{path.name}: the kernel died in {cell}, most often because memory ran out. The file is unchanged. " + (
        f"Its last words:\n{words[-2000:]}" if words else "It said nothing."
    )
