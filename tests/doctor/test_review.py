"""The review of a training, on histories made up for it, and the callback, on small trainings that go wrong."""

import functools
import math
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.doctor import Report, Watch, examine, review
from course_utils.doctor import _watch as watch_module
from course_utils.doctor._training import Training

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(200, 3)).astype("float32")


def net(classes=3, loss="sparse_categorical_crossentropy", rate=0.01, before=(), **more):
    """A small classifier, or a regression for a loss that is none of a classifier."""
    activation = {"binary_crossentropy": "sigmoid"}.get(loss, "softmax" if "entropy" in str(loss) else None)
    layers = [*before, keras.layers.Dense(classes, activation=activation, **more)]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss, metrics=["accuracy"])
    return model


@functools.cache
def kept(*arguments):
    """The same for tests that leave it as it is: building one takes longer than reviewing it."""
    return net(*arguments)


def flat(value, epochs=6):
    return [value] * epochs


# ---------------------------------------------------------------------------------------------------------------------
# Reading


def test_an_object_its_dictionary_and_a_frame_say_the_same():
    table = {"loss": [2.0, 1.0, math.nan], "accuracy": [0.1, 0.2, 0.3]}
    history = keras.callbacks.History()
    history.history = table
    reports = [review(history), review(table), review(pd.DataFrame(table))]
    assert [report.codes for report in reports] == [("loss-not-finite",)] * 3
    assert reports[0] == reports[1] == reports[2]


def test_something_else_is_refused_with_what_it_is():
    with pytest.raises(TypeError, match=r"got a list.*history = model\.fit"):
        review([0.5, 0.4])
    with pytest.raises(TypeError, match=r"needs a keras\.Model as model, but got a ndarray"):
        review({"loss": [0.5]}, FEATURES)


@pytest.mark.parametrize("history", [{}, {"loss": []}, {"names": ["a", "b"], "loss": [0.5]}, {"f1": [[0.1, 0.2]]}])
def test_a_history_with_little_in_it_is_fine(history):
    assert review(history).codes == ()
    assert review(history, kept()).codes == ()
    assert "this training" in str(review(history))


series = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=12)


def test_a_metric_of_the_validation_alone_is_fine():
    assert review({"loss": [3, 2, 1], "val_loss": [3, 2, 1], "val_accuracy": [0.0, 0.0, 0.0]}).codes == ()


@given(st.dictionaries(st.sampled_from(["loss", "val_loss", "accuracy", "val_accuracy", "mae"]), series))
@settings(max_examples=50, deadline=None)
def test_no_history_makes_it_fail(history):
    with np.errstate(all="ignore"):
        for model in (None, kept(), kept(1, "mse")):
            assert isinstance(review(history, model), Report)


@given(st.lists(st.floats(0.7, 0.95), min_size=1, max_size=30), st.integers(2, 50))
@settings(max_examples=50, deadline=None)
def test_a_training_that_falls_with_its_validation_gets_silence(factors, classes):
    loss = math.log(classes) * np.cumprod(factors)
    accuracy = 1 - (1 - 1 / classes) * np.cumprod(factors)
    history = {"loss": loss, "val_loss": loss * 1.05, "accuracy": accuracy, "val_accuracy": accuracy * 0.98}
    assert review(history).codes == ()
    assert review(history, kept(classes)).codes == ()


def test_a_model_that_cannot_be_described_is_reviewed_by_its_history(monkeypatch):
    monkeypatch.setattr("course_utils.doctor._training.describe", lambda *_: 1 / 0)
    assert review({"loss": [math.nan]}, kept()).codes == ("loss-not-finite",)
    assert review({"loss": flat(math.log(3)), "accuracy": flat(1 / 3)}, kept(), FEATURES).codes == ()


# ---------------------------------------------------------------------------------------------------------------------
# What guessing reaches: Keras' own losses of constant answers are the oracle


def chance(model, y):
    return Training({}, model, FEATURES[: len(y)], y).chance


