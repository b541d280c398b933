"""Every page of the doctor's reference is a test: its programs do on every backend what it says they do."""

import re

import pytest

from . import programs
from .backends import EACH, INSTALLED, outcomes

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow

CODES = tuple(programs.pages())
INDEX = programs.PAGES / "index.md"


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", CODES)
def test_the_smallest_program_triggers_its_code_and_no_other(code, backend):
    outcome = outcomes("pages", backend)[code]["before"]
    assert outcome["how"] != "silent", "the program neither raises nor makes a report"
    assert outcome["codes"] == [code], outcome


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", [code for code in CODES if programs.pages()[code].as_error])
def test_the_same_as_an_error_is_explained_by_its_code(code, backend):
    outcome = outcomes("pages", backend)[code]["as_error"]
    if outcome["how"] == "silent":  # what TensorFlow refuses may pass elsewhere; the page says so
        assert backend != "tensorflow"
        return
    assert outcome["how"] == "raised"
    assert outcome["codes"] == [code], outcome


@pytest.mark.slow
@pytest.mark.parametrize("backend", EACH)
@pytest.mark.parametrize("code", CODES)
def test_the_change_mends_it(code, backend):
    outcome = outcomes("pages", backend)[code]["after"]
    assert outcome["how"] != "raised", outcome["error"]
    assert outcome["codes"] == [], outcome


@pytest.mark.slow
@pytest.mark.skipif("tensorflow" not in INSTALLED, reason="tensorflow is not installed")
@pytest.mark.parametrize("code", CODES)
def test_a_page_quotes_what_the_doctor_says_today(code):
    page, (said,) = programs.pages()[code], outcomes("pages", "tensorflow")[code]["before"]["said"]
    assert page.says, "the page quotes nothing"
    if page.says_all:
        assert page.says == said.replace("`", "")
    else:  # the page says what comes before: numbers that are not the same on every machine
        assert said.replace("`", "").endswith(page.says)


@pytest.mark.parametrize("code", CODES)
def test_a_page_marks_what_changed(code):
    page = programs.pages()[code]
    assert "# changed" in page.after
    assert "# changed" not in page.before


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_titled_by_its_code_and_listed(code):
    assert (programs.PAGES / f"{code}.md").read_text(encoding="utf-8").startswith(f"# `{code}`\n")
    assert f"[`{code}`]({code}.md)" in INDEX.read_text(encoding="utf-8")


def test_every_listed_code_has_its_page():
    listed = re.findall(r"\[`([a-z-]+)`\]\(([a-z-]+)\.md\)", INDEX.read_text(encoding="utf-8"))
    assert [code for code, page in listed if code != page] == []
    assert {code for code, _ in listed} == set(CODES)
