"""A pytest plugin beside nbval: cells that fail on purpose must go on failing in the way that the page shows.

nbval accepts an error from a cell tagged ``raises-exception`` but does not demand one, and where it compares, it
compares the whole message, with its paths and numbers of the day. Here its type and the last line that says something
count.
"""

import re

import pytest

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Below this, Keras lists what the layer was given.
_ARGUMENTS = "\nArguments received by"
# A node of TensorFlow's graph, with a number that is another one every time.
_NODE = re.compile(r"^\s*\[\[\{\{node")


def last_words(outputs):
    """Return the type of a cell's error and the last line that says what is wrong, or None if it did not fail."""
    for output in outputs:
        if output.output_type == "error":
            message = _COLOUR.sub("", output.evalue).partition(_ARGUMENTS)[0]
            lines = [line.strip() for line in message.splitlines() if line.strip() and not _NODE.match(line)]
            return output.ename, lines[-1] if lines else ""
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Compare, once nbval has run the cell."""
    result = yield
    if getattr(item, "options", {}).get("check_exception"):
        stored, fresh = last_words(item.cell.outputs), last_words(item.test_outputs or [])
        if stored != fresh:
            item.raise_cell_error("The cell does not fail as the page shows", f"on the page: {stored}\nnow: {fresh}")
    return result
