"""The page of cards that come back, in the built book."""

import csv
import datetime
import json
import re

import book_review
import pytest
from bs4 import BeautifulSoup

from tests.laboratories import ROOT, lasting
from tests.questions import QUESTIONS

CODES = [path.parent.name for path in (ROOT / "book" / "doctor").glob("*/index.md")]
pytestmark = lasting("review-deck")


@pytest.fixture(scope="module")
def exported(site) -> list[list[str]]:
    """The lines of the file for Anki, without its headers."""
    text = (site / "_static" / book_review.FILE).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    return list(csv.reader([line for line in lines if not line.startswith("#")], dialect="excel-tab"))


@pytest.fixture
def deck(open_page, site):
    """Open the page for review on a day; answers with its element and with what happened on the page."""

    def open_deck(date: str = "2027-03-01", base: str | None = None, kept: dict | None = None, broken: bool = False):
        tab, seen = open_page(f"{base or site.as_uri()}/index.html")
        tab.clock.set_fixed_time(f"{date}T12:00:00")
        if kept is not None:
            # Before the page's own scripts and in its own process: what another page has just stored may arrive later.
            name, text = json.dumps(KEPT), json.dumps(json.dumps(kept))
            tab.add_init_script(f"localStorage.getItem({name}) ?? localStorage.setItem({name}, {text})")
        if broken:
            tab.add_init_script(FORBIDDEN)
        tab.goto(f"{base or site.as_uri()}/book/review.html#review-deck")
        element = tab.locator("review-deck")
        element.locator(".lab").wait_for(timeout=10_000)
        return element, seen

    return open_deck


KEPT = "neural-networks-by-experiment/review"
FORBIDDEN = "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('forbidden'); };"
WIDER = """deck => [...deck.shadowRoot.querySelectorAll(".lab *")]
    .filter(e => e.getBoundingClientRect().right > deck.getBoundingClientRect().right + 1)
    .map(e => e.outerHTML.slice(0, 80))"""
ASKED = "review-deck > [slot=card]"


def said(element) -> str:
    return element.locator(".said").text_content()


def kept_places(element) -> dict:
    return element.page.evaluate(f"JSON.parse(localStorage.getItem('{KEPT}')).places")


def day(date: str) -> int:
    return (datetime.date.fromisoformat(date) - datetime.date(1970, 1, 1)).days


def answer(element, known: bool) -> None:
    """Answer the card that is shown, by its own way of asking."""
    card = element.page.locator(ASKED)
    if card.locator("quiz-question").count():
        right = re.match(r"\((\w)\)", card.locator("[slot^=reason-] strong").first.text_content())[1]
        letter = right if known else next(x for x in "abc" if x != right)
        card.locator(f"[slot=option-{letter}]").click()
        card.get_by_role("button", name="Check").click()
        element.get_by_role("button", name="Next").click()
    else:
        element.get_by_role("button", name="Show the answer").click()
        element.get_by_role("button", name="I knew it" if known else "Not yet").click()


def test_every_question_term_and_finding_is_a_card_and_none_is_two(parse, exported):
    page = parse("book/review.html")
    cards = [card["data-card"] for card in page.select("review-deck details[data-card]")]
    assert len(cards) == len(set(cards))
    asked = {f"{chapter}/{question.id}" for chapter, questions in QUESTIONS.items() for question in questions}
    terms = {f"term/{term['id'].removeprefix('term-')}" for term in parse("book/glossary.html").select("dt[id^=term-]")}
    assert set(cards) == asked | terms | {f"code/{code}" for code in CODES}
    assert [line[0] for line in exported] == [f"nn-by-experiment/{card}" for card in cards]


def test_a_card_stands_with_the_first_chapter_that_has_it(parse):
    groups = {one["data-title"]: one for one in parse("book/review.html").select("review-deck > details")}
    first, second, *_, beyond = groups.values()
    assert first.select("[data-card='term/ReLU']")
    assert not second.select("[data-card='term/ReLU']")
    assert next(iter(groups)).startswith("1. A spiral")
    assert list(groups)[-1] == "Beyond the chapters"
    assert beyond.select("[data-kind=code]")


def test_the_file_for_anki_has_its_headers_and_whole_lines(site, exported):
    text = (site / "_static" / book_review.FILE).read_text(encoding="utf-8")
    headers = [line for line in text.splitlines() if line.startswith("#")]
    assert headers[:2] == ["#separator:tab", "#html:true"]
    assert "#guid column:1" in headers
    assert "#tags column:4" in headers
    assert text.index(exported[0][0]) > text.index(headers[-1])
    for guid, front, back, tags in exported:
        assert front, guid
        assert back, guid
        assert "\n" not in front + back
        assert len(tags.split()) == 2
        # Whole elements, and nothing that only the book's pages can show.
        both = BeautifulSoup(front + back, "html.parser")
        assert {tag.name for tag in both.find_all()} <= {"p", "b", "i", "code", "pre", "br", "ul", "li"}, guid
        assert "<!--" not in front + back


def test_a_formula_for_anki_is_one_that_its_mathjax_draws(exported):
    (line,) = [line for line in exported if line[0].endswith("/two-ways")]
    assert r"<li><p>(c) \(g + g \cdot s\)</p></li>" in line[1]


