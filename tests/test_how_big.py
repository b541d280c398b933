"""The experiments of how-big-a-network share their photographs out fairly and build the networks it describes."""

from pathlib import PurePath
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils.data import Photos
from course_utils.experiments import _how_big, _size
from course_utils.experiments._batches import read_photos

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = [pytest.mark.slow, pytest.mark.lasting]

COUNTS = {
    "published-dense": 18_049_025,
    "published-conv-24": 17_307_041,
    "published-conv-48": 7_928_177,
    "published-conv-128": 21_123_457,
    "small-on-4096": 190_833,
}


class Folder:
    """A folder of so many photographs of each kind that making them would take longer than the tests."""

    def __init__(self, n):
        self.n = n

    def __truediv__(self, kind):
        return SimpleNamespace(iterdir=lambda: (PurePath(kind) / f"{i}.jpg" for i in range(self.n)))


def photos(n, source):
    return Photos(Folder(n), {"cat": n, "dog": n}, 0, source)


@pytest.fixture
def drawn():
    return photos(1000, "embedded")


def experiment(name):
    (found,) = [e for e in _how_big.EXPERIMENTS if e.name == name]
    return found


def test_photographs_are_wide_and_keep_left_and_right(tmp_path):
    picture = np.zeros((180, 180, 3), np.uint8)
    picture[:, 90:] = 255
    Image.fromarray(picture).save(tmp_path / "0.jpg", quality=100)
    X = read_photos([tmp_path / "0.jpg"], _how_big._SHAPE, Image.Resampling.BICUBIC)
    assert (X.shape, X.dtype) == ((1, 94, 125, 3), np.uint8)
    assert X[0, :, :60].max() < 20
    assert X[0, :, 65:].min() > 235


def test_batches_mix_cats_and_dogs(drawn, monkeypatch):
    monkeypatch.setattr(_size, "cats_vs_dogs", lambda: drawn)
    monkeypatch.setattr(_size, "read_photos", lambda files, *size: np.zeros((len(files), 2, 2, 3), np.uint8))
    for name in ("published-conv-24", "small-on-1024"):
        data = experiment(name).load(0)
        assert data.source == "embedded"
        assert data.test is None
        assert all(0 < y.numpy().mean() < 1 for _, y in data.validation)
        assert all(0 < y.numpy().mean() < 1 for _, y in data.training(0))


@pytest.mark.parametrize("name", COUNTS)
def test_a_network_has_as_many_parameters_as_the_chapter_says(name):
    assert experiment(name).build(100).count_params() == COUNTS[name]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1, width=16)), min_size=8, max_size=40))
def test_correlation_over_batches_is_numpys_over_everything(pairs):
    y, proba = np.array(pairs).T
    metric = _how_big._correlation()()
    for start in range(0, len(y), 16):
        metric.update_state(y[start : start + 16], proba[start : start + 16, np.newaxis])
    if y.std() > 0 and proba.std() > 0.01:
        assert float(metric.result()) == pytest.approx(np.corrcoef(y, proba)[0, 1], abs=1e-2)
    else:
        assert np.isfinite(float(metric.result()))


@pytest.mark.parametrize("constant", [0.0, 0.3, 1.0])
def test_a_constant_output_correlates_with_nothing(constant):
    metric = _how_big._correlation()()
    for _ in range(30):
        metric.update_state(np.tile([0, 1], 16), np.full((32, 1), constant))
    assert float(metric.result()) == 0


def test_measures_of_a_recipe_are_those_of_numpy_and_survive_a_stop(tmp_path):
    model = experiment("published-conv-24").build(1)
    X = np.random.default_rng(0).random((32, 94, 125, 3), np.float32)
    y = np.tile([0, 1], 16)
    measured = model.evaluate(X, y, batch_size=8, verbose=0, return_dict=True)
    proba = model.predict(X, verbose=0)[:, 0]
    assert measured["accuracy"] == np.mean((proba > 0.5) == y)
    assert measured["mean_squared_error"] == pytest.approx(np.mean((proba - y) ** 2), abs=1e-5)
    assert measured["correlation"] == pytest.approx(np.corrcoef(proba, y)[0, 1], abs=0.05)
    model.save(tmp_path / "stopped.keras")
    again = keras.saving.load_model(tmp_path / "stopped.keras").evaluate(X, y, verbose=0, return_dict=True)
    assert again == pytest.approx(measured, abs=1e-3)


def test_the_small_network_sees_pixels_around_zero_and_shifts_in_training_only():
    model = experiment("small-on-4096").build(100)
    X = np.random.default_rng(0).integers(0, 256, (4, 94, 125, 3)).astype("float32")
    np.testing.assert_array_equal(model(X, training=False), model(X, training=False))
    assert not np.array_equal(model(X, training=True), model(X, training=True))


def test_every_row_of_the_comparison_by_amount_takes_the_same_number_of_steps():
    epochs = {n: experiment(f"small-on-{n}").epochs for n in (1024, 4096)}
    assert len({n * e for n, e in epochs.items()}) == 1
