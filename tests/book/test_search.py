"""The search page of the built book: what readers type or paste finds the page that helps."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import book_search
import pytest
from docutils import nodes
from docutils.utils import new_document

ROOT = Path(__file__).parents[2]
FOUND = "() => [...document.querySelectorAll('#search-results ul.search a')].map(link => link.getAttribute('href'))"

WORDS = {
    "ValueError": "-common-errors.html",
    "input_shape": "doctor/batch-in-input-shape",
    "gradcam": "-inside-the-network.html",
    "grad-cam": "-inside-the-network.html",
    "overfitting": "doctor/overfitting",
    "shapes (None, 4) and (None, 10)": "doctor/too-many-units",
    "expected min_ndim=4": "doctor/input-rank",
    "convolution": "-images-and-convolutions.html",
    "validation loss increases while training loss decreases": "doctor/overfitting",
    "forgot to divide by 255": "doctor/input-not-scaled",
}

# As they are copied out of a notebook: today's, and those of Keras 2.
PASTED = {
    "ValueError: Shapes (None, 4) and (None, 10) are incompatible": "too-many-units",
    'ValueError: Input 0 of layer "conv2d_7" is incompatible with the layer: expected min_ndim=4, found ndim=3. '
    "Full shape received: (None, 32, 32)": "input-rank",
    "ValueError: Error when checking input: expected conv2d_1_input to have 4 dimensions, but got array with shape "
    "(50000, 32, 32)": "input-rank",
    "expected axis -1 of input shape to have value 3, but received input with shape (64, 96, 96, 1)": "input-channels",
    "ValueError: Computed output size would be negative. Received: `inputs.shape=(None, 1, 1, 64)`, `kernel "
    "shape=(3, 3, 64, 64)`, `dilation_rate=[1 1]`": "image-too-small",
    "Negative dimension size caused by subtracting 5 from 2 for '{{node conv2d_5/Conv2D}}": "image-too-small",
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Graph execution error:\n\nReceived a label value of "
    "7 which is outside the valid range of [0, 7).  Label values: 3 7 1 2": "labels-not-from-zero",
    "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 1000 'y' sizes: "
    "999": "length-mismatch",
    "AttributeError: 'Sequential' object has no attribute 'predict_classes'": "removed-api",
    "ModuleNotFoundError: No module named 'keras.utils.np_utils'": "removed-api",
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x5 and 4x32)": "input-size",
    "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type list).": "input-type",
    "RuntimeError: You must compile your model before training/testing. Use `model.compile(optimizer, loss)`.": (
        "not-compiled"
    ),
    "NotImplementedError: Cannot convert a symbolic Tensor (lstm_3/strided_slice:0) to a numpy array.": (
        "symbolic-tensor"
    ),
}


@pytest.fixture
def first_three(open_page, site):
    def look(query: str) -> list[str]:
        tab, seen = open_page(f"{(site / 'search.html').as_uri()}?q={quote(query)}")
        assert seen.errors == []
        return tab.evaluate(FOUND)[:3]

    return look


@pytest.mark.parametrize("word", WORDS)
def test_a_word_finds_its_page_among_the_first_three(first_three, word):
    assert any(WORDS[word] in address for address in first_three(word))


@pytest.mark.parametrize("message", PASTED, ids=lambda message: message[:40])
def test_a_pasted_error_finds_the_doctor_s_page_among_the_first_three(first_three, message):
    assert any(f"doctor/{PASTED[message]}/index.html" in address for address in first_three(message))


def test_what_stands_nowhere_is_said_to_stand_nowhere(open_page, site):
    tab, _ = open_page(f"{(site / 'search.html').as_uri()}?q=qqqqqqqq")
    assert tab.locator("#search-results [role=status]").inner_text().startswith("Nothing found")


def test_what_is_searched_for_is_shown_as_text_and_not_as_html(open_page, site):
    tab, seen = open_page(f"{(site / 'search.html').as_uri()}?q={quote('softmax <img src=x onerror=alert(1)>')}")
    assert tab.locator("#search-results img").count() == 0
    assert seen.errors == []


def test_the_box_behind_ctrl_k_leads_to_the_results(open_page, site):
    tab, _ = open_page((site / "chapters" / "01-spiral-mlp.html").as_uri())
    tab.keyboard.press("Control+k")
    tab.keyboard.type("softmax")
    tab.keyboard.press("Enter")
    tab.locator("#search-results ul.search a").first.wait_for(timeout=10_000)
    assert tab.locator(".bd-search-container input").input_value() == "softmax"


def test_the_page_of_results_shuts_nobody_out(site, visit):
    seen = visit("search.html?q=softmax")
    assert seen.violations == []
    assert seen.wider_than_phone == []


def test_results_hold_nothing_that_a_reader_does_not_see(site):
    entries = json.loads((site / "_static" / "search-index.js").read_text(encoding="utf-8").partition(" = ")[2][:-2])
    # One page is about such comments, and quotes them.
    read = [entry for entry in entries if entry["page"] != "What is recorded here"]
    shown = [entry["page"] + entry["title"] + entry["text"] for entry in read]
    assert len(shown) > 300
    assert [text for text in shown if re.search(r"¶|>>> |In \[1\]|<!--\?|\\(?:cdot|sqrt|frac|sum)", text)] == []


def test_every_page_of_the_doctor_has_messages_and_every_message_a_page():
    known = book_search.messages(ROOT)
    pages = {f"book/doctor/{path.parent.name}/index" for path in (ROOT / "book" / "doctor").glob("*/index.md")}
    assert set(known) == pages
    assert all(known.values())


def test_a_section_has_its_own_words_and_not_those_of_the_sections_inside():
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph(text="deep"), ids=["inner"])
    top = nodes.section("", nodes.title("", "Top"), nodes.paragraph(text="shallow"), inner, ids=["top"])
    top.insert(2, nodes.literal_block("", ">>> f(1)\n2"))
    document = new_document("page")
    document += top
    assert list(book_search.sections(document)) == [
        ("", ["Top"], "shallow", "f(1) 2"),
        ("inner", ["Top", "Inner"], "deep", ""),
    ]
    assert list(book_search.sections(document, one=True)) == [("", ["Top"], "shallow deep", "f(1) 2")]
