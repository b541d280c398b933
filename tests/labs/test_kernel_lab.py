"""What <kernel-lab> computes is what course_utils.convolution and Keras compute."""

import numpy as np
import pytest

from course_utils import convolution

pytestmark = pytest.mark.lasting("book/labs")

CASES = """
import { conv2d, pool2d, relu, windowOf } from "./kernel-lab/convolution.mjs";
import { outputSize } from "./shared/sizes.mjs";
tell(told.cases.map(({ image, kernel, stride, padding, bias, how }) => {
  const k = Math.sqrt(kernel.length), map = conv2d(image, kernel, { stride, padding, bias });
  // Each number again, from the window that is shown for it.
  const windows = [];
  for (let i = 0; i < map.height; i++) for (let j = 0; j < map.width; j++) {
    const { pixels } = windowOf(image, k, stride, padding, i, j);
    windows.push(pixels.reduce((sum, pixel, at) => sum + (pixel ?? 0) * kernel[at], bias));
  }
  const size = [image.height, image.width].map((n) => outputSize(n, k, stride, padding));
  return { map, windows, relu: relu(map), pooled: pool2d(map, how), size };
}));
"""
PROGRAM = """
import { program } from "./kernel-lab/keras.mjs";
import { conv2d, pool2d, relu } from "./kernel-lab/convolution.mjs";
const { image, kernel, stride, padding, bias, pooling } = told;
let map = conv2d(image, kernel, { stride, padding, bias });
if (told.relu) map = relu(map);
if (pooling !== "none") map = pool2d(map, pooling);
tell({ map, program: program({ code: [], kernel, stride, padding, bias, relu: told.relu, pooling }) });
"""


def _image(X: np.ndarray) -> dict:
    return {"height": X.shape[0], "width": X.shape[1], "X": X.ravel().tolist()}


def _array(map: dict) -> np.ndarray:
    return np.reshape(map["X"], (map["height"], map["width"]))


def test_maps_windows_and_sizes_are_those_of_the_package(javascript):
    draw, cases = np.random.default_rng(0), []
    for _ in range(120):
        k = int(draw.choice([3, 5]))
        X, W = draw.random(draw.integers(5, 24, 2)), draw.normal(size=(k, k))
        W[draw.random((k, k)) < 0.2] = 0
        cases.append((X, W, int(draw.integers(1, 4)), str(draw.choice(["valid", "same"])), float(draw.normal())))
    hows = ["max", "average"] * 60
    told = [
        {"image": _image(X), "kernel": W.ravel().tolist(), "stride": s, "padding": p, "bias": b, "how": how}
        for (X, W, s, p, b), how in zip(cases, hows, strict=True)
    ]
    for (X, W, stride, padding, bias), how, found in zip(cases, hows, javascript(CASES, cases=told), strict=True):
        Y = convolution.conv2d(X, W, stride=stride, padding=padding) + bias
        np.testing.assert_allclose(_array(found["map"]), Y, atol=1e-12)
        np.testing.assert_allclose(np.reshape(found["windows"], Y.shape), Y, atol=1e-12)
        np.testing.assert_allclose(_array(found["relu"]), np.maximum(Y, 0), atol=1e-12)
        assert found["size"] == [convolution.output_size(n, W.shape[0], stride, padding) for n in X.shape]
        if min(Y.shape) > 1:
            pool = convolution.max_pool2d if how == "max" else convolution.average_pool2d
            np.testing.assert_allclose(_array(found["pooled"]), pool(Y), atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "bias", "relu", "pooling"),
    [
        ([0, 0, 0, 0, 1, 0, 0, 0, 0], 1, "valid", 0, False, "none"),
        ([-1, 0, 1] * 3, 2, "same", -0.1, True, "max"),
        ([i / 7 - 2 for i in range(25)], 1, "same", 0.3, False, "average"),
    ],
)
def test_the_keras_program_computes_the_map_of_the_page(javascript, kernel, stride, padding, bias, relu, pooling):
    grey = np.random.default_rng(0).random((21, 30))
    options = {"kernel": kernel, "stride": stride, "padding": padding, "bias": bias, "relu": relu, "pooling": pooling}
    found = javascript(PROGRAM, image=_image(grey), **options)
    names = {"grey": grey}
    exec(found["program"], names)
    np.testing.assert_allclose(np.asarray(names["answer"])[0, :, :, 0], _array(found["map"]), atol=1e-5)
