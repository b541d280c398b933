"""Links that are made when the book is built: chapters, the doctor's codes, terms; and the line under a title."""

import json
import re
from pathlib import Path

import book_launch
import book_links
import book_terms
import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes

from course_utils.chapters import find

ROOT = Path(__file__).parents[2]
CHAPTERS = find(folder=ROOT)


@pytest.fixture(scope="session")
def article(site):
    def read(page: str) -> BeautifulSoup:
        return BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser").select_one("article")

    return read


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return request.param


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("See chapter 4 for shapes.", [("chapter 4", 4)]),
        ("Chapters 2 and 4 and 10 photographs", [("Chapters 2", 2), ("4", 4)]),
        ("chapters 3 to 5", [("chapters 3", 3), ("5", 5)]),
        ("In chapter 4, 5 epochs are enough.", [("chapter 4", 4)]),
        ("a chapter, and 5 of them", []),
    ],
)
def test_a_mention_of_a_chapter_is_cut_out_with_its_number(text, linked):
    pieces = list(book_links.mentions(text))
    assert [piece for piece in pieces if piece[1] is not None] == linked
    assert "".join(words for words, _ in pieces) == text


def test_a_chapter_s_number_leads_to_its_place_in_the_contents(article, chapter):
    html = article(f"chapters/{chapter.stem}.html")
    for link in html.find_all("a", string=re.compile(r"^[Cc]hapters?\s+\d+$")):
        number = int(link.text.split()[-1])
        if "://" not in link["href"]:
            assert link["href"] == f"{CHAPTERS[number - 1].stem}.html"


def test_no_chapter_mentions_another_without_a_link(article, chapter):
    html = article(f"chapters/{chapter.stem}.html")
    own = CHAPTERS.index(chapter) + 1
    for closed in html.select("a, h1, h2, h3, h4, pre, code, figcaption, .rubric"):
        closed.decompose()
    left = {int(number) for number in re.findall(r"\bchapter\s+(\d+)", html.get_text(), re.IGNORECASE)}
    assert left <= {own}


def test_the_doctor_s_findings_in_a_chapter_lead_to_its_pages(article):
    (errors,) = [path for path in CHAPTERS if "errors" in path.stem]
    codes = article(f"chapters/{errors.stem}.html").select(".cell_output strong + * code, .cell_output strong + code")
    assert codes
    for code in codes:
        assert code.parent.name == "a", code
        assert code.parent["href"] == f"../book/doctor/{code.text}/index.html"


@pytest.mark.parametrize(
    ("name", "fits", "fits_not"),
    [
        ("batch", ["batch", "Batches", "batches"], ["batched", "mini-batch"]),
        ("accuracy", ["accuracies"], ["accurate"]),
        ("dense layer", ["Dense layers", "dense\nlayer"], ["dense", "denser layer"]),
        ("Adam", ["Adam"], ["adam", "AdamW"]),
        ("batch normalisation", ["batch normalization"], ["normalisation"]),
        ("overfitting", ["overfits"], ["fitting"]),
        ("k-nearest neighbours", ["nearest neighbours"], ["neighbours"]),
    ],
)
def test_a_term_is_known_in_its_forms(name, fits, fits_not):
    form = book_terms.pattern([book_terms.Term(name, name, "")])
    assert [text for text in fits if not form.fullmatch(text)] == []
    assert [text for text in fits_not if form.search(text)] == []


def test_the_longest_term_is_the_one_that_is_meant():
    glossary = [book_terms.Term(name, name, "") for name in ("layer", "dense layer", "unit")]
    found = [match[0] for match in book_terms.pattern(glossary).finditer("A dense layer is a layer of units.")]
    assert found == ["dense layer", "layer", "units"]


def test_a_definition_leaves_out_what_needs_typesetting():
    formula, variable = nodes.math("", r"\sqrt{a}"), nodes.math("", "n")
    paragraph = nodes.paragraph("", "", nodes.Text("It grows with "), variable, nodes.Text(". It is "), formula)
    paragraph += nodes.Text(".")
    assert book_terms.plain(nodes.definition("", paragraph)) == "It grows with n."


def test_a_term_is_linked_once_on_a_page_and_to_an_entry(article, chapter):
    links = [link["href"] for link in article(f"chapters/{chapter.stem}.html").select("a.term")]
    assert len(links) > 5
    assert len(links) == len(set(links))
    entries = {entry["id"] for entry in article("book/glossary.html").select("dt[id]")}
    assert {link.partition("#")[2] for link in links} <= entries


