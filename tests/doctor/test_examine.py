"""``examine`` finds what is wrong before training, in whatever form the data come, and changes nothing."""

import time

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_utils.doctor import Report, _checks, examine
from course_utils.doctor._shapes import fits

from . import cases
from .backends import LASTING, OTHERS, outcomes

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, LASTING]


@pytest.fixture
def strict(monkeypatch):
    """A check that stumbles fails the test, where it would be silent for a user."""
    monkeypatch.setattr(_checks, "_safely", lambda check, patient: list(check(patient)))


@pytest.mark.parametrize("name", cases.MISTAKES)
def test_a_mistake_gets_its_code_and_no_other(name, strict):
    code, build = cases.MISTAKES[name]
    model, x, y, options = build()
    assert examine(model, x, y, **options).codes == (code,)


@pytest.mark.parametrize("name", cases.CORRECT)
def test_a_correct_program_gets_silence(name, strict):
    model, x, y, options = cases.CORRECT[name]()
    assert list(examine(model, x, y, **options)) == []


@pytest.mark.parametrize(
    ("classes", "split", "says"),
    [
        (3, 0.2, "all of class 2."),
        (10, 0.1, "all of class 9, and class 9 is in no training batch."),
        (10, 0.23, "the classes 7 to 9, and the classes 8 and 9 are in no training batch."),
        (10, 0.3, "the classes 7 to 9, and the classes 7, 8 and 9 are in no training batch."),
        (10, 0.4, "the classes 6 to 9, and the 4 classes 6 to 9 are in no training batch."),
    ],
)
def test_every_class_that_a_split_of_sorted_labels_keeps_from_training_is_named(classes, split, says):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    y = np.repeat(np.arange(classes), 60)
    (finding,) = examine(model, np.random.default_rng(0).normal(size=(len(y), 4)), y, validation_split=split)
    assert says in finding.seen


def test_a_mistake_in_a_layer_that_is_made_of_others_is_found_too():
    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense, self.dropout = keras.layers.Dense(4), keras.layers.Dropout(0.95, name="inside")

        def call(self, x):
            return self.dropout(self.dense(x))

    (finding,) = examine(keras.Sequential([keras.Input((4,)), Block(), keras.layers.Dense(1)]))
    assert finding.code == "dropout-too-high"
    assert '"inside"' in finding.seen


def test_frozen_weights_are_counted_once_however_they_are_wrapped_and_shared():
    each = keras.layers.TimeDistributed(keras.layers.Dense(4))
    x = keras.Input((3, 4))
    model = keras.Model(x, each(each(x)))
    model.trainable = False
    model.compile("sgd", "mse")
    assert "None of the model's 2 weight arrays" in next(iter(examine(model))).seen


@pytest.mark.slow
@pytest.mark.parametrize("backend", OTHERS)
def test_every_backend_says_the_same(backend):
    found = outcomes("cases", backend)
    expected = {name: [code] for name, (code, _) in cases.MISTAKES.items()} | {name: [] for name in cases.CORRECT}
    assert {name: codes for name, codes in found.items() if codes != expected[name]} == {}


def as_frame(x, y):
    import pandas as pd

    return pd.DataFrame(x), pd.Series(y)


def as_tensors(x, y):
    return keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y)


def as_data_set(x, y):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).shuffle(50).batch(32), None


def as_keras_data_set(x, y):
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 4

        def __getitem__(self, i):
            return x[i::4], y[i::4]

    return Batches(), None


def as_loader(x, y):
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
    return torch.utils.data.DataLoader(data, batch_size=50, shuffle=True), None


def as_dictionary(x, y):
    return {"x": x}, y


def as_list_of_one(x, y):
    return [x], [y]


FORMS = (as_frame, as_tensors, as_data_set, as_keras_data_set, as_loader, as_dictionary, as_list_of_one)


@pytest.mark.parametrize("form", FORMS)
def test_data_may_come_in_any_form_that_fit_takes(form, strict):
    inputs = keras.Input(shape=(4,), name="x")
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(inputs))
    model.compile(loss="sparse_categorical_crossentropy")
    assert examine(model, *form(cases.table(), cases.ids(3))).codes == ()
    assert examine(model, *form(cases.table(), cases.ids(5))).codes == ("labels-out-of-range",)
    assert examine(model, *form(cases.table(6), cases.ids(3))).codes == ("input-size",)


