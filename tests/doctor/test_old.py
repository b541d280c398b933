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


def names_in(tree: ast.Module) -> list[str]:
    """List what a line names in Keras, as a whole: ``keras.ops``, ``keras.ops.relu``."""
    dotted = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return [name for name in dotted if name.startswith("keras.") and "(" not in name]


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_for_today_is_a_line_of_python_and_what_it_names_exists(line):
    tree = ast.parse(line)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            exec(ast.unparse(node), {})
    for name in names_in(tree):
        eval(name, {"keras": keras})


@pytest.mark.parametrize("today", _old.ARGUMENTS.values(), ids=_old.ARGUMENTS)
def test_an_argument_for_today_can_stand_in_a_call(today):
    text, mark, _ = today.partition("#")
    for name in names_in(parsed(f"{text}\n" if mark else text)):
        eval(name, {"keras": keras})
