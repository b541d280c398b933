"""A reader of a chapter meets no bookkeeping: what is recorded stands in cells of its own, which are hidden."""

import ast
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))


def code_cells(path):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def parsed(cell):
    return ast.parse(TransformerManager().transform_cell(cell.source))  # it may hold a magic


def calls(tree):
    """Names of the functions that statements of the cell call for what they do, not for a value."""
    nodes = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    return {ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node) for node in nodes}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_cell_that_records_does_nothing_else_and_is_hidden(path):
    for cell in code_cells(path):
        called = calls(parsed(cell))
        if "record" in called:
            where = f"cell {cell.id} of {path.name}"
            assert called == {"record"}, f"{where} records and shows: move the record into a cell behind it"
            assert "remove-cell" in cell.metadata.get("tags", []), f"{where} records: tag it remove-cell"
            assert cell.metadata.get("jupyter") == {"source_hidden": True}, f"{where} records: hide its source"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_nothing_that_a_reader_sees_needs_a_hidden_cell(path):
    hidden = set()
    for cell in code_cells(path):
        names = [node for node in ast.walk(parsed(cell)) if isinstance(node, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if "remove-cell" in cell.metadata.get("tags", []):
            hidden |= stored
        else:
            read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
            assert not (read - stored) & hidden, f"cell {cell.id} of {path.name} reads what a hidden cell has set"
            hidden -= stored
