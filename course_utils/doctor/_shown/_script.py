"""``course doctor SCRIPT.py``: run a script as Python does, and explain what stops it."""

from __future__ import annotations

import contextlib
import runpy
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from .._explain import explain
from .._report import Report
from .._subject._failure import COLOURS
from .._subject._lines import Place, user_lines
from ._fits import Worthless, looked_at
from ._formats import Told, as_annotations, as_json
from ._service import arguments as values_in_line
from ._service import is_inside_a_library
from ._short import from_script, short_traceback

FORMS = ("text", "json", "github")

_INTERRUPTED = 130  # what a shell reports for Ctrl-C
_NOTEBOOK = (
    "{0} is a notebook, not a script. Put %load_ext course_utils.doctor into its first cell: every cell that fails is "
    "then explained below it. Or make a script of it: jupyter nbconvert --to script {0}"
)


def run(
    script: Path | str,
    arguments: Sequence[str] = (),
    *,
    full: bool = False,
    before: bool = False,
    after: bool = False,
    form: str = "text",
    console: Console | None = None,
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
    before : bool
        Look at the model and the data of every ``fit`` before it runs, too; at an error the script ends there.
    after : bool
        Look at how every ``fit`` went, once it is over, and compare what the model is asked then with what it learned.
    form : {"text", "json", "github"}
        Print text to the console; or only one JSON object, to standard output, while what the script itself prints
        goes to standard error; or the text, and to standard output GitHub's annotations.
    console : rich.console.Console, optional
        Where to print text; standard error by default.

    Returns
    -------
    int
        The exit status that Python would give; 1 where an error was found before or after a training.
    """
    console = console or Console(stderr=True)
    if not Path(script).is_file():
        console.print(Text(f"there is no file {str(script)!r}"), soft_wrap=True)
        return 2
    if Path(script).suffix == ".ipynb":
        console.print(Text(_NOTEBOOK.format(script)), soft_wrap=True)
        return 1
    told: list[Told] = []

    def tell(report: Report, places: tuple[Place, ...], error: BaseException | None = None) -> None:
        told.append(Told(report, places, _headline(error) if error else ""))
        if form != "json":
            _show(report, places, error, full, console)
        if form == "github":
            print("", *as_annotations(told[-1]), sep="\n", flush=True)  # on lines of their own

    with contextlib.ExitStack() as around:
        if form == "json":
            around.enter_context(contextlib.redirect_stdout(sys.stderr))
        if before or after:
            around.enter_context(looked_at(tell, before, after))
        status = _run(script, arguments, tell, console)
    status = status or int(any(each.report for each in told))
    if form == "json":
        print(as_json(str(script), told, status))
    return status


def _run(script: Path | str, arguments: Sequence[str], tell: Callable[..., None], console: Console) -> int:
    before = sys.argv, sys.path[:]
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(Path(script).resolve().parent))
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as wanted:
        return _status(wanted, console)
    except Worthless:
        return 1
    except BaseException as error:
        tell(explain(error), user_lines(error), error)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    finally:
        sys.argv, sys.path[:] = before
    return 0


def _status(wanted: SystemExit, console: Console) -> int:
    if wanted.code is None or isinstance(wanted.code, int):
        return int(wanted.code or 0)
    console.print(Text(str(wanted.code)), soft_wrap=True)
    return 1


def _show(report: Report, places: Sequence[Place], error: BaseException | None, full: bool, console: Console) -> None:
    sys.stdout.flush()
    if error and not len(report) and not is_inside_a_library(error):
        # Nothing to add: the traceback as Python prints it.
        console.print(Text.from_ansi(_whole(error).rstrip()), soft_wrap=True)
        return
    for place in places:
        where = "" if place.function == "<module>" else f", in {place.function}"
        console.print(Text(f"{place.file}, line {place.line}{where}:", style="bold"), soft_wrap=True)
        console.print(Text("".join(f"    {line}\n" for line in place.source.splitlines())), soft_wrap=True)
    for line in values_in_line(error) if error and not len(report) else ():
        console.print(Text(f"    {line}", style="dim"), soft_wrap=True)
    if len(report) and console.is_terminal:
        console.print(report)
    elif len(report):  # a log has no width
        console.print(Text(f"{report}\n"), soft_wrap=True)
    if error:
        said = _whole(error) if full else short_traceback(error, "--full")
        console.print(Text(said, style="dim"), soft_wrap=True, end="")


def _whole(error: BaseException) -> str:
    return "".join(traceback.TracebackException(type(error), error, from_script(error)).format())


def _headline(error: BaseException) -> str:
    return COLOURS.sub("", "".join(traceback.format_exception_only(error))).strip()
