"""What search engines, messengers and lost readers need: descriptions, a picture, a map of the site, a page for errors.

The site's address is that of GitHub Pages for the repository which ``_config.yml`` names.
"""

import html
import re
from pathlib import Path
from urllib.parse import urlsplit

from book_pages import is_site
from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config

_LONGEST = 160  # characters of a description that search engines show
_PICTURE = "_static/share.png"
_OTHERS = {
    "genindex": "Every name, term and command in the book, from A to Z.",
    "py-modindex": "The modules of the book's companion package.",
    "search": "Find a word anywhere in the book.",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("config-inited", _set_address)
    app.connect("html-page-context", _describe, priority=900)
    app.connect("build-finished", _add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _set_address(app: Sphinx, config: Config) -> None:
    config.html_baseurl = address(config.html_theme_options["repository_url"])


def address(repository: str) -> str:
    """Return where GitHub publishes the pages of a repository."""
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"https://{owner}.github.io/{name}/"


def _describe(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    # docutils gives each page a second viewport.
    given = re.sub(r'<meta name="viewport"[^>]*>', "", context.get("metatags") or "")
    written = re.search(r'<meta content="([^"]*)" name="description"', given)
    text = html.unescape(written[1]) if written else _OTHERS.get(page) or description(doctree)
    properties = {
        "og:title": re.sub("<[^>]+>", "", html.unescape(context.get("title") or app.config.html_title)),
        "og:description": text,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:url": context.get("pageurl"),
        "og:image": app.config.html_baseurl + _PICTURE,
        "og:image:alt": "Three discs with the same points, divided into ever better fitting regions of colour.",
        "og:site_name": app.config.html_title,
    }
    tags = [_tag("name", "twitter:card", "summary_large_image")]
    tags += [] if written else [_tag("name", "description", text)]
    tags += [_tag("property", name, value) for name, value in properties.items() if value]
    context["metatags"] = "\n    ".join([given, *tags])


def _tag(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(value)}" />'


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraph of a page, as far as search engines show it."""
    if doctree is None:
        return ""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            return shortened(" ".join(paragraph.astext().split()))
    return ""


def shortened(text: str) -> str:
    """Return as many whole sentences as fit, or else as many words."""
    if len(text) <= _LONGEST:
        return text
    sentences = re.match(rf".{{40,{_LONGEST - 1}}}[.?!](?= )", text)
    if sentences:
        return sentences[0]
    return text[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"


def _add_files(app: Sphinx, exception: Exception | None) -> None:
    if not is_site(app, exception):
        return
    base, site = app.config.html_baseurl, Path(app.outdir)
    pages = "".join(f"<url><loc>{base}{name}.html</loc></url>\n" for name in sorted(app.env.found_docs))
    (site / "sitemap.xml").write_text(_SITEMAP.format(pages=pages), encoding="utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", encoding="utf-8")
    home = f"{base}{app.config.root_doc}.html"
    lost = _LOST.format(title=html.escape(app.config.html_title), base=base, home=home)
    (site / "404.html").write_text(lost, encoding="utf-8")
    _draw_share_picture(Path(app.srcdir) / "book" / "static" / "spiral.webp", site / _PICTURE)


def _draw_share_picture(source: Path, target: Path) -> None:
    # The shape that messengers show, with a margin.
    canvas = Image.new("RGB", (1200, 630), "#fffefb")
    with Image.open(source) as picture:
        picture = picture.convert("RGBA")
        picture.thumbnail((1120, 550))
        canvas.paste(picture, tuple((c - p) // 2 for c, p in zip(canvas.size, picture.size, strict=True)), picture)
    canvas.quantize(128).save(target, optimize=True)


_SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{pages}</urlset>
"""

# GitHub shows this page at whatever address was asked for, so it carries its style with it and links in full.
_LOST = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="description" content="There is no such page in this book.">
<title>No such page — {title}</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --text: #23242b; --ground: #fffefb; --link: #3d348b; }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #d9dbe3; --ground: #15171d; --link: #b3adf7; }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text);
  font: 1.1rem/1.6 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }}
main {{ max-width: 34rem; padding: 1.5rem; }}
h1 {{ font: 600 2.2rem/1.2 Charter, Georgia, "Times New Roman", serif; }}
a {{ color: var(--link); }}
input, button {{ font: inherit; padding: 0.4rem 0.8rem; border: 1px solid currentColor; border-radius: 8px;
  color: inherit; background: none; max-width: 100%; box-sizing: border-box; }}
</style>
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>The address may be mistyped, or the page has moved since somebody linked to it.</p>
<form action="{base}search.html"><label for="words">Search the book</label><br>
<input id="words" name="q" type="search"> <button>Search</button></form>
<p>Or start at <a href="{home}">{title}</a>.</p>
</main>
</body>
</html>
"""
