"""The laboratory `kernel-lab` in the built book."""

import io

import numpy as np
from PIL import Image

from course_utils import convolution
from course_utils.data import photo
from tests import laboratories
from tests.laboratories import PLACES, page_of, recorded, said, wait_until

NAME = "kernel-lab"
pytestmark = laboratories.lasting(NAME)


def facts(element) -> tuple[str, str]:
    return element.locator(".facts").inner_text(), element.locator(".sum").inner_text()


def test_the_map_of_the_cat_has_the_numbers_of_the_package(lab, base):
    element, seen = lab(NAME, "said=-&row=100&column=167&bias=0&relu=0", base)
    wait_until(element, "numbers", ".facts")
    grey = np.rint(photo().mean(axis=2)) / 255
    Y = convolution.conv2d(grey, convolution.hand_made_kernels()["vertical edges"])
    about, products = facts(element)
    extremes = f"from −{-Y.min():.2f} to {Y.max():.2f}"
    assert about == f"{Y.shape[0]} × {Y.shape[1]} numbers, {extremes}; a share of {(Y > 0).mean():.2f} is above 0."
    assert f"9 products add up to {Y[100, 167]:.2f}" in products
    assert seen.errors == []


def test_with_bias_and_relu_the_page_measures_what_the_chapter_recorded(lab):
    element, _ = lab(NAME, "said=-")
    wait_until(element, "numbers", ".facts")
    share = recorded(PLACES[NAME])["relu_bias_share"]
    assert f"a share of {share:.2f} is above 0" in facts(element)[0]


def test_pointing_shows_the_window_by_pointer_and_by_keys(lab):
    element, _ = lab(NAME, "said=-&picture=edge&bias=0&relu=0&row=0&column=0")
    wait_until(element, "3 × 3 numbers", ".facts")
    canvas = element.locator("canvas[tabindex]")
    canvas.focus()
    element.page.keyboard.press("ArrowRight")
    assert said(element) == "Row 0, column 1: 9 products add up to 12."
    element.page.keyboard.press("Shift+ArrowDown")
    assert "Row 2, column 1: 9 products add up to 8." in said(element)
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.5})
    # Step 6 of the chapter.
    assert "Row 1, column 2: 9 products add up to 8." in said(element)
    assert element.locator(".products span").all_inner_texts()[0].split() == ["1", "×", "−1"]


def test_weights_stride_padding_and_pooling_change_the_map(lab):
    element, _ = lab(NAME, "said=-&picture=edge&bias=0&relu=0&row=0&column=0")
    wait_until(element, "3 × 3 numbers", ".facts")
    element.get_by_label("padding").select_option("same")
    assert facts(element)[0].startswith("5 × 5 numbers")
    element.get_by_label("stride").select_option("2")
    assert facts(element)[0].startswith("3 × 3 numbers")
    element.get_by_role("button", name="5 × 5").click()
    assert element.locator(".kernel input").count() == 25
    element.get_by_label("pooling").select_option("max")
    assert facts(element)[0].startswith("1 × 1 numbers")
    element.get_by_role("button", name="3 × 3").click()
    element.get_by_label("pooling").select_option("none")
    weight = element.get_by_label("Row 1, column 1")
    weight.fill("2.5")
    weight.press("Enter")
    # At the corner: 1 beside it, twice, and 2.5 times the corner itself.
    assert "9 products add up to 4.5" in facts(element)[1]
    element.page.wait_for_timeout(500)
    assert "kernel=-1_0_1_-1_2.5_1_-1_0_1" in element.page.url


def test_what_is_left_over_when_a_kernel_does_not_fit_is_said(lab):
    element, _ = lab(NAME, f"said=-&picture=edge&pooling=max&kernel={'_'.join(['1'] * 25)}")
    wait_until(element, "Nothing is left", ".facts")


def test_sizes_parameters_and_multiplications_follow_the_formulas(lab):
    element, _ = lab(NAME, "said=-&channels=3&filters=32&bias=0&relu=0")
    wait_until(element, "numbers", ".facts")
    records = recorded(PLACES[NAME])
    text = element.locator("details", has_text="How large").text_content()
    assert f"= {records['conv_params']:,}." in text
    assert f"= {records['conv_work']:,}." in text


def test_a_picture_of_ones_own_is_read_and_a_damaged_one_gets_a_sentence(lab, tmp_path):
    element, _ = lab(NAME, "said=-&bias=0&relu=0&row=10&column=10")
    wait_until(element, "numbers", ".facts")
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    damaged = {"name": "cat.png", "mimeType": "image/png", "buffer": file.getvalue()[:90]}
    element.locator("input[type=file]").set_input_files(damaged)
    element.locator("[role=alert]", has_text="cat.png cannot be read as a picture").wait_for(timeout=5000)
    element.locator("input[type=file]").set_input_files(damaged | {"buffer": file.getvalue()})
    wait_until(element, "38 × 58 numbers", ".facts")
    Y = convolution.conv2d(pixels.mean(axis=2) / 255, convolution.hand_made_kernels()["vertical edges"])
    assert f"from −{-Y.min():.2f} to {Y.max():.2f};" in facts(element)[0]
    assert f"add up to {Y[10, 10]:.2f}".replace("-", "−") in facts(element)[1]


def test_the_camera_s_picture_is_convolved_until_it_is_stopped(browser, program, site):
    args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox", "--disable-gpu"]
    with browser.browser_type.launch(executable_path=program, args=args) as filming:
        tab = filming.new_context(permissions=["camera"]).new_page()
        tab.goto(f"{site.as_uri()}/{page_of(NAME)}#kernel-lab?said=-")
        element = tab.locator("kernel-lab")
        element.get_by_role("button", name="Use the camera").click()
        element.get_by_role("button", name="Stop the camera").wait_for(timeout=10_000)
        seen = set()
        for _ in range(8):
            seen.add(element.locator("canvas:not([tabindex])").evaluate("canvas => canvas.toDataURL()"))
            tab.wait_for_timeout(150)
        assert len(seen) > 2
        element.get_by_role("button", name="Stop the camera").click()
        still = element.locator("canvas:not([tabindex])").evaluate("canvas => canvas.toDataURL()")
        tab.wait_for_timeout(500)
        assert element.locator("canvas:not([tabindex])").evaluate("canvas => canvas.toDataURL()") == still
        assert element.get_by_label("which").input_value() == "own"
