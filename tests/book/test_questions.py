"""Questions in the chapters of the built book, answered with pointer and keys."""

import re

import book_quiz
import pytest

from tests.laboratories import CHAPTERS, PAGES, lasting, recorded
from tests.questions import QUESTIONS

ROOMY = {"width": 1280, "height": 900}
SOME = "fashion-mnist"
# Those of all chapters carry marks of their own.
pytestmark = lasting("quiz-question", SOME)
every_chapter = pytest.mark.parametrize(
    "chapter", [pytest.param(chapter, marks=lasting("quiz-question", chapter, per="chapter")) for chapter in CHAPTERS]
)
FIRST = (SOME, next(question for question in QUESTIONS[SOME] if not question.ask))
GUESSED = (SOME, next(question for question in QUESTIONS[SOME] if question.ask))


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
    records = recorded(chapter)
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
        assert measured == pytest.approx(records[question.ask], abs=0.005, rel=1e-3)
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
