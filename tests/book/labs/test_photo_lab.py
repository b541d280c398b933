"""The laboratory `photo-lab` in the built book."""

import re

import numpy as np
import pytest
from PIL import Image

from course_utils import pretrained
from course_utils.data import photo
from tests import laboratories
from tests.laboratories import EMBEDDED, PAGES, a_picture, drop, page_of, said, wait_until

NAME = "photo-lab"
pytestmark = laboratories.lasting(NAME)


BOTH_SAY = "its twin with random weights says"


def probabilities(element) -> dict[str, float]:
    """Read the probabilities of a dog, by who answers, when all have answered."""
    element.locator(".asked td:nth-child(2):empty").first.wait_for(state="detached", timeout=60_000)
    rows = element.locator(".asked tbody tr").all()
    return {row.locator("th").inner_text(): float(row.locator("td").first.inner_text()) for row in rows}


def test_a_photograph_is_answered_by_the_network_and_its_twin_and_nothing_is_sent(lab, base):
    element, seen = lab(NAME, base=base)
    wait_until(element, "Rank correlation of their maps: Saliency")
    assert said(element).startswith("The course's network says cat, with a probability of 0.9")
    drawn = np.rint(np.random.default_rng(0).random((90, 70, 3)) * 255).astype(np.uint8)
    drop(element, a_picture(drawn))
    element.locator("canvas[aria-label*='your picture']").wait_for(timeout=20_000)
    wait_until(element, "Rank correlation")
    small = np.array(Image.fromarray(drawn).resize((128, 128), Image.Resampling.BILINEAR))
    expected = pretrained.cats_and_dogs().predict(small[np.newaxis], verbose=0)[0, 0]
    assert probabilities(element)["the course's network"] == pytest.approx(expected, abs=2e-3)
    assert "Nothing is uploaded" in element.locator(".note").first.inner_text()
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:", base))] == []
    element.page.wait_for_timeout(500)
    assert "picture=own" in element.page.url
    assert len(element.page.url) < 250
    assert seen.errors == []


def test_a_damaged_photograph_gets_a_sentence_and_the_last_one_stays(lab):
    element, seen = lab(NAME)
    wait_until(element, BOTH_SAY)
    good = a_picture(photo()[:100, :100])
    drop(element, good | {"name": "broken.png", "buffer": good["buffer"][:200]})
    element.locator("[role=alert]", has_text="broken.png cannot be read as a picture").wait_for(timeout=5000)
    drop(element, {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"a dog"})
    element.locator("[role=alert]", has_text="notes.txt cannot be read as a picture").wait_for(timeout=5000)
    assert element.get_by_label("which").input_value() == "cat"
    element.locator("input[type=file]").set_input_files(good)
    element.locator("[role=alert]", has_not_text="cannot").wait_for(state="attached", timeout=5000)
    wait_until(element, BOTH_SAY)
    assert element.get_by_label("which").input_value() == "own"
    assert seen.errors == []


def test_an_address_with_a_photograph_of_somebody_s_own_says_that_it_is_not_there(lab):
    element, _ = lab(NAME, "said=-&picture=own")
    wait_until(element, BOTH_SAY)
    assert "No picture of yours is open" in element.locator("[role=alert]").inner_text()


def test_squares_are_covered_by_pointer_keys_halves_and_maps(lab):
    element, _ = lab(NAME)
    wait_until(element, "Rank correlation")
    canvas, keys = element.locator(".asked canvas"), element.page.keyboard
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.7})
    wait_until(element, "With 1 of 64 squares covered the score for cat")
    canvas.focus()
    keys.press("ArrowRight")
    assert said(element) == "Row 6, column 5."
    keys.press("Space")
    wait_until(element, "With 2 of 64 squares")
    element.page.wait_for_timeout(500)
    assert "hidden=0000000000180000" in element.page.url
    element.get_by_role("button", name="left half").press("Enter")
    wait_until(element, "With 32 of 64 squares")
    assert element.get_by_role("button", name="left half").get_attribute("aria-pressed") == "true"
    element.get_by_role("button", name="Cover its 8 highest: Saliency, trained").click()
    wait_until(element, "With 8 of 64 squares covered the score for cat falls by")
    element.get_by_role("button", name="nothing").click()
    wait_until(element, "Rank correlation")
    element.page.wait_for_timeout(500)
    assert "hidden" not in element.page.url


