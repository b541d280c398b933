"""Opening the site's folder, or its bare address, shows the landing page: a copy of it, with links from the root."""

import re
from pathlib import Path, PurePosixPath

from book_pages import is_site
from sphinx.application import Sphinx

_ATTRIBUTE = re.compile(r'\b(href|src|srcset|action|data-content_root)="([^"]*)"')


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    # When every other extension is done with the page.
    app.connect("build-finished", _copy, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _copy(app: Sphinx, exception: Exception | None) -> None:
    if is_site(app, exception):
        landing = PurePosixPath(f"{app.config.root_doc}.html")
        html = (Path(app.outdir) / landing).read_text(encoding="utf-8")
        (Path(app.outdir) / "index.html").write_text(from_root(html, str(landing.parent)), encoding="utf-8")


def from_root(html: str, folder: str) -> str:
    """Return a page of a folder below the root with its relative links as they are seen from the root."""

    def changed(match: re.Match) -> str:
        separator = ", " if match[1] == "srcset" else "\0"
        return f'{match[1]}="{separator.join(_moved(link, folder) for link in match[2].split(separator))}"'

    return _ATTRIBUTE.sub(changed, html)


def _moved(link: str, folder: str) -> str:
    if re.match(r"[a-z]+:|#|/|$", link):
        return link
    return link.removeprefix("../") or "./" if link.startswith("../") else f"{folder}/{link}"
