"""The files of the built book, read without a browser."""

import json
import re
from collections import Counter
from pathlib import Path

import book_address
import book_cite
import pytest
import yaml
from PIL import Image

from course_utils.chapters import find, topic
from course_utils.record import read_provenance, read_records
from tests.passed import passed_before

ROOT = Path(__file__).parents[2]
CHAPTERS = find(folder=ROOT)
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
LOST = "404.html"
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}


def written(site):
    """Return the pages that somebody wrote, without those that Sphinx adds."""
    inner = [path.relative_to(site) for folder in ("book", "chapters") for path in (site / folder).rglob("*.html")]
    return ["index.html", *map(str, inner)]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return request.param


def test_a_page_loads_nothing_from_another_host(parse, page):
    html = parse(page)
    loaded = [tag.get(LOADED[tag.name], "") for tag in html.find_all(LOADED)]
    # A canonical link names a page, it loads nothing.
    loaded += [link["href"] for link in html.find_all("link", href=True) if "canonical" not in link.get("rel", [])]
    assert [url for url in loaded if url.startswith(("http:", "https:", "//"))] == []


def test_no_style_sheet_loads_anything_from_another_host(site):
    sheets = [path for path in site.rglob("*.css") if "url(http" in path.read_text(encoding="utf-8")]
    assert sheets == []


def test_a_page_carries_one_style_sheet_and_no_script_that_holds_it_up(site, parse, page):
    html = parse(page)
    sheets = [link["href"].partition("?")[0] for link in html.find_all("link", rel="stylesheet")]
    assert [(site / page).parent.joinpath(sheet).resolve() for sheet in sheets] == (
        [site / "_static" / "site.css"] if page != LOST else []
    )
    assert [script["src"] for script in html.find_all("script", src=True) if not script.has_attr("defer")] == []
    assert [script["src"] for script in html.find_all("script", src=True) if "mathjax" in script["src"].lower()] == []


def test_neither_icon_fonts_nor_mathjax_are_part_of_the_site(site):
    heavy = [path for path in site.rglob("*") if re.search("fontawesome|fa-solid|mathjax", path.name, re.IGNORECASE)]
    assert heavy == []


def test_an_icon_on_a_page_has_a_picture(site, parse, page):
    sheet = (site / "_static" / "site.css").read_text(encoding="utf-8")
    # Read as text, for some icons stand in HTML that a script writes.
    names = set(re.findall(r"\bfa-[a-z-]+", str(parse(page)))) - {"fa-solid", "fa-brands", "fa-lg"}
    assert [name for name in names if not re.search(rf"\.{name}[^{{]*\{{--icon:", sheet)] == []


def test_a_page_tells_search_engines_and_messengers_what_it_is(parse, page):
    head = parse(page).head
    assert len(head.find_all("meta", attrs={"name": "viewport"})) == 1
    (described,) = head.find_all("meta", attrs={"name": "description"})
    assert 20 <= len(described["content"]) <= 160
    if page == LOST:
        return
    address = book_address.address(CONFIG["repository"]["url"])
    assert head.find("link", rel="canonical")["href"] == f"{address}{page}"
    properties = {meta["property"] for meta in head.find_all("meta", property=True)}
    assert {"og:title", "og:description", "og:url", "og:image"} <= properties


def test_two_pages_are_not_described_alike(parse, site):
    described = Counter(
        parse(page).head.find("meta", attrs={"name": "description"})["content"] for page in written(site)
    )
    assert [text for text, times in described.items() if times > 1] == []


