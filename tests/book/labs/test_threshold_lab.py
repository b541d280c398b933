"""The laboratory `threshold-lab` in the built book."""

import re

import numpy as np
import pytest

from tests import laboratories
from tests.laboratories import PLACES, ROOT, recorded, said, wait_until

NAME = "threshold-lab"
pytestmark = laboratories.lasting(NAME, files=["book/labs/predictions"])


def cells(element, caption: str) -> list[list[str]]:
    """What a table says, without its headings."""
    rows = element.locator("table", has_text=caption).locator("tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def worth(element, name: str) -> list[float]:
    row = element.locator("table", has_text="What it is worth").locator(
        "tr", has=element.page.get_by_text(name, exact=True)
    )
    return [float(text) for text in row.locator("td").all_inner_texts()]


def test_the_threshold_is_the_one_that_the_chapter_recorded(lab, base):
    element, seen = lab(NAME, "said=-", base)
    wait_until(element, "Threshold")
    records = recorded(PLACES[NAME])
    assert said(element).startswith(f"Threshold {records['shop_threshold']:.2f}. First half: ")
    assert worth(element, "recall")[0] == pytest.approx(records["shop_recall"], abs=5e-4)
    assert worth(element, "precision")[1] == pytest.approx(records["shop_second_precision"], abs=5e-4)
    (hits, _), (alarms, _) = cells(element, "Second half: is")
    assert int(hits) + int(alarms) == records["shop_called"]
    assert "A precision of 0.95 is kept on both." in said(element)
    assert seen.errors == []


def test_the_threshold_moves_by_keys_by_dragging_and_by_pointing_at_a_curve(lab):
    element, _ = lab(NAME, "said=-&data=dogs&threshold=0.5")
    wait_until(element, "Threshold 0.5.")
    level = element.get_by_label("Threshold", exact=True)
    level.focus()
    level.press("ArrowRight")
    wait_until(element, "Threshold 0.51.")
    element.page.wait_for_timeout(500)
    assert "threshold=0.51" in element.page.url
    scores = element.locator("svg.moves")
    scores.scroll_into_view_if_needed()
    box = scores.bounding_box()
    mouse = element.page.mouse
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5, steps=4)
    mouse.up()
    dragged = float(re.match(r"Threshold ([\d.]+)\.", said(element))[1])
    assert 0.8 < dragged < 0.95
    assert worth(element, "recall")[0] < 0.95
    # Where the ROC curve ends, everything is called a dog.
    roc = element.locator("svg.picks").first
    box = roc.bounding_box()
    roc.click(position={"x": box["width"] * 0.96, "y": box["height"] * 0.05})
    wait_until(element, "recall 1.000")
    assert worth(element, "negatives called positive")[0] > 0.5
    element.get_by_role("button", name="Best on the first half").click()
    wait_until(element, "A precision of 0.95 is kept on the first half" if "broken" in said(element) else "kept on")


def test_another_goal_has_another_threshold_and_many_halves_tell_what_it_is_worth(lab):
    element, _ = lab(NAME, "said=-&data=dogs")
    element.get_by_label("goal").select_option("recall")
    wait_until(element, "A recall of 0.95 is kept")
    assert worth(element, "recall")[0] >= 0.95
    target = element.get_by_label("at least")
    target.fill("0.99")
    target.press("Enter")
    wait_until(element, "A recall of 0.99")
    assert worth(element, "recall")[0] >= 0.99
    element.get_by_role("button", name="Halve them in 100 other ways").click()
    wait_until(element, "100 ways to halve", ".many")
    kept = int(re.search(r"kept on the second half in (\d+) of them", element.locator(".many").inner_text())[1])
    assert 5 < kept < 95
    element.get_by_label("goal").select_option("cost")
    wait_until(element, "Threshold")
    assert element.locator(".many").inner_text() == ""
    assert element.get_by_label("misses that one false alarm costs").is_visible()
    assert not target.is_visible()


def test_own_answers_are_pasted_or_opened_and_damaged_ones_get_a_sentence(lab):
    element, seen = lab(NAME, "said=-")
    lines = "\n".join(f"{'spam' if i % 3 == 0 else 'ham'},{(i * 37 % 100) - 40 * (i % 3 > 0)}" for i in range(100))
    element.locator("summary", has_text="Paste").click()
    area, read = element.get_by_label("Answers, one a line"), element.get_by_role("button", name="Read them")
    area.fill("spam,0.9\nham")
    read.click()
    assert "The text cannot be read: Line 2 has 1 value" in element.locator("[role=alert]").inner_text()
    area.fill(lines)
    read.click()
    wait_until(element, "called spam")
    assert element.get_by_label("whose").input_value() == "own"
    # Scores that are no probabilities cannot be calibrated.
    assert element.locator("svg.panel:visible").count() == 3
    damaged = {"name": "mine.csv", "mimeType": "text/csv", "buffer": bytes(range(256)) * 4}
    element.locator("input[type=file]").set_input_files(damaged)
    element.locator("[role=alert]", has_text="mine.csv cannot be read: Line").wait_for(timeout=5000)
    sorted_ones = "\n".join(sorted(lines.splitlines())).encode()
    element.locator("input[type=file]").set_input_files(damaged | {"buffer": sorted_ones})
    element.locator("[role=alert]", has_text="half has one label only. Take another seed").wait_for(timeout=5000)
    assert seen.errors == []


def test_answers_are_saved_as_a_file_that_can_be_opened_again(lab, tmp_path):
    element, _ = lab(NAME, "said=-&data=dogs")
    wait_until(element, "Threshold")
    with element.page.expect_download() as download:
        element.get_by_role("button", name="Save as CSV").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "dogs.csv"
    recorded = ROOT / "book" / "labs" / "predictions" / path.name
    np.testing.assert_array_equal(*(np.loadtxt(each, delimiter=",", skiprows=1) for each in (path, recorded)))
    before = said(element)
    element.locator("input[type=file]").set_input_files(path)
    wait_until(element, "called 1,")
    assert said(element).replace("called 1,", "called dog,") == before
