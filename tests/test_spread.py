"""Other seeds say how far values lie apart, and so how wide a tolerance may be."""

import pytest
from rich.console import Console

from course_utils.chapters import ChapterError, check, run, spread, verify
from course_utils.chapters._notebooks import read
from course_utils.record import read_records

pytestmark = pytest.mark.lasting

KERAS = """
import os
os.environ["KERAS_BACKEND"] = "numpy"
import keras
import numpy as np
from course_utils.record import record
keras.utils.set_random_seed(3)
record(tolerance=0.9, one=np.random.rand())
record(several=[np.random.rand(), np.random.rand()])
record(n=5)
"""


@pytest.mark.slow
def test_what_other_seeds_give_is_kept_bounds_the_tolerance_and_gives_a_run_its_place(course):
    course.write("constraints.txt", "")
    path = course.chapter(course.prose("# Tiny"), course.code(KERAS))
    run([path], Console(quiet=True))
    before = read(path)
    assert read_records(path)["one"].seeds == ()

    assert spread([path], 2, Console(quiet=True)) == 1
    records = read_records(path)
    assert records["one"].seeds[0] == records["one"].value == read_records(before)["one"].value
    assert len(set(records["one"].seeds)) == 3, "three seeds, three values"
    assert (records["several"].seeds, records["n"].seeds) == (read_records(before)["several"].seeds, ())

    [finding] = [f for f in check(course.folder)[0] if f.code == "tolerance"]
    assert (
        f"one has the tolerance 0.9, but 3 seeds differ by no more than {records['one'].spread:.3g}" in finding.message
    )

    places = {c.name: c.place for c in verify([path], Console(quiet=True))}
    assert places["one"] in ("1st of 3", "2nd of 3", "3rd of 3")
    assert places["n"] == ""

    run([path], Console(quiet=True))
    assert read_records(path)["one"].seeds == records["one"].seeds, "a new recording keeps what other seeds gave"


def test_what_a_run_on_other_data_gives_is_not_kept(course, monkeypatch):
    course.write("constraints.txt", "")
    path = course.chapter(course.prose("# Tiny"), course.code("x = 1", course.recorded("acc", 0.98, 0.03)))
    before = path.read_bytes()

    def fallen_back(notebook, *rest):
        notebook.metadata.course.recorded.data = {"mnist": "embedded"}
        return notebook

    monkeypatch.setattr("course_utils.chapters._verify.execute", fallen_back)
    with pytest.raises(ChapterError, match="but here is embedded mnist"):
        spread([path], 1, Console(quiet=True))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("tolerance", "others", "found"),
    [(0.03, [0.97], True), (0.03, [0.96], False), (0.01, [0.97], False), (0.5, [], False)],
)
def test_a_tolerance_is_no_wider_than_twice_the_spread(course, tolerance, others, found):
    output = course.recorded("acc", 0.98, tolerance)
    if others:
        output["metadata"]["course"]["others"] = others
    course.chapter(course.prose("# Tiny"), course.code("x = 1", output))
    course.write("constraints.txt", "")
    assert [f.code for f in check(course.folder)[0] if f.code == "tolerance"] == ["tolerance"] * found
