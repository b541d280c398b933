"""Code costs a page little: no more elements than it has colours, and none is laid out before it comes near the window.

Pygments wraps every name and every comma, in the colour that they would have without. In a chapter these are three of
five elements, and a phone has to style and lay out each before it shows the page. What is left is still a third to a
half of a chapter: each box says how many lines it has, so that ``code.css`` can keep its room and leave it for later.
"""

import functools
from collections.abc import Iterable
from typing import TextIO

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Text, _TokenType
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("config-inited", _take_over)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _take_over(app: Sphinx, config: Config) -> None:
    options = config.html_theme_options
    PygmentsBridge.html_formatter = formatter(options["pygments_light_style"], options["pygments_dark_style"])


def formatter(*names: str) -> type[HtmlFormatter]:
    """Return a formatter that wraps only what does not look like text in one of these styles."""
    styles = [dict(get_style_by_name(name)) for name in names]

    @functools.cache
    def is_plain(kind: _TokenType) -> bool:
        return all(_look(style, kind) == style[Text] for style in styles)

    class Formatter(HtmlFormatter):
        def format_unencoded(self, tokensource: Iterable[tuple[_TokenType, str]], outfile: TextIO) -> None:
            tokens = [(Text if is_plain(kind) else kind, piece) for kind, piece in tokensource]
            lines = sum(piece.count("\n") for _, piece in tokens)
            self.prestyles = f"--lines: {lines}"
            super().format_unencoded(tokens, outfile)

    return Formatter


def _look(style: dict[_TokenType, dict], kind: _TokenType) -> dict:
    while kind not in style:
        kind = kind.parent
    return style[kind]
