"""``course doctor SCRIPT.py``: run a script as Python does, and explain what stops it."""

from __future__ import annotations

import runpy
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from .._explain import explain
from .._subject._lines import user_lines
from ._service import arguments, is_inside_a_library
from ._short import from_script, short_traceback

_INTERRUPTED = 130  # what a shell reports for Ctrl-C
_NOTEBOOK = (
    "{0} is a notebook, not a script. Put %load_ext course_utils.doctor into its first cell: every cell that fails is "
    "then explained below it. Or make a script of it: jupyter nbconvert --to script {0}"
)


def run(
    script: Path | str, arguments: Sequence[str] = (), *, full: bool = False, console: Console | None = None
) -> int:
    """Run a script as ``__main__``; on an exception print the user's own line, what it means, and the traceback.

    Parameters
    ----------
    script : path
        A Python file.
    arguments : sequence of str
        Its command-line arguments, ``sys.argv[1:]``.
    full : bool
        Print the whole traceback rather than a shortened one.
    console : rich.console.Console, optional
        Where to print; standard error by default.

    Returns
    -------
    int
        The exit status that Python would give.
    """
    console = console or Console(stderr=True)
    if not Path(script).is_file():
        console.print(Text(f"there is no file {str(script)!r}"), soft_wrap=True)
        return 2
    if Path(script).suffix == ".ipynb":
        console.print(Text(_NOTEBOOK.format(script)), soft_wrap=True)
        return 1
    before = sys.argv, sys.path[:]
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(Path(script).resolve().parent))
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as wanted:
        return _status(wanted, console)
    except BaseException as error:
        _show(error, full, console)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    finally:
        sys.argv, sys.path[:] = before
    return 0


def _status(wanted: SystemExit, console: Console) -> int:
    if wanted.code is None or isinstance(wanted.code, int):
        return int(wanted.code or 0)
    console.print(Text(str(wanted.code)), soft_wrap=True)
    return 1


def _show(error: BaseException, full: bool, console: Console) -> None:
    sys.stdout.flush()
    report = explain(error)
    if not len(report) and not is_inside_a_library(error):
        # Nothing to add: the traceback as Python prints it.
        console.print(Text.from_ansi(_whole(error).rstrip()), soft_wrap=True)
        return
    for place in user_lines(error):
        where = "" if place.function == "<module>" else f", in {place.function}"
        console.print(Text(f"{place.file}, line {place.line}{where}:", style="bold"), soft_wrap=True)
        console.print(Text("".join(f"    {line}\n" for line in place.source.splitlines())), soft_wrap=True)
    for line in arguments(error) if not len(report) else ():
        console.print(Text(f"    {line}", style="dim"), soft_wrap=True)
    if len(report):
        console.print(report, soft_wrap=True)
    console.print(
        Text(_whole(error) if full else short_traceback(error, "--full"), style="dim"), soft_wrap=True, end=""
    )


def _whole(error: BaseException) -> str:
    return "".join(traceback.TracebackException(type(error), error, from_script(error)).format())
