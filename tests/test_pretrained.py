"""What ships is what it says it is, and answers today as on the day it was made."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import pretrained
from course_utils.data import cats_vs_dogs, photo, source_of
from course_utils.pets import draw_pets
from course_utils.pretrained import _file
from course_utils.record import own_ledger, used

NAME = "cats-and-dogs"
# What it answered when it was made: to the cat of scikit-image, and to the first eight drawn pets.
ANSWER_CAT = [0.07288]
ANSWERS_DRAWN = [0.94215, 0.92781, 0.97353, 0.28039, 0.65858, 0.96595, 0.14760, 0.90124]


def square_cat(size=96):
    return np.array(Image.fromarray(photo()[:, 75:375]).resize((size, size), Image.Resampling.BILINEAR))


@pytest.fixture(scope="module")
def model():
    return pretrained.cats_and_dogs()


# --- what the file says -----------------------------------------------------------------------------------------------


def test_the_file_says_what_it_is_without_keras():
    told = pretrained.about(NAME)
    assert (told["experiment"], told["seed"], told["data"]["training"]) == ("cats-steady", 0, 18_749)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["date"])
    assert re.fullmatch(r"[0-9a-f]{16}", told["digest"])
    assert "MIT" in told["licence"]
    assert {"keras", "tensorflow", "numpy", "python"} == set(told["versions"])


def test_rounding_to_half_precision_costs_less_than_a_thousandth():
    accuracy = pretrained.about(NAME)["accuracy"]
    assert accuracy["on"] == "validation", "the test photographs are asked once, elsewhere"
    assert abs(accuracy["shipped"] - accuracy["trained"]) < 0.001
    assert accuracy["shipped"] > 0.94


def test_the_file_is_small():
    assert (_file.FOLDER / f"{NAME}.npz").stat().st_size < 1.3e6


def test_a_network_that_does_not_ship_is_told_with_those_that_do():
    with pytest.raises(pretrained.PretrainedError, match=r"no network 'cats'.*there are: cats-and-dogs"):
        pretrained.about("cats")


def rewritten(tmp_path, monkeypatch, change):
    """Put a file with other arrays in the place of the shipped one."""
    with np.load(_file.FOLDER / f"{NAME}.npz") as file:
        arrays = dict(file)
    change(arrays)
    np.savez(tmp_path / f"{NAME}.npz", **arrays)
    monkeypatch.setattr(_file, "FOLDER", tmp_path)


def test_weights_that_are_not_the_described_ones_are_refused(tmp_path, monkeypatch):
    def nudge(arrays):
        arrays["003"] = arrays["003"] + np.float16(0.01)

    rewritten(tmp_path, monkeypatch, nudge)
    with pytest.raises(pretrained.PretrainedError, match=r"holds other weights than it says: install .* again"):
        pretrained.about(NAME)


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / f"{NAME}.npz").write_bytes((_file.FOLDER / f"{NAME}.npz").read_bytes()[:5000])
    monkeypatch.setattr(_file, "FOLDER", tmp_path)
    with pytest.raises(pretrained.PretrainedError, match="is damaged"):
        pretrained.about(NAME)


def test_what_is_written_is_read_again(tmp_path, monkeypatch):
    weights = [np.arange(6, dtype=np.float16).reshape(2, 3), np.float16([0.5])]
    path = _file.write("tiny", weights, {"what": "a test"}, tmp_path)
    monkeypatch.setattr(_file, "FOLDER", tmp_path)
    again, told = _file.read("tiny")
    assert all(np.array_equal(a, b) for a, b in zip(again, weights, strict=True))
    assert told["what"] == "a test"
    with np.load(path) as file:
        assert json.loads(str(file["about"])) == told


# --- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_is_the_experiments_network_in_single_precision_and_can_be_trained_further(model):
    assert model.count_params() == 585_757
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert not model.compiled
    assert not model.get_layer("given").trainable


@pytest.mark.slow
def test_it_answers_as_on_the_day_it_was_made(model):
    answers = model.predict(square_cat()[np.newaxis], verbose=0)[:, 0]
    np.testing.assert_allclose(answers, ANSWER_CAT, atol=1e-3)
    X, _ = draw_pets(8, size=96, seed=0)
    np.testing.assert_allclose(model.predict(X, verbose=0)[:, 0], ANSWERS_DRAWN, atol=1e-3)


@pytest.mark.slow
def test_loading_it_is_noted_with_the_digest_of_its_weights():
    with own_ledger():
        pretrained.cats_and_dogs()
        assert used("pretrained") == {NAME: pretrained.about(NAME)["digest"]}


@pytest.mark.slow
def test_weights_of_another_network_are_refused():
    weights, _ = _file.read(NAME)
    from course_utils.pretrained._cats_and_dogs import with_weights

    with pytest.raises(pretrained.PretrainedError, match="do not fit the network of cats-steady"):
        with_weights(weights[:-1])


@pytest.mark.slow
def test_without_the_real_photographs_nothing_is_packed(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    with pytest.raises(pretrained.PretrainedError, match="trained on real photographs"):
        pretrained.pack(folder=tmp_path)


@pytest.mark.slow
def test_on_the_real_validation_photographs_it_is_as_good_as_it_says(model):
    if source_of("cats_vs_dogs") != "real":
        pytest.skip("needs the real photographs")
    from course_utils.experiments._batches import read_photos
    from course_utils.experiments._cats import split_files

    _, (paths, y), _ = split_files(cats_vs_dogs())
    X = read_photos(paths, (96, 96), Image.Resampling.BILINEAR, draft=True)
    accuracy = np.mean((model.predict(X, batch_size=250, verbose=0)[:, 0] > 0.5) == y)
    assert accuracy == pytest.approx(pretrained.about(NAME)["accuracy"]["shipped"], abs=0.001)
