"""Questions in chapters: how they are read."""

import re

import book_quiz
import pytest
from book_links import prose
from sphinx.errors import ExtensionError

from tests.questions import CHAPTERS, parsed, questions_in, read_questions

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
    asked = questions_in(name)
    assert 2 <= sum(not question.ask for question in asked) <= 3
    laboratories = re.search(r'<[a-z]+-(?:lab|builder) id=\\"[^>]* ask=', CHAPTERS[name].read_text(encoding="utf-8"))
    assert laboratories or any(question.ask for question in asked)
