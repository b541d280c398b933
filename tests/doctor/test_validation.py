"""Validation data are judged as the training data are, and it is they that are mended."""

import keras
import numpy as np
import pytest
from sklearn.preprocessing import LabelEncoder

from course_utils.doctor import examine, explain

pytestmark = [pytest.mark.slow, pytest.mark.lasting]

rng = np.random.default_rng(0)
X, y = rng.random((60, 12, 12, 1)).astype("float32"), rng.integers(0, 3, 60)
X_train, X_val, y_train, y_val = X[:40], X[40:], y[:40], y[40:]
names = np.array(["cat", "dog", "owl"])


def network(loss="sparse_categorical_crossentropy"):
    model = keras.Sequential(
        [keras.Input((12, 12, 1)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    )
    model.compile("adam", loss)
    return model


@pytest.mark.parametrize(
    ("x", "labels", "code", "fix"),
    [
        ("X_val", "np.eye(3)[y_val]", "loss-label-mismatch", "given_y = given_y.argmax(axis=1)"),
        ("X_val[:, :8, :8]", "y_val", "input-size", "given_x = keras.ops.image.resize(given_x, (12, 12))"),
        ("X_val", "y_val + 1", "labels-not-from-zero", "given_y = given_y - 1"),
        ("X_val", "y_val.astype(object)", "labels-type", 'given_y = given_y.astype("int32")'),
        ("X_val", "names[y_val]", "labels-type", "given_y = np.searchsorted(names, given_y)"),
        ("X_val.tolist()", "y_val", "input-type", "given_x = np.array(given_x)"),
    ],
)
def test_the_fix_makes_validation_data_like_those_of_the_training(x, labels, code, fix):
    known = {**globals(), "model": network()}
    exec(f"given_x, given_y = {x}, {labels}", known)
    program = "found = examine(model, X_train, y_train, validation_data=(given_x, given_y))"
    exec(compile(program, "program.py", "exec"), known)
    (finding,) = [found for found in known["found"] if found.severity == "error"]
    assert finding.code == code
    assert finding.seen.startswith("In validation_data: ")
    assert finding.fix.startswith(fix)
    exec(finding.fix, known)
    exec(compile(program, "program.py", "exec"), known)
    assert not known["found"]


def test_what_the_program_does_to_the_training_labels_is_done_to_those_of_validation():
    encoder = LabelEncoder()
    encoded, held_out = names[y_train], names[y_val]
    encoded = encoder.fit_transform(encoded)
    (finding,) = examine(network(), X_train, encoded, validation_data=(X_val, held_out))
    assert (finding.code, finding.fix) == ("labels-type", "held_out = encoder.transform(held_out)")


def test_one_hot_labels_of_validation_get_as_many_columns_as_those_of_the_training():
    encoded, held_out = keras.utils.to_categorical(y_train), y_val
    errors = [
        found
        for found in examine(network("categorical_crossentropy"), X_train, encoded, validation_data=(X_val, held_out))
        if found.severity == "error"
    ]
    assert [found.fix for found in errors] == ["held_out = keras.utils.to_categorical(held_out, 3)"]


@pytest.mark.parametrize(
    ("given", "pair"),
    [((y_val, X_val), "(X_val, y_val)"), (X_val, "(given, y_val)"), ((X_val, X_val), "(X_val, y_val)")],
    ids=["swapped", "alone", "inputs twice"],
)
def test_the_call_gets_the_pair_in_its_order(given, pair):
    model = network()
    with pytest.raises(Exception) as caught:  # noqa: PT011
        model.fit(X_train, y_train, validation_data=given, verbose=0)
    (finding,) = explain(caught.value)
    assert finding.fix == f"model.fit(X_train, y_train, validation_data={pair}, verbose=0)"


def test_labels_first_and_inputs_second_are_put_in_order():
    model = network()
    with pytest.raises(Exception) as caught:  # noqa: PT011
        model.fit(y_train, X_train, verbose=0)
    (finding,) = explain(caught.value)
    assert finding.fix == "model.fit(X_train, y_train, verbose=0)"


def test_it_is_the_call_that_failed_which_is_put_in_order():
    model = network()
    with pytest.raises(Exception) as caught:  # noqa: PT011
        model.evaluate(y_val, X_val, verbose=0)
    (finding,) = explain(caught.value)
    assert finding.fix == "model.evaluate(X_val, y_val, verbose=0)"


@pytest.mark.parametrize("given", [(X_val, y_val), [X_val, y_val], (X_val[..., 0], y_val), (X_val, y_val[:, None])])
def test_pairs_that_run_get_silence(given):
    model = network()
    assert not examine(model, X_train, y_train, validation_data=given)
    model.fit(X_train, y_train, validation_data=given, verbose=0)


tensorflow = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="data sets of TensorFlow")


def encode(x, y):
    return x, keras.ops.one_hot(y, 3)


def data_set(x, y):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


@tensorflow
@pytest.mark.parametrize(
    ("loss", "train", "val", "code", "fix"),
    [
        (
            "categorical_crossentropy",
            "raw.map(encode)",
            "held_out",
            "loss-label-mismatch",
            "val_ds = val_ds.map(encode)",
        ),
        (
            "categorical_crossentropy",
            "raw.unbatch().map(encode).batch(8)",
            "held_out",
            "loss-label-mismatch",
            "val_ds = val_ds.unbatch().map(encode).batch(32)",
        ),
        (
            "sparse_categorical_crossentropy",
            "raw",
            "held_out.map(encode)",
            "loss-label-mismatch",
            "val_ds = val_ds.map(lambda x, y: (x, keras.ops.argmax(y, axis=-1)))",
        ),
        (
            "sparse_categorical_crossentropy",
            "raw",
            "data_set(np.zeros((20, 16, 16, 1)), y_val)",
            "input-size",
            "val_ds = val_ds.map(lambda x, y: (keras.ops.image.resize(x, (12, 12)), y))",
        ),
        (
            "sparse_categorical_crossentropy",
            "raw",
            "held_out.map(lambda x, y: (x, y + 1))",
            "labels-out-of-range",
            "",
        ),
        (
            "sparse_categorical_crossentropy",
            "raw.map(lambda x, y: (x, y))",
            "held_out.map(lambda x, y: x)",
            "length-mismatch",
            "",
        ),
    ],
)
def test_a_data_set_for_validation_is_made_like_that_of_the_training(tmp_path, loss, train, val, code, fix):
    known = {**globals(), "model": network(loss), "raw": data_set(X_train, y_train), "held_out": data_set(X_val, y_val)}
    known = {name: value for name, value in known.items() if not name.startswith("test_")}
    program = tmp_path / "program.py"
    ask = "found = examine(model, train_ds, validation_data=val_ds)\n"
    program.write_text(f"train_ds = {train}\nval_ds = {val}\n{ask}", encoding="utf-8")
    exec(compile(program.read_text(encoding="utf-8"), str(program), "exec"), known)
    (finding,) = [found for found in known["found"] if found.severity == "error"]
    assert finding.code == code
    assert finding.seen.startswith("In validation_data: ")
    if fix:
        assert finding.fix == fix
        exec(f"{finding.fix}\n{ask}", known)
        assert not known["found"]


@tensorflow
def test_data_sets_of_one_kind_get_silence():
    train_ds, val_ds = data_set(X_train, y_train), data_set(X_val, y_val)
    assert not examine(network(), train_ds, validation_data=val_ds)