@pytest.mark.parametrize("one_hot", [False, True])
def test_chance_among_classes_is_the_loss_of_answering_their_shares(one_hot):
    y = np.array([0] * 30 + [1] * 15 + [2] * 5)
    shares = np.tile([0.6, 0.3, 0.1], (50, 1))
    loss = keras.losses.SparseCategoricalCrossentropy()(y, shares)
    model = kept(3, "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy")
    found = chance(model, np.eye(3)[y] if one_hot else y)
    assert found.loss == pytest.approx(float(loss), rel=1e-5)
    assert (found.accuracy, found.classes) == (pytest.approx(0.6), 3)
    assert chance(model, np.eye(3)[y] - 0.5 if one_hot else y + 1) is None  # labels that cannot be


@pytest.mark.parametrize("units", [1, 3])
def test_chance_of_yes_and_no_is_that_of_each_label(units):
    y = (np.random.default_rng(1).random((200, units)) < [0.5, 0.1, 0.2][:units]).astype("float32")
    loss = keras.losses.BinaryCrossentropy()(y, np.tile(y.mean(axis=0), (200, 1)))
    found = chance(kept(units, "binary_crossentropy"), y)
    assert found.loss == pytest.approx(float(loss), rel=1e-5)
    assert found.accuracy == pytest.approx(np.maximum(y.mean(axis=0), 1 - y.mean(axis=0)).mean())
    assert found.classes == (2 if units == 1 else None)
    assert chance(kept(units, "binary_crossentropy"), 2 * y) is None


@pytest.mark.parametrize(("loss", "centre"), [("mse", np.mean), ("mae", np.median)])
def test_chance_of_a_regression_is_answering_the_centre(loss, centre):
    y = np.random.default_rng(0).normal(5, 2, (200, 1))
    oracle = keras.losses.get(loss)(y.T, np.full((1, 200), centre(y)))
    assert chance(kept(1, loss), y).loss == pytest.approx(float(oracle[0]), rel=1e-5)


def test_without_labels_chance_is_guessing_and_sometimes_unknown():
    assert Training({}, kept(5)).chance.loss == pytest.approx(math.log(5))
    assert Training({}, kept(1, "binary_crossentropy")).chance.loss == pytest.approx(math.log(2))
    for model in (kept(3, "binary_crossentropy"), kept(1, "mse"), kept(3, "categorical_hinge"), kept(1), None):
        assert Training({}, model).chance is None
    assert chance(kept(1, "huber"), FEATURES[:, 0]) is None
    ignoring = net(3, keras.losses.SparseCategoricalCrossentropy(ignore_class=0))
    assert Training({}, ignoring).chance is None
    penalised = net(kernel_regularizer=keras.regularizers.L2(0.1))
    assert Training({}, penalised).chance is None


# ---------------------------------------------------------------------------------------------------------------------
# loss-not-finite, loss-impossible, first-loss-too-high


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20), st.data(), st.sampled_from([math.nan, math.inf]))
@settings(max_examples=50, deadline=None)
def test_the_first_epoch_that_is_not_finite_is_named_and_nothing_else_said(loss, data, value):
    epoch = data.draw(st.integers(1, len(loss)))
    loss[epoch - 1] = value
    report = review({"loss": loss})
    assert report.codes == ("loss-not-finite",)
    assert report
    assert f"in epoch {epoch} of {len(loss)}" in report[0].seen


def test_the_cause_of_nan_is_looked_for_in_the_model_and_in_x():
    x = FEATURES.copy()
    x[3, 1] = np.nan
    history = {"loss": [1.0, math.nan]}
    assert "NaN" in review(history, kept(), x, np.arange(200) % 3)[0].why
    assert "The learning rate of SGD is 50" in review(history, kept(3, "mse", 50.0))[0].why
    assert "The learning rate is too large, or" in review(history, kept())[0].why


def test_a_validation_loss_alone_may_be_what_is_not_finite():
    report = review({"loss": [1.0, 0.9], "val_loss": [1.0, math.nan]})
    assert report[0].seen == "The validation loss is nan in epoch 2 of 2."


def test_a_frame_with_gaps_where_nothing_was_measured_gets_silence():
    frame = pd.DataFrame({"loss": [1.0, 0.9, 0.8, 0.7], "val_loss": [np.nan, 1.0, np.nan, 0.9]})
    assert review(frame).codes == ()


