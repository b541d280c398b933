"""Code fits its column: 80 characters, in chapters, on pages of the book and in the examples of docstrings."""

import ast
import doctest
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
WIDTH = 80
PAGES = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "book").rglob("*.md") if "node_modules" not in path.parts),
]


def wide(code):
    return [line for line in code.splitlines() if len(line) > WIDTH]


def wide_in_markdown(text):
    """Lines that are too long in fenced and indented code; what stands in a directive such as {glossary} is prose."""
    blocks = [token for token in MarkdownIt().parse(text) if token.type in ("fence", "code_block")]
    return [line for block in blocks if "{" not in block.info for line in wide(block.content)]


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_code_of_a_chapter_its_exercises_and_solutions_fits(path):
    for cell in nbformat.read(path, 4).cells:
        found = wide(cell.source) if cell.cell_type == "code" else wide_in_markdown(cell.source)
        assert not found, f"cell {cell.id}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_code_of_a_page_fits(path):
    assert not wide_in_markdown(path.read_text(encoding="utf-8"))


def test_the_examples_of_docstrings_fit():
    parser = doctest.DocTestParser()
    seen = 0
    for path in sorted((ROOT / "course_utils").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) or not ast.get_docstring(node):
                continue
            for example in parser.get_examples(ast.get_docstring(node)):
                seen += 1
                shown = [f">>> {line}" for line in example.source.splitlines()] + example.want.splitlines()
                assert not wide("\n".join(shown)), f"{path.name}, {getattr(node, 'name', 'module')}"
    assert seen > 20
