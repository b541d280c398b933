"""Every folder of the doctor's reference is a test: its programs do on every backend what it says they do."""

import pytest

from course_utils.doctor._codes import CODES

from . import programs
from .backends import EACH, INSTALLED, LASTING, outcomes

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, LASTING]

# What cannot be mended by a line in the same program: there is no network for the tests.
NO_CURE = ("download-failed",)
# Lines that only look, and tell where the mistake came from.
LOOKS = ("print(", "pairs = ", "np.unique(", "np.argwhere(", "sample_weight.min(")


# JAX takes memory only when a weight is asked for, and may then end the whole process: nothing for a test to catch.
NOTICED_LATER = {("out-of-memory", "jax")}


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_folder_with_a_page_and_programs(code):
    files = {path.name for path in (programs.PAGES / code).iterdir()}
    assert {"index.md", "bad.py", "good.py", "says.md", "messages.txt"} <= files
    assert (programs.PAGES / code / "index.md").read_text(encoding="utf-8").startswith(f"# `{code}`\n")


def test_a_folder_has_a_code():
    folders = {path.name for path in programs.PAGES.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders == set(CODES)


def test_what_a_code_hides_is_a_code():
    assert {hidden for code in CODES.values() for hidden in code.hides} <= set(CODES)


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", CODES)
def test_the_smallest_program_triggers_its_code_and_no_other(code, backend):
    outcome = outcomes("pages", backend)[code]["before"]
    if (code, backend) in NOTICED_LATER:
        assert outcome["how"] == "silent", "it is noticed at once today: no exception is needed any more"
        return
    assert outcome["how"] != "silent", "the program neither raises nor makes a report"
    assert outcome["codes"] == [code], outcome


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", [code for code, page in programs.pages().items() if page.as_error])
def test_the_same_as_an_error_is_explained_by_its_code(code, backend):
    outcome = outcomes("pages", backend)[code]["as_error"]
    if outcome["how"] == "silent":  # what TensorFlow refuses may pass elsewhere; the page says so
        assert backend != "tensorflow"
        return
    assert outcome["how"] == "raised"
    assert outcome["codes"] == [code], outcome


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", CODES)
def test_the_change_mends_it(code, backend):
    outcome = outcomes("pages", backend)[code]["after"]
    assert outcome["how"] != "raised", outcome["error"]
    assert outcome["codes"] == [], outcome


@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("which", ["before", "as_error"])
@pytest.mark.parametrize("code", [code for code in CODES if code not in NO_CURE])
def test_the_doctors_own_fix_mends_it_as_it_stands(code, which, backend):
    found = outcomes("pages", backend)[code]
    if which not in found or not found[which]["findings"]:
        return
    fix, outcome = found[which]["findings"][0][2], found[f"fixed {which}"]
    assert "…" not in fix, "it cannot be pasted"
    assert outcome["how"] not in ("raised", "unchanged"), (fix, outcome)
    if not fix.startswith(LOOKS):
        assert outcome["codes"] == [], (fix, outcome)


@pytest.mark.skipif("tensorflow" not in INSTALLED, reason="tensorflow is not installed")
@pytest.mark.parametrize("code", CODES)
def test_a_page_quotes_what_the_doctor_says_today(code):
    page, (said,) = programs.pages()[code], outcomes("pages", "tensorflow")[code]["before"]["said"]
    if CODES[code].when == "after":  # numbers of a training are not the same on every machine
        assert programs.without_numbers(page.says) == programs.without_numbers(said)
    else:
        assert page.says == said


@pytest.mark.parametrize("code", CODES)
def test_a_page_marks_what_changed(code):
    page = programs.pages()[code]
    assert "# changed" in page.after
    assert "# changed" not in page.before