def test_a_finding_has_the_numbers_in_it():
    y = cases.ids(5) + 1
    (finding,) = examine(cases.softmax(5), cases.table(), y)
    assert finding.seen == ("y has the labels 1 to 5, but the output layer has 5 units, so labels must be 0 to 4.")
    assert finding.fix == "y = y - 1"
    assert finding.severity == "error"


def test_a_generator_is_not_used_up():
    batches = iter([(cases.table(9), cases.ids())])
    assert examine(cases.softmax(), batches).codes == ()
    assert len(list(batches)) == 1


def test_one_code_is_said_once():
    dropouts = [keras.layers.Dropout(0.95), keras.layers.Dropout(0.95)]
    model = cases.network(*dropouts, keras.layers.Dense(3, activation="softmax"))
    assert examine(model, cases.table(), cases.ids()).codes == ("dropout-too-high",)


@pytest.mark.parametrize("name", ["grey_pictures_whose_channel_keras_adds", "a_subclassed_model_that_was_called"])
def test_nothing_is_changed(name):
    model, x, y, options = cases.CORRECT[name]()
    before = [x.copy(), y.copy(), *(weight.copy() for weight in model.get_weights())]
    examine(model, x, y, **options)
    for old, new in zip(before, [x, y, *model.get_weights()], strict=True):
        np.testing.assert_array_equal(old, new)
    assert not model.optimizer.built


def test_a_model_without_input_stays_unbuilt():
    model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    assert examine(model, cases.table(), cases.ids(5)).codes == ("labels-out-of-range",)
    assert not model.built


def test_a_large_array_is_examined_well_under_a_second():
    x = np.zeros((60_000, 28, 28), "float32")
    x[:, 5] = 1
    model = cases.compiled(
        keras.Input(shape=(28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")
    )
    start = time.thread_time()
    assert examine(model, x, np.arange(60_000) % 10, validation_split=0.1).codes == ()
    assert time.thread_time() - start < 0.8


@pytest.mark.parametrize("loss", [[None, "mse"], {"a": "mse"}, ["mse", "mae"], "mse"])
def test_a_model_of_several_outputs_is_judged_where_it_is_sure(loss, strict):
    inputs = keras.Input(shape=(4,))
    model = keras.Model(inputs, [keras.layers.Dense(1, name="a")(inputs), keras.layers.Dense(2, name="b")(inputs)])
    model.compile(loss=loss)
    y = [cases.table(1), cases.table(2)]
    assert examine(model, cases.table(), y).codes == ()
    assert examine(model, cases.table(5), y).codes == ("input-size",)


def test_a_check_that_stumbles_keeps_silent(monkeypatch):
    def stumbling(subject):
        raise RuntimeError("an unusual model")
        yield

    monkeypatch.setattr(_checks, "_CHECKS", (stumbling,))
    assert examine(cases.softmax(), cases.table(), cases.ids()) == Report()


def test_a_data_set_that_fails_is_left_to_its_own_words():
    class Broken(keras.utils.PyDataset):
        def __len__(self):
            return 1

        def __getitem__(self, i):
            raise OSError("the disk is gone")

    assert examine(cases.softmax(), Broken()).codes == ()


def test_what_is_no_model_is_refused():
    with pytest.raises(TypeError, match=r"needs a keras\.Model, got builtins\.list"):
        examine([1, 2])
    with pytest.raises(TypeError, match="fit returns a History"):
        examine(keras.callbacks.History().__class__.__new__(_WithHistory))


class _WithHistory(keras.callbacks.History):
    history = {}  # noqa: RUF012


SIZES = st.sampled_from([None, 1, 2, 3])


@settings(max_examples=40, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=3), st.lists(st.sampled_from([1, 2, 3]), max_size=4))
def test_a_shape_fits_when_keras_takes_it(expected, shape):
    inputs = keras.Input(shape=expected)
    model = keras.Model(inputs, keras.layers.Identity()(inputs))
    x = np.zeros((2, *shape), "float32")
    # With a last axis of size 1 Keras leaves the check to the next layer.
    ones = (expected[-1] == 1, shape[-1:] == [1])
    assume(not (all(ones) or (any(ones) and len(shape) == len(expected))))
    try:
        model(x)
        takes = True
    except ValueError:
        takes = False
    assert fits(tuple(expected), shape) == takes
