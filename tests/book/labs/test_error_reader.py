"""The laboratory `error-reader` in the built book."""

import pytest

from tests import laboratories
from tests.laboratories import TOOLS, WIDER_THAN_LAB, said, wait_until

NAME = "error-reader"
pytestmark = laboratories.lasting(NAME)


OLD = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    history = model.fit_generator(batches)
AttributeError: 'Sequential' object has no attribute 'fit_generator'"""


@pytest.fixture(params=TOOLS["error-reader"])
def reader(request, open_page, base):
    tab, seen = open_page(f"{base}/{request.param}#error-reader")
    element = tab.locator("error-reader")
    element.locator(".lab").wait_for(timeout=10_000)
    return tab, element, seen


def test_a_pasted_error_gets_its_finding_line_fix_and_page_and_nothing_is_sent(reader, base):
    tab, element, seen = reader
    element.locator("textarea").focus()
    tab.keyboard.insert_text(OLD)
    wait_until(element, "removed-api: fit_generator comes from an older version of Keras.")
    assert element.locator(".finding > pre").inner_text() == "history = model.fit_generator(batches)"
    assert element.locator("details pre").inner_text() == "history = model.fit(batches)"
    page = element.locator(".finding a").get_attribute("href")
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:", base))] == []
    assert "fit_generator" not in "".join([*seen.requests, tab.url])
    tab.goto(page)
    assert tab.locator(".bd-article h1").inner_text().startswith("removed-api")
    assert seen.errors == []


def test_words_that_are_not_known_are_called_so(reader):
    _, element, _ = reader
    element.locator("textarea").fill("ZeroDivisionError: division by zero")
    wait_until(element, "The doctor knows no mistake by these words.")
    element.locator("button", has_text="Empty").press("Enter")
    assert said(element) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_error_reader_fits_a_phone_and_axe_finds_nothing_wrong(reader, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab, element, _ = reader
    wear(tab, scheme)
    element.locator("button", has_text="An example").press("Enter")
    wait_until(element, "removed-api")
    assert axe.run(tab, context="error-reader").violations_count == 0
    tab.set_viewport_size({"width": 360, "height": 800})
    assert element.evaluate(WIDER_THAN_LAB) == []