@pytest.mark.parametrize(
    ("history", "arguments", "severity"),
    [
        ({"loss": [0.5, -0.2]}, (1, "binary_crossentropy"), "error"),
        ({"loss": [0.5, -0.2]}, (1, "mse"), "error"),
        ({"loss": [0.5, -0.2], "accuracy": [0.5, 0.5]}, None, "warning"),
        ({"loss": [0.0, 0.0], "accuracy": [0.5, 0.5]}, None, "error"),
        ({"loss": [0.0, 0.0], "accuracy": [0.5, 0.5]}, (3,), "error"),
        ({"loss": [1e-7, 1e-7], "accuracy": [1.0, 1.0]}, (1,), "error"),
        ({"loss": [0.0, 0.0]}, (3, None), "error"),
    ],
)
def test_a_negative_loss_and_one_of_zero_are_impossible(history, arguments, severity):
    report = review(history, arguments and kept(*arguments))
    assert report.codes == ("loss-impossible",)
    assert report[0].severity == severity


def own_loss(y, out):
    return -keras.ops.mean(y * out)


@pytest.mark.parametrize("loss", [own_loss, keras.losses.CosineSimilarity(), "poisson", None])
def test_losses_that_may_be_negative_get_silence(loss):
    assert review({"loss": [0.5, -0.2]}, net(loss=loss)).codes == ()


