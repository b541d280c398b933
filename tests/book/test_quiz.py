"""Questions in chapters, and the cards that come back: how they are read, and answered in the built book."""

import csv
import datetime
import json
import re
from pathlib import Path

import book_quiz
import book_review
import pytest
from book_links import prose
from bs4 import BeautifulSoup
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser
from sphinx.errors import ExtensionError

from course_utils.chapters import find, topic
from course_utils.chapters._notebooks import read
from course_utils.doctor._codes import CODES
from course_utils.record import read_records

ROOT = Path(__file__).parents[2]
CHAPTERS = {topic(path): path for path in find(folder=ROOT)}
PAGES = {name: f"chapters/{path.stem}.html" for name, path in CHAPTERS.items()}
ROOMY = {"width": 1280, "height": 900}

WHOLE = """<quiz-question id="which-one">

Which one is *it*?

- (a) The first.
- (b) The second, in which `b` is.
- (c) The third.

<details>
<summary>Answer</summary>

**(b).** It is the second.

There is more to say.

- (a) is too early.
- (c) is too late.

</details>

</quiz-question>
"""
PREDICTION = """<quiz-question id="how-many" ask="share">

**Prediction.** How many?

<details>
<summary>What was measured</summary>

It was 0.25<!--=share:.2f-->.

</details>

</quiz-question>
"""


def parsed(markdown: str):
    return publish_doctree(markdown, parser=Parser(), settings_overrides={"report_level": 5})


def read_questions(markdown: str) -> list[book_quiz.Question]:
    document = parsed(markdown)
    book_quiz.check(document, "page")
    return list(book_quiz.questions(document, "page"))


def in_chapter(name: str) -> list[book_quiz.Question]:
    cells = read(CHAPTERS[name]).cells
    return read_questions("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))


# ---- how they are read


def test_a_question_is_what_is_asked_its_answers_and_what_is_said_of_them():
    choice, prediction = read_questions(f"{WHOLE}\n{PREDICTION}")
    assert (choice.id, choice.right, choice.ask) == ("which-one", "b", "")
    assert [part.astext() for part in choice.asked] == ["Which one is it?"]
    assert {letter: item.astext() for letter, item in choice.options.items()} == {
        "a": "(a) The first.",
        "b": "(b) The second, in which b is.",
        "c": "(c) The third.",
    }
    assert [part.astext() for part in choice.told[:2]] == ["(b). It is the second.", "There is more to say."]
    assert (prediction.id, prediction.ask, prediction.options) == ("how-many", "share", {})


def test_nothing_in_an_answer_to_choose_becomes_a_link():
    document = parsed(WHOLE)
    book_quiz.check(document, "page")
    linked = [text.astext() for text in prose(document)]
    assert "(a) The first." not in linked
    assert "(a) is too early." in linked


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("**(b).** It", "It", r"page, question which-one: no answer is marked as right. Begin"),
        ("**(b).** It", "**(b)** or **(c).** It", r"2 answers are marked as right: \(b\), \(c\)"),
        ("There is", "**(a)** There is", r"2 answers are marked as right: \(b\), \(a\)"),
        ("- (c) is too late.\n", "", r"no reason is given for \(c\). Add"),
        ("- (c) is too late.", "- too late.", r"no reason is given for \(c\). Add"),
        (
            "- (c) is too late.",
            "- (c) is too late.\n- (b) is right.",
            r"a reason is given for \(b\), which is no wrong",
        ),
        ("- (c) is too late.", "- (c) is too late.\n- (d) is not.", r"a reason is given for \(d\), which is no wrong"),
        ("**(b).** It", "**(d).** It", r"begins with \(d\), and the answers are \(a\), \(b\), \(c\)"),
        ("**(b).** It", "It **(b)**", r"begins with \(b\), and"),
        ("- (b) The second", "- The second", r"a list of answers \(a\), \(b\), …; found: \(a\), \(\?\), \(c\)"),
        ("- (c) The third.\n", "- (b) The third.\n- (d) The last.\n", r"found: \(a\), \(b\), \(d\)"),
        (
            "- (b) The second, in which `b` is.\n- (c) The third.\n",
            "",
            r"a list of answers \(a\), \(b\), …; found: \(a\)",
        ),
        ("<details>\n<summary>Answer</summary>\n", "", r"no answer is folded at its end"),
        ("</details>\n", "", r"no answer is folded at its end"),
        ("\n</quiz-question>", "", r"it does not end. Write </quiz-question>"),
        ("</quiz-question>", PREDICTION, r"question which-one: it does not end"),
        ("</quiz-question>\n", f"</quiz-question>\n{PREDICTION}", r"expected .*, between empty lines"),
        ('id="which-one"', "", r'<quiz-question >: expected <quiz-question id="NAME">'),
        ('id="which-one"', 'id="Which one"', r'expected <quiz-question id="NAME">'),
        ('id="which-one"', 'id="which-one" ask="share"', r"does not quote what is asked for. Bind .*<!--=share:"),
        (WHOLE, PREDICTION.replace(".2f", ".0%"), r"does not quote what is asked for. Bind .*<!--=share:.2f"),
        ("</quiz-question>", "</quiz-question>\n\n" + WHOLE, r"another part of the page has this id"),
    ],
)
def test_a_question_that_is_not_whole_is_refused_with_its_page_its_name_and_what_is_wrong(old, new, message):
    assert old in WHOLE
    with pytest.raises(ExtensionError, match=message) as error:
        read_questions(WHOLE.replace(old, new, 1))
    assert str(error.value).startswith("page, question ")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_asks_two_or_three_questions_and_for_a_prediction(name):
    asked = in_chapter(name)
    assert 2 <= sum(not question.ask for question in asked) <= 3
    laboratories = re.search(r'<[a-z]+-(?:lab|builder) id=\\"[^>]* ask=', CHAPTERS[name].read_text(encoding="utf-8"))
    assert laboratories or any(question.ask for question in asked)


