"""The tables of what older books write: every line to write today is Python, and names what is there today."""

import ast

import keras
import pytest

from course_utils.doctor._words import _old

LINES = {
    f"{table}: {old}": today.format(name="relu")
    for table in ("MODULES", "NAMES", "METHODS")
    for old, today in getattr(_old, table).items()
}


def parsed(line: str) -> ast.Module:
    """Parse a line, or what goes into the brackets of a call."""
    try:
        return ast.parse(line)
    except SyntaxError:
        return ast.parse(f"f({line})")


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_for_today_is_a_line_of_python_and_what_it_names_exists(line):
    for node in ast.walk(ast.parse(line)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            exec(ast.unparse(node), {})
        elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith("keras.") and "(" not in ast.unparse(node):
            eval(ast.unparse(node), {"keras": keras})


@pytest.mark.parametrize("today", _old.ARGUMENTS.values(), ids=_old.ARGUMENTS)
def test_an_argument_for_today_can_stand_in_a_call(today):
    text = today if "#" not in today else today[: today.index("#")] + "\n"
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("keras."):
            eval(ast.unparse(node), {"keras": keras})
