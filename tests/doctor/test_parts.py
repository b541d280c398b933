"""A fix of the training data is written for the test and validation data, too, where these are like them."""

import inspect

import keras
import numpy as np
import pytest

from course_utils.doctor._subject._parts import with_other_parts
from course_utils.doctor._subject._program import Program

pytestmark = pytest.mark.lasting

rng = np.random.default_rng(0)


def written(fix: str, **known) -> str:
    """Write a fix for a program that knows these things."""
    here = compile("found = with_other_parts(fix, Program([inspect.currentframe()]))", "program.py", "exec")
    names = dict(known, fix=fix, with_other_parts=with_other_parts, Program=Program, inspect=inspect)
    exec(here, names)
    return names["found"]


def pixels(n: int) -> np.ndarray:
    return rng.integers(0, 256, (n, 8, 8, 1)).astype("uint8")


def test_pixels_of_all_parts_are_divided():
    fix = written("X_train = X_train / 255", X_train=pixels(30), X_test=pixels(10), X_val=pixels(10))
    assert fix.split("; ")[0] == "X_train = X_train / 255"
    assert set(fix.split("; ")[1:]) == {"X_test = X_test / 255", "X_val = X_val / 255"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X_test", pixels(10) / 255),
        ("X_test", pixels(10)[:, :, :4]),
        ("X_test", pixels(10).astype("float32")),
        ("X_test", "pixels"),
        ("images_test", pixels(10)),
        ("X_tested", pixels(10)),
    ],
    ids=["scaled already", "of another shape", "of another kind", "no array", "of another name", "no word for a part"],
)
def test_what_is_not_like_the_training_data_stays_as_it_is(name, value):
    assert written("X_train = X_train / 255", X_train=pixels(30), **{name: value}) == "X_train = X_train / 255"


def test_labels_and_a_second_statement_are_read_and_a_comment_stays_at_the_end():
    known = {f"y_{part}": rng.integers(1, 11, 40) for part in ("train", "test")}
    fix = written('loss="mse"; y_train = y_train - 1  # from 0 on', **known)
    assert fix == 'loss="mse"; y_train = y_train - 1; y_test = y_test - 1  # from 0 on'


def test_numbers_of_the_training_data_are_used_for_all_parts():
    table = rng.normal(size=(60, 3)) * [1, 100, 10_000] + 5
    names = {"train_x": table[:40].copy(), "test_x": table[40:].copy()}
    fix = written("train_x = (train_x - train_x.mean(axis=0)) / train_x.std(axis=0)", **names)
    exec(fix, names)
    assert names["test_x"] == pytest.approx((table[40:] - table[:40].mean(axis=0)) / table[:40].std(axis=0))
    assert names["train_x"].std(axis=0) == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("fix", ["X_train = X_train[:100]", "X_train = X_train[order]", "X_train = X_train[len(y):]"])
def test_rows_of_the_training_data_are_not_those_of_others(fix):
    assert written(fix, X_train=pixels(30), X_test=pixels(10)) == fix


def test_what_a_fix_does_to_the_test_data_itself_is_not_done_twice():
    fix = "X_train = scaler.fit_transform(X_train); X_test = scaler.transform(X_test)"
    assert written(fix, X_train=pixels(30), X_test=pixels(10)) == fix


def test_one_channel_of_all_parts_is_taken():
    fix = written("X_train = X_train[..., 0]", X_train=pixels(30), X_test=pixels(10))
    assert fix == "X_train = X_train[..., 0]; X_test = X_test[..., 0]"


def test_test_data_are_not_followed_by_training_data():
    assert written("X_test = X_test / 255", X_train=pixels(30), X_test=pixels(10)) == "X_test = X_test / 255"


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="data sets of TensorFlow")
def test_data_sets_are_mapped_alike():
    import tensorflow as tf

    labels = np.zeros(20, int)
    known = {
        f"{part}_ds": tf.data.Dataset.from_tensor_slices((pixels(20), labels)).batch(5) for part in ("train", "val")
    }
    line = "train_ds = train_ds.map(lambda x, y: (x / 255, y))"
    assert written(line, **known) == f"{line}; {line.replace('train', 'val')}"
    known["val_ds"] = known["val_ds"].map(lambda x, y: (tf.cast(x, "float32") / 255, y))
    assert written(line, **known) == line
