"""The whole book as one PDF: everything that a page leads to is in it, and nothing is lost on its way to paper."""

import io
import re

import print_book
import pytest
import yaml
from bs4 import BeautifulSoup
from print_book import PrintError

pikepdf = pytest.importorskip("pikepdf", reason="install the extra: pip install .[author]")

ADDRESS = "https://book.example/"
ABOUT = yaml.safe_load((print_book.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PAPER = 658  # CSS pixels between the margins of a sheet
PAGES = {
    "index.html": '<h1>The book<a class="headerlink" href="#a">#</a></h1><p>Short<!-- pdf --></p><figure></figure>',
    "chapters/01-first.html": (
        '<h1>1. First</h1><h2 id="exercises">Exercises</h2><p>See <a href="02-second.html#exercises">there</a>, '
        '<a href="#exercises">here</a>, <a href="deep/nested.html">below</a>.</p>'
        "<details><summary>Solution</summary>42</details><script>throw Error()</script>"
    ),
    "chapters/deep/nested.html": '<h1>Nested <code>one</code></h1><p><a href="../../_static/cards.txt">Cards</a></p>',
    "chapters/02-second.html": (
        '<h1>2. Second</h1><h2 id="exercises">Exercises</h2><a href="https://keras.example/x">Keras</a>'
        '<svg><defs><path id="glyph" d="M0 0h9"/></defs><use href="#glyph"/></svg><review-deck>cards</review-deck>'
    ),
}
NAVIGATION = """<nav class="bd-links"><ul><li><a href="#">The book</a></li></ul><p class="caption">The course</p>
<ul><li><a href="chapters/01-first.html">1. First</a>
<ul><li><a href="chapters/deep/nested.html">Nested one</a></li></ul></li>
<li><a href="chapters/02-second.html">2. Second</a></li></ul></nav>"""


@pytest.fixture
def small(tmp_path):
    """A book of four pages, with the same ids on two of them."""
    for name, text in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f'<link rel="canonical" href="{ADDRESS}{name}">{NAVIGATION * (name == "index.html")}'
        path.write_text(f'{head}<article class="bd-article"><section>{text}</section></article>', encoding="utf-8")
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.css").write_text("")
    return tmp_path


@pytest.fixture
def printed(small, program, monkeypatch):
    monkeypatch.setenv("COURSE_BROWSER", program)
    with pikepdf.open(io.BytesIO(print_book.print_book(small))) as document:
        yield document


def annotations(document):
    return [link for page in document.pages for link in page.get("/Annots", ())]


@pytest.mark.slow
def test_the_outline_is_the_table_of_contents_with_the_sections(printed):
    def tree(items):
        return [(item.title, tree(item.children)) if item.children else item.title for item in items]

    with printed.open_outline() as outline:
        assert tree(outline.root) == [
            "The book",
            "Contents",
            ("The course", [("1. First", ["Exercises", "Nested one"]), ("2. Second", ["Exercises"])]),
        ]


@pytest.mark.slow
def test_links_lead_to_places_in_the_pdf_or_to_the_published_site(printed):
    inside = {str(link.Dest) for link in annotations(printed) if "/Dest" in link}
    assert inside <= set(printed.Root.Dests.keys())
    assert {"/chapters-02-second--exercises", "/chapters-01-first--exercises", "/chapters-deep-nested"} <= inside
    outside = {str(link.A.URI) for link in annotations(printed) if "/A" in link}
    assert outside == {
        "https://keras.example/x",
        f"{ADDRESS}_static/cards.txt",
        f"{ADDRESS}chapters/02-second.html",  # the cards for review, which work only there
        ABOUT["repository-code"],
    }


@pytest.mark.slow
def test_the_pdf_says_what_it_is_and_opens_with_its_outline(printed):
    assert str(printed.docinfo.Title) == ABOUT["title"]
    assert str(printed.docinfo.Author) == ABOUT["authors"][0]["name"]
    assert str(printed.Root.Lang) == "en-GB"
    assert printed.Root.PageMode == "/UseOutlines"
    assert printed.Root.MarkInfo.Marked


def test_the_contents_name_the_sheet_that_a_page_is_on(small):
    entries = print_book.contents(small)
    book = list(print_book.articles(small, entries))
    page = BeautifulSoup(print_book.joined(entries, book, ABOUT, {"chapters-02-second": 7}), "html.parser")
    assert [(a.get_text(), a.find_next("span").get_text()) for a in page.select("ol.sheets a")] == [
        ("The book", ""),
        ("The course", ""),
        ("1. First", ""),
        ("Nested one", ""),
        ("2. Second", "7"),
    ]


def test_on_paper_solutions_are_open_and_glyphs_are_those_of_their_own_page(small):
    book = list(print_book.articles(small, print_book.contents(small)))
    first, second = book[1], book[3]
    assert first.details.has_attr("open")
    assert first.script is None
    assert second.use["href"] == f"#{second.path['id']}" == "#chapters-02-second--glyph"


def test_without_a_browser_or_a_book_one_sentence_says_what_to_do(small, tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PrintError, match=r"^No Chrome or Chromium was found to print with: install one"):
        print_book.print_book(small)
    with pytest.raises(PrintError, match=r"^There is no book in .*nowhere\. Build it first: make book$"):
        print_book.print_book(tmp_path / "nowhere")


def test_a_link_that_leads_nowhere_stops_the_printing(small, program, monkeypatch):
    monkeypatch.setenv("COURSE_BROWSER", program)
    path = small / "chapters" / "01-first.html"
    path.write_text(path.read_text().replace("02-second.html#exercises", "02-second.html#gone"))
    with pytest.raises(PrintError, match=r"^Links lead nowhere: #chapters-02-second--gone$"):
        print_book.print_book(small)


def test_the_first_page_says_once_that_there_is_a_pdf(small):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(small / print_book.NAME)
    for _ in range(2):
        print_book.announce(small)
        page = (small / "index.html").read_text(encoding="utf-8")
        assert re.findall(r"Short.*</p>", page) == [
            f'Short · <a href="{print_book.NAME}">one PDF</a> (1 pages, 0 MB)<!-- pdf --></p>'
        ]


# --- the book itself --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(site):
    """All its pages in one."""
    entries = print_book.contents(site)
    return print_book.joined(entries, list(print_book.articles(site, entries)), ABOUT, {})


@pytest.mark.slow
def test_every_page_of_the_table_of_contents_is_printed(site):
    pages = [entry.page for entry in print_book.contents(site) if entry.page]
    addresses = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert sorted(pages) == sorted(
        address.removeprefix(min(addresses, key=len).removesuffix("index.html")) for address in addresses
    )


@pytest.mark.slow
def test_no_id_is_there_twice_and_every_link_within_the_book_has_one(whole):
    page = BeautifulSoup(whole, "html.parser")
    ids = [element["id"] for element in page.find_all(id=True)]
    assert sorted({name for name in ids if ids.count(name) > 1} if len(ids) != len(set(ids)) else ()) == []
    targets = {link["href"] for link in page.select('[href^="#"]')}
    assert targets - {f"#{name}" for name in ids} == set()


@pytest.mark.slow
def test_no_text_is_cut_at_the_edge_of_the_paper(site, whole, program):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": PAPER, "height": 900})
        tab.emulate_media(media="print")
        tab.goto((site / "search.html").as_uri())
        tab.set_content(whole, wait_until="load")
        assert tab.evaluate(_CUT) == []
        browser.close()


# What is there for screen readers alone is a pixel wide.
_CUT = """() => [...document.querySelectorAll("article :is(pre, p, li, td, th, dt, figcaption, img, div.math)")]
    .filter(e => e.clientWidth > 1)
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 &&
        getComputedStyle(e).overflowX != "visible")
    .map(e => `${Math.round(e.getBoundingClientRect().right)} px: ${e.outerHTML.slice(0, 150)}`)"""
