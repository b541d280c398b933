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