# ---- in the built book

QUESTIONS = {name: in_chapter(name) for name in CHAPTERS}
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
FIRST = ("fashion-mnist", next(question for question in QUESTIONS["fashion-mnist"] if not question.ask))
GUESSED = ("fashion-mnist", next(question for question in QUESTIONS["fashion-mnist"] if question.ask))


@pytest.fixture(params=["disk", "server"])
def base(request, site, server) -> str:
    return site.as_uri() if request.param == "disk" else server


@pytest.fixture
def page_of(open_page, site):
    """Open a chapter; answers with a function that comes near a question of it, and with what happened on the page."""

    def open_chapter(chapter: str, base: str | None = None):
        tab, seen = open_page(f"{base or site.as_uri()}/{PAGES[chapter]}")
        tab.set_viewport_size(ROOMY)

        def near(question: book_quiz.Question):
            element = tab.locator(f"quiz-question#{question.id}")
            element.scroll_into_view_if_needed()
            element.locator(".lab").wait_for(timeout=10_000)
            return element

        return near, seen

    return open_chapter


def reasons(element) -> list[str]:
    """The letters of the answers about which something is said that can be seen."""
    shown = element.locator("> [slot^=reason-]").all()
    return sorted(re.match(r"\((\w)\)", one.inner_text().strip())[1] for one in shown if one.is_visible())


@every_chapter
def test_a_wrong_answer_gets_its_own_reason_and_the_right_one_all(page_of, chapter):
    near, seen = page_of(chapter)
    for question in (one for one in QUESTIONS[chapter] if not one.ask):
        element = near(question)
        verdict, check = element.locator(".verdict"), element.get_by_role("button", name="Check")
        assert element.get_by_role("radio").count() == len(question.options)
        assert reasons(element) == []
        wrong = [letter for letter in question.options if letter != question.right]
        for tried, letter in enumerate(wrong, start=1):
            element.locator(f"[slot=option-{letter}]").click()
            check.click()
            assert verdict.inner_text() == "Not right. Try another."
            assert reasons(element) == wrong[:tried]
        element.locator(f"[slot=option-{question.right}]").click()
        check.click()
        assert verdict.inner_text() == "Right."
        assert reasons(element) == list(question.options)
        assert not check.is_visible()
    assert seen.errors == []


@every_chapter
def test_a_prediction_is_compared_with_the_record(page_of, chapter):
    near, seen = page_of(chapter)
    records = read_records(CHAPTERS[chapter])
    for question in (one for one in QUESTIONS[chapter] if one.ask):
        element = near(question)
        told = element.locator("> [slot=told]")
        assert not told.is_visible()
        slider = element.locator("input[type=range]")
        slider.focus()
        slider.press("Home")
        slider.press("ArrowRight")
        element.get_by_role("button", name="Commit").press("Enter")
        words = element.locator(".verdict").inner_text()
        said, measured, off = (float(number) for number in re.findall(r"\d+(?:\.\d+)?", words))
        assert said in (0.01, 1)
        assert measured == pytest.approx(records[question.ask].value, abs=0.005, rel=1e-3)
        assert off == pytest.approx(measured - said, abs=0.5 if said == 1 else 0.005)
        assert told.is_visible()
    assert seen.errors == []


@every_chapter
def test_questions_fit_a_phone(page_of, chapter):
    near, _ = page_of(chapter)
    for question in QUESTIONS[chapter]:
        element = near(question)
        element.page.set_viewport_size({"width": 360, "height": 780})
        element.get_by_role("button", name=re.compile("^Show")).click()
        assert element.page.evaluate("document.documentElement.scrollWidth") == 360
        assert element.evaluate("e => e.scrollWidth <= e.clientWidth")


