"""Pages that ask nobody for anything and that everybody can use.

No script, style or font comes from another host: what npm installed into ``book/node_modules`` is copied into the
site's ``vendor`` folder, and what an extension or the theme would still load from elsewhere is taken off the page.
Where the theme's or an extension's HTML is in the way of a screen reader, the finished page is mended.
"""

import re
import shutil
from pathlib import Path

from book_pages import is_site, rewrite
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

_MODULES = Path(__file__).parents[1] / "node_modules"
_VENDORED = {
    f"{font}-{subset}-wght-{style}.woff2": f"@fontsource-variable/{font}/files/{font}-{subset}-wght-{style}.woff2"
    for font in ("source-sans-3", "source-serif-4", "jetbrains-mono")
    for subset in ("latin", "latin-ext", "greek")
    for style in ("normal", "italic")
    if style == "normal" or font == "source-sans-3"
}
# Live code through Thebe needs a Binder server; the launch buttons do that job. The page's name is for banners of the
# theme that this book has not.
_UNWANTED = re.compile(r"^https?:|thebe", re.IGNORECASE)

# (what stands on the page, what shall stand there), each for the reason above it.
_MENDS = [
    # Without JavaScript nobody works out what "auto" means, and no colour is set.
    (re.compile(r'data-theme="auto"'), 'data-theme="light"'),
    # The book is published from a tag, and only a branch can be edited.
    (re.compile(r'(https://github\.com/[^/"]+/[^/"]+/edit/)[^/"]+/'), r"\1main/"),
    # Who speaks to a computer says the words on a button; a label with other words hides them.
    (re.compile(r'(<button class="[^"]*search-button-field[^>]*?) aria-label="Search"'), r"\1"),
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # Everything on a page belongs to a landmark; the theme's sidebar is none.
    (
        re.compile(r'<div class="bd-sidebar-primary bd-sidebar'),
        r'<div role="navigation" aria-label="Book" class="bd-sidebar-primary bd-sidebar',
    ),
    # The arrow that unfolds a part of the sidebar has no name.
    (re.compile(r'<summary>(?=<span class="toctree-toggle")'), '<summary aria-label="Pages of this part">'),
    # Bibliographies come with a role that ARIA has deprecated, in a list that holds more than list items.
    (re.compile(r' role="doc-biblioentry"'), ""),
    (re.compile(r' role="list"(?= class="citation-list")'), ""),
    # A wide table scrolls on a phone: who has no pointer must be able to get into it.
    (
        re.compile(r'<div class="pst-scrollable-table-container">'),
        '<div class="pst-scrollable-table-container" tabindex="0">',
    ),
    # A table of pandas has empty headers above its index.
    (re.compile(r"<th\b([^>]*)>(?:&nbsp;|\s)*</th>"), r"<td\1></td>"),
]


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("builder-inited", _check_installed)
    app.connect("html-page-context", _drop_outside_requests, priority=900)
    app.connect("build-finished", _copy_vendored)
    app.connect("build-finished", _mend_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _check_installed(app: Sphinx) -> None:
    missing = [source for source in _VENDORED.values() if not (_MODULES / source).is_file()]
    if missing:
        raise ExtensionError(
            f"book/node_modules lacks {missing[0]} ({len(missing)} of {len(_VENDORED)} files missing). "
            "Install them with `make book`, or with `npm ci --prefix book`."
        )


def _drop_outside_requests(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    for key in ("script_files", "css_files"):
        context[key] = [asset for asset in context.get(key, []) if not _is_unwanted(asset)]


def _is_unwanted(asset: object) -> bool:
    filename = getattr(asset, "filename", None) or ""
    body = getattr(asset, "attributes", {}).get("body") or ""
    return bool(_UNWANTED.search(str(filename)) or "THEBE_JS_URL" in body or "OPTIONS.pagename" in body)


def _copy_vendored(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    folder = Path(app.outdir) / "_static" / "vendor"
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in _VENDORED.items():
        shutil.copyfile(_MODULES / source, folder / name)


def _mend_pages(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    # The theme copies its templates along with its assets; they are no pages.
    for template in (Path(app.outdir) / "_static").glob("*.html"):
        template.unlink()
    rewrite(app, lambda page, html: mend(html))


def mend(html: str) -> str:
    """Return a page's HTML without what browsers and screen readers stumble over."""
    for pattern, replacement in _MENDS:
        html = pattern.sub(replacement, html)
    return html
