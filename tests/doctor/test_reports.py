"""What people reported, the doctor answers rightly; and its line, pasted into the program, mends it."""

import pytest

from . import reports
from .backends import INSTALLED, LASTING, outcomes

pytestmark = [
    pytest.mark.slow,
    LASTING,
    pytest.mark.skipif("tensorflow" not in INSTALLED, reason="the reported programs use TensorFlow"),
]
PROGRAMS = reports.read()
WRONG = [name for name, (code, _) in PROGRAMS.items() if code != "none"]
# Programs that cannot run to their end, however they are mended: they are stopped so that an endless epoch ends, have
# lost what belongs together before the doctor looks, or would train for minutes.
TOLD_ONLY = ("endless_dataset",)


@pytest.fixture(scope="module")
def said():
    return outcomes("reports", "tensorflow")


@pytest.mark.parametrize("name", WRONG)
def test_the_first_finding_is_the_true_cause(name, said):
    code, _ = PROGRAMS[name]
    assert said[name]["codes"][:1] == [code], said[name]


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_explained_by_the_same_cause(name, said):
    explained = said[name].get("explained")
    if explained and explained["error"]:
        assert explained["codes"] == [PROGRAMS[name][0]], explained


@pytest.mark.parametrize("name", [name for name in WRONG if name not in TOLD_ONLY])
def test_the_line_that_the_doctor_gives_mends_the_program(name, said):
    mended = said[name].get("mended")
    assert mended is not None, said[name]["fixes"]
    # Without a network borrowed bodies have no weights, which the doctor rightly finds odd.
    codes = [code for code in mended["codes"] if code != "frozen-random"]
    assert (codes, mended["error"]) == ([], ""), said[name]["fixes"][0]


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in WRONG])
def test_a_correct_program_gets_silence(name, said):
    assert (said[name]["codes"], said[name]["error"]) == ([], "")
