"""Questions in chapters: how they are read, and how they are answered in the built book, with pointer and with keys."""

import re
from pathlib import Path

import book_quiz
import pytest
from book_links import prose
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser
from sphinx.errors import ExtensionError

from course_utils.chapters import find, topic
from course_utils.chapters._notebooks import read
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

CHOICES = [(name, question) for name in CHAPTERS for question in in_chapter(name) if not question.ask]
PREDICTIONS = [(name, question) for name in CHAPTERS for question in in_chapter(name) if question.ask]
every_choice = pytest.mark.parametrize(("chapter", "question"), CHOICES, ids=lambda value: getattr(value, "id", value))
every_prediction = pytest.mark.parametrize(
    ("chapter", "question"), PREDICTIONS, ids=lambda value: getattr(value, "id", value)
)
FIRST = CHOICES[0]


@pytest.fixture(params=["disk", "server"])
def base(request, site, server) -> str:
    return site.as_uri() if request.param == "disk" else server


@pytest.fixture
def opened(open_page, site):
    """Open a question; answers with its element and with what happened on the page."""

    def open_question(chapter: str, question: book_quiz.Question, base: str | None = None):
        tab, seen = open_page(f"{base or site.as_uri()}/{PAGES[chapter]}#{question.id}")
        tab.set_viewport_size(ROOMY)
        element = tab.locator(f"quiz-question#{question.id}")
        element.locator(".lab").wait_for(timeout=10_000)
        return element, seen

    return open_question


def reasons(element) -> list[str]:
    """What is said of answers and can be seen, letter by letter."""
    shown = element.locator("> [slot^=reason-]").all()
    return [re.match(r"\((\w)\)", one.inner_text().strip())[1] for one in shown if one.is_visible()]


@every_choice
def test_a_wrong_answer_gets_its_own_reason_and_the_right_one_all(opened, chapter, question):
    element, seen = opened(chapter, question)
    verdict = element.locator(".verdict")
    assert element.get_by_role("radio").count() == len(question.options)
    assert reasons(element) == []
    wrong = [letter for letter in question.options if letter != question.right]
    for tried, letter in enumerate(wrong, start=1):
        element.locator(f"[slot=option-{letter}]").click()
        element.get_by_role("button", name="Check").click()
        assert verdict.inner_text() == "Not right. Try another."
        assert sorted(reasons(element)) == wrong[:tried]
    element.locator(f"[slot=option-{question.right}]").click()
    element.get_by_role("button", name="Check").click()
    assert verdict.inner_text() == "Right."
    assert sorted(reasons(element)) == list(question.options)
    assert not element.get_by_role("button", name="Check").is_visible()
    assert seen.errors == []


def test_a_question_is_answered_with_keys_alone_and_what_is_said_is_announced(opened, base):
    chapter, question = FIRST
    element, seen = opened(chapter, question, base)
    tab = element.page
    element.get_by_role("button", name="Check").click()
    assert element.locator(".verdict").inner_text() == "Choose an answer first."
    element.get_by_role("radio").first.focus()
    tab.keyboard.press("Space")
    letter = "a"
    for _ in range(len(question.options)):
        if letter == question.right:
            break
        tab.keyboard.press("Enter")
        assert element.locator(".verdict").inner_text() == "Not right. Try another."
        tab.keyboard.press("ArrowDown")
        letter = chr(ord(letter) + 1)
    tab.keyboard.press("Enter")
    assert element.locator(".verdict").inner_text() == "Right."
    assert element.evaluate("e => e.shadowRoot.activeElement.className") == "verdict"
    said = element.get_by_role("status")
    assert said.locator(".verdict").count() == said.locator(".reason:visible").count() / len(question.options) == 1
    assert element.get_by_role("radiogroup").aria_snapshot().startswith('- radiogroup "')
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", base))] == []


def test_the_answer_is_shown_to_who_asks_for_it(opened):
    element, _ = opened(*FIRST)
    element.get_by_role("button", name="Show the answer").press("Enter")
    assert sorted(reasons(element)) == list(FIRST[1].options)
    assert reasons(element)


@every_choice
def test_without_a_script_a_question_has_its_answers_and_a_folded_reason_for_each(parse, chapter, question):
    element = parse(PAGES[chapter]).find("quiz-question", id=question.id)
    assert [item.get_text().strip()[:3] for item in element.select("ul.options > li")] == [
        f"({letter})" for letter in question.options
    ]
    folded = element.find("details")
    assert not folded.has_attr("open")
    assert folded.find("strong").get_text().startswith(f"({question.right})")
    assert len(folded.select("ul > li")) == len(question.options) - 1


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


def test_on_paper_the_answers_and_their_reasons_are_there(opened):
    element, _ = opened(*FIRST)
    element.page.emulate_media(media="print")
    assert sorted(reasons(element)) == list(FIRST[1].options)
    assert not element.get_by_role("button", name="Check").is_visible()
    element.page.emulate_media(media="screen")


@every_prediction
def test_a_prediction_is_compared_with_the_record(opened, chapter, question):
    element, seen = opened(chapter, question)
    truth = read_records(CHAPTERS[chapter])[question.ask].value
    told = element.locator("> [slot=told]")
    assert not told.is_visible()
    slider = element.locator("input[type=range]")
    slider.focus()
    slider.press("Home")
    slider.press("ArrowRight")
    element.get_by_role("button", name="Commit").press("Enter")
    shown = re.match(r"You said ([\d.]+); measured was ([\d.]+)\.", element.locator(".verdict").inner_text())
    assert float(shown[1]) in (0.01, 1)
    assert float(shown[2]) == pytest.approx(truth, abs=0.005)
    assert told.is_visible()
    assert seen.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("chapter", "question"), [FIRST, *PREDICTIONS[:1]], ids=lambda value: getattr(value, "id", value)
)
def test_axe_finds_nothing_wrong_with_a_question_before_and_after(opened, chapter, question, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    element, _ = opened(chapter, question)
    element.page.emulate_media(color_scheme=scheme)
    for _ in range(2):
        found = axe.run(
            element.page, context=f"#{question.id}", options={"preload": False, "resultTypes": ["violations"]}
        )
        assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
        show = element.get_by_role("button", name=re.compile("^Show"))
        if show.is_visible():
            show.click()
    element.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(
    ("chapter", "question"), [*CHOICES, *PREDICTIONS], ids=lambda value: getattr(value, "id", value)
)
def test_a_question_fits_a_phone(opened, chapter, question):
    element, _ = opened(chapter, question)
    element.page.set_viewport_size({"width": 360, "height": 780})
    element.get_by_role("button", name=re.compile("^Show")).click()
    assert element.page.evaluate("document.documentElement.scrollWidth") == 360
    assert element.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_page_loads_the_script_of_questions_when_its_reader_is_near_and_not_before(open_page, site):
    tab, seen = open_page(f"{site.as_uri()}/{PAGES['fashion-mnist']}")
    tab.wait_for_timeout(500)
    assert [url for url in seen.requests if "quiz-question" in url] == []
    tab.locator("quiz-question").first.scroll_into_view_if_needed()
    tab.locator("quiz-question .lab").first.wait_for(timeout=10_000)
    assert len([url for url in seen.requests if "quiz-question.js" in url]) == 1
