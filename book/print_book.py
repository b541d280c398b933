"""Print the whole book into one PDF, from its built pages: `make pdf`.

The pages are joined into one, in the order of the table of contents, and Chromium prints that: so a font is in the file
once, a link to another page leads to a place in the file, and the headings become its outline. Chapters use the same
ids, so each gets the name of its page in front. On which sheet something stands is known once it is printed; so it is
printed twice, the second time with these numbers in the contents.
"""

import html
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import yaml
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
NAME = "neural-networks-by-experiment.pdf"
_FIRST = "index.html"
# Where the first page says that there is a PDF, once there is.
_MARK = "<!-- pdf -->"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What waits for a click, a narrow page or a dark one.
_NOT_ON_PAPER = "script, source, .only-dark, .headerlink, .doors"
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
# A photograph is much smaller as JPEG; a drawing is not, and would suffer.
_PHOTOGRAPH, _QUALITY, _SMALL = 0.5, 88, 10_000
_CONTENTS = "Contents"


class PrintError(Exception):
    """What is in the way of printing, in a sentence."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents: its title, its level (parts have 1, chapters 2), and its page; a part has none."""

    title: str
    level: int
    page: str = ""

    @property
    def id(self) -> str:
        """Its place in the joined page."""
        return _id(self.page or self.title)


def main() -> int:
    """Print the built book into its own folder, and let its first page say so."""
    try:
        pdf = print_book(SITE)
    except PrintError as error:
        print(error, file=sys.stderr)
        return 1
    (SITE / NAME).write_bytes(pdf)
    print(f"{SITE / NAME}: {announce(SITE)}")
    return 0


def print_book(site: Path) -> bytes:
    """Print all pages of a built book.

    Parameters
    ----------
    site : pathlib.Path
        The folder with its ``index.html``.

    Returns
    -------
    bytes
        A PDF.

    Raises
    ------
    PrintError
        If there is no book or no browser, or if a link or a heading got lost on the way.
    """
    if not (site / "index.html").is_file():
        raise PrintError(f"There is no book in {site}. Build it first: make book")
    program = find_browser()
    if program is None:
        raise PrintError("No Chrome or Chromium was found to print with: install one, or set COURSE_BROWSER to it.")
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    entries = contents(site)
    book = list(articles(site, entries))
    require_places(book)
    draft = on_paper(site, joined(entries, book, about, {}), program)
    pdf = on_paper(site, joined(entries, book, about, sheets(draft)), program)
    return finished(pdf, book, about)


