"""What <photo-lab> computes is what Keras, Pillow and SciPy compute; its networks ship, and its head is recorded."""

import io
import json
import sys
from base64 import b64decode
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from course_utils import pretrained
from course_utils.data import photo
from course_utils.pets import draw_pets
from course_utils.record import digest_arrays, read_records

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "book"), str(ROOT / "book" / "_ext")]

import book_lab_data  # noqa: E402

pytestmark = pytest.mark.lasting("book/labs", "chapters/*-borrowed-eyes.ipynb")

HEAD = ROOT / "book" / "labs" / "borrowed"
SIZE = {"ours": 128, "borrowed": 227}
OPEN = """
import { run, rerun } from "./shared/layers.mjs";
import * as explain from "./photo-lab/explain.mjs";
import { opened, untrained } from "./photo-lab/networks.mjs";
const trained = opened(told.which, told.stored);
const net = told.seed === undefined ? trained : untrained(trained, told.seed);
const images = told.images.map(({ size, X }) => ({ rows: size, columns: size, channels: 3, X: Uint8Array.from(X) }));
const cells = [...Array(64).keys()];
"""
ANSWER = OPEN + "tell(images.map((image) => explain.logit(net, image)));"
EXPLAIN = (
    OPEN
    + """
tell(images.map((image) => {
  const fall = explain.occluder(net, image);
  const cams = told.layers.map((name) => explain.gradCam(net, image, name).X);
  return { logit: explain.logit(net, image), saliency: explain.saliency(net, image).X, cams, falls: cells.map(fall) };
}));
"""
)
TWIN = (
    OPEN
    + """
const parts = ["kernel", "bias", "gamma", "beta", "mean", "variance"];
const weights = net.flatMap((layer) => parts.filter((part) => layer[part]).map((part) => layer[part]));
tell({ weights, logits: images.map((image) => explain.logit(net, image)) });
"""
)
AGAIN = (
    OPEN
    + """
const [image] = images, edges = (cell) => [cell, cell + 1].map((edge) => Math.round((edge * image.rows) / 8));
const made = run(net, image);
tell(told.cells.map((cell) => {
  const [[top, bottom], [left, right]] = [edges(cell >> 3), edges(cell % 8)], changed = explain.covered(image, [cell]);
  const [again, anew] = [rerun(net, made, changed, { top, bottom, left, right }), run(net, changed)];
  return again.every(({ X }, at) => X.every((x, i) => x === anew[at].X[i]));
}));
"""
)
COMPARE = """
import { covered, highest, inCells, rankCorrelation } from "./photo-lab/explain.mjs";
tell({
  cells: told.maps.map(inCells),
  ranks: told.pairs.map(([a, b]) => rankCorrelation(Float64Array.from(a), Float64Array.from(b))),
  highest: told.pairs.map(([a]) => highest(a, 8)),
  covered: covered({ ...told.image, X: Uint8Array.from(told.image.X) }, told.which).X,
});
"""
SQUARE = """
import { squared } from "./shared/picture.mjs";
const image = { ...told.image, channels: 3, X: Uint8Array.from(told.image.X) };
tell(told.asked.map(([way, size]) => squared(image, way, size).X));
"""
PROGRAM = """
import { program } from "./photo-lab/keras.mjs";
tell(told.asked.map(program));
"""


@cache
def later() -> dict:
    return book_lab_data.later()


def stored(which: str) -> dict:
    return later()[{"ours": "cats-and-dogs", "borrowed": "borrowed-eyes"}[which]]


def small(pixels: np.ndarray, size: int) -> np.ndarray:
    return np.array(Image.fromarray(pixels).resize((size, size), Image.Resampling.BILINEAR))


def images(*sizes: int) -> list[np.ndarray]:
    """Make pictures of several kinds, each as large as asked."""
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), "uint8")
    kinds = [photo(), draw_pets(2, size=96, seed=3)[0][1], noise]
    return [small(kinds[i % len(kinds)], size) for i, size in enumerate(sizes)]