def test_no_heading_code_or_link_holds_a_term(article, chapter):
    html = article(f"chapters/{chapter.stem}.html")
    assert html.select(":is(h1, h2, h3, h4, pre, code, a, figcaption) a.term") == []


def test_the_glossary_is_sorted_as_its_reader_looks_things_up(article):
    terms = [entry.get_text().removesuffix("#").strip().lower() for entry in article("book/glossary.html").select("dt")]
    assert terms == sorted(terms)


def test_every_term_has_a_definition_to_show(site, article):
    text = (site / "_static" / "definitions.js").read_text(encoding="utf-8").partition(" = ")[2]
    definitions = json.loads(text.rstrip(";\n"))
    assert set(definitions) == {entry["id"] for entry in article("book/glossary.html").select("dt[id]")}
    assert [d for d in definitions.values() if not d.endswith((".", "…")) or "\\" in d or "kingma" in d] == []


def test_the_script_of_the_terms_is_small(site):
    assert (site / "_static" / "terms.js").stat().st_size <= 3 * 1024


def test_a_term_shows_its_definition_to_the_keyboard_until_escape(open_page, site):
    tab, seen = open_page((site / "chapters" / f"{CHAPTERS[1].stem}.html").as_uri())
    term, box = tab.locator("a.term").first, tab.locator("#term-definition")
    term.focus()
    box.wait_for(state="visible")
    assert term.get_attribute("aria-describedby") == "term-definition"
    assert len(box.inner_text()) > 20
    tab.keyboard.press("Escape")
    assert box.is_hidden()
    assert term.get_attribute("aria-describedby") is None
    assert seen.errors == []


def test_a_definition_stays_while_the_pointer_is_on_it(open_page, site):
    tab, _ = open_page((site / "chapters" / f"{CHAPTERS[1].stem}.html").as_uri())
    box = tab.locator("#term-definition")
    tab.locator("a.term").first.hover()
    box.wait_for(state="visible")
    box.hover()
    tab.wait_for_timeout(400)
    assert box.is_visible()
    tab.mouse.move(5, 5)
    box.wait_for(state="hidden")


def test_the_sidebar_numbers_the_chapters_and_has_the_doctor_behind_them(site):
    html = BeautifulSoup((site / "chapters" / f"{CHAPTERS[0].stem}.html").read_text(encoding="utf-8"), "html.parser")
    entries = [link.text.strip() for link in html.select(".bd-sidebar-primary li.toctree-l1 > a")]
    numbered = [entry for entry in entries if re.match(r"\d+\. ", entry)]
    assert [entry.split(".")[0] for entry in numbered] == [str(i + 1) for i in range(len(CHAPTERS))]
    assert entries[entries.index(numbered[-1]) + 1] == "The doctor’s findings"
    assert not any(details.has_attr("open") for details in html.select(".bd-sidebar-primary details"))


def test_a_line_under_the_title_says_where_a_chapter_runs(article, chapter):
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    line = article(f"chapters/{chapter.stem}.html").select_one("h1 + ul.launch")
    links = {link.text: link["href"] for link in line.find_all("a")}
    place = f"{repository['url'].removeprefix('https://')}/blob/{repository['branch']}/chapters/{chapter.name}"
    assert links["Open in Colab"] == f"https://colab.research.google.com/{place.replace('github.com', 'github')}"
    assert repository["branch"] in links["Binder"]
    assert (ROOT / "_build" / "html" / "chapters" / links["Download notebook"]).resolve().is_file()
    assert "as recorded" in line.text


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"seconds": 10.8, "data": {"photo": "real"}}, "less than a minute on real data, as recorded"),
        ({"seconds": 47.3, "data": {"spiral": "generated"}}, "about 1 minute, as recorded"),
        ({"seconds": 383.2, "data": {"mnist": "real"}}, "about 6 minutes on real data, as recorded"),
        ({"seconds": 130, "data": {"mnist": "stand-in"}}, "about 2 minutes on stand-in data, as recorded"),
    ],
)
def test_the_time_is_in_minutes_and_says_on_which_data(run, said):
    assert book_launch.time_needed(run) == said


@pytest.mark.parametrize("address", [None, "https://someone.github.io/book/book/doctor/input-rank.html"])
def test_the_doctor_s_own_html_leads_to_the_page_beside_it(address):
    code = "<code>input-rank</code>"
    printed = f'<strong>✗ error</strong> <a href="{address}">{code}</a>' if address else f"<strong>✗</strong> {code}"
    found = book_links._PRINTED.search(printed)
    assert found[1] == "input-rank"
    assert found[0] == (printed.partition("</strong> ")[2])