def test_the_sitemap_lists_every_page_of_the_book(site):
    address = book_address.address(CONFIG["repository"]["url"])
    listed = set(re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8")))
    assert listed == {f"{address}{page}" for page in written(site)}
    assert f"Sitemap: {address}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_the_picture_for_messengers_exists(site, parse):
    address = book_address.address(CONFIG["repository"]["url"])
    named = parse("index.html").find("meta", property="og:image")["content"]
    with Image.open(site / named.removeprefix(address)) as picture:
        assert picture.size == (1200, 630)


def test_the_page_for_lost_readers_works_at_any_depth(site, parse):
    html = parse(LOST)
    assert not html.find_all(src=True)
    base = book_address.address(CONFIG["repository"]["url"])
    places = [link["href"] for link in html.find_all("a")] + [html.find("form")["action"]]
    assert [place for place in places if not (site / place.removeprefix(base)).is_file()] == []


def test_a_picture_takes_its_room_before_it_is_there(parse, page):
    bare = [img["src"] for img in parse(page).find_all("img") if not (img.get("width") and img.get("height"))]
    assert bare == []


def test_smaller_versions_of_a_picture_exist_and_are_smaller(site, parse):
    (picture,) = parse("index.html").select("article img[srcset]")
    versions = [entry.split() for entry in picture["srcset"].split(", ")]
    sizes = [(site / url).stat().st_size for url, _ in versions]
    assert sizes == sorted(sizes)
    assert len(sizes) == 4
    for url, width in versions:
        with Image.open(site / url) as version:
            assert f"{version.width}w" == width


def test_a_reader_can_mend_a_page_on_the_branch_that_is_worked_on(parse):
    links = [link["href"] for link in parse("book/licence.html").find_all("a", href=True)]
    assert f"{CONFIG['repository']['url']}/edit/main/book/licence.md" in links


def test_a_page_says_how_to_cite_the_book(parse):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert book_cite.bibtex(cited) in parse("book/licence.html").text


def test_a_chapter_says_at_its_end_where_its_outputs_come_from(parse, chapter):
    run = read_provenance(chapter)
    if run is None:
        pytest.skip("never recorded; `course check` reports that")
    line = parse(f"chapters/{chapter.stem}.html").select("p.provenance")
    assert len(line) == 1
    assert f"Python {run['versions']['python']}" in line[0].text


def test_a_chapter_can_be_launched_from_the_one_repository_setting(parse, chapter):
    repository = CONFIG["repository"]
    owner_and_name = repository["url"].removeprefix("https://github.com/")
    links = {link["href"] for link in parse(f"chapters/{chapter.stem}.html").find_all("a", href=True)}
    place = f"{repository['branch']}/chapters/{chapter.name}"
    assert f"https://colab.research.google.com/github/{owner_and_name}/blob/{place}" in links
    assert any(link.startswith(f"https://mybinder.org/v2/gh/{owner_and_name}/") for link in links)


def test_pictures_in_outputs_carry_the_alt_text_of_their_cell(parse, chapter):
    shown = {img.get("alt") for img in parse(f"chapters/{chapter.stem}.html").select("div.cell_output img")}
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    drawing = [cell for cell in cells if "image/png" in json.dumps(cell.get("outputs"))]
    assert shown == {cell["metadata"]["mystnb"]["image"]["alt"] for cell in drawing}


def test_records_stay_invisible_on_the_page(parse, chapter):
    assert "papermill.record" not in parse(f"chapters/{chapter.stem}.html").text


def test_every_recorded_number_stands_on_the_page_about_them(parse):
    names = {code.text for code in parse("book/recorded.html").select("table.numbers code")}
    recorded = {f"{topic(path)}/{name}" for path in CHAPTERS for name in read_records(path)}
    assert recorded <= names


def test_every_chapter_stands_in_the_table_of_recorded_runs(parse):
    rows = parse("book/recorded.html").select("table.chapters tbody tr")
    assert [row.find("a")["href"] for row in rows] == [f"../chapters/{path.stem}.html" for path in CHAPTERS]


def test_the_page_of_results_shows_what_every_chapter_reaches(parse):
    table = parse("book/results.html").select_one("#what-the-chapters-reach table")
    linked = {link["href"] for link in table.find_all("a")}
    assert linked >= {f"../chapters/{path.stem}.html" for path in CHAPTERS if read_records(path)}


def test_the_landing_page_has_three_doors_before_anything_else(parse):
    page = parse("index.html").select_one("article.bd-article")
    doors = page.select("div.doors a")
    assert [door.text.strip() for door in doors] == ["Start reading", "Run it", "Teach with it"]
    assert len(page.find("img").find_all_previous("a", class_="sd-btn")) == 3


def test_the_landing_page_has_a_card_with_a_picture_for_every_chapter(parse, site):
    cards = parse("index.html").select("a.card")
    assert [card["href"] for card in cards] == [f"chapters/{path.stem}.html" for path in CHAPTERS]
    assert [card.select_one(".card-number").text for card in cards] == [str(i + 1) for i in range(len(CHAPTERS))]
    assert all((site / card.find("img")["src"]).is_file() for card in cards)


def test_every_bound_number_leads_to_its_record_and_says_where_it_comes_from(parse, page, site):
    assert "<!--=" not in (site / page).read_text(encoding="utf-8") or page.startswith("book/recorded")
    for link in parse(page).select("a.bound-number"):
        target, _, place = link["href"].partition("#")
        path = (site / page).parent / target if target else site / page
        assert parse(str(path.resolve().relative_to(site))).find(id=place), link
        assert link["data-says"].endswith(".")


def test_chapters_have_bound_numbers(parse, chapter):
    bound = len(re.findall("<!--=", chapter.read_text(encoding="utf-8")))
    assert len(parse(f"chapters/{chapter.stem}.html").select("a.bound-number")) == bound


def test_the_reference_documents_every_public_name(parse):
    import course_utils

    for room in (name for name in course_utils.__all__ if name != "cli"):
        html = parse(f"book/api/{room}.html")
        for name in getattr(course_utils, room).__all__:
            assert html.find(id=f"course_utils.{room}.{name}"), f"course_utils.{room}.{name}"


def test_the_reference_documents_every_command(parse):
    titles = {title.text.removesuffix("#").strip() for title in parse("book/api/cli.html").find_all("h2")}
    assert {"course run", "course check", "course verify", "course data", "course data fetch"} <= titles


def test_no_page_that_is_gone_is_kept_as_passed(site):
    kept = [re.fullmatch(r"tests/book/test_pages\.py\[(.+)\]", name) for name in passed_before()]
    assert [page[1] for page in kept if page and not (site / page[1]).is_file()] == []