def as_told(pictures: list[np.ndarray]) -> list[dict]:
    return [{"size": len(X), "X": X.ravel().tolist()} for X in pictures]


@cache
def model(which: str):
    import keras

    if which == "ours":
        return pretrained.cats_and_dogs()
    import record_borrowed

    eyes, unit = record_borrowed.eyes(), keras.layers.Dense(1, activation="sigmoid")
    whole = keras.Model(eyes.input, unit(eyes.output))
    with np.load(HEAD / "head.npz") as head:
        unit.set_weights([head["weights"], head["bias"]])
    return whole


def ready(which: str, X: np.ndarray) -> np.ndarray:
    """Prepare one photograph as a batch for Keras."""
    X = X[np.newaxis].astype("float32")
    return X if which == "ours" else X[..., ::-1] - np.float32([103.939, 116.779, 123.68])


def layers_of(which: str) -> list[str]:
    import keras

    if which == "borrowed":
        return ["fire9"]
    relus = [layer.name for layer in model(which).layers if isinstance(layer, keras.layers.ReLU)]
    return relus[:-3:-1]


# ---- the networks


@pytest.mark.slow
@pytest.mark.parametrize("which", ["ours", "borrowed"])
def test_answers_are_those_of_keras(javascript, which):
    from course_utils import inside

    sizes = (64, 71, 96, 127, 128, 160) if which == "ours" else (227,) * 3
    pictures = images(*sizes)
    expected = [inside.scores(model(which), ready(which, X), 1)[0] for X in pictures]
    logits = javascript(ANSWER, which=which, stored=stored(which), images=as_told(pictures))
    np.testing.assert_allclose(logits, expected, atol=1e-4)
    assert max(expected) - min(expected) > 1


@pytest.mark.slow
@pytest.mark.parametrize("which", ["ours", "borrowed"])
def test_maps_are_those_of_the_package(javascript, which):
    from course_utils import inside

    pictures = images(*[SIZE[which]] * (2 if which == "ours" else 1))
    in_page = {"ours": ["re_lu_4", "re_lu_3"], "borrowed": ["fire9"]}[which]
    found = javascript(EXPLAIN, which=which, stored=stored(which), images=as_told(pictures), layers=in_page)
    for X, each in zip(pictures, found, strict=True):
        batch = ready(which, X)
        fine = inside.saliency(model(which), batch, 1)[0]
        # Of windows that are the same but for rounding, either may have the largest number.
        close = np.isclose(np.reshape(each["saliency"], fine.shape), fine, rtol=1e-3, atol=1e-5)
        assert close.mean() > 0.98
        for name, values in zip(layers_of(which), each["cams"], strict=True):
            for target, sign in ((1, 1), (0, -1)):
                cam = inside.grad_cam(model(which), batch, name, target)[0]
                np.testing.assert_allclose(np.maximum(sign * np.reshape(values, cam.shape), 0), cam, atol=1e-4)
        if which == "ours":
            falls = inside.occlusion(model(which), batch, 16, 16, 1)[0, ::16, ::16]
            np.testing.assert_allclose(np.reshape(each["falls"], (8, 8)), falls, atol=1e-4)
        assert np.ptp(each["falls"]) > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("which", ["ours", "borrowed"])
