"""A page costs a phone little: code has no more elements than colours, and nothing is laid out before it comes near.

Pygments wraps every name and every comma, in the colour that they would have without. In a chapter these are three of
five elements, and a phone has to style and lay out each before it shows the page. What is left is still a third to a
half of a chapter: each box says how many lines it has, so that ``code.css`` can keep its room and leave it for later. A
phone leaves whole sections for later. The theme, which asks every box at once whether it scrolls, would have all of
them laid out; it is told to ask those that are near, and ``code.js`` asks the others when they come.

On a phone what a program printed in columns becomes so small that they stand, as far as it can still be read: each box
says how wide its columns are. A short name, ``--after``, stays in one line, and so do a short expression, ``(n - 1)``,
and a range in a printed table; a long name is broken behind a dot or a bracket, as a person would, and not anywhere.
"""

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from book_pages import is_site
from docutils import nodes
from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Text, _TokenType
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms.post_transforms import SphinxPostTransform

_THEME = Path("_static/scripts/pydata-sphinx-theme.js")
_ASKS = "e.tabIndex=e.scrollWidth>e.clientWidth||"
_ASKS_WHAT_IS_NEAR = f"e.checkVisibility({{contentVisibilityAuto:!0}})&&({_ASKS}"
_BEFORE_A_BREAK = re.compile(r"""(?<=[._(=,/\[])(?=[A-Za-z"'(\[])""")
# So many letters of code are half a phone's width, and so many two thirds of it.
_SHORT, _WHOLE_PIECE = 20, 28
_CELL = re.compile(r"(?<=<td>)[^<]+(?=</td>)")
_WHOLE = re.compile(r"[−+-]?[\d.,]*\d–[−+-]?\d[\d.,]*\d|\d+ seeds?\b|noise: \S+")
_IN_COLUMNS = re.compile(r".*\S {2,}\S.*")
_REST = "e.scrollHeight>e.clientHeight?0:-1"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("config-inited", _take_over)
    app.connect("build-finished", _ask_what_is_near)
    app.add_post_transform(Breakable)
    app.add_post_transform(Whole)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Breakable(SphinxPostTransform):
    """Marks code that stays in one line, and where long code, or any in a table's cell, may go on in the next."""

    default_priority = 900
    formats = ("html",)

    def run(self) -> None:
        """Mark it."""
        for literal in list(self.document.findall(nodes.literal)):
            code, in_table = literal.astext(), _is_in(literal, nodes.entry)
            is_short = all(len(word) <= _SHORT for word in code.split())
            if is_short:
                literal["classes"].append("short")
            if len(code) <= _WHOLE_PIECE and not in_table:
                literal["classes"].append("whole")
            parts = parts_of(code)
            if len(parts) > 1 and (in_table or not is_short):
                marked = [[nodes.Text(part), nodes.raw("", "<wbr>", format="html")] for part in parts]
                literal[:] = [node for part in marked for node in part][:-1]


def _is_in(node: nodes.Node, kind: type[nodes.Node]) -> bool:
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node is not None


class Whole(SphinxPostTransform):
    """Keeps a range of numbers, and a number of seeds, in one line of a cell that a notebook printed."""

    default_priority = 900
    formats = ("html",)

    def run(self) -> None:
        """Mark them."""
        for printed in list(self.document.findall(nodes.raw)):
            html = kept_whole(printed.astext())
            if html != printed.astext():
                printed.parent.replace(printed, nodes.raw(html, html, **printed.attributes))


def kept_whole(html: str) -> str:
    """Mark what no line may break in the cells of a printed table."""
    return _CELL.sub(lambda cell: _WHOLE.sub(r'<span class="whole">\g<0></span>', cell[0]), html)


def columns_of(printed: str) -> int:
    """Return the width of what was printed in columns, in characters; 0 if fewer than two lines have any."""
    lines = _IN_COLUMNS.findall(printed)
    return max(map(len, lines)) if len(lines) > 1 else 0


def parts_of(code: str) -> list[str]:
    """Cut code where a person would break it: behind a dot, a bracket or an underscore in it."""
    return _BEFORE_A_BREAK.split(code)


def _take_over(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    PygmentsBridge.html_formatter = formatter(options["pygments_light_style"], options["pygments_dark_style"])


def _ask_what_is_near(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    path = Path(app.outdir) / _THEME
    script = path.read_text(encoding="utf-8")
    if _ASKS_WHAT_IS_NEAR in script:  # Sphinx copies it only if it is another
        return
    if script.count(_ASKS + _REST) != 1:
        raise ExtensionError(f"{_THEME} asks in another way which boxes scroll: see {Path(__file__).name}")
    path.write_text(script.replace(_ASKS + _REST, f"{_ASKS_WHAT_IS_NEAR}{_REST})"), encoding="utf-8")


def formatter(*names: str) -> type[HtmlFormatter]:
    """Return a formatter that wraps only what does not look like text in one of these styles."""
    styles = [dict(get_style_by_name(name)) for name in names]

    @functools.cache
    def is_plain(kind: _TokenType) -> bool:
        return all(_look(style, kind) == style[Text] for style in styles)

    class Formatter(HtmlFormatter):
        def format_unencoded(self, tokensource: Iterable[tuple[_TokenType, str]], outfile: TextIO) -> None:
            tokens = [(Text if is_plain(kind) else kind, piece) for kind, piece in tokensource]
            text = "".join(piece for _, piece in tokens)
            lines, width = text.count("\n"), columns_of(text)
            self.prestyles = f"--lines: {lines}" + (f"; --columns: {width}" if width else "")
            super().format_unencoded(tokens, outfile)

    return Formatter


def _look(style: dict[_TokenType, dict], kind: _TokenType) -> dict:
    while kind not in style:
        kind = kind.parent
    return style[kind]
