"""The laboratories of the built book: where they stand, what their tests read, and what readers do with all of them."""

import io
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.record import read_records

from .shown import SITE, as_built

ROOT = Path(__file__).parents[1]
# By their topics. The package finds them, too, but then every test here would depend on what runs and checks them.
CHAPTERS = {path.stem.partition("-")[2]: path for path in sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))}
PAGES = {name: f"chapters/{path.stem}.html" for name, path in CHAPTERS.items()}
NAMES = sorted(path.parent.name for path in (ROOT / "book" / "labs").glob("*/index.mjs"))
# Where each laboratory stands, by chapter, and the record that its question asks for.
EMBEDDED = [
    (chapter, *match)
    for chapter, path in CHAPTERS.items()
    for match in re.findall(r'<([a-z]+-[a-z]+) id=\\"\1\\"[^>]*? ask=\\"(\w+)\\"', path.read_text(encoding="utf-8"))
]
# Laboratories that ask for no prediction, and the pages that they stand on.
TOOLS = {
    "error-reader": (PAGES["common-errors"], "book/doctor/index.html"),
    "your-network": (PAGES["inside-the-network"],),
}
# What is no laboratory, and has tests of its own.
OTHERS = {"quiz-question": tuple(PAGES.values()), "review-deck": ("book/review.html",)}
# Where each is tried.
PLACES = {
    "spiral-lab": "spiral-mlp",
    "kernel-lab": "images-and-convolutions",
    "network-builder": "images-and-convolutions",
    "digit-lab": "mnist-from-layers",
    "threshold-lab": "fashion-mnist",
    "attention-lab": "attention",
    "photo-lab": "inside-the-network",
    "your-network": "inside-the-network",
}
WIDER_THAN_LAB = """lab => [...lab.shadowRoot.querySelectorAll(".bench *")]
    .filter(e => !e.closest("pre") && e.getBoundingClientRect().right > lab.getBoundingClientRect().right + 1)
    .map(e => e.outerHTML.slice(0, 80))"""


def lasting(name: str, *chapters: str, files: Iterable[str] = (), **per: str) -> list[pytest.MarkDecorator]:
    """Leave tests of an element out that have passed with its script, its pages and their records as they are.

    Its pages are those of these chapters, or all on which it stands. A test of several elements or chapters says which
    of its parameters tells them apart: ``per="name"``. Other files that it reads count, too.
    """
    chapters = chapters or tuple(chapter for chapter, embedded, _ in EMBEDDED if embedded == name)
    pages = [PAGES[chapter] for chapter in chapters] or (TOOLS | OTHERS)[name]
    # What a script fetches later bears a digest in its name, and the script names it.
    script = SITE / "_static" / "labs" / f"{name}.js"
    if not all(path.is_file() for path in (script, *(SITE / page for page in pages))):
        return []
    notebooks = [f"chapters/{CHAPTERS[chapter].name}" for chapter in chapters]
    return [pytest.mark.lasting(str(script), *as_built(*pages), *notebooks, *files, **per)]


def page_of(name: str) -> str:
    """The page on which a laboratory is tried."""
    return PAGES[PLACES[name]]


def recorded(chapter: str) -> dict[str, object]:
    """The values that a chapter recorded, by their names."""
    return {name: record.value for name, record in read_records(CHAPTERS[chapter]).items()}


def said(element) -> str:
    """What screen readers hear last."""
    return element.locator(".said").text_content()


def wait_until(element, text: str, selector: str = ".said", seconds: float = 60) -> None:
    """Wait until a part of a laboratory has this text."""
    element.locator(selector, has_text=text).wait_for(state="attached", timeout=1000 * seconds)


def a_picture(pixels: np.ndarray, name: str = "mine.png") -> dict:
    """A picture as a file to be chosen or dropped."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


def drop(element, file: dict) -> None:
    """Let a file fall on the laboratory, as from a folder's window."""
    told = {"name": file["name"], "type": file["mimeType"], "bytes": list(file["buffer"])}
    element.locator(".bench").evaluate(
        """(bench, { name, type, bytes }) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
            bench.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        told,
    )
