"""What a call was given without a name of its own, in a program where X and y are something else."""

import re
import runpy

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.lasting]

PROGRAM = """
import keras
import numpy as np
import pandas as pd

from course_utils.doctor import examine

table = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 4)), columns=list("abcd"))
X = table.copy()
y = LABELS
X_train, y_train = X[:200], y[:200]
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(UNITS)])
model.compile("adam", LOSS)
report = examine(model, X_train.values, y_train.values)
"""
CLASSES = {"UNITS": "3, activation='softmax'", "LOSS": "'sparse_categorical_crossentropy'"}


def examined(folder, **parts: str):
    """Run the program with its parts; give what it knows at its end."""
    text = PROGRAM
    for name, part in parts.items():
        text = re.sub(rf"\b{name}\b", part, text)
    file = folder / "program.py"
    file.write_text(text, encoding="utf-8")
    return runpy.run_path(str(file))


def test_the_fix_of_one_line_is_written_into_the_call(tmp_path):
    (finding,) = examined(tmp_path, LABELS="1 + (table.a > 0).astype(int) + (table.b > 0)", **CLASSES)["report"]
    assert finding.seen.startswith("y_train.values has the labels 1 to 3")
    assert finding.fix == "examine(model, X_train.values, y_train.values - 1)"


@pytest.mark.parametrize(
    ("parts", "after"),
    [
        ({"LABELS": "table.a.map(lambda a: 'high' if a > 0.5 else 'low' if a < 0 else 'mid')", **CLASSES}, "labels"),
        ({"LABELS": "250_000 + 40_000 * table.a", "UNITS": "1", "LOSS": "'mse'"}, "target"),
    ],
    ids=["texts", "prices"],
)
def test_a_fix_of_several_lines_gives_it_a_name_first_and_can_be_pasted(tmp_path, parts, after):
    known = examined(tmp_path, **parts)
    (finding,) = known["report"]
    assert finding.code.startswith(after)
    assert "y_train.values" in finding.seen
    assert finding.fix.startswith("y_given = y_train.values; ")
    *lines, call = finding.fix.partition("  #")[0].split("; ")
    mended = dict(known)
    exec("; ".join(lines), mended)
    assert mended["y"] is known["y"]
    assert finding.code not in eval(call, mended).codes


def test_review_speaks_of_what_it_was_given_and_mends_what_was_trained(tmp_path):
    source = """
import keras
import numpy as np

from course_utils.doctor import review

X, y, top = np.random.default_rng(0).random((300, 8, 8)), np.arange(300) % 3, 255
layers = keras.layers
model = keras.Sequential([keras.Input((8, 8)), layers.Flatten(), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
if False:
    model.fit(top * X, y, epochs=3, verbose=0)
report = review({"loss": [60.0, 50.0, 40.0], "accuracy": [0.5] * 3}, model, 255 * X, y)
"""
    file = tmp_path / "program.py"
    file.write_text(source, encoding="utf-8")
    (finding,) = runpy.run_path(str(file))["report"]
    assert finding.why.startswith("The pixels in 255 * X run from 0.0")
    assert finding.fix == "model.fit(top * X / 255, y, epochs=3, verbose=0)"
