"""A recorded value is stored as myst_nb.glue would store it, and nothing that cannot be quoted gets in."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.record import Recorded, read_provenance, read_records, record

IN_A_SHELL = """
import json, math, sys
from contextlib import redirect_stdout
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
InteractiveShell.instance()
import numpy as np
from myst_nb import glue
from course_utils.record import record

def shown(put):
    with capture_output() as captured:
        put()
    return [{"data": o.data, "metadata": o.metadata} for o in captured.outputs], captured.stdout

def refused(**values):
    try:
        record(**values)
    except ValueError:
        pass

VALUES = {"a_float": 0.98125, "a_count": 149637, "a_word": "T-shirt/top", "a_truth": True, "tiny": 1e-300}
NUMPYS = {"np_float": np.float32(0.5), "np_int": np.int64(7), "np_bool": np.True_, "one": np.array([[3]])}
answer = {}
for name, value in VALUES.items():
    answer[name] = [shown(lambda: glue(name, value, display=False)), shown(lambda: record(**{name: value}))]
for name, value in NUMPYS.items():
    answer[name] = shown(lambda: record(tolerance=0.25, **{name: value}))
answer["seconds"] = shown(lambda: record(tolerance=math.inf, seconds=1.5))
answer["several"] = shown(lambda: record(tolerance=0.02, tree_test=0.91, knn_test=0.96))
answer["seeds"] = shown(lambda: record(small_test=np.array([0.875, 0.75, 0.8125, 0.9375])))
answer["counts"] = shown(lambda: record(small_misses=[41, 57, 44]))
answer["durations"] = shown(lambda: record(tolerance=math.inf, seconds=(1.5, 2.5)))
answer["one_bad"] = shown(lambda: refused(tree_test=0.91, knn_test=math.nan))
print(json.dumps(answer, allow_nan=False))
"""


@pytest.fixture(scope="module")
def shown():
    """What a shell was asked to display."""
    done = subprocess.run([sys.executable, "-c", IN_A_SHELL], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def stored(output):
    return {"cells": [{"cell_type": "code", "outputs": [{"output_type": "display_data", **output}]}], "metadata": {}}


# --- the stored form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a_float", "a_count", "a_word", "a_truth", "tiny"])
def test_the_stored_form_is_the_one_of_myst_nb_glue(shown, name):
    ([[glued], _], [[ours], printed]) = shown[name]
    assert ours["data"] == glued["data"]
    assert ours["metadata"]["scrapbook"] == glued["metadata"]["scrapbook"]
    assert printed == "", "a reader sees nothing of it"


@pytest.mark.parametrize(("name", "value"), [("np_float", 0.5), ("np_int", 7), ("np_bool", True), ("one", 3)])
def test_numpy_scalars_and_arrays_of_one_element_are_stored_as_plain_numbers(shown, name, value):
    [output], _ = shown[name]
    assert output["metadata"]["course"] == {"value": value, "tolerance": 0.25}
    assert type(output["metadata"]["course"]["value"]) is type(value)
    assert output["data"] == {"application/papermill.record/text/plain": repr(value)}


def test_an_infinite_tolerance_travels_as_null_and_comes_back_infinite(shown):
    [output], _ = shown["seconds"]
    text = json.dumps(output, allow_nan=False)  # strict: no Infinity
    assert output["metadata"]["course"]["tolerance"] is None
    assert read_records(stored(json.loads(text)))["seconds"] == Recorded("seconds", 1.5, math.inf, 0)


def test_every_value_of_a_call_leaves_an_output_of_its_own(shown):
    outputs, _ = shown["several"]
    assert [output["metadata"]["scrapbook"]["name"] for output in outputs] == ["tree_test", "knn_test"]
    assert [read_records(stored(output)).popitem()[1].value for output in outputs] == [0.91, 0.96]
    assert {output["metadata"]["course"]["tolerance"] for output in outputs} == {0.02}


def test_one_number_for_each_seed_is_stored_as_median_range_and_how_many(shown):
    outputs, _ = shown["seeds"]
    records = {name: one for output in outputs for name, one in read_records(stored(output)).items()}
    assert {name: (one.value, one.tolerance) for name, one in records.items()} == {
        "small_test": (0.84375, 0.1875),
        "small_test_low": (0.75, 0.1875),
        "small_test_high": (0.9375, 0.1875),
        "small_test_seeds": (4, 0.0),
    }
    assert records["small_test"].seeds == records["small_test_low"].seeds == (0.875, 0.75, 0.8125, 0.9375)
    assert records["small_test_high"].spread == 0.1875


def test_counts_over_seeds_stay_whole_numbers_and_what_depends_on_the_machine_stays_so(shown):
    assert [output["metadata"]["course"]["value"] for output in shown["counts"][0]] == [44, 41, 57, 3]
    tolerances = [output["metadata"]["course"]["tolerance"] for output in shown["durations"][0]]
    assert tolerances == [None, None, None, 0.0]


def test_a_call_with_one_value_that_cannot_be_stored_stores_none(shown):
    assert shown["one_bad"] == [[], ""]


def test_outside_a_notebook_nothing_is_printed_and_ipython_is_not_imported():
    code = "from course_utils.record import record; import sys; record(x=1.0); print('IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_script_that_merely_imports_ipython_records_nothing(capsys):
    import IPython

    assert IPython.get_ipython() is None
    record(x=1.0)
    assert capsys.readouterr().out == ""


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [{}, {"tolerance": 0.1}])
def test_a_call_without_values_is_refused_with_an_example(arguments):
    with pytest.raises(ValueError, match=r"no values.*record\(tolerance=0.02, large_test=0.96\)"):
        record(**arguments)


@pytest.mark.parametrize("name", ["", "Large", "1st", "large-train", "large train", "größe", "run.minutes"])
def test_a_name_that_prose_could_not_quote_is_refused(name):
    with pytest.raises(ValueError, match="lower-case letters, digits and underscores") as error:
        record(**{name: 1.0})
    assert repr(name) in str(error.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan"), np.array([np.inf])])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match=r"'loss' got (nan|-?inf): find out why"):
        record(loss=value)


@pytest.mark.parametrize("tolerance", [-0.01, math.nan, -math.inf])
def test_a_tolerance_below_zero_is_refused(tolerance):
    with pytest.raises(ValueError, match="tolerance of record 'loss' must be 0 or more"):
        record(tolerance=tolerance, loss=1.0)


@pytest.mark.parametrize("value", [np.ones((2, 2)), ["a", "b"], [True, False], None, {"a": 1}, 1j, [[1, 2], [3, 4]]])
def test_what_is_no_number_or_string_nor_a_number_for_each_seed_is_refused_with_advice(value):
    with pytest.raises(TypeError, match=r"'sizes' takes (a number, a string or )?one number for each seed, got"):
        record(sizes=value)


@pytest.mark.parametrize("value", [np.array([]), [], [0.5]])
def test_a_list_that_is_not_over_seeds_is_refused(value):
    with pytest.raises(ValueError, match=r"'sizes' got [01] values in a list: give one number, or one for each seed"):
        record(sizes=value)


def test_values_over_seeds_need_no_tolerance_because_their_spread_is_one():
    with pytest.raises(ValueError, match="'small_test' got a tolerance and 2 values, but their spread is the toler"):
        record(tolerance=0.1, small_test=[0.8, 0.9])


# --- reading it back --------------------------------------------------------------------------------------------------


@given(value=st.floats(allow_nan=False, allow_infinity=False), tolerance=st.floats(0, 1e6))
def test_a_value_agrees_with_itself_after_it_went_through_a_file(value, tolerance):
    assert Recorded("x", value, tolerance, 0).accepts(json.loads(json.dumps(value)))


@given(value=st.floats(-1e6, 1e6), tolerance=st.floats(0, 1e3), share=st.floats(-1.5, 1.5))
def test_a_value_is_accepted_within_the_tolerance_and_not_beyond(value, tolerance, share):
    agrees = Recorded("x", value, tolerance, 0).accepts(value + share * tolerance)
    if abs(share) < 0.999999:  # the sum itself is rounded
        assert agrees
    elif (abs(share) - 1) * tolerance > 1e-5:
        assert not agrees


@pytest.mark.parametrize(("stored_value", "fresh", "agrees"), [("Shirt", "Shirt", True), ("Shirt", "Coat", False)])
def test_words_agree_when_they_are_equal(stored_value, fresh, agrees):
    assert Recorded("x", stored_value, 0.0, 0).accepts(fresh) is agrees


@pytest.mark.parametrize(("stored_value", "fresh"), [(1, True), (True, 1), ("1", 1), (1.0, "1.0")])
def test_values_of_different_kinds_never_agree(stored_value, fresh):
    assert not Recorded("x", stored_value, 10.0, 0).accepts(fresh)


@pytest.mark.parametrize(("stored_value", "fresh"), [(1.5, 90.0), ("4 cores", "2 cores"), ("cpu", 1), (True, False)])
def test_whatever_the_value_an_infinite_tolerance_accepts_it(stored_value, fresh):
    assert Recorded("x", stored_value, math.inf, 0).accepts(fresh)


def test_records_are_read_from_a_file_in_its_order(course):
    first = course.code("a", course.recorded("zebra", 1), course.recorded("ape", 0.5, 0.1))
    path = course.chapter(course.prose("x"), first, course.code("b", course.recorded("word", "Shirt", None)))
    expected = [Recorded("zebra", 1, 0.0, 1), Recorded("ape", 0.5, 0.1, 1), Recorded("word", "Shirt", math.inf, 2)]
    for source in (path, str(path), json.loads(path.read_text())):
        assert list(read_records(source).values()) == expected


def test_what_glue_itself_stored_is_no_record(shown):
    [[glued], _], _ = shown["a_float"]
    assert read_records(stored(glued)) == {}


def test_a_name_that_was_recorded_twice_is_refused_with_both_places(course):
    path = course.chapter(
        course.code("a", course.recorded("acc", 1)), course.prose(""), course.code("b", course.recorded("acc", 2))
    )
    with pytest.raises(ValueError, match="cells 0 and 2 both record 'acc'"):
        read_records(path)


def test_a_notebook_that_never_ran_has_no_provenance():
    assert read_provenance({"cells": [], "metadata": {}}) is None
