"""Kinds of mistakes that were first missed, or misread, in programs that were written without knowing the rules."""

import keras
import numpy as np
import pytest

from course_utils.doctor import examine, explain, review

pytestmark = pytest.mark.slow  # Keras takes longer to load than all of a quick check may take


def network(units, activation=None, loss="mse", metrics=()):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])
    model.compile("adam", loss, metrics=list(metrics))
    return model


def table(n=64):
    return np.random.default_rng(0).normal(size=(n, 4)).astype("float32")


def relative_error(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs((y_true - y_pred) / y_true))


def guarded_error(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs((y_true - y_pred) / keras.ops.maximum(y_true, 1e-3)))


@pytest.mark.parametrize("place", [0, 40])
def test_a_loss_that_divides_by_labels_of_zero_is_not_called_one_without_a_gradient(place):
    y = np.ones((64, 1), "float32")
    y[place] = 0
    (finding,) = [found for found in examine(network(1, loss=relative_error), table(), y) if found.severity == "error"]
    assert finding.code == "loss-not-finite"
    assert "where a label in y is 0" in finding.seen
    history = {"loss": [float("nan")] * 3}
    assert "where a label in y is 0" in review(history, network(1, loss=relative_error), table(), y)[0].why


def test_a_loss_that_divides_by_labels_which_are_never_zero_or_guards_itself_gets_silence():
    y = np.ones((64, 1), "float32")
    assert "loss-not-finite" not in examine(network(1, loss=relative_error), table(), y).codes
    assert "loss-not-finite" not in examine(network(1, loss=guarded_error), table(), 0 * y).codes


@pytest.mark.parametrize(("classes", "codes"), [(10, ("metric-mismatch",)), (2, ())])
def test_binary_accuracy_over_many_columns_counts_zeros(classes, codes):
    y = np.eye(classes)[np.arange(64) % classes]
    model = network(classes, "softmax", "categorical_crossentropy", [keras.metrics.BinaryAccuracy()])
    assert tuple(found.code for found in examine(model, table(), y) if found.severity != "hint") == codes


def test_a_function_that_was_to_be_named_and_is_called_is_named():
    with pytest.raises(TypeError) as caught:
        keras.layers.Dense(8, activation=keras.activations.relu())
    (finding,) = explain(caught.value)
    assert (finding.code, finding.fix) == ("layer-not-called", "activation=keras.activations.relu")


def test_a_loss_that_is_called_too():
    with pytest.raises(TypeError) as caught:
        network(1).compile("adam", loss=keras.losses.mean_squared_error())
    (finding,) = explain(caught.value)
    assert finding.fix == "loss=keras.losses.mean_squared_error"


def test_a_function_of_ones_own_that_lacks_an_argument_is_ones_own_affair():
    def relu(x):
        return x

    with pytest.raises(TypeError) as caught:
        relu()
    assert explain(caught.value).codes == ()


def test_all_inputs_that_a_graph_comes_from_are_named():
    text, price = keras.Input((12,), name="text"), keras.Input((1,), name="price")
    out = keras.layers.Dense(1)(keras.layers.Concatenate()([text, price]))
    with pytest.raises(ValueError, match="connected") as caught:
        keras.Model(inputs=text, outputs=out)
    (finding,) = explain(caught.value)
    said = "The outputs of the model come from text and price, but it was told that they come from text."
    assert finding.seen == said
    assert finding.fix == "keras.Model(inputs=[text, price], outputs=out)"


@pytest.mark.parametrize("axis", ["axis=0", "0"])
def test_argmax_over_the_examples_is_told_from_argmax_over_the_classes(axis, tmp_path):
    path = tmp_path / "compare.py"
    path.write_text(
        "import numpy as np\nfrom sklearn.metrics import accuracy_score\n"
        f"y, answers = np.arange(30) % 3, np.eye(3)[np.arange(30) % 3]\npredicted = np.argmax(answers, {axis})\n"
        "accuracy_score(y, predicted)\n"
    )
    with pytest.raises(ValueError, match="inconsistent") as caught:
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    (finding,) = explain(caught.value)
    assert finding.fix == "predicted = np.argmax(answers, axis=1)"


def test_weights_of_classes_make_no_overfitting():
    worse = {"loss": [0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], "val_loss": [0.7, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2]}

    def fit():
        network(1).fit(table(), np.ones(64), class_weight={0: 1.0, 1: 5.0})

    assert fit  # the program of this file weights its classes
    assert review(worse).codes == ()
