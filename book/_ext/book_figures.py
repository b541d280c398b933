"""Figures of chapters as the page shows them: vectors, in two layouts, on light and on dark paper.

A chapter's run stores each figure as SVG, wide and for a phone (``course_utils.plot._page``). Here, and only
here, it gets its colours, its size on the page and its place in the HTML.
"""

import hashlib
import json
import re
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from course_utils.plot._page import ON_IMAGE, unpacked

# Ten-point text, which is what matplotlib writes, is to be twelve pixels high.
_PIXELS_PER_POINT = 1.2
_PHONE = "(max-width: 599px)"
_LABELS = {"light": "only-light", "dark": "only-dark"}

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")

_Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Paper:
    """What lines and letters are drawn with, and on what."""

    ink: _Colour
    paper: _Colour


PAPERS = {"light": Paper((0x23, 0x24, 0x2B), (0xFF, 0xFE, 0xFB)), "dark": Paper((0xD9, 0xDB, 0xE3), (0x15, 0x17, 0x1D))}
# Colours whose channels differ by less are shades of grey, which stand between ink and paper.
_GREY = 24
# The least contrast of a line with its paper (WCAG 2.2, 1.4.11).
_CONTRAST = 3.0
# How much of an image there is on dark paper: its white is as bright there as letters are.
_DIMMED = 0.85
_SVG = "{http://www.w3.org/2000/svg}"
# How much higher a figure is for its width when its panels have come to stand below each other.
_STRETCHED = 1.8
_STACKED = "On a wider page these panels stand side by side."
_HEX = re.compile(r"#([0-9a-fA-F]{6})\b")


class figure_image(nodes.General, nodes.Element):  # noqa: N801  # docutils' way
    """A figure in all its versions: ``versions`` as stored, and ``alt``."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_node(figure_image, html=(_visit, _depart))
    # Before Sphinx collects the images that it is to copy: the PNG is for Jupyter.
    app.connect("doctree-read", _replace, priority=400)
    app.connect("html-page-context", _add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _replace(app: Sphinx, doctree: nodes.document) -> None:
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    stored = {
        hashlib.sha256(b64decode(output["data"]["image/png"])).hexdigest(): figure
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", ())
        if (figure := output.get("metadata", {}).get("figure"))
    }
    for image in list(doctree.findall(nodes.image)):
        versions = stored.get(Path(image["uri"]).stem)
        if versions is not None:
            image.replace_self(figure_image(versions=versions, alt=image.get("alt", "")))


def _visit(translator: HTML5Translator, node: figure_image) -> None:
    folder = Path(translator.builder.outdir) / translator.builder.imagedir
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for paper in PAPERS:
        shown = {}
        for layout, packed in node["versions"].items():
            name = f"{hashlib.sha256(packed.encode()).hexdigest()[:16]}-{layout}-{paper}.svg"
            svg = coloured(unpacked(packed), PAPERS[paper])
            (folder / name).write_bytes(ElementTree.tostring(svg))
            shown[layout] = f"{translator.builder.imgpath}/{name}", *_size(svg)
        parts.append(_picture(translator, shown, node["alt"], _LABELS[paper]))
    # In a box of their own: the theme hides the caption next to a picture that is for the other paper.
    note = f'<p class="stacked">{_STACKED}</p>\n' if _is_stacked(node["versions"]) else ""
    translator.body.append(f'<div class="figure-image">\n{"".join(parts)}{note}</div>\n')


def _is_stacked(versions: dict[str, str]) -> bool:
    """Whether panels that stand side by side on a wide page stand below each other on a phone."""
    if "narrow" not in versions:
        return False
    drawn = [ElementTree.fromstring(unpacked(versions[layout])) for layout in ("wide", "narrow")]
    panels = sum(group.get("id", "").startswith("axes_") for group in drawn[0].iter(f"{_SVG}g"))
    wide, narrow = (height / width for width, height in map(_size, drawn))
    return panels > 1 and narrow > _STRETCHED * wide


def _depart(translator: HTML5Translator, node: figure_image) -> None:
    pass


def _picture(translator: HTML5Translator, shown: dict[str, tuple[str, int, int]], alt: str, label: str) -> str:
    """Write one picture, of which the browser takes the layout that fits; what is not on the screen waits."""
    wide, width, height = shown["wide"]
    narrow = ""
    if "narrow" in shown:
        name, *size = shown["narrow"]
        narrow = f'<source media="{_PHONE}" srcset="{name}" width="{size[0]}" height="{size[1]}">'
    size = f'width="{width}" height="{height}"'
    image = f'<img src="{wide}" alt="{translator.attval(alt)}" {size} loading="lazy" decoding="async">'
    return f'<picture class="{label}">{narrow}{image}</picture>\n'


def _size(svg: ElementTree.Element) -> tuple[int, int]:
    """Return width and height on the page, in pixels."""
    width, height = (float(svg.get(name).removesuffix("pt")) for name in ("width", "height"))
    return round(width * _PIXELS_PER_POINT), round(height * _PIXELS_PER_POINT)


def coloured(svg: str, paper: Paper) -> ElementTree.Element:
    """Give a figure the colours of its paper.

    Shades of grey, from black to white, become shades from ink to paper. Other colours stay; on dark paper those that
    would hardly be seen become lighter. Images keep their colours, and so does what is drawn on them, but dark paper
    shines through: thirty digits on white would glare.
    """
    root = ElementTree.fromstring(svg)
    root.set("fill", _hex(paper.ink))  # of letters, which matplotlib leaves to the default
    _recolour(root, paper)
    return root


def _recolour(element: ElementTree.Element, paper: Paper) -> None:
    if element.get("id", "").startswith(ON_IMAGE):
        element.set("fill", "#000000")
        return
    if element.tag == f"{_SVG}image" and paper is PAPERS["dark"]:
        element.set("opacity", str(_DIMMED * float(element.get("opacity", 1))))
    for name in ("style", "fill", "stroke"):
        if value := element.get(name):
            element.set(name, _HEX.sub(lambda match: _hex(_on(paper, _rgb(match[1]))), value))
    for child in element:
        _recolour(child, paper)


def _on(paper: Paper, colour: _Colour) -> _Colour:
    if colour == paper.ink:
        return colour
    if max(colour) - min(colour) < _GREY:
        return _mixed(paper.ink, paper.paper, sum(colour) / 3 / 255)
    while _contrast(colour, paper.paper) < _CONTRAST and paper is PAPERS["dark"]:
        colour = _mixed(colour, (255, 255, 255), 0.1)
    return colour


def _mixed(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: _Colour, other: _Colour) -> float:
    """Return the contrast of two colours as WCAG defines it: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(digits: str) -> _Colour:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _hex(colour: _Colour) -> str:
    return "#" + bytes(colour).hex()


def _add_script(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and next(iter(doctree.findall(figure_image)), None) is not None:
        app.add_js_file("enlarge.js", loading_method="defer")
