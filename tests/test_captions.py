"""Every figure of a chapter says what it is: to a reader in a caption, to one who cannot see it in its alt text."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))


def drawing(path):
    """Cells with a figure in their stored outputs, or that are told how to show one."""
    for cell in nbformat.read(path, 4).cells:
        drawn = any("image/png" in output.get("data", {}) for output in cell.get("outputs", ()))
        if cell.cell_type == "code" and (drawn or "mystnb" in cell.metadata):
            yield cell


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_figure_has_an_alt_text_and_a_caption_that_differ(path):
    for cell in drawing(path):
        shown = cell.metadata.get("mystnb", {})
        alt, caption = shown.get("image", {}).get("alt", ""), shown.get("figure", {}).get("caption", "")
        assert alt, f"cell {cell.id} draws a figure: say what it shows in mystnb.image.alt"
        assert caption, f"cell {cell.id} draws a figure: say what it is and what to see in mystnb.figure.caption"
        assert caption != alt, f"cell {cell.id}: whoever hears both hears the same twice"
        assert caption.endswith("."), f"cell {cell.id}: a caption is one or two sentences"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_caption_quotes_no_measured_number(path):
    for cell in drawing(path):
        caption = cell.metadata["mystnb"]["figure"]["caption"]
        assert not re.search(r"\d[.,]\d|%", caption), f"cell {cell.id}: a caption cannot be bound to a record"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_figure_is_named_after_its_chapters_topic_and_once(path):
    topic = path.stem.partition("-")[2]
    names = Counter(cell.metadata["mystnb"]["figure"]["name"] for cell in drawing(path))
    for name, times in names.items():
        assert re.fullmatch(f"fig-{topic}-[a-z0-9-]+", name)
        assert times == 1, f"{name} names {times} figures"