def test_a_model_that_computes_its_own_loss_may_get_any():
    class Own(keras.Sequential):
        def compute_loss(self, **_):
            return 0.0

    model = Own([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    for loss in (flat(-1.0), flat(0.0), flat(math.log(3)), [90.0, 80.0]):
        assert review({"loss": loss, "accuracy": [0.3] * len(loss)}, model).codes == ()


@pytest.mark.parametrize(
    ("history", "arguments"),
    [
        ({"loss": [0.0], "accuracy": [1.0]}, None),
        ({"loss": [0.0]}, (3,)),  # raw scores, far apart
        ({"loss": [0.0], "accuracy": [0.5]}, (1, "hinge")),  # labels of −1 and 1, which accuracy cannot count
        ({"loss": [-1e-8], "accuracy": [1.0]}, (1, "binary_crossentropy")),
        ({"loss": [-1.0]}, None),
    ],
)
def test_losses_near_zero_that_can_be_get_silence(history, arguments):
    assert review(history, arguments and kept(*arguments)).codes == ()


def test_a_loop_of_ones_own_may_reach_zero():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    assert review({"loss": [0.0, 0.0]}, model).codes == ()


def test_a_high_first_loss_needs_a_cause_to_be_called_one():
    history, y = {"loss": [30.0, 5.0], "accuracy": [0.1, 0.3]}, np.arange(200) % 3
    large = FEATURES * 90_000
    assert review(history, kept(), large, y).codes == ("first-loss-too-high",)
    assert review(history, kept(3, "sparse_categorical_crossentropy", 50.0)).codes == ("first-loss-too-high",)
    assert review(history, kept(), FEATURES, y).codes == ()  # class weights, perhaps
    scaled = net(before=[keras.layers.BatchNormalization()])
    assert review(history, scaled, large, y).codes == ()
    assert review({"loss": [1.5, 1.0]}, kept(), large, y).codes == ()
    assert review(history).codes == ()


# ---------------------------------------------------------------------------------------------------------------------
# not-learning


@given(st.integers(2, 20), st.integers(5, 30), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_a_loss_that_stays_at_ln_k_is_not_learning(classes, epochs, random):
    # Up and down: noise that happens to fall five times in a row looks like learning, and rightly so.
    loss = [math.log(classes) * (1 + (-1) ** epoch * random.uniform(1e-6, 0.002)) for epoch in range(epochs)]
    history = {"loss": loss, "accuracy": flat(1 / classes, epochs)}
    for model in (None, kept(classes)):
        assert review(history, model).codes == ("not-learning",)
    assert review({"loss": loss}, kept(classes)).codes == ("not-learning",)
    early = {name: values[:4] for name, values in history.items()}
    assert review(early, kept(classes)).codes == ()


@pytest.mark.parametrize(
    "history",
    [
        {"loss": flat(0.5), "accuracy": flat(0.5)},  # far better than chance
        {"loss": flat(math.log(2)), "accuracy": flat(0.65)},  # right too often
        {"loss": [0.8, 0.75, 0.72, 0.7, 0.694, 0.69], "accuracy": flat(0.5)},  # falls fast
        {"loss": flat(1.4), "accuracy": flat(0.5)},  # sample weights, perhaps
        {"loss": [0.6965, 0.6955, 0.6950, 0.6946, 0.6942, 0.6938], "accuracy": flat(0.5)},  # slow, but it moves
    ],
)
def test_a_training_unlike_guessing_gets_silence(history):
    for model in (None, kept(2)):
        assert review(history, model).codes == ()


def test_without_a_model_only_loss_and_accuracy_together_look_like_guessing():
    assert review({"loss": flat(math.log(4))}).codes == ()
    assert review({"loss": flat(math.log(4)), "accuracy": flat(0.9)}).codes == ()
    assert review({"loss": flat(math.log(4)), "accuracy": flat(0.29)}).codes == ()


def test_the_majority_rate_is_told_from_the_labels():
    y = np.array([0] * 180 + [1] * 20)
    history = {"loss": flat(0.3251), "accuracy": flat(0.9)}
    model = kept(1, "binary_crossentropy")
    seen = [finding.seen for finding in review(history, model, FEATURES, y) if finding.code == "not-learning"]
    assert "commonest class gives a loss of 0.3251 and is right 90%" in seen[0]
    assert review(history, model).codes == ()  # without labels it may be a plateau well below ln 2
    assert review({"loss": flat(0.2), "accuracy": flat(0.9)}, model, FEATURES, y).codes == ()  # surer than chance


def test_several_labels_and_regressions_may_not_learn_either():
    y = (np.random.default_rng(1).random((200, 3)) < [0.5, 0.1, 0.2]).astype(int)
    model = kept(3, "binary_crossentropy")
    report = review({"loss": flat(chance(model, y).loss)}, model, FEATURES, y)
    assert report.codes == ("not-learning",)
    assert "always answering each label's share" in report[0].seen
    y, model = FEATURES[:, 0] ** 2, kept(1, "mse")
    report = review({"loss": flat(y.var())}, model, FEATURES, y)
    assert report.codes == ("not-learning",)
    assert "always answering the mean of y gives" in report[0].seen


def test_a_loss_stuck_above_chance_is_not_learning_if_there_is_a_cause():
    history = {"loss": flat(1.9), "accuracy": flat(0.33)}
    report = review(history, kept(3, "sparse_categorical_crossentropy", 50.0))
    assert report.codes == ("not-learning",)
    assert "The learning rate of SGD is 50" in report[0].why
    assert review(history, kept()).codes == ()


# ---------------------------------------------------------------------------------------------------------------------
# overfitting, validation-suspicious


@given(st.integers(1, 10), st.integers(4, 15), st.floats(1.01, 1.5))
@settings(max_examples=50, deadline=None)
def test_overfitting_is_dated_to_the_epoch_of_the_lowest_validation_loss(best, after, growth):
    val_loss = [1 + 0.1 * (best - i) for i in range(1, best + 1)] + [growth**i for i in range(1, after + 1)]
    history = {"loss": 0.9 ** np.arange(best + after), "val_loss": val_loss}
    report = review(history)
    if growth ** (after - 1) < 1.1:
        assert report.codes == ()
    else:
        assert report.codes == ("overfitting",)
        assert f"Since epoch {best} " in report[0].seen


def test_overfitting_under_early_stopping_or_with_rising_accuracy_gets_silence():
    table = {"loss": [1, 0.8, 0.6, 0.4, 0.3, 0.2], "val_loss": [1, 0.9, 1.1, 1.2, 1.3, 1.4]}
    assert review(table).codes == ("overfitting",)
    assert review({**table, "accuracy": [0.5] * 6, "val_accuracy": [0.5, 0.5, 0.6, 0.6, 0.7, 0.7]}).codes == ()
    assert review(SimpleNamespace(history=table, params={"epochs": 100})).codes == ()
    assert review(SimpleNamespace(history=table, params={"epochs": 6})).codes == ("overfitting",)
    resumed = SimpleNamespace(history=table, params={"epochs": 16}, epoch=list(range(10, 16)))
    assert review(resumed).codes == ("overfitting",)


def test_a_validation_loss_that_rises_late_or_without_the_training_gaining_gets_silence():
    assert review({"loss": 0.9 ** np.arange(6), "val_loss": [1, 0.9, 0.8, 0.7, 0.9, 1.0]}).codes == ()
    assert review({"loss": [1, 0.99, 0.98, 0.97, 0.96, 0.95], "val_loss": [1, 0.9, 1.1, 1.2, 1.3, 1.4]}).codes == ()


def test_epochs_are_counted_right_when_validation_is_measured_only_now_and_then():
    table = {"loss": 0.8 ** np.arange(12), "val_loss": [1.0, 0.9, 1.1, 1.2, 1.3, 1.4]}
    assert "Since epoch 4 " in review(table)[0].seen


def test_validation_below_guessing_is_suspicious_even_if_it_began_above():
    history = {
        "loss": [1.4, 0.8, 0.4, 0.2, 0.1],
        "val_loss": [1.1, 3, 4, 5, 6],
        "accuracy": [0.3, 0.6, 0.8, 0.9, 0.9],
        "val_accuracy": [0.6, 0.08, 0.0, 0.01, 0.01],
    }
    assert review(history).codes == ("validation-suspicious",)
    assert review(history, kept(5)).codes == ("validation-suspicious",)
    assert review(history, kept(80)).codes == ("overfitting",)  # 0.01 is no bad guess among 80


def test_a_validation_loss_of_another_size_from_the_start_is_suspicious():
    history = {"loss": [2.5, 2.4, 2.3], "val_loss": [60.0, 41.0, 32.0]}
    normalised = net(10, before=[keras.layers.BatchNormalization()])
    assert "running one" in review(history, normalised)[0].why
    assert "differ from the training data" in review(history, kept(10))[0].why
    assert review(history).codes == ()
    assert review({"loss": [0.1, 0.05, 0.01], "val_loss": [5.0, 5.0, 5.0]}, kept(10)).codes == ()  # trained before
    assert review({"loss": [2.5, 2.4, 2.3], "val_loss": [9.0, 9.0, 9.0]}, kept(10)).codes == ()


def test_validation_far_better_than_training_is_a_hint_unless_dropout_explains_it():
    history = {"loss": flat(0.6), "val_loss": flat(0.1), "accuracy": flat(0.7), "val_accuracy": flat(1.0)}
    assert [(f.code, f.severity) for f in review(history, kept())] == [("validation-suspicious", "hint")]
    assert review(history, net(before=[keras.layers.Dropout(0.5)])).codes == ()
    assert review(history).codes == ()
    assert review({**history, "val_accuracy": flat(0.9)}, kept()).codes == ()


# ---------------------------------------------------------------------------------------------------------------------
# constant-predictions, order-mismatch


def deaf():
    """A model to whose output nothing of the input comes through."""
    dead = keras.layers.Dense(4, activation="relu", bias_initializer=keras.initializers.Constant(-99.0))
    return net(2, before=[dead])


def test_the_same_answer_to_everything_is_an_error_that_replaces_not_learning():
    model, y = deaf(), np.arange(200) % 2
    report = review({"loss": flat(math.log(2)), "accuracy": flat(0.5)}, model, FEATURES, y)
    assert report.codes == ("constant-predictions",)
    assert "0.5, 0.5 to each of 32 different inputs" in report[0].seen


def test_constant_answers_that_unscaled_inputs_explain_are_not_told_apart():
    y = np.arange(200) % 2
    assert review({"loss": [14.0, 14.0]}, deaf(), FEATURES * 90_000, y).codes == ("first-loss-too-high",)


def test_equal_answers_that_are_right_or_cannot_be_judged_get_silence():
    history, y = {"loss": [0.7]}, np.arange(200) % 2
    assert review(history, deaf(), np.ones((200, 3)), y).codes == ()  # equal inputs
    assert review(history, deaf(), FEATURES, np.zeros(200)).codes == ()  # one class is all there is
    assert review(history, deaf(), FEATURES).codes == ()  # of unknown labels
    assert review(history, deaf(), FEATURES[:12], y[:12]).codes == ()
    normalised = net(2, before=[keras.layers.BatchNormalization(gamma_initializer="zeros")])
    assert review(history, normalised, FEATURES, y).codes == ()  # it has only begun to learn its means
    stateful = keras.Sequential([keras.Input((5, 3), batch_size=32), keras.layers.SimpleRNN(2, stateful=True)])
    assert review(history, stateful, np.zeros((32, 5, 3)), y[:32]).codes == ()


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "binary_crossentropy"])
def test_one_class_for_everything_is_a_warning_that_names_the_imbalance(loss):
    y = (np.arange(200) % 20 == 0).astype(int)
    if loss == "binary_crossentropy":
        model = net(1, loss, bias_initializer=keras.initializers.Constant(-8.0))
    else:
        model = net(2, loss)
        model.layers[0].bias.assign([8.0, 0.0])
    history = {"loss": [0.6, 0.3, *flat(0.2, 5)], "accuracy": flat(0.95, 7)}
    report = review(history, model, FEATURES, y)
    assert report.codes == ("constant-predictions",)
    finding = report[0]
    assert finding.severity == "warning"
    assert "95% of the labels" in finding.why
    assert finding.seen == "Of 26 examples, 10 of them of other classes, all are taken for class 0."
    assert review({**history, "accuracy": flat(0.99)}, model, FEATURES, y).codes == ()
    # An accuracy that is the majority's share to a thousandth is that of one answer, however low the loss.
    assert review({**history, "loss": flat(0.15)}, model, FEATURES, y).codes == ("constant-predictions",)
    lower = {**history, "loss": flat(0.15), "accuracy": flat(0.96)}
    assert review(lower, model, FEATURES, y).codes == ()  # it tells some apart already
    assert review({name: values[:4] for name, values in history.items()}, model, FEATURES, y).codes == ()
    assert review({**history, "loss": [0.6, 0.5, 0.4, 0.3, 0.25, 0.22]}, model, FEATURES, y).codes == ()  # on its way
    shares = np.stack([1 - 0.9 * y, 0.9 * y], axis=1)
    assert review(history, net(2, "categorical_crossentropy"), FEATURES, shares).codes == ()
    balanced = review({"loss": flat(0.8), "accuracy": flat(0.5)}, model, FEATURES, np.arange(200) % 2)[0]
    assert balanced.why == "The net has not learnt to tell them apart."


def separable(n=120, classes=3):
    y = np.arange(n) % classes
    return net(classes, kernel_initializer=keras.initializers.Identity(9.0)), np.eye(classes, dtype="float32")[y], y


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y

    def __len__(self):
        return 4

    def __getitem__(self, index):
        rows = slice(30 * index, 30 * index + 30)
        return self.x[rows], self.y[rows]


def test_labels_of_another_pass_over_a_data_set_are_noticed():
    model, x, y = separable()
    history = {"loss": [0.5]}
    report = review(history, model, Batches(x, y), np.roll(y, 1))
    assert report.codes == ("order-mismatch",)
    assert report[0].seen == "Of the first 60 labels that the data set gives now, 60 are not those of y."
    for labels in (y, y[:, None], None, [y, y], y[:0], np.eye(3)[y]):
        assert review(history, model, Batches(x, y), labels).codes == ()


def test_review_leaves_model_and_data_as_they_were_and_needs_no_second():
    import time

    model, x, y = separable(20_000)
    before, seen = [w.copy() for w in model.get_weights()], model.predict_function
    x_before, y_before = x.copy(), y.copy()
    start = time.perf_counter()
    review({"loss": flat(1.0986), "accuracy": flat(0.33)}, model, x, y)
    assert time.perf_counter() - start < 5  # a hundredth of it, on a machine that is not busy
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert model.predict_function is seen
    assert np.array_equal(x, x_before)
    assert np.array_equal(y, y_before)


@pytest.mark.parametrize("x", [iter([1]), {"a": 1}, [np.zeros((4, 2)), np.zeros((4, 2))], "text", object()])
def test_inputs_that_cannot_be_looked_at_get_silence(x):
    model, _, y = separable()
    assert review({"loss": [0.5]}, model, x, y).codes == ()


def test_a_model_that_fails_on_its_data_gets_silence():
    assert review({"loss": [0.5]}, kept(), np.zeros((200, 7)), np.arange(200) % 3).codes == ()


# ---------------------------------------------------------------------------------------------------------------------
# The callback


@pytest.mark.parametrize("validated", [False, True])
def test_watch_says_at_the_batch_that_the_loss_is_no_number_and_may_stop(validated, capsys):
    x, y = FEATURES[:64] * 100, np.ones(64)
    model = net(1, "mse", 1e9)
    watch = Watch(stop=validated)
    data = (x, y) if validated else None
    history = model.fit(x, y, epochs=3, batch_size=16, callbacks=[watch], validation_data=data, verbose=0)
    assert len(history.epoch) == (1 if validated else 3)
    assert watch.report.codes == ("loss-not-finite",)
    assert "in epoch 1, at batch " in watch.report[0].seen
    assert "The learning rate of SGD is 1e+09" in watch.report[0].why
    assert capsys.readouterr().out.count("loss-not-finite") == 1


def drive(watch, table, model):
    """Call the hooks as fit would, without a training; yields after each epoch."""
    watch.set_model(model)
    watch.on_train_begin()
    for epoch in range(len(table["loss"])):
        watch.on_epoch_begin(epoch)
        watch.on_train_batch_end(0, {"loss": table["loss"][epoch]})
        watch.on_epoch_end(epoch, {name: values[epoch] for name, values in table.items()})
        yield epoch


TABLES = {
    "overfitting": {"loss": [0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], "val_loss": [0.7, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2]},
    "not-learning": {"loss": [0.8, 0.75, 0.72, *flat(math.log(2))], "accuracy": flat(0.5, 9)},
    "loss-impossible": {"loss": [0.5, 0.1, -0.3, -2.0]},
    "none": {"loss": [0.7, 0.5, 0.3], "accuracy": [0.5, 0.7, 0.9], "names": [["a"], ["b"], ["c"]]},
}


@pytest.mark.parametrize("code", TABLES)
def test_watch_says_once_what_review_finds_at_the_epoch_where_it_becomes_true(code, capsys):
    table, watch, model = TABLES[code], Watch(), kept(2)
    first = None
    for epoch in drive(watch, table, model):
        out = capsys.readouterr().out
        found = review({name: values[: epoch + 1] for name, values in table.items()}, model).codes
        assert out.count(code) == (1 if first is None and code in found else 0)
        first = epoch if first is None and code in found else first
    assert watch.report.codes == (() if code == "none" else (code,))
    list(drive(watch, {"loss": [0.7, 0.6]}, model))
    assert watch.report.codes == ()  # a second training starts afresh


def test_an_error_of_the_watch_is_one_quiet_line_and_the_training_goes_on(capsys, monkeypatch):
    def fails(training):
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(watch_module, "findings_in", fails)
    y = np.arange(200) % 3
    history = net().fit(FEATURES, y, epochs=3, batch_size=100, callbacks=[Watch()], verbose=0)
    assert len(history.epoch) == 3
    assert (
        capsys.readouterr().out
        == "The doctor's watch stops here (ZeroDivisionError: no such luck); training goes on.\n"
    )


def test_not_even_an_output_that_fails_breaks_a_training(monkeypatch):
    class Closed:
        def write(self, text):
            raise BrokenPipeError

        def flush(self):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    epochs = list(drive(Watch(), TABLES["loss-impossible"], kept(2)))
    monkeypatch.undo()
    assert epochs == [0, 1, 2, 3]


def test_watch_keeps_nothing_but_numbers_of_the_history_and_findings():
    watch = Watch()
    list(drive(watch, TABLES["overfitting"], kept(2)))
    own = {name: value for name, value in vars(watch).items() if name not in vars(keras.callbacks.Callback())}
    assert not any(isinstance(leaf, np.ndarray | keras.KerasTensor) for leaf in keras.tree.flatten(own))
    assert own["_values"] == TABLES["overfitting"]


def test_a_notebook_gets_html(monkeypatch):
    shown = []
    kernel = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: kernel))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=shown.append))
    report = review({"loss": [math.nan]})
    watch_module.show(report)
    assert shown == [report]


def test_the_causes_are_codes_of_examine():
    """A cause that examine does not know any more would never be found."""
    x = FEATURES * 90_000
    assert "input-not-scaled" in examine(kept(), x, np.arange(200) % 3).codes
