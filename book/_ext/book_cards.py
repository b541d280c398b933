"""The directive ``chapter-cards``: the chapters as cards, each with its question and a picture out of it.

A line of the directive is ``TOPIC: question``. The picture is the figure of the cell that has the tag ``cover``, or the
chapter's first.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from book_recorded import title_of
from docutils import nodes
from PIL import Image, ImageOps
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from course_utils.chapters import find, topic

# Pixels: twice the width of a card on a wide page.
_WIDTH, _HEIGHT = 560, 320
_MARGIN = 10  # around a chart


class chapter_card(nodes.General, nodes.Element):  # noqa: N801  # docutils' way
    """One chapter: ``number``, ``title``, ``question``, ``docname`` and ``picture``, a PNG in Base64 or nothing."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_directive("chapter-cards", ChapterCards)
    app.add_node(chapter_card, html=(_visit, lambda translator, node: None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class ChapterCards(SphinxDirective):
    """Cards in the order of the lines."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Build the cards."""
        chapters = find(folder=Path(self.env.srcdir))
        paths = {topic(path): (number, path) for number, path in enumerate(chapters, start=1)}
        cards = nodes.container(classes=["cards"])
        for line in filter(str.strip, self.content):
            name, _, question = map(str.strip, line.partition(":"))
            if name not in paths or not question:
                raise self.error(f"chapter-cards: expected 'TOPIC: question' with a chapter's topic, got {line!r}")
            number, path = paths[name]
            self.env.note_dependency(str(path))
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            cards += chapter_card(
                number=number,
                title=title_of(path),
                question=question,
                docname=f"chapters/{path.stem}",
                picture=cover(cells),
            )
        missing = sorted(paths.keys() - {line.partition(":")[0].strip() for line in self.content})
        if missing:
            raise self.error(f"chapter-cards: no line for {', '.join(missing)}")
        return [cards]


def cover(cells: list[dict]) -> str | None:
    """Return the PNG of the cell that is tagged so, or else the first there is."""
    shown = [
        ("cover" in cell["metadata"].get("tags", ()), output["data"]["image/png"])
        for cell in cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    return max(shown, key=lambda picture: picture[0])[1] if shown else None


def _visit(translator: HTML5Translator, node: chapter_card) -> None:
    builder = translator.builder
    picture = ""
    if node["picture"]:
        name = f"cover-{Path(node['docname']).name}.webp"
        folder = Path(builder.outdir) / builder.imagedir
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(thumbnail(base64.b64decode(node["picture"])))
        size = f'width="{_WIDTH}" height="{_HEIGHT}"'
        # What the picture shows is said in the chapter; here it is an ornament of the link beside it.
        picture = f'<img src="{builder.imgpath}/{name}" alt="" {size} loading="lazy" decoding="async">'
    target = builder.get_relative_uri(builder.current_docname, node["docname"])
    translator.body.append(
        f'<a class="card" href="{target}">{picture}<span class="card-number">{node["number"]}</span>'
        f'<span class="card-title">{translator.encode(node["title"])}</span>'
        f'<span class="card-question">{translator.encode(node["question"])}</span></a>\n'
    )


def thumbnail(png: bytes) -> bytes:
    """Bring a picture into the form of a card: a chart as a whole, of photographs the middle."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    size, how = (_WIDTH, _HEIGHT), Image.Resampling.LANCZOS
    if _is_chart(image):
        inner = (_WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
        card = ImageOps.pad(ImageOps.contain(image, inner, how), size, how, color="white")
    else:
        card = ImageOps.fit(image, size, how)
    file = io.BytesIO()
    card.save(file, "WEBP", quality=80, method=4)
    return file.getvalue()


def _is_chart(image: Image.Image) -> bool:
    """Whether a picture is mostly white paper, with writing on it that may not be cut through."""
    small = np.asarray(image.resize((64, 64)))
    return bool((small.min(axis=2) > 240).mean() > 0.3)