def test_a_card_that_is_known_moves_up_a_box_and_one_that_is_not_comes_again(deck, base):
    element, seen = deck("2027-03-01", base)
    assert said(element).startswith("0 due, ")
    element.get_by_role("button", name="Start with 10 new").click()
    first, second = (
        element.page.locator("review-deck details[data-card]").nth(i).get_attribute("data-card") for i in (0, 1)
    )
    answer(element, known=False)
    assert kept_places(element) == {first: {"box": 1, "due": day("2027-03-02")}}
    answer(element, known=True)
    assert kept_places(element)[second] == {"box": 2, "due": day("2027-03-04")}
    assert said(element) == "9 to go."
    for _ in range(9):
        answer(element, known=True)
    assert said(element).startswith("Done for now. 0 due, ")
    # It was known at last, but only because it had just been read.
    assert kept_places(element)[first] == {"box": 1, "due": day("2027-03-02")}
    assert len(kept_places(element)) == 10
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", base))] == []


def test_days_later_what_is_due_comes_first_and_boxes_wait_longer_and_longer(deck):
    cards = ["spiral-mlp/who-overfits", "spiral-mlp/no-warning", "term/accuracy"]
    kept = {"places": {cards[0]: {"box": 2, "due": day("2027-03-04")}, cards[1]: {"box": 4, "due": day("2027-03-03")}}}
    kept["places"][cards[2]] = {"box": 5, "due": day("2027-05-01")}
    element, _ = deck("2027-03-04", kept=kept)
    assert said(element).startswith("2 due, ")
    assert said(element).endswith("In boxes 1 to 5: 0, 1, 0, 1, 1.")
    element.get_by_role("button", name="Start", exact=True).click()
    assert "ConvergenceWarning" in element.page.locator(ASKED).inner_text()
    answer(element, known=True)
    assert kept_places(element)[cards[1]] == {"box": 5, "due": day("2027-03-04") + 60}
    answer(element, known=True)
    assert kept_places(element)[cards[0]] == {"box": 3, "due": day("2027-03-04") + 7}


def test_who_chooses_chapters_and_kinds_gets_no_other_cards(deck):
    element, _ = deck()
    for kind in ("Questions", "Predictions", "Terms"):
        element.get_by_label(kind).uncheck()
    assert said(element).startswith("0 due, 0 new.")
    assert element.get_by_role("button", name=re.compile("^Start")).is_disabled()
    element.get_by_label("All up to").select_option(label="Beyond the chapters")
    assert said(element).startswith(f"0 due, {len(CODES)} new.")
    # The choice is kept.
    element.page.reload()
    element.locator(".lab").wait_for(timeout=10_000)
    assert not element.get_by_label("Terms").is_checked()
    assert said(element).startswith(f"0 due, {len(CODES)} new.")


def test_boxes_are_forgotten_by_who_says_so_twice(deck):
    element, _ = deck(kept={"places": {"term/accuracy": {"box": 3, "due": 0}}})
    element.get_by_role("button", name="Forget all boxes").click()
    assert said(element).startswith("1 due, ")
    element.get_by_role("button", name="Really forget them?").click()
    assert said(element).startswith("0 due, ")
    assert kept_places(element) == {}


def test_where_nothing_may_be_stored_the_cards_are_dealt_and_the_page_says_so(deck):
    element, seen = deck(broken=True)
    element.get_by_role("button", name="Start with 10 new").click()
    answer(element, known=True)
    assert said(element) == "9 to go."
    assert "stores nothing" in element.get_by_role("alert").inner_text()
    assert [error for error in seen.errors if error != "forbidden"] == []


@pytest.mark.parametrize(
    "kept", [[], {"places": 7}, {"places": {"term/accuracy": {"box": 9, "due": "soon"}}, "kinds": 3}]
)
def test_what_was_kept_and_cannot_be_read_counts_as_nothing(deck, kept):
    element, seen = deck(kept=kept)
    assert said(element).startswith("0 due, ")
    assert seen.errors == []


def test_the_cards_are_answered_with_keys_alone(deck):
    element, _ = deck()
    element.get_by_role("button", name=re.compile("^Start")).press("Enter")
    keys = element.page.keyboard
    assert element.page.evaluate("document.activeElement.textContent").startswith("Prediction.")
    keys.press("Tab")
    keys.press("Enter")
    assert element.page.evaluate("document.activeElement.textContent").strip().startswith("0.")
    keys.press("Tab")
    keys.press("Enter")
    assert said(element) == "9 to go."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_deck_and_it_fits_a_phone(deck, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    element, _ = deck()
    tab = element.page
    wear(tab, scheme)
    tab.set_viewport_size({"width": 360, "height": 780})
    for step in ("", "Start with 10 new", "Show the answer", "I knew it"):
        if step:
            element.get_by_role("button", name=step).click()
        found = axe.run(tab, context="review-deck", options={"preload": False, "resultTypes": ["violations"]})
        assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
        assert tab.evaluate("document.documentElement.scrollWidth") == 360
        assert element.evaluate(WIDER) == []
    wear(tab, "light")


def test_without_javascript_all_cards_can_be_read(browser, site):
    context = browser.new_context(java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(f"{site.as_uri()}/book/review.html")
        tab.locator("review-deck > details > summary").first.click()
        card = tab.locator("review-deck [data-kind=question]").first
        card.locator("summary").click()
        assert card.locator("ul.options").is_visible()
    finally:
        context.close()


@pytest.mark.parametrize("where", ["index.html", "book/glossary.html", "book/teach.html"])
def test_the_page_for_review_is_linked(parse, where):
    assert parse(where).select(".bd-article a[href$='review.html']")
