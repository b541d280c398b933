"""One style sheet for all pages, with nothing in it that none of them uses.

The sheets of the theme, the extensions and the book weigh 480 KB, of which pages use a fifth. They are put together in
their order, purged and minified (``purge_styles.mjs``); a page names the result with its checksum, so that browsers
never show a page in an older one's clothes. Scripts wait until the page is there. ``COURSE_PUBLISHED=1`` is for pages
that come from a server: fonts are fetched along with the style sheet, which browsers refuse to pages from disk, and a
font that comes late waits for the next page instead of shifting this one.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from book_pages import finished, is_site, rewrite
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

_PROGRAM = Path(__file__).parent / "purge_styles.mjs"
# The theme loads these before the sheets that Sphinx knows of.
_THEME = ["basic.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css"]
# Text and titles; code can wait.
_PRELOADED = [f"_static/vendor/{name}-latin-wght-normal.woff2" for name in ("source-sans-3", "source-serif-4")]
_sheets: list[str] = []


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    # After all extensions have said what they need, and before the site is published.
    app.connect("html-page-context", _take_over, priority=950)
    app.connect("build-finished", _join, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def _take_over(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    _sheets[:] = [str(sheet.filename) for sheet in context["css_files"]]
    context["css_files"] = []
    context["preloaded_fonts"] = _PRELOADED if _is_published() else []


def _is_published() -> bool:
    return os.environ.get("COURSE_PUBLISHED") == "1"


def _join(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    static = Path(app.outdir) / "_static"
    # Nothing links to these any more.
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    if _sheets:
        _purge(app, [static / name for name in (*_THEME, *(sheet.removeprefix("_static/") for sheet in _sheets))])
    version = hashlib.sha256((static / "site.css").read_bytes()).hexdigest()[:8]
    rewrite(app, lambda page, html: finish(html, version))


def _purge(app: Sphinx, sheets: list[Path]) -> None:
    static = Path(app.outdir) / "_static"
    task = {
        "sheets": [str(sheet.resolve()) for sheet in dict.fromkeys(sheets)],
        "users": [str(path) for path in (*finished(app), *_scripts(static))],
        "result": str(static / "site.css"),
        "fontDisplay": "optional" if _is_published() else "swap",
    }
    done = subprocess.run(
        ["node", str(_PROGRAM)], input=json.dumps(task), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise ExtensionError(f"The style sheets cannot be joined:\n{done.stderr}")


def _scripts(static: Path) -> list[Path]:
    # The index of the search holds every word of the book, and so would every class.
    return [path for path in (*static.glob("*.js"), *static.glob("scripts/*.js")) if path.name != "search-index.js"]


def finish(html: str, version: str) -> str:
    """Name the current style sheet, and let no script hold up the page."""
    html = re.sub(r"_static/site\.css(\?v=\w+)?", f"_static/site.css?v={version}", html)
    return re.sub(r"<script (?![^>]*\bdefer\b)([^>]*\bsrc=)", r"<script defer \1", html)
