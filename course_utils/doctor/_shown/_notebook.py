"""``%load_ext course_utils.doctor``: under a failing cell, your own line, what it means, and the rest folded away."""

from __future__ import annotations

import html
import re
import sys
from types import TracebackType
from typing import Any

from .._explain import explain
from .._report import Report
from .._subject._failure import COLOURS
from .._subject._lines import Place, user_lines
from ._service import arguments, is_inside_a_library
from ._short import fold_parts, short_message

# A frame as IPython writes it: "File ~/…/site-packages/keras/src/….py:123, in Layer.__call__(…)"; on Colab, whose
# IPython is older, "/usr/…/dist-packages/keras/src/….py in __call__(…)".
_LIBRARY_FRAME = re.compile(r"(?:File )?(\S*(?:site-packages|dist-packages|lib/python3|__autograph_generated_file)\S*)")
_HOME = re.compile(r"((?:^|File ))\S*?(?=(?:site|dist)-packages)", re.MULTILINE)
_MOST_PLACES = 4
_BEFORE = "_course_doctor_before"


def load_ipython_extension(shell: Any) -> None:
    """Explain every failing cell from now on (``%load_ext course_utils.doctor``).

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        IPython hands it over.
    """
    if hasattr(shell, _BEFORE):
        return
    setattr(shell, _BEFORE, (shell.custom_exceptions, getattr(shell, "CustomTB", None)))
    shell.set_custom_exc((Exception,), _show)


def unload_ipython_extension(shell: Any) -> None:
    """Leave failing cells as they are again (``%unload_ext course_utils.doctor``).

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        IPython hands it over.
    """
    if not hasattr(shell, _BEFORE):
        return
    shell.custom_exceptions, shell.CustomTB = getattr(shell, _BEFORE)
    delattr(shell, _BEFORE)


def _show(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> None:
    try:
        report = explain(error)
        known = len(report) or is_inside_a_library(error)
        parts = _whole(shell, kind, error, trace, tb_offset) if known else None
        if parts:
            _display(report, error, parts)
    except Exception:  # a doctor that fails is silent
        parts = None
    if not parts or shell.call_pdb:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)
        return
    # What IPython does for every exception, so that %tb, %debug and sys.last_value know it.
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    shell._showtraceback(kind, error, _shortened(parts))


def _whole(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None
) -> list[str]:
    if hasattr(error, "_render_traceback_") or isinstance(error, BaseExceptionGroup):
        return []  # they show themselves
    return list(shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset))


def _shortened(parts: list[str]) -> list[str]:
    """Fold Keras' frames and the middle of a long message; your own frames stay as they are."""
    *frames, message = parts
    return [*fold_parts(frames, _library_file, "%tb"), short_message(message)]


def _library_file(part: str) -> str:
    plain = COLOURS.sub("", part)
    found = _LIBRARY_FRAME.match(plain)
    return found[1] if found else ("hidden" if "skipping hidden" in plain and len(plain) < 80 else "")


def _display(report: Report, error: BaseException, parts: list[str]) -> None:
    from IPython.display import display

    places = user_lines(error)[:_MOST_PLACES]
    # Where the packages lie says nothing, and is long.
    whole = _HOME.sub(r"\1…/", COLOURS.sub("", "\n".join(parts)))
    lines = "".join(f"<pre>{html.escape(_said(place))}</pre>" for place in places)
    folded = (
        f"<details><summary>The whole traceback, {whole.count(chr(10)) + 1} lines</summary>"
        f'<pre style="white-space: pre-wrap;">{html.escape(whole)}</pre></details>'
    )
    if len(report):
        shown, said = report._repr_html_(), str(report)
    else:
        said = "\n".join(arguments(error))
        shown = f"<pre>{html.escape(said)}</pre>" if said else ""
    plain = "\n\n".join([*map(_said, places), said])
    display({"text/html": f"{lines}{shown}{folded}", "text/plain": plain}, raw=True)


def _said(place: Place) -> str:
    where = "" if place.function == "<module>" else f", in {place.function}"
    source = "\n".join(f"  {line}" for line in place.source.splitlines())
    return f"Your line {place.line}{where}:\n{source}"
