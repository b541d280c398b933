"""Every data set has an edition, which a loader that gives other arrays must raise."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from course_utils import data
from course_utils.data import _catalogue, _unpack
from course_utils.record import digest, digest_arrays, own_ledger, used

pytestmark = pytest.mark.lasting

LOADERS = {"mnist": data.mnist, "fashion_mnist": data.fashion_mnist, "photo": data.photo}


def loaded(load):
    with own_ledger():
        load()
        (entry,) = used("data").values()
    return entry


@pytest.mark.parametrize("name", LOADERS)
def test_the_arrays_that_come_with_the_package_are_of_the_edition_that_the_catalogue_names(name, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    entry = loaded(LOADERS[name])
    assert entry["edition"] in data.editions(name, entry["source"]), (
        f"{name} gives other arrays than its edition says. If that is meant, write {entry['edition']} into "
        f"data/_catalogue.py: every result that was made from the old ones is then stale"
    )


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cats_vs_dogs"])
def test_real_data_is_of_an_edition_that_the_catalogue_names(name, monkeypatch):
    # The checks run on embedded data; where the real ones are at hand, these are looked at all the same.
    monkeypatch.delenv("COURSE_DATA", raising=False)
    here = {dataset.name: dataset.available for dataset in data.catalogue()}
    if here[name] != "real":
        pytest.skip(f"the real {name} is not on this machine")
    entry = loaded(getattr(data, name))
    assert entry["edition"] in data.editions(name), f"add {entry['edition']} to data/_catalogue.py, or replace the data"


def test_the_spiral_is_of_the_edition_that_the_catalogue_names():
    assert digest_arrays(*data.spiral(800, seed=0)) in data.editions("spiral")


def test_every_data_set_has_an_edition_from_each_source_it_can_come_from():
    for entry in _catalogue.ENTRIES.values():
        sources = {entry.at_hand} if entry.at_hand else {"real", "embedded"}
        assert set(entry.editions) == sources
        assert all(entry.editions.values())


def test_a_name_that_is_no_data_set_has_no_edition():
    with pytest.raises(data.DataError, match=r"no data set 'mnits'\. Did you mean 'mnist'"):
        data.editions("mnits")


def test_photographs_have_the_edition_of_their_names_and_contents(bare_machine):
    def edition(name, contents):
        def write(folder):
            for path, content in contents.items():
                (folder / path).write_bytes(content)
            return 0

        return _unpack.build(name, write).edition

    first = edition("a", {"cat/1.jpg": b"one", "dog/1.jpg": b"two"})
    assert edition("b", {"dog/1.jpg": b"two", "cat/1.jpg": b"one"}) == first
    assert edition("c", {"cat/1.jpg": b"one", "dog/1.jpg": b"twO"}) != first
    assert edition("d", {"cat/1.jpg": b"one", "dog/2.jpg": b"two"}) != first


def test_a_folder_that_an_older_course_has_made_gets_its_edition_and_is_not_made_again(bare_machine):
    def write(folder):
        for kind in ("cat", "dog"):
            (folder / kind / "1.jpg").write_bytes(b"one")
        return 3

    made = _unpack.build("a", write)
    manifest = made.folder.parent / "manifest.json"
    manifest.write_text('{"counts": {"cat": 1, "dog": 1}, "skipped": 3}')
    assert _unpack.recall("a") == made
    assert made.edition in manifest.read_text()


# --- stand-ins --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stand_in(bare_machine, monkeypatch, tmp_path):
    for name in ("COURSE_DATA", "COURSE_DATA_DIR", "COURSE_CACHE_DIR"):
        monkeypatch.setenv(name, "")  # put back afterwards, whatever becomes of it
    for name, entry in ORIGINAL.items():  # a bare machine has other addresses
        monkeypatch.setitem(_catalogue.ENTRIES, name, entry)
    data.stand_in(tmp_path)


ORIGINAL = dict(_catalogue.ENTRIES)


@pytest.mark.slow
def test_stand_ins_are_taken_for_the_real_data_and_have_their_form(stand_in):
    for load in (data.mnist, data.fashion_mnist):
        images = load()
        assert images.source == "real"
        assert (images.X_train.shape, images.X_test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
        assert set(images.y_train) == set(range(10))
    photos = data.cats_vs_dogs()
    assert (photos.source, photos.counts) == ("real", {"cat": 8750, "dog": 8750})


@pytest.mark.slow
def test_neighbours_differ_in_a_stand_in_so_that_another_order_or_place_shows(stand_in):
    X = data.mnist().X_train
    for axis in range(3):
        assert (X.take(range(20), axis) != X.take(range(1, 21), axis)).all()
    cats = sorted((data.cats_vs_dogs().folder / "cat").iterdir(), key=lambda path: int(path.stem))
    assert all(a.read_bytes() != b.read_bytes() for a, b in pairwise(cats))


@pytest.mark.slow
def test_what_stands_in_is_the_same_on_every_machine(stand_in):
    # A change here makes every measured run stale, once.
    editions = {name: loaded(getattr(data, name))["edition"] for name in ("mnist", "fashion_mnist", "cats_vs_dogs")}
    assert editions == {
        "mnist": "f0a289a5eaa49604",
        "fashion_mnist": "f0a289a5eaa49604",
        "cats_vs_dogs": "f1c647c60639209f",
    }


# --- digests ----------------------------------------------------------------------------------------------------------

FLOATS = arrays_of.arrays(np.float64, 5, elements=st.floats(-1e6, 1e6))
BYTES = arrays_of.arrays(np.uint8, (3, 4))


@given(BYTES, st.integers(0, 11), st.integers(1, 255))
def test_one_changed_pixel_gives_another_digest(array, place, change):
    changed = array.copy()
    changed.flat[place] ^= np.uint8(change)
    assert digest_arrays(array) != digest_arrays(changed)
    assert digest_arrays(array) == digest_arrays(array.copy(order="F"))


@given(BYTES)
def test_shape_and_kind_of_numbers_count(array):
    names = {digest_arrays(array), digest_arrays(array.reshape(4, 3)), digest_arrays(array.astype(np.int64))}
    assert len(names) == 3


@given(FLOATS)
def test_the_last_bits_of_computed_numbers_do_not_count(array):
    array = np.round(array, 3)
    nudged = np.nextafter(array, np.inf)
    assert digest_arrays(array) == digest_arrays(nudged)
    assert digest_arrays(array) != digest_arrays(array + 0.001)
    assert digest_arrays(-0.0 * array) == digest_arrays(0.0 * array)


def test_in_a_dictionary_the_order_of_the_keys_does_not_count():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
    assert digest("é") == digest("é".encode())
