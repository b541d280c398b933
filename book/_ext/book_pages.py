"""Changing finished pages: for what neither the theme's options nor its templates let one say."""

from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx


def finished(app: Sphinx) -> list[Path]:
    """Return every page of the built site."""
    static = Path(app.outdir) / "_static"
    return [path for path in sorted(Path(app.outdir).rglob("*.html")) if not path.is_relative_to(static)]


def rewrite(app: Sphinx, change: Callable[[Path, str], str]) -> None:
    """Replace each page's HTML by what ``change`` makes of its path and HTML; it may meet pages that it has changed."""
    for page in finished(app):
        html = page.read_text(encoding="utf-8")
        changed = change(page, html)
        if changed != html:
            page.write_text(changed, encoding="utf-8")


def is_site(app: Sphinx, exception: Exception | None) -> bool:
    """Whether a build has ended well and made a site."""
    return exception is None and app.builder.format == "html"
