"""Bound numbers are found wherever they stand, except in code; measured numbers that are not bound are found too."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from course_utils.chapters._bindings import Binding, bindings, rewrite, unbound

# Where a number may stand in a sentence, a table, a list, a heading.
PLACES = [
    ("", ""),
    ("The network reaches ", " on its training points."),
    ("reaches **", "** there"),
    ("*", "*, as expected"),
    ("(", ")"),
    ("| large | ", " | yes |"),
    ("- ", ", not more"),
    ("> about ", " %"),
    ("`model` has ", " weights, `other` has 5"),
    ("from 0.97–", ";"),
    ("≈", ""),
    ("$x = 1$, so ", ""),
    ("```python\nx = 0.5\n```\n\n", "\n"),
    ("un`closed and ", "\n\nnext ` paragraph"),
    ("Grüße: ", "!"),
]


@st.composite
def values_with_specs(draw):
    number = st.tuples(
        st.floats(-1e9, 1e9) | st.integers(-(10**12), 10**12),
        st.sampled_from(["", ".2f", ",.1f", ".0%", ".1%", ".3e", "g", "+.2f", "-.4g", "010.3f"]),
    )
    count = st.tuples(st.integers(-(10**12), 10**12), st.sampled_from(["", "d", ",d", "+d", "08d"]))
    word = st.tuples(st.from_regex(r"[A-Za-z][A-Za-z0-9/-]{0,12}", fullmatch=True), st.just(""))
    return draw(number | count | word)


references = st.tuples(
    st.none() | st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5}){0,3}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True) | st.sampled_from(["run.minutes", "run.seconds"]),
)


# --- what is bound ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(values_with_specs(), references, st.sampled_from(PLACES))
@example((-0.5, ".2f"), (None, "slope"), PLACES[2])
def test_a_value_that_was_printed_and_bound_is_found_again_and_agrees(printed, reference, place):
    (value, spec), (chapter, name), (before, after) = printed, reference, place
    text = format(value, spec)
    target = f"{chapter}/{name}" if chapter else name
    markdown = f"{before}{text}<!--={target}{':' + spec if spec else ''}-->{after}"
    [binding] = bindings(markdown)
    assert binding == Binding(text, chapter, name, spec)
    assert binding.printed(value) == binding.text
    assert rewrite(markdown, lambda binding: "NEW") == markdown.replace(f"{text}<!--", "NEW<!--")
    assert unbound(f"{text}<!--={target}:{spec}-->") == []


@given(st.text(st.sampled_from("0.9,8%-a`*~ \n<!>=:#_é$"), max_size=60) | st.text(max_size=60))
def test_whatever_the_text_rewriting_numbers_to_themselves_changes_nothing(markdown):
    assert rewrite(markdown, lambda binding: binding.text) == markdown


BOUND = "0.98<!--=a:.2f-->"
# Each holds one binding, in code or not.
BLOCKS = [
    BOUND,
    f"`{BOUND}`",
    f"``x ` {BOUND}``",
    f"`code` {BOUND} `code`",
    f"```\n{BOUND}\n```",
    f"```markdown\n\n{BOUND}\n\n```",
    f"~~~\n```\n{BOUND}\n~~~",
    f"````md\n```\n{BOUND}\n```\n````",
    f"**{BOUND}** `x`",
    f"- a\n- {BOUND}",
    f"> {BOUND}",
    f"> ```\n> {BOUND}\n> ```",
    f"   ```\n   {BOUND}\n   ```",
    f"A line\n`{BOUND}\nover two`",
    f"An unclosed ` and {BOUND}",
    f"| a | b |\n|---|---|\n| {BOUND} | `x` |",
]


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6))
def test_a_binding_counts_exactly_where_a_markdown_renderer_does_not_see_code(blocks):
    markdown = "\n\n".join(blocks)
    seen = [
        token.content
        for block in MarkdownIt("commonmark").parse(markdown)
        for token in [block, *(block.children or ())]
        if token.type in ("html_inline", "html_block") and "<!--=" in token.content
    ]
    assert len(list(bindings(markdown))) == len(seen)
    assert rewrite(markdown, lambda binding: "1").count("0.98") == len(blocks) - len(seen)


def test_a_fence_that_is_never_closed_is_code_to_the_end():
    assert list(bindings(f"{BOUND}\n\n```\n{BOUND}\n\n{BOUND}")) == [Binding("0.98", None, "a", ".2f")]


def test_the_comment_may_stand_behind_the_stars_of_a_bold_number():
    markdown = "reaches **0.97**<!--=acc:.2f--> now"
    assert next(bindings(markdown)).text == "0.97"
    assert rewrite(markdown, lambda binding: "0.98") == "reaches **0.98**<!--=acc:.2f--> now"
    assert unbound(markdown) == []


def test_each_of_several_numbers_in_a_line_has_its_own_binding():
    text = "from 0.27<!--=base:.2f--> to 0.98<!--=spiral-mlp/large:.2f-->, in 2<!--=run.minutes:.0f--> minutes"
    assert list(bindings(text)) == [
        Binding("0.27", None, "base", ".2f"),
        Binding("0.98", "spiral-mlp", "large", ".2f"),
        Binding("2", None, "run.minutes", ".0f"),
    ]
    answers = {"base": "0.3", "large": "1", "run.minutes": "3"}
    assert rewrite(text, lambda b: answers[b.name]) == (
        "from 0.3<!--=base:.2f--> to 1<!--=spiral-mlp/large:.2f-->, in 3<!--=run.minutes:.0f--> minutes"
    )


def test_an_ordinary_comment_binds_nothing():
    assert list(bindings("0.98<!-- to do: bind --> and <!-- a:.2f -->")) == []


@pytest.mark.parametrize(
    ("value", "spec", "objection"),
    [("Shirt", ".2f", "format code"), (0.5, "d", "format code"), ("Ankle boot", "", "'Ankle boot' is not one word")],
)
def test_a_value_that_cannot_be_printed_as_one_word_is_refused(value, spec, objection):
    with pytest.raises(ValueError, match=objection):
        Binding("x", None, "name", spec).printed(value)


# --- what should be bound ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "numbers"),
    [
        ("reaches 0.98 there", ["0.98"]),
        ("reaches 0.98.", ["0.98"]),
        ("**0.981**, (0.27)", ["0.981", "0.27"]),
        ("a change of -0.55 or −0.66", ["0.55", "0.66"]),
        ("60,000 images and 1,234,567 weights", ["60,000", "1,234,567"]),
        ("98 % or 98% or 98.5 % of it", ["98", "98", "98.5"]),
        ("takes 12 s, or 12.5 seconds", ["12", "12.5"]),
        ("| net | 0.98 |\n|---|---|\n| tree | 0.71 |", ["0.98", "0.71"]),
        ("<td>0.98</td>", ["0.98"]),
        ("0.98<!--=a:.2f--> but 0.71", ["0.71"]),
        ("`x` is 0.98 and `y` too", ["0.98"]),
        ("see [chapter 1](01-spiral-mlp.ipynb): 0.98", ["0.98"]),
        ("[source](https://example.org) says 0.91\n\nwe reach 0.98", ["0.98"]),
        ("```\n[no source](https://example.org)\n```\nreaches 0.98", ["0.98"]),
    ],
)
def test_a_number_that_looks_measured_and_is_bound_to_nothing_is_listed(markdown, numbers):
    assert unbound(markdown) == numbers


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "in 5 classes, 3 layers, 800 points, at 0.5 or 1.5 and 2026",
        "12 samples, 3 steps, 10 minutes",
        "12 sheep",
        "version 3.11.7 of Python and 2.10.0",
        "`0.98`, ``0.98 ` 0.97``",
        "```python\nx = 0.98\n\ny = 60,000\n```",
        "~~~\n0.98\n\n98 %\n~~~",
        "$\\alpha = 0.98$ and $$\n0.97 + 60,000\n$$",
        "![0.98 of all](picture.png) [0.98](01-x.ipynb)",
        "**0.98<!--=a:.2f-->** and 98<!--=b:.0f--> % and 60,000<!--=c:,d-->",
        "<!-- 0.98 -->",
        '<img alt="0.98" src="x">',
        "[The paper](https://example.org) reports 0.98 and 60,000",
        "It reports 0.98 (<https://example.org>)",
        "It reports 0.98 [as said][paper]",
    ],
)
def test_whole_numbers_code_formulas_links_bound_and_sourced_numbers_are_no_claims(markdown):
    assert unbound(markdown) == []
