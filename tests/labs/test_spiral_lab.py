"""What <spiral-lab> computes: against finite differences, Keras and scikit-learn."""

import itertools

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from course_utils.data import spiral

pytestmark = pytest.mark.lasting("book/labs")

SLOPES = """
import { ACTIVATIONS, gradients, network } from "./spiral-lab/network.mjs";
import { random } from "./shared/random.mjs";
const { normal } = random(1), X = Float64Array.from({ length: 60 }, normal);
const y = Uint8Array.from({ length: 30 }, (_, i) => i % 3);
const answers = {};
for (const activation of Object.keys(ACTIVATIONS)) {
  const net = network([2, 7, 5, 3], activation, 3);
  net.layers.forEach(({ b }) => b.forEach((_, k) => { b[k] = normal() / 4; }));
  const { slopes } = gradients(net, X, y, told.l2), step = 1e-6;
  answers[activation] = net.layers.flatMap(({ W, b }) => [W, b]).map((values, part) => [...values].map((value, i) => {
    const [up, down] = [step, -step].map((by) => {
      values[i] = value + by;
      return gradients(net, X, y, told.l2).loss;
    });
    values[i] = value;
    return [slopes[part][i], (up - down) / (2 * step)];
  }));
}
tell(answers);
"""
TRAINED = """
import { network, training } from "./spiral-lab/network.mjs";
import { spiral } from "./spiral-lab/points.mjs";
const run = training(spiral(told.points, 0), told.options);
const before = network(told.options.sizes, told.options.activation, told.options.seed).layers;
const losses = Array.from({ length: told.options.epochs }, run.epoch);
tell({ before, losses, after: run.net.layers });
"""
BASELINES = """
import { baselines } from "./spiral-lab/baselines.mjs";
import { spiral } from "./spiral-lab/points.mjs";
tell(baselines(spiral(800, 0), spiral(2000, 100)));
"""
POINTS = """
import { divided, parsed, written } from "./spiral-lab/points.mjs";
let answer;
try {
  const points = parsed(told.text);
  answer = { ...points, again: parsed(written(points)), parts: divided(points) };
} catch (error) {
  answer = error.message;
}
tell(answer);
"""
PROGRAM = """
import { hidden, program } from "./spiral-lab/keras.mjs";
tell(program(told.state, hidden(told.state.layers), 5));
"""
STATE = {
    "data": "spiral", "points": 200, "draw": 0, "inputs": "metres", "layers": "8-8", "activation": "relu",
    "optimizer": "adam", "rate": 0.01, "falling": False, "l2": 0, "batch": 32, "epochs": 2, "seed": 0,
}  # fmt: skip


@pytest.mark.parametrize("l2", [0, 0.01])
def test_slopes_are_those_of_finite_differences(javascript, l2):
    for activation, parts in javascript(SLOPES, l2=l2).items():
        pairs = np.concatenate([np.array(part) for part in parts])
        assert len(pairs) == 2 * 7 + 7 + 7 * 5 + 5 + 5 * 3 + 3
        assert np.abs(pairs).max() > 0.01
        np.testing.assert_allclose(pairs[:, 0], pairs[:, 1], atol=1e-7, err_msg=activation)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"optimizer": "adam", "activation": "relu", "rate": 0.01, "falling": True, "l2": 0},
        {"optimizer": "momentum", "activation": "tanh", "rate": 0.05, "falling": False, "l2": 0.001},
        {"optimizer": "sgd", "activation": "sigmoid", "rate": 0.3, "falling": True, "l2": 0},
    ],
    ids=lambda options: options["optimizer"],
)
def test_a_training_is_the_one_that_keras_does_with_the_same_weights_and_batches(javascript, options):
    import keras

    n, batch, epochs = 200, 32, 3  # the last batch is a smaller one
    options |= {"sizes": [2, 12, 8, 5], "batch": batch, "epochs": epochs, "seed": 4}
    found = javascript(TRAINED, points=n, options=options)
    X, y = spiral(n, 0)
    penalty = keras.regularizers.L2(options["l2"]) if options["l2"] else None
    model = keras.Sequential([keras.Input((2,))])
    for units, activation in [(12, options["activation"]), (8, options["activation"]), (5, "softmax")]:
        # The laboratory's penalty is on all weights, those of the last layer included.
        model.add(keras.layers.Dense(units, activation, kernel_regularizer=penalty))
    for layer, told in zip(model.layers, found["before"], strict=True):
        layer.set_weights([np.reshape(told["W"], (told["inputs"], told["units"])), np.array(told["b"])])
    rate, steps = options["rate"], int(np.ceil(n / batch))
    if options["falling"]:
        rate = keras.optimizers.schedules.CosineDecay(rate, epochs * steps)
    makers = {
        "adam": keras.optimizers.Adam,
        "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
        "sgd": keras.optimizers.SGD,
    }
    model.compile(makers[options["optimizer"]](rate), "sparse_categorical_crossentropy")
    shuffler = np.random.default_rng(options["seed"])
    for loss in found["losses"]:
        order = shuffler.random(n).argsort()
        batches = [order[start : start + batch] for start in range(0, n, batch)]
        seen = []
        for some in batches:
            seen.append(float(model.evaluate(X[some], y[some], batch_size=len(some), verbose=0)))
            model.train_on_batch(X[some], y[some])
        assert loss == pytest.approx(np.mean(seen), abs=2e-5)
    for layer, told in zip(model.layers, found["after"], strict=True):
        W, b = layer.get_weights()
        np.testing.assert_allclose(np.ravel(W), told["W"], atol=1e-4)
        np.testing.assert_allclose(b, told["b"], atol=1e-4)
        assert np.abs(np.ravel(W) - found["before"][model.layers.index(layer)]["W"]).max() > 1e-3


