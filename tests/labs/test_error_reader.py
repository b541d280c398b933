"""What <error-reader> says to a pasted traceback is what the package says to it."""

from pathlib import Path

import pytest

from course_utils.doctor._codes import CODES
from course_utils.doctor._words import _pasted

pytestmark = pytest.mark.slow  # the names that Keras knows take Keras to load

DOCTOR = Path(__file__).parents[2] / "book" / "doctor"
MESSAGES = [
    (path.parent.name, line)
    for path in sorted(DOCTOR.glob("*/messages.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
TRACEBACKS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("errors/*"))}
READ = """
import { inText, read } from "./error-reader/reader.mjs";
tell(told.texts.map((text) => ({ finding: inText(text, told.rules), line: read(text).line })));
"""


@pytest.fixture(scope="module")
def both(javascript):
    """Read texts in Python and in JavaScript."""

    def answers(texts):
        here = []
        for text in texts:
            found = _pasted.in_text(text)
            parts = None if found is None else {name: getattr(found, name) for name in ("code", "seen", "why", "fix")}
            here.append({"finding": parts, "line": _pasted.read(text).line})
        return here, javascript(READ, texts=texts, rules=_pasted.exported())

    return answers


def test_every_stored_message_means_the_same_to_both(both):
    here, there = both([line for _, line in MESSAGES])
    assert here == there


def test_every_stored_traceback_means_the_same_to_both_and_nothing_else_than_its_page_says(both):
    here, there = both(list(TRACEBACKS.values()))
    assert here == there
    said = {name: answer["finding"]["code"] for name, answer in zip(TRACEBACKS, here, strict=True) if answer["finding"]}
    assert {name: code for name, code in said.items() if code != name.split(".")[0]} == {}
    # The others' words are the same for different mistakes: only the model and the data tell.
    assert len(said) >= 0.7 * len(TRACEBACKS)
    assert all(answer["line"] for answer in here)


def test_words_are_rarely_misread():
    """Half of the messages are quoted on two pages, or need a look at the data: these are other answers, or none.

    Of what never stops a training there is no error to be read.
    """
    read = [(code, line) for code, line in MESSAGES if CODES[code].stops or CODES[code].when == "error"]
    said = [(code, _pasted.in_text(line)) for code, line in read]
    right = [code for code, found in said if found and found.code == code]
    others = [(code, found.code) for code, found in said if found and found.code != code]
    assert len(right) >= 0.75 * len(said)
    assert len(others) <= 0.03 * len(said), others


def test_misspelt_names_are_mended_alike(both):
    names = [
        "relluu",
        "acuracy",
        "adm",
        "mean_square_error",
        "sparse_crossentropy",
        "softmaxx",
        "xyzzy",
        "Dens",
        "conv2d",
    ]
    kinds = ["activation function", "metric", "optimizer", "loss"]
    texts = [f"ValueError: Could not interpret {kind} identifier: {name}" for kind in kinds for name in names]
    texts += [f"AttributeError: module 'keras.layers' has no attribute '{name}'" for name in names]
    here, there = both(texts)
    assert here == there
    assert {answer["finding"]["fix"] for answer in here if answer["finding"]} >= {'"relu"', "Dense", "Conv2D"}


def test_a_line_of_ones_own_is_mended_in_its_place(both):
    text = """---------------------------------------------------------------------------
AttributeError                            Traceback (most recent call last)
Cell In[4], line 2
      1 model = keras.Sequential()
----> 2 model.add(layers.Conv2d(32, 3))
      3 model.summary()

AttributeError: module 'keras.layers' has no attribute 'Conv2d'"""
    here, there = both([text, text.replace("\n", "\r\n"), f"\x1b[0;31m{text}\x1b[0m"])
    assert here == there
    assert here[0]["line"] == "model.add(layers.Conv2d(32, 3))"
    assert here[0]["finding"]["fix"] == "model.add(layers.Conv2D(32, 3))"


@pytest.mark.parametrize(
    "text", ["", "hello", "ZeroDivisionError: division by zero", "a" * 100_000, "(" * 1000, "$&\\1"]
)
def test_what_is_no_error_of_keras_gets_no_answer(both, text):
    here, there = both([text])
    assert here == there == [{"finding": None, "line": ""}]


def test_every_rule_is_about_a_code():
    assert {rule.code for rule in _pasted.RULES} <= set(CODES)
