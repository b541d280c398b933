"""What the book makes of stored figures: colours for light and dark paper."""

from xml.etree import ElementTree

import book_figures
import pytest
from book_figures import PAPERS, coloured

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt">
<g><path id="spine" style="fill: none; stroke: {line}"/><path id="ground" style="fill: #ffffff; opacity: 0.8"/></g>
<g><image id="photo"/><image id="overlay" opacity="0.5"/></g>
<g id="on-image-3"><path id="label" style="fill: #ffffff"/><use id="letter"/></g>
</svg>"""


def drawn(paper, line="#000000"):
    root = coloured(SVG.format(line=line), PAPERS[paper])
    return root, {element.get("id"): element for element in root.iter()}


@pytest.mark.parametrize(("paper", "ink", "ground"), [("light", "#23242b", "#fffefb"), ("dark", "#d9dbe3", "#15171d")])
def test_black_becomes_ink_and_white_becomes_paper(paper, ink, ground):
    root, of = drawn(paper)
    assert f"stroke: {ink}" in of["spine"].get("style")
    assert f"fill: {ground}" in of["ground"].get("style")
    assert root.get("fill") == ink


def test_what_is_drawn_on_an_image_keeps_its_colours():
    _, of = drawn("dark")
    assert of["label"].get("style") == "fill: #ffffff"
    assert of["on-image-3"].get("fill") == "#000000"  # of letters without a colour, which would be the ink's


def test_an_image_does_not_glare_on_dark_paper_and_is_left_alone_on_light():
    assert drawn("light")[1]["photo"].get("opacity") is None
    white = 255 * float(drawn("dark")[1]["photo"].get("opacity"))
    assert white <= max(PAPERS["dark"].ink) + 1
    # What is laid over an image stays as thin as it was.
    assert 255 * float(drawn("dark")[1]["overlay"].get("opacity")) == white / 2


@pytest.mark.parametrize("line", ["#440154", "#00008b", "#1f77b4", "#d62728"])
def test_a_line_can_be_seen_on_dark_paper(line):
    _, of = drawn("dark", line)
    style = of["spine"].get("style")
    shown = book_figures._rgb(style.rpartition("#")[2])
    assert book_figures._contrast(shown, PAPERS["dark"].paper) >= 3


def test_a_bright_line_keeps_its_colour():
    _, of = drawn("dark", "#ff7f0e")
    assert of["spine"].get("style").endswith("#ff7f0e")


def test_ten_points_are_twelve_pixels():
    assert book_figures._size(ElementTree.fromstring(SVG.format(line="#000000"))) == (86, 43)