def test_simple_models_are_as_good_as_those_of_scikit_learn(javascript):
    (X, y), (X_new, y_new) = spiral(800, 0), spiral(2000, 100)
    found = javascript(BASELINES)
    nearest = KNeighborsClassifier(1).fit(X, y).score(X_new, y_new)
    assert found["nearest neighbour"] == nearest
    straight = LogisticRegression().fit(X, y).score(X_new, y_new)
    assert found["logistic regression"] == pytest.approx(straight, abs=0.005)
    # Which of several equally good cuts a tree takes is left to chance.
    trees = [DecisionTreeClassifier(random_state=k).fit(X, y).score(X_new, y_new) for k in range(10)]
    assert min(trees) - 0.01 <= found["decision tree"] <= max(trees) + 0.01


def test_points_are_read_with_or_without_a_heading_and_one_in_five_is_held_out(javascript):
    lines = [f"{i / 7:.3f}, {-i}; {'red' if i % 3 else 'blue'}" for i in range(20)]
    for text in ("\n".join(lines), "\n".join(["x1,x2,colour", "", *lines])):
        found = javascript(POINTS, text=text)
        assert found["names"] == ["blue", "red"]
        np.testing.assert_allclose(found["X"][0::2], np.arange(20) / 7, atol=5e-4)
        assert found["X"][1::2] == [-i for i in range(20)]
        assert found["y"] == [int(i % 3 > 0) for i in range(20)]
        assert [len(part["y"]) for part in found["parts"]] == [16, 4]
        np.testing.assert_allclose(found["again"]["X"], found["X"], rtol=5e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2,a\n3,4", "Line 2 has 2 values; a point needs three"),
        ("1,2,a\nhere,4,b", "Line 2 begins with “here, 4”; a point begins with two numbers."),
        ("\n".join(f"1,2,{i}" for i in range(9)), "There are 9 classes; this page has colours for 8."),
        ("\n".join(["0,0,a"] * 5001), "There are 5001 points; this page takes 5000 at most."),
    ],
)
def test_what_is_no_point_is_named_with_its_line(javascript, text, said):
    assert said in javascript(POINTS, text=text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"inputs": "scaled", "falling": True, "l2": 0.001, "optimizer": "momentum", "activation": "tanh"},
        {"layers": "", "inputs": "centimetres", "optimizer": "sgd"},
    ],
)
def test_the_keras_program_runs_and_builds_the_same_network(javascript, changed):
    state = STATE | changed
    names: dict = {}
    exec(javascript(PROGRAM, state=state), names)
    sizes = [2, *(int(n) for n in state["layers"].split("-") if n), 5]
    assert names["model"].count_params() == sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    assert names["X"].shape == (200, 2)
    assert names["X_new"].std(axis=0) == pytest.approx(
        {"metres": [1, 1], "centimetres": [1, 100], "scaled": [1, 1]}[state["inputs"]], rel=0.15
    )