def test_a_photograph_is_covered_square_by_square_and_the_map_is_the_package_s(lab, base):
    from course_utils import inside

    element, seen = lab(NAME, "said=-&size=64", base)
    wait_until(element, BOTH_SAY)
    highest = element.get_by_role("button", name="Cover its 8 highest: Occlusion, trained")
    assert highest.is_disabled()
    element.get_by_role("button", name="Cover it square by square").click()
    wait_until(element, "Occlusion ", seconds=240)
    highest.click()
    wait_until(element, "With 8 of 64 squares covered")
    element.page.wait_for_timeout(500)
    bits = re.search("hidden=([0-9a-f]{16})", element.page.url)[1]
    covered = {at for at in range(64) if int(bits, 16) >> (63 - at) & 1}
    cat = np.array(Image.fromarray(photo()).resize((192, 128), Image.Resampling.BILINEAR).resize((64, 64), 2))
    model = pretrained.cats_and_dogs()
    falls = inside.occlusion(model, cat[np.newaxis], 8, 8, target=0)[0, ::8, ::8].ravel()
    assert covered == set(np.argsort(-falls)[:8].tolist())
    assert seen.errors == []


def test_occlusion_is_stopped_and_another_twin_has_other_maps(lab):
    element, _ = lab(NAME, "said=-&size=128")
    wait_until(element, "Rank correlation")
    before = said(element)
    element.get_by_role("button", name="Cover it square by square").click()
    element.get_by_role("button", name="Stop").click(timeout=10_000)
    element.get_by_role("button", name="Cover it square by square").wait_for(timeout=60_000)
    element.get_by_role("button", name="Another twin").click()
    element.locator(".said", has_not_text=before).wait_for(timeout=20_000)
    wait_until(element, "Rank correlation")
    assert said(element).split("; its twin")[0] == before.split("; its twin")[0]


def test_size_cut_and_network_change_the_answer_and_come_back_from_the_address(lab):
    element, seen = lab(NAME, "said=-&picture=coffee&size=64")
    wait_until(element, "says cat")
    assert [url for url in seen.requests if "borrowed-eyes" in url] == []
    element.get_by_label("pixels").select_option("128")
    wait_until(element, "The course's network says dog")
    element.get_by_label("made square").select_option("padded")
    wait_until(element, "The course's network says cat")
    element.get_by_label("who is explained").select_option("borrowed")
    wait_until(element, "The borrowed network says", seconds=120)
    assert set(probabilities(element)) == {"the course's network", "the borrowed network", "its twin, random weights"}
    assert element.get_by_label("pixels").is_disabled()
    element.page.wait_for_timeout(500)
    found, address = probabilities(element), element.page.url
    again, _ = lab(NAME, address.partition("?")[2])
    wait_until(again, "The borrowed network says", seconds=120)
    assert probabilities(again) == found
    assert seen.errors == []


def test_a_photograph_is_taken_by_the_camera(browser, program, site):
    args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox", "--disable-gpu"]
    with browser.browser_type.launch(executable_path=program, args=args) as filming:
        tab = filming.new_context(permissions=["camera"]).new_page()
        tab.goto(f"{site.as_uri()}/{page_of(NAME)}#photo-lab?said=-")
        element = tab.locator("photo-lab")
        element.get_by_role("button", name="Use the camera").click()
        element.locator("video").wait_for(timeout=10_000)
        element.get_by_role("button", name="Take the picture").click()
        element.locator("video").wait_for(state="detached", timeout=5000)
        wait_until(element, BOTH_SAY)
        assert element.get_by_label("which").input_value() == "own"
        assert "your picture" in element.locator(".asked canvas").get_attribute("aria-label")


@pytest.mark.parametrize("chapter", [chapter for chapter, name, _ in EMBEDDED if name == "photo-lab"])
def test_a_network_comes_with_the_prediction_and_not_before(open_page, site, chapter):
    tab, seen = open_page(f"{site.as_uri()}/{PAGES[chapter]}")
    tab.locator("photo-lab").scroll_into_view_if_needed()
    tab.locator("photo-lab .lab").wait_for(timeout=20_000)
    tab.wait_for_timeout(500)
    heavy = ("cats-and-dogs.", "borrowed-eyes.", "photographs.")
    assert [url for url in seen.requests if any(f"labs/{name}" in url for name in heavy)] == []
    tab.locator("photo-lab").get_by_role("button", name="Skip").click()
    tab.locator("photo-lab .said", has_text=BOTH_SAY).wait_for(timeout=60_000)
    expected = 3 if chapter == "borrowed-eyes" else 2
    assert len({url for url in seen.requests if any(f"labs/{name}" in url for name in heavy)}) == expected