def find_browser() -> str | None:
    """Return the program that ``COURSE_BROWSER`` names, or the Chrome or Chromium on this machine, if there is one."""
    return os.environ.get("COURSE_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)), None)


# --- all pages in one -------------------------------------------------------------------------------------------------


def contents(site: Path) -> list[Entry]:
    """List the first page, the parts and their pages, as the navigation of the site has them."""
    entries = []
    for line in _read(site / _FIRST).select("nav.bd-links :is(p.caption, li > a)"):
        title = _text(line)
        if line.name == "p":
            entries.append(Entry(title, 1))
        elif line["href"] == "#":
            entries.append(Entry(title, 1, _FIRST))
        else:
            entries.append(Entry(title, 1 + len(line.find_parents("li")), line["href"]))
    return entries


def articles(site: Path, entries: list[Entry]) -> Iterator[Tag]:
    """Yield the text of each page as it is on paper, with ids that no other page has and links that lead to them."""
    book = {entry.page for entry in entries if entry.page}
    part, chapter = None, ""
    for entry in entries:
        if not entry.page:
            part = entry
            continue
        page = _read(site / entry.page)
        address = page.find("link", rel="canonical")["href"].removesuffix(entry.page)
        article = page.select_one("article")
        for element in article.select(_NOT_ON_PAPER):
            element.decompose()
        for folded in article.find_all("details"):
            folded["open"] = ""
        for deck in article.find_all("review-deck"):
            deck.replace_with(_html(f"<p>The cards are on {_link(address + entry.page)}.</p>"))
        _lead(article, entry.page, book, address)
        # The outline follows these levels; the style sheet, the elements.
        for heading in article.find_all(_HEADINGS):
            heading["aria-level"] = entry.level - 1 + int(heading.name[1])
        if part:
            article.insert(0, _html(f'<h1 class="part" id="{part.id}">{html.escape(part.title)}</h1>'))
            part = None
        # What has the same name shares its sheets: a chapter begins on a new one, a page within it does not.
        chapter = chapter if entry.level > 2 else entry.id
        article.attrs = {"id": entry.id, "class": f"bd-article level-{entry.level}", "style": f"page: {chapter}"}
        yield article


def headings(book: list[Tag]) -> list[str]:
    """List the headings of all pages, and that of the contents."""
    first, *others = [[_text(heading) for heading in article.find_all(_HEADINGS)] for article in book]
    return [title for titles in (first, [_CONTENTS], *others) for title in titles]


def _lead(article: Tag, page: str, book: set[str], address: str) -> None:
    """Make ids, links and pictures of a page work where all pages are one."""
    for element in article.find_all(id=True):
        element["id"] = _id(page, element["id"])
    for glyph in article.find_all("use"):
        glyph["href"] = f"#{_id(page, glyph['href'][1:])}"
    for image in article.find_all("img"):
        kept = {name: value for name, value in image.attrs.items() if name not in ("srcset", "sizes", "loading")}
        image.attrs = kept | {"src": urljoin(page, image["src"])}
    for link in article.find_all("a", href=True):
        target, fragment = urldefrag(urljoin(page, link["href"]))
        link["href"] = f"#{_id(target, fragment)}" if target in book else urljoin(address + page, link["href"])


def require_places(book: list[Tag]) -> None:
    """Make sure that every link within the book leads somewhere: Chromium would drop one that does not.

    Raises
    ------
    PrintError
        If there is one.
    """
    places = {f"#{element['id']}" for article in book for element in (article, *article.find_all(id=True))}
    links = {link["href"] for article in book for link in article.select('[href^="#"]')}
    if lost := sorted(links - places):
        raise PrintError(f"Links lead nowhere: {', '.join(lost)}")


def joined(entries: list[Entry], book: list[Tag], about: dict[str, Any], on_sheet: dict[str, int]) -> str:
    """Put the title, the contents with the number of each page's sheet, and the pages together."""
    first, *others = map(str, book)
    lines = "".join(
        f'<li class="level-{entry.level}"><a href="#{entry.id}">{html.escape(entry.title)}</a>'
        f'<span class="sheet">{on_sheet.get(entry.id, "")}</span></li>'
        for entry in entries
    )
    heads = "".join(
        f"@page {entry.id} {{ @top-right {{ content: {json.dumps(entry.title, ensure_ascii=False)} }} }}\n"
        for entry in entries
        if entry.page and entry.level <= 2
    )
    return f"""<!DOCTYPE html>
<html lang="en-GB" data-theme="light"><head><meta charset="utf-8"><title>{html.escape(about["title"])}</title>
<link rel="stylesheet" href="_static/site.css"><style>{_STYLE}{heads}</style></head>
<body><div class="bd-main"><div class="bd-content"><div class="bd-article-container">
{first.replace("</figure>", f"</figure>{_imprint(about)}", 1)}
<article class="bd-article level-1"><h1 id="contents">{_CONTENTS}</h1><ol class="sheets">{lines}</ol></article>
{"".join(others)}
</div></div></div></body></html>"""


def _imprint(about: dict[str, Any]) -> str:
    authors = html.escape(", ".join(map(_name, about["authors"])))
    day = about["date-released"]
    return (
        f'<p class="imprint">{authors}<br>Version {about["version"]}, {day.day} {day:%B} {day.year}<br>'
        f"{_link(about['repository-code'])}</p>"
    )


_STYLE = """
@page {
  size: A4; margin: 20mm 18mm; font: 8pt "Source Sans", sans-serif; color: #555;
  @bottom-center { content: counter(page) }
}
@page index:first { @top-right { content: none } @bottom-center { content: none } }
html, body { background: none !important; }
body { display: block; font-size: 10.5pt; line-height: 1.5; }
.bd-main .bd-content { margin: 0; }
.bd-main .bd-content .bd-article h1:first-of-type { display: block; }
.bd-main .bd-content .bd-article h1.part {
  margin: 0 0 2.5rem; padding-bottom: 0.3rem; border-bottom: 1px solid; font-size: 1.1rem;
}
.bd-article.level-3 h1 { font-size: 1.7rem; }
.imprint { margin-top: 4rem; }
#index section section:first-of-type { break-before: page; }
ol.sheets { columns: 2; column-gap: 2.5rem; list-style: none; padding: 0; }
ol.sheets li { display: flex; gap: 0.5rem; margin: 0; break-inside: avoid; }
ol.sheets li.level-1 { margin-top: 0.8rem; font-weight: 650; break-after: avoid; }
ol.sheets li.level-2 { padding-left: 1.5rem; }
ol.sheets li.level-3 { padding-left: 3rem; }
ol.sheets a { color: inherit; text-decoration: none; }
ol.sheets .sheet { min-width: 3ch; margin-left: auto; text-align: right; }
"""


def _read(page: Path) -> BeautifulSoup:
    return _html(page.read_text(encoding="utf-8"))


def _html(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def _id(page: str, fragment: str = "") -> str:
    name = re.sub(r"\W+", "-", page.removesuffix(".html"))
    return f"{name}--{fragment}" if fragment else name


def _text(element: Tag) -> str:
    return " ".join(element.get_text().split())


def _link(address: str) -> str:
    return f'<a href="{address}">{address}</a>'


# --- on paper ---------------------------------------------------------------------------------------------------------


def on_paper(site: Path, page: str, program: str) -> bytes:
    """Let a browser print a page that stands beside those of the site."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(java_script_enabled=False)
        # It takes the place of one of them, so that it need not be written among them.
        tab.goto((site / _FIRST).as_uri())
        tab.set_content(page, wait_until="load")
        pdf = tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        browser.close()
    return pdf


def sheets(pdf: bytes) -> dict[str, int]:
    """Return the number of the sheet that each destination of links is on."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
        return {name[1:]: numbers[place[0].objgen] for name, place in document.Root.Dests.items()}


def finished(pdf: bytes, book: list[Tag], about: dict[str, Any]) -> bytes:
    """Say in a PDF what it is and who wrote it, make its outline what the headings are, and make it small."""
    import pikepdf

    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_outline() as outline:
            _mend(list(_items(outline.root)), headings(book))
        with document.open_metadata() as told:
            told["dc:title"] = about["title"]
            told["dc:creator"] = [_name(author) for author in about["authors"]]
            told["dc:description"] = about["abstract"]
            told["dc:subject"] = about["keywords"]
            told["dc:language"] = ["en-GB"]
            told["dc:rights"] = " AND ".join(about["license"])
        document.Root.PageMode = pikepdf.Name.UseOutlines
        for part in document.objects:
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") == "/Image":
                _lighten(part)
        packed = pikepdf.ObjectStreamMode.generate
        document.save(file, object_stream_mode=packed, compress_streams=True, recompress_flate=True)
    return file.getvalue()


def _items(items: list[Any]) -> Iterator[Any]:
    for item in items:
        yield item
        yield from _items(item.children)


def _mend(items: list[Any], titles: list[str]) -> None:
    """Give the items of an outline the titles of the headings: Chromium loses the space where it breaks a line.

    Raises
    ------
    PrintError
        If there are others.
    """
    found, wanted = ([title.replace(" ", "") for title in each] for each in ([item.title for item in items], titles))
    if found != wanted:
        lost, more = set(wanted) - set(found), set(found) - set(wanted)
        raise PrintError(
            f"The outline is not what the headings are: it lacks {lost or 'nothing'}, adds {more or 'nothing'}."
        )
    for item, title in zip(items, titles, strict=True):
        item.title = title


def _lighten(image: Any) -> None:
    """Keep a photograph as JPEG, where Chromium has unpacked it."""
    import pikepdf

    packed = len(image.read_raw_bytes())
    if image.get("/Filter") != "/FlateDecode" or "/SMask" in image or packed < _SMALL:
        return
    file = io.BytesIO()
    pikepdf.PdfImage(image).as_pil_image().save(file, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    if file.tell() < _PHOTOGRAPH * packed:
        image.write(file.getvalue(), filter=pikepdf.Name.DCTDecode)


def _name(author: dict[str, str]) -> str:
    return author.get("name") or f"{author['given-names']} {author['family-names']}"


def announce(site: Path) -> str:
    """Say on the first page of a site that there is a PDF, and how much of it."""
    import pikepdf

    with pikepdf.open(site / NAME) as document:
        size = f"{len(document.pages)} pages, {(site / NAME).stat().st_size / 1e6:.0f} MB"
    page = site / _FIRST
    link = f' · <a href="{NAME}">one PDF</a> ({size})'
    told = re.sub(rf'( · <a href="{NAME}">.*)?{_MARK}', link + _MARK, page.read_text(encoding="utf-8"))
    page.write_text(told, encoding="utf-8")
    return size


if __name__ == "__main__":
    sys.exit(main())