def test_a_twin_has_random_weights_of_keras_kind_and_what_was_given(javascript, which):
    import keras

    (X,) = images(SIZE[which])
    one, other = (
        javascript(TWIN, which=which, stored=stored(which), seed=seed, images=as_told([X])) for seed in (1, 2)
    )
    twin = keras.models.clone_model(model(which))
    keras.utils.set_random_seed(0)
    if which == "ours":
        arrays = [np.reshape(w, old.shape) for w, old in zip(one["weights"], model(which).get_weights(), strict=True)]
        np.testing.assert_array_equal(arrays[0], model(which).get_weights()[0])
        fresh = arrays[1:]
        compared = twin.get_weights()[1:]
    else:
        arrays = [np.reshape(w, old.shape) for w, old in zip(one["weights"], twin.get_weights(), strict=True)]
        # The page has red first.
        arrays[0] = arrays[0][:, :, ::-1]
        fresh, compared = arrays, twin.get_weights()
    for ours, keras_s in zip(fresh, compared, strict=True):
        if ours.ndim == 1:
            np.testing.assert_array_equal(ours, keras_s)
        elif ours.size > 3000:
            assert np.abs(ours).max() == pytest.approx(np.abs(keras_s).max(), rel=0.01)
            assert ours.std() == pytest.approx(keras_s.std(), rel=0.05)
    twin.set_weights(arrays)
    proba = twin.predict(ready(which, X), verbose=0)[0, 0]
    assert one["logits"][0] == pytest.approx(np.log(proba / (1 - proba)), abs=1e-4)
    assert one["logits"] != other["logits"]


@pytest.mark.parametrize(("which", "size"), [("ours", 128), ("ours", 71), ("borrowed", 227)])
def test_what_a_covered_square_does_not_reach_need_not_be_computed_again(javascript, which, size):
    (X,) = images(size)
    same = javascript(AGAIN, which=which, stored=stored(which), images=as_told([X]), cells=[0, 7, 27, 36, 63])
    assert same == [True] * 5


def test_the_head_is_the_recorded_one_and_its_eyes_are_the_shipped_ones():
    told = json.loads((HEAD / "head.json").read_text(encoding="utf-8"))
    with np.load(HEAD / "head.npz") as head:
        assert digest_arrays(head["weights"], head["bias"]) == told["digest"]
    again = "`python book/record_borrowed.py` records it again"
    assert told["squeezenet"] == pretrained.about("squeezenet")["digest"], again
    assert told["edition"] == pretrained.about("cats-and-dogs")["data"]["cats_vs_dogs"], again
    # As right as with the weights before rounding, which the chapter recorded, within a hundredth.
    chapter = next(ROOT.glob("chapters/*-borrowed-eyes.ipynb"))
    recorded = {name: one.value for name, one in read_records(chapter).items()}
    assert told["labels"] == recorded["n_train"], again
    assert told["right"] == pytest.approx(recorded["borrowed_4000"], abs=0.01), again


def test_networks_fit_a_page():
    assert len(b64decode(stored("ours")["weights"].split(",")[1])) < 1_200_000
    parts = (b64decode(stored("borrowed")[part].split(",")[1]) for part in ("kernels", "numbers"))
    assert sum(map(len, parts)) < 1_000_000
    assert "SqueezeNet" in stored("borrowed")["licences"]


# ---- comparing maps


def test_maps_are_averaged_ranked_and_covered_as_with_numpy(javascript):
    rng = np.random.default_rng(0)
    fine, coarse, odd = rng.normal(size=(128, 128)), rng.normal(size=(4, 4)), rng.normal(size=(14, 14))
    constant = np.stack([np.zeros(64), np.arange(64)])
    pairs = [rng.normal(size=(2, 64)), rng.integers(0, 4, (2, 64)).astype(float), constant]
    image = rng.integers(0, 256, (71, 71, 3), "uint8")
    told = javascript(
        COMPARE,
        maps=[{"rows": len(m), "columns": len(m), "X": m.ravel().tolist()} for m in (fine, coarse, odd)],
        pairs=[pair.tolist() for pair in pairs],
        image={"rows": 71, "columns": 71, "X": image.ravel().tolist()},
        which=[0, 63, 20],
    )
    np.testing.assert_allclose(told["cells"][0], fine.reshape(8, 16, 8, 16).mean((1, 3)).ravel(), atol=1e-12)
    np.testing.assert_allclose(told["cells"][1], np.kron(coarse, np.ones((2, 2))).ravel(), atol=1e-12)
    stretched = np.kron(odd, np.ones((8, 8))).reshape(8, 14, 8, 14).mean((1, 3))
    np.testing.assert_allclose(told["cells"][2], stretched.ravel(), atol=1e-12)
    for (a, b), rank, best in zip(pairs, told["ranks"], told["highest"], strict=True):
        assert best == np.argsort(-a, kind="stable")[:8].tolist()
        if np.ptp(a) > 0:
            assert rank == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)
        else:
            assert rank is None  # NaN, in JSON
    edges = np.rint(np.arange(9) * 71 / 8).astype(int)
    expected = image.astype(float)
    for i, j in ((0, 0), (7, 7), (2, 4)):
        expected[edges[i] : edges[i + 1], edges[j] : edges[j + 1]] = image.mean(axis=(0, 1))
    np.testing.assert_allclose(np.reshape(told["covered"], image.shape), expected, atol=1e-4)


