import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import pets
from course_utils.pets import draw_pet, draw_pets
from tests import pets_table

pytestmark = pytest.mark.lasting("tests/pets_table.txt")

CAT, DOG = 0, 1


@pytest.fixture(scope="module")
def small():
    """Training and fresh test pictures of 32 px: X, y, X_test, y_test."""
    return *draw_pets(1500, size=32, seed=0), *draw_pets(800, size=32, seed=1)


@pytest.fixture(scope="module")
def twins():
    """The same 300 scenes with a cat and with a dog in them."""
    return tuple(np.stack([draw_pet(kind, 32, i) for i in range(300)]).astype(float) for kind in ("cat", "dog"))


def held_out_accuracy(features, labels, fresh_features, fresh_labels, strength=1.0):
    """Accuracy of logistic regression on pictures that it was not fitted on."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=200))
    model.fit(features.reshape(len(features), -1), labels)
    return model.score(fresh_features.reshape(len(fresh_features), -1), fresh_labels)


def thumbnails(X, side):
    block = X.shape[1] // side
    return X.reshape(len(X), side, block, side, block, 3).mean(axis=(2, 4))


def test_the_room_stands_on_no_other_room():
    code = (
        "import sys, course_utils.pets; print(*{n.split('.')[1] for n in sys.modules if n.startswith('course_utils.')})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "pets\n"


def test_the_same_seed_draws_the_same_pictures():
    first, again = draw_pets(12, seed=4), draw_pets(12, seed=4)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])


def test_the_pictures_are_those_of_their_edition():
    # why: pictures kept in caches, and what was measured on them, are named after the edition.
    edition, table = pets_table.read()
    assert edition == pets.EDITION, f"EDITION was raised: write its table with `{pets_table.WRITE_ANEW}`"
    assert not pets_table.differ(pets_table.means(), table), (
        f"the pictures changed: raise EDITION in course_utils/pets/__init__.py and write the table anew with "
        f"`{pets_table.WRITE_ANEW}`"
    )


@pytest.mark.parametrize(
    ("part", "name", "other"),
    [
        ("_cat", "PINK", (242, 148, 154)),
        ("_dog", "BLACK", (42, 38, 42)),
        ("_cat", "CLOSED_LID", ((-0.22, 0.0), (-0.1, 0.12), (0.1, 0.12), (0.22, 0.0))),
        ("_pen.Pen", "_width", lambda pen, width: max(1, round(1.25 * width * pen.scale))),
    ],
)
def test_a_slightly_other_colour_shape_or_pen_makes_other_pictures(part, name, other, monkeypatch):
    monkeypatch.setattr(f"course_utils.pets.{part}.{name}", other)
    assert pets_table.differ(pets_table.means(), pets_table.read()[1])


def test_other_pictures_are_not_written_into_the_table_of_their_edition(monkeypatch, tmp_path, capsys):
    table = shutil.copy(pets_table.TABLE, tmp_path)
    monkeypatch.setattr(pets_table, "TABLE", Path(table))
    monkeypatch.setattr("course_utils.pets._dog.BLACK", (80, 80, 80))
    before = Path(table).read_bytes()
    assert pets_table.write() == 1
    assert "Raise EDITION" in capsys.readouterr().out
    assert Path(table).read_bytes() == before
    monkeypatch.setattr(pets_table, "EDITION", "next")
    assert pets_table.write() == 0
    edition, numbers = pets_table.read()
    assert edition == "next"
    assert not pets_table.differ(pets_table.means(), numbers)


def test_another_seed_draws_other_pictures():
    # why picture by picture: one repeated picture between a training and a test seed would leak.
    X, other = draw_pets(20, 32, seed=0)[0], draw_pets(20, 32, seed=1)[0]
    assert (X[:, None] != other[None]).any(axis=(2, 3, 4)).all()


def test_pictures_of_one_set_all_differ():
    X, _ = draw_pets(40, 16)
    assert len({x.tobytes() for x in X}) == 40


def test_the_outside_random_state_plays_no_part():
    np.random.seed(0)  # noqa: NPY002 — the old global state is what must not matter
    first = draw_pets(2)[0]
    np.random.seed(1)  # noqa: NPY002
    assert np.array_equal(first, draw_pets(2)[0])


def test_a_bigger_set_begins_with_the_smaller_one():
    X, y = draw_pets(8, 32, seed=2)
    X_more, y_more = draw_pets(21, 32, seed=2)
    assert np.array_equal(X, X_more[:8])
    assert np.array_equal(y, y_more[:8])


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_half_of_the_pictures_are_dogs(n):
    y = draw_pets(n, 16)[1]
    assert np.sum(y == DOG) == n // 2
    assert np.sum(y == CAT) == n - n // 2


def test_cats_and_dogs_come_in_mixed_order():
    y = draw_pets(60, 16)[1]
    assert 0 < y[::2].mean() < 1  # why: strict alternation would give 0 or 1


@pytest.mark.parametrize("size", [16, 17, 50, 64, 99, 100, 180, 256])
def test_any_size_from_16_to_256_works(size):
    X, y = draw_pets(4, size)
    assert X.shape == (4, size, size, 3)
    assert X.dtype == np.uint8
    assert y.shape == (4,)
    assert y.dtype == np.int64


def test_numpy_integers_are_whole_numbers_too():
    assert draw_pets(np.int64(2), np.int32(16), np.uint8(3))[0].shape == (2, 16, 16, 3)


def test_the_size_does_not_change_the_scene():
    X_small, X_large = draw_pets(20, 32)[0], draw_pets(20, 160)[0]
    for small_one, large_one in zip(X_small, X_large, strict=True):
        shrunk = np.asarray(Image.fromarray(large_one).reduce(5), dtype=float)
        assert np.corrcoef(shrunk.ravel(), small_one.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("kind", ["cat", "dog"])
def test_one_picture_can_be_drawn_alone(kind):
    picture = draw_pet(kind, 64, np.random.default_rng(3))
    assert picture.shape == (64, 64, 3)
    assert np.array_equal(picture, draw_pet(kind, 64, 3))
    assert picture.std() > 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n must be a whole number of at least 1, got 0"),
        ({"n": -3}, "n must be .* got -3"),
        ({"n": 2.0}, r"n must be .* got 2\.0"),
        ({"n": True}, "n must be .* got True"),
        ({"n": "10"}, "n must be .* got '10'"),
        ({"n": 4, "size": 15}, "size must be a whole number of at least 16, got 15"),
        ({"n": 4, "size": 64.0}, r"size must be .* got 64\.0"),
        ({"n": 4, "size": (64, 64)}, r"size must be .* got \(64, 64\)"),
        ({"n": 4, "seed": -1}, "seed must be a whole number of at least 0, got -1"),
        ({"n": 4, "seed": None}, "seed must be .* got None"),
    ],
)
def test_a_bad_argument_is_named_with_what_was_found(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw_pets(**arguments)


def test_an_unknown_animal_is_refused():
    with pytest.raises(ValueError, match='kind must be "cat" or "dog", got \'hamster\''):
        draw_pet("hamster")


def test_cat_and_dog_of_the_same_state_share_the_scene(twins):
    # why: this is what makes colour, place, size and background independent of the class.
    cats, dogs = twins
    same = (cats == dogs).all(axis=3)
    assert same[:, 0, 0].mean() > 0.95
    assert 0.3 < same.mean() < 0.95


def test_cats_and_dogs_are_equally_bright_everywhere_on_average(twins):
    cats, dogs = twins
    assert np.abs((dogs - cats).mean(axis=(0, 1, 2))).max() < 2
    by_place = thumbnails((dogs - cats).mean(axis=0, keepdims=True), 4)
    assert np.abs(by_place).max() < 5


@pytest.mark.slow
def test_mean_colour_does_not_tell_cats_from_dogs(small):
    X, y, X_test, y_test = small
    features = [np.concatenate([Z.mean(axis=(1, 2)), Z.std(axis=(1, 2))], axis=1) for Z in (X, X_test)]
    assert held_out_accuracy(features[0], y, features[1], y_test) < 0.6


@pytest.mark.slow
def test_a_4_by_4_thumbnail_does_not_tell_cats_from_dogs(small):
    X, y, X_test, y_test = small
    assert held_out_accuracy(thumbnails(X, 4), y, thumbnails(X_test, 4), y_test) < 0.6


@pytest.mark.slow
def test_a_small_convolutional_network_learns_what_pixels_side_by_side_do_not_tell(small):
    # why: the chapters stand on this order — linear below dense below convolutional — so a change of the
    # drawing must not turn it around. At 64 px and 2,000 pictures the distances are larger.
    keras = pytest.importorskip("keras")
    layers = keras.layers
    X, y, X_test, y_test = small

    def accuracy_of(*body, rate, epochs):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Rescaling(1 / 127.5, -1), *body, layers.Dense(1, activation="sigmoid")])
        model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
        model.fit(X, y, epochs=epochs, batch_size=32, verbose=0)
        return model.evaluate(X_test, y_test, verbose=0)[1]

    linear = held_out_accuracy(X / 255, y, X_test / 255, y_test, strength=1e-3)
    dense = accuracy_of(
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dense(64, activation="relu"),
        rate=3e-4,
        epochs=10,
    )
    blocks = [
        layer
        for filters in (16, 32, 64)
        for layer in (layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D())
    ]
    convolutional = accuracy_of(*blocks, layers.Flatten(), layers.Dense(64, activation="relu"), rate=2e-3, epochs=10)
    assert linear < 0.65
    assert dense < 0.80
    assert convolutional > 0.85
    assert convolutional > dense + 0.1
