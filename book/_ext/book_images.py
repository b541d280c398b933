"""Pictures take their room before they are loaded, wait until they are needed, and are small on small screens.

Every ``<img>`` without a size gets that of its file; in an article all but an opening one wait until they are near
the window; and of the book's own large pictures (``book/static``) browsers find smaller versions.
"""

import functools
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from book_pages import is_site, rewrite
from PIL import Image
from sphinx.application import Sphinx

_WIDTHS = (480, 800, 1200)
# The column of text is at most this wide, and on a phone as wide as the window less its margins.
_SIZES = "(max-width: 820px) calc(100vw - 2rem), 750px"
_PICTURE = re.compile(r"<img\b[^>]*>")
# The theme writes the logo twice, for light and dark, the second time by a script; ours is the same for both.
_LOGO = re.compile(
    r'(<img src="[^"]*logo\.svg" class="logo__image) only-light("[^>]*>)\s*'
    r"<script>document\.write\(`<img[^`]*`\);</script>"
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("build-finished", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _mend(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    large = [p for p in (Path(app.srcdir) / "book" / "static").glob("*.webp") if size(p)[0] > _WIDTHS[-1]]
    versions = {path.name: _smaller(path, Path(app.outdir) / "_images") for path in large}
    rewrite(app, lambda page, html: mend(page, html, versions))


def _smaller(source: Path, folder: Path) -> list[tuple[str, int]]:
    made = [(f"{source.stem}-{width}.webp", width) for width in _WIDTHS]
    folder.mkdir(exist_ok=True)
    for name, width in made:
        target = folder / name
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with Image.open(source) as picture:
            picture.thumbnail((width, picture.height))
            picture.save(target, quality=80, method=4)
    return made


def mend(page: Path, html: str, versions: dict[str, list[tuple[str, int]]]) -> str:
    """Return a page's HTML with sizes, smaller versions and late loading."""
    html = _LOGO.sub(r"\1\2", html)
    article = html.find("<article")
    # A chapter opens with text; only a picture before all outputs can be in the window from the start.
    outputs = html.find('class="cell_output', article)
    first = _PICTURE.search(html, article, outputs if outputs >= 0 else len(html)) if article >= 0 else None

    def changed(match: re.Match) -> str:
        below = match.start() > (first.start() if first else article) >= 0
        return _completed(match[0], page, versions, below)

    return _PICTURE.sub(changed, html)


def _completed(tag: str, page: Path, versions: dict[str, list[tuple[str, int]]], below: bool) -> str:
    source = re.search(r'\bsrc="([^"]+)"', tag)
    if source is None or urlsplit(source[1]).scheme:
        return tag
    path = (page.parent / unquote(urlsplit(source[1]).path)).resolve()
    added = ""
    if path.name in versions and "srcset=" not in tag:
        place = source[1].rpartition("/")[0]
        candidates = [(f"{place}/{name}", width) for name, width in versions[path.name]] + [(source[1], size(path)[0])]
        added += f' srcset="{", ".join(f"{url} {width}w" for url, width in candidates)}" sizes="{_SIZES}"'
    if not re.search(r"\b(width|height)=", tag):
        added += ' width="{}" height="{}"'.format(*size(path))
    if below and "loading=" not in tag:
        added += ' loading="lazy"'
    return f"<img{added}{tag[4:]}"


@functools.cache
def size(path: Path) -> tuple[int, int]:
    """Return a picture's width and height in pixels."""
    if path.suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        box = [float(number) for number in root.get("viewBox", "").split()]
        width, height = (box[2:]) or (float(root.get(name).removesuffix("px")) for name in ("width", "height"))
        return round(width), round(height)
    with Image.open(path) as picture:
        return picture.size