# ---- photographs


def told_image(pixels: np.ndarray) -> dict:
    return {"rows": pixels.shape[0], "columns": pixels.shape[1], "X": pixels.ravel().tolist()}


def framed(pixels: np.ndarray, way: str) -> Image.Image:
    image = Image.fromarray(pixels)
    if way == "squeezed":
        return image
    side = {"cropped": min, "padded": max}[way](image.size)
    left, top = ((n - side) // 2 for n in image.size)
    return image.crop((left, top, left + side, top + side))


@pytest.mark.parametrize("shape", [(128, 192), (300, 451), (37, 20), (90, 91)])
def test_photographs_are_made_square_and_small_as_by_pillow(javascript, shape):
    pixels = np.array(Image.fromarray(photo()).resize(shape[::-1]))
    asked = [(way, size) for way in ("squeezed", "cropped", "padded") for size in (64, 71, 128)]
    found = javascript(SQUARE, image=told_image(pixels), asked=asked)
    for (way, size), X in zip(asked, found, strict=True):
        expected = np.array(framed(pixels, way).resize((size, size), Image.Resampling.BILINEAR)).astype(int)
        off = np.abs(np.reshape(X, expected.shape) - expected)
        assert off.max() <= 1
        assert off.mean() < 0.01


def test_the_book_s_photographs_are_what_their_lines_make():
    for told in later()["photographs"].values():
        names: dict = {}
        exec("\n".join(told["code"]), names)
        opened = Image.open(io.BytesIO(b64decode(told["image"].split(",")[1])))
        np.testing.assert_array_equal(np.array(opened), np.array(names["image"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        {"picture": "cat", "way": "cropped", "size": 96, "who": "ours", "back": 2, "hidden": list(range(20))},
        {"picture": "coffee", "way": "padded", "size": 128, "who": "ours", "back": 1, "hidden": []},
        {"picture": "person", "way": "squeezed", "size": 227, "who": "borrowed", "back": 1, "hidden": [3]},
    ],
    ids=lambda asked: f"{asked['picture']}-{asked['who']}",
)
def test_the_program_that_is_shown_answers_as_the_page_does(javascript, capsys, monkeypatch, asked):
    told = later()["photographs"][asked["picture"]]
    (text,) = javascript(PROGRAM, asked=[asked | {"code": told["code"]}])
    assert max(map(len, text.splitlines())) <= 80
    monkeypatch.chdir(ROOT)
    names: dict = {}
    exec(compile(text, "<photo-lab>", "exec"), names)
    opened = np.array(Image.open(io.BytesIO(b64decode(told["image"].split(",")[1]))).convert("RGB"))
    (X,) = javascript(SQUARE, image=told_image(opened), asked=[(asked["way"], asked["size"])])
    picture = {"size": asked["size"], "X": X}
    (logit,) = javascript(ANSWER, which=asked["who"], stored=stored(asked["who"]), images=[picture])
    # Pillow rounds some pixels the other way.
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(names["proba"], abs=2e-3)
    assert ("covered:" in capsys.readouterr().out) == bool(asked["hidden"])
    assert names["squares"].shape == (1, asked["size"], asked["size"])
