"""Formulas are drawn when the book is built, so that no page needs a script to show them.

MathJax turns each formula into an SVG picture, for the eye, and into MathML, for screen readers. A page holds each
glyph's outline once. One Node process draws all of them: ``draw_formulas.cjs`` answers each line of its input with one.
"""

import html
import json
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

_PROGRAM = Path(__file__).parent / "draw_formulas.cjs"
_logger = logging.getLogger(__name__)


class Artist:
    """The process that draws; it starts with the first formula."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None

    def draw(self, tex: str, display: bool) -> dict:
        """Return a formula's ``svg``, ``mathml`` and ``glyphs``; raise ValueError with the mistake in it."""
        if self._process is None:
            self._process = subprocess.Popen(
                ["node", str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
            )
        self._process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ExtensionError(f"Node stopped while it drew the formula {tex!r}; its message stands above.")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


_artist = Artist()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_html_math_renderer("svg", inline_renderers=(_inline, None), block_renderers=(_block, None))
    app.add_css_file("formulas.css")
    app.connect("doctree-resolved", _keep_punctuation)
    app.connect("build-finished", lambda app, exception: _artist.stop())
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def _keep_punctuation(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Let no line begin with the comma behind a formula, which to a browser is a picture, and may end a line."""
    for formula in list(doctree.findall(nodes.math)):
        following = formula.next_node(descend=False, siblings=True)
        if isinstance(following, nodes.Text) and following[:1] in tuple(",.;:!?)"):
            together = nodes.inline("", "", formula.deepcopy(), nodes.Text(following[:1]), classes=["together"])
            formula.parent.replace(following, nodes.Text(following[1:]))
            formula.parent.replace(formula, together)


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(f'<span class="math">{_drawn(translator, node, display=False)}</span>')
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(f"{_drawn(translator, node, display=True)}</div>\n")
    raise nodes.SkipNode


def _drawn(translator: HTML5Translator, node: nodes.Element, display: bool) -> str:
    tex = node.astext()
    # As Sphinx does it: a line break outside of an environment of its own needs one.
    if display and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{split}}{tex}\end{{split}}"
    try:
        drawn = _artist.draw(tex, display)
    except ValueError as error:
        _logger.warning("formula %r: %s", tex, error, location=node)
        return f"<code>{html.escape(tex)}</code>"
    # Sphinx makes a translator for each page.
    known = translator.__dict__.setdefault("glyphs_on_page", set())
    new = {name: outline for name, outline in drawn["glyphs"].items() if name not in known}
    known.update(new)
    outlines = "".join(f'<path id="{name}" d="{outline}"/>' for name, outline in new.items())
    picture = drawn["svg"].replace("<g ", f"<defs>{outlines}</defs><g ", 1) if new else drawn["svg"]
    return f'{picture}<span class="formula-spoken">{drawn["mathml"]}</span>'