@every_chapter
def test_without_a_script_a_question_has_its_answers_and_a_folded_reason_for_each(parse, chapter):
    for question in (one for one in QUESTIONS[chapter] if not one.ask):
        element = parse(PAGES[chapter]).find("quiz-question", id=question.id)
        answers = [item.get_text().strip()[:3] for item in element.select("ul.options > li")]
        assert answers == [f"({letter})" for letter in question.options]
        folded = element.find("details")
        assert not folded.has_attr("open")
        assert folded.find("strong").get_text().startswith(f"({question.right})")
        assert len(folded.select("ul > li")) == len(question.options) - 1


def test_a_question_is_answered_with_keys_alone_and_what_is_said_is_announced(page_of, base):
    chapter, question = FIRST
    near, seen = page_of(chapter, base)
    element = near(question)
    keys, verdict = element.page.keyboard, element.locator(".verdict")
    element.get_by_role("button", name="Check").press("Enter")
    assert verdict.inner_text() == "Choose an answer first."
    element.get_by_role("radio").first.focus()
    keys.press("Space")
    for letter in question.options:
        keys.press("Enter")
        if letter == question.right:
            break
        assert verdict.inner_text() == "Not right. Try another."
        keys.press("ArrowDown")
    assert verdict.inner_text() == "Right."
    assert element.evaluate("e => e.shadowRoot.activeElement.className") == "verdict"
    # Screen readers say what changes in here, and name the answers after the question.
    assert element.get_by_role("status").locator(".reason:visible").count() == len(question.options)
    assert element.get_by_role("radiogroup", name=re.compile("Two networks answered")).count() == 1
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", base))] == []


def test_the_answer_is_shown_to_who_asks_for_it(page_of):
    near, _ = page_of(FIRST[0])
    element = near(FIRST[1])
    element.get_by_role("button", name="Show the answer").press("Enter")
    assert reasons(element) == list(FIRST[1].options)


def test_without_javascript_a_question_can_be_read_and_its_answer_unfolded(browser, site):
    context = browser.new_context(java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(f"{site.as_uri()}/{PAGES[FIRST[0]]}#{FIRST[1].id}")
        element = tab.locator(f"quiz-question#{FIRST[1].id}")
        assert element.locator("ul.options > li").first.is_visible()
        assert not element.locator("details ul").is_visible()
        element.locator("summary").click()
        assert element.locator("details ul").is_visible()
    finally:
        context.close()


def test_on_paper_the_answers_and_their_reasons_are_there(page_of):
    near, _ = page_of(FIRST[0])
    element = near(FIRST[1])
    element.page.emulate_media(media="print")
    assert reasons(element) == list(FIRST[1].options)
    assert not element.get_by_role("button", name="Check").is_visible()
    element.page.emulate_media(media="screen")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("chapter", "question"), [FIRST, GUESSED], ids=["choice", "prediction"])
def test_axe_finds_nothing_wrong_with_a_question_before_and_after(page_of, chapter, question, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    near, _ = page_of(chapter)
    element = near(question)
    wear(element.page, scheme)
    for answered in (False, True):
        if answered:
            element.get_by_role("button", name=re.compile("^Show")).click()
        found = axe.run(
            element.page, context=f"#{question.id}", options={"preload": False, "resultTypes": ["violations"]}
        )
        assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
    wear(element.page, "light")


def test_a_page_loads_the_script_of_questions_when_its_reader_is_near_and_not_before(open_page, site):
    tab, seen = open_page(f"{site.as_uri()}/{PAGES[FIRST[0]]}")
    tab.wait_for_timeout(500)
    assert [url for url in seen.requests if "quiz-question" in url] == []
    tab.locator("quiz-question").first.scroll_into_view_if_needed()
    tab.locator("quiz-question .lab").first.wait_for(timeout=10_000)
    assert len([url for url in seen.requests if "quiz-question.js" in url]) == 1


def test_a_link_to_a_question_leads_to_it(open_page, site):
    tab, _ = open_page(f"{site.as_uri()}/{PAGES[FIRST[0]]}#{FIRST[1].id}")
    tab.locator(f"#{FIRST[1].id} .lab").wait_for(timeout=10_000)
    tab.wait_for_timeout(500)
    assert 0 <= tab.locator(f"#{FIRST[1].id}").bounding_box()["y"] < ROOMY["height"]


# ---- cards to come back to


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
            tab.evaluate("([name, text]) => localStorage.setItem(name, text)", [KEPT, json.dumps(kept)])
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
