"""The laboratory `network-builder` in the built book."""

from tests import laboratories
from tests.laboratories import PLACES, recorded, said

NAME = "network-builder"
pytestmark = laboratories.lasting(NAME)


def layers(element) -> list[str]:
    return [text.input_value() for text in element.locator(".stack input").all()]


def test_stacking_pairs_runs_out_of_pixels_behind_as_many_as_the_chapter_recorded(lab):
    element, seen = lab(NAME)
    blocks = recorded(PLACES[NAME])["blocks"]
    while "cannot work" not in said(element):
        element.get_by_role("button", name="Repeat the last two").click()
        assert len(layers(element)) < 40
    assert said(element).startswith(f"Layer {2 * blocks + 1} cannot work. Conv2D runs out of pixels")
    assert element.locator(".stack li.failed").count() == 1
    assert element.locator(".stack .made").last.inner_text() == "not reached"
    assert seen.errors == []


def test_layers_are_changed_moved_and_removed_by_keys_which_keep_their_place(lab):
    element, _ = lab(NAME, "said=-&input=18_18_1&net=Conv2D(8, 3)~Flatten()~ReLU()")
    keys = element.page.keyboard
    element.get_by_label("Layer 1", exact=True).focus()
    keys.press("Control+a")
    keys.type("layers.Conv2D(16, 3),")
    keys.press("Enter")
    assert layers(element) == ["Conv2D(16, 3)", "Flatten()", "ReLU()"]
    assert "16 × 16 × 16 · 160 parameters · sees 3 × 3" in element.locator(".made").first.inner_text()
    element.get_by_label("Move layer 3 up").focus()
    keys.press("Enter")
    keys.press("Enter")
    assert layers(element) == ["ReLU()", "Conv2D(16, 3)", "Flatten()"]
    element.get_by_label("Remove layer 1").focus()
    keys.press("Enter")
    keys.press("Enter")
    assert layers(element) == ["Flatten()"]
    element.page.wait_for_timeout(500)
    again, _ = lab(NAME, element.page.url.partition("?")[2])
    assert layers(again) == ["Flatten()"]


def test_a_pasted_model_is_read_and_what_is_none_gets_a_sentence(lab):
    element, _ = lab(NAME)
    element.locator("summary", has_text="Paste").click()
    area, read = element.get_by_label("Keras code"), element.get_by_role("button", name="Read it")
    area.fill("keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])")
    read.click()
    assert layers(element) == ["Flatten()", "Dense(10)"]
    assert said(element) == "2 layers, 7,850 parameters; the last one gives 10."
    area.fill("model = LSTM(3)")
    read.click()
    assert element.locator("[role=alert]").inner_text().startswith("There is no layer in this text")
    assert layers(element) == ["Flatten()", "Dense(10)"]
