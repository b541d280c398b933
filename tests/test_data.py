"""Every loader answers with the same form, says where its data came from, and never hides a broken file."""

import errno
import gzip
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from course_utils import data as course_data
from course_utils.data import DataError, _lookup, _unpack, cats_vs_dogs, fashion_mnist, mnist
from course_utils.record import used

pytestmark = pytest.mark.usefixtures("bare_machine")


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """An empty folder that COURSE_DATA_DIR names."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("COURSE_DATA_DIR", str(folder))
    return folder


def put(folder, contents):
    """Write files, named by their paths, into a folder."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


# --- what is imported -------------------------------------------------------------------------------------------------


def test_importing_the_room_loads_nothing_heavy():
    code = (
        "import course_utils.data, sys; print(*{'keras', 'tensorflow', 'pooch', 'mlxtend', 'skimage'} & {*sys.modules})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_every_public_name_has_a_docstring():
    for name in course_data.__all__:
        assert getattr(course_data, name).__doc__, name


# --- MNIST and Fashion-MNIST ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("load", "train", "test"), [(mnist, 400, 100), (fashion_mnist, 1000, 200)])
def test_the_embedded_sample_has_the_form_of_the_real_data_and_equally_many_of_each_class(
    load, train, test, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    data = load()
    assert data.source == "embedded"
    assert data.counts == {"train": 10 * train, "test": 10 * test}
    for X, y, n in ((data.X_train, data.y_train, train), (data.X_test, data.y_test, test)):
        assert (X.shape, X.dtype) == ((10 * n, 28, 28), np.uint8)
        assert (y.shape, y.dtype) == ((10 * n,), np.int64)
        assert np.bincount(y).tolist() == [n] * 10
        assert len(set(y[:50].tolist())) > 5, "the classes are not mixed"
        assert X.max() > 200
    X[0, 0, 0] = 7  # a reader may write into it
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_a_very_simple_model_learns_from_the_embedded_sample_so_its_labels_belong_to_its_images(load, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    data = load()
    means = np.stack([data.X_train[data.y_train == c].mean(axis=0).ravel() for c in range(10)])
    X = data.X_test.reshape(len(data.X_test), -1).astype(float)
    nearest = ((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == data.y_test).mean() > 0.6


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_the_embedded_sample_is_the_same_every_time_and_shares_no_image_between_its_splits(load, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    data, again = load(), load()
    np.testing.assert_array_equal(data.X_train, again.X_train)
    np.testing.assert_array_equal(data.y_test, again.y_test)
    training = {image.tobytes() for image in data.X_train}
    shared = sum(image.tobytes() in training for image in data.X_test)
    assert shared <= 2  # the real Fashion-MNIST has a few duplicates itself


def test_images_show_themselves_in_one_line(data_dir, publish, small_fashion):
    publish("fashion_mnist", small_fashion)
    assert repr(fashion_mnist()) == "Fashion-MNIST (real): 20 training, 10 test images, 28×28, 10 classes"


def test_fashion_mnist_knows_the_names_of_its_classes(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "embedded")
    assert fashion_mnist().class_names[9] == "Ankle boot"
    assert mnist().class_names == tuple("0123456789")


@pytest.mark.parametrize("nested", [True, False])
def test_fashion_mnist_is_found_in_the_users_folder_with_or_without_a_folder_of_its_own(
    data_dir, publish, server, small_fashion, arrays, nested
):
    publish("fashion_mnist", small_fashion)
    put(data_dir, {name if nested else Path(name).name: content for name, content in small_fashion.items()})
    data = fashion_mnist()
    assert data.source == "real"
    assert data.y_train.dtype == np.int64
    np.testing.assert_array_equal(data.X_train, arrays[0])
    assert server.asked == []


def test_fashion_mnist_is_found_where_debian_installs_it(publish, server, small_fashion, tmp_path, monkeypatch):
    publish("fashion_mnist", small_fashion)
    monkeypatch.setattr(_lookup, "_DEBIAN", tmp_path / "debian")
    put(tmp_path / "debian", small_fashion)
    assert fashion_mnist().source == "real"
    assert server.asked == []


def test_the_users_folder_comes_before_the_cache(data_dir, publish, npz, arrays, bare_machine):
    publish("mnist", {"mnist.npz": npz(arrays)})
    course_data.fetch("mnist")
    mine = [255 - arrays[0], *arrays[1:]]
    put(data_dir, {"mnist.npz": npz(mine)})  # another packing than the public one, as good as it
    np.testing.assert_array_equal(mnist().X_train, mine[0])


def test_course_data_embedded_is_obeyed_before_everything_else(data_dir, publish, npz, arrays, monkeypatch, server):
    publish("mnist", {"mnist.npz": npz(arrays)})
    put(data_dir, {"mnist.npz": b"broken"})
    monkeypatch.setenv("COURSE_DATA", "embedded")
    assert mnist(download=True).source == "embedded"
    assert server.asked == []


@pytest.mark.parametrize("load", [mnist, fashion_mnist, cats_vs_dogs])
def test_course_data_real_never_gives_the_sample(load, monkeypatch, data_dir, bare_machine):
    monkeypatch.setenv("COURSE_DATA", "real")
    with pytest.raises(DataError, match=r"COURSE_DATA=real, .*Tried COURSE_DATA_DIR .*Run `course data fetch"):
        load()
    put(data_dir, {"unrelated.txt": b""})
    with pytest.raises(DataError, match=re.escape(str(data_dir))):
        load()


def test_another_value_of_course_data_is_an_error(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "fake")
    with pytest.raises(DataError, match="COURSE_DATA is 'fake', but must be 'real', 'embedded' or not set"):
        mnist()


def test_a_users_folder_that_does_not_exist_is_an_error(monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", "/no/such/folder")
    with pytest.raises(DataError, match="COURSE_DATA_DIR is '/no/such/folder', which is not a folder"):
        mnist()


def test_a_part_of_a_data_set_in_the_users_folder_is_an_error(data_dir, publish, small_fashion):
    publish("fashion_mnist", small_fashion)
    put(data_dir, dict(list(small_fashion.items())[:3]))
    with pytest.raises(DataError, match=r"holds 3 of the 4 files; missing: .*t10k-labels-idx1-ubyte\.gz"):
        fashion_mnist()


# --- broken files of the user's ---------------------------------------------------------------------------------------


def changed(arrays, which, how):
    return [how(array) if i == which else array for i, array in enumerate(arrays)]


@pytest.mark.parametrize(
    ("which", "how", "found"),
    [
        (0, lambda X: X[:-1], r"x_train holds uint8 of shape \(19, 28, 28\), not uint8 of \(20, 28, 28\)"),
        (0, lambda X: X.astype(float), "x_train holds float64"),
        (1, lambda y: y + 1, "y_train has labels 1 to 10, not 0 to 9"),
        (2, lambda X: X.reshape(-1, 784), r"x_test holds uint8 of shape \(10, 784\)"),
        (3, lambda y: np.array(["a"] * 10, dtype=object), "cannot be read"),
    ],
)
def test_a_wrong_mnist_file_is_named_with_what_was_found(data_dir, publish, npz, arrays, which, how, found):
    publish("mnist", {"mnist.npz": npz(arrays)})
    put(data_dir, {"mnist.npz": npz(changed(arrays, which, how))})
    with pytest.raises(DataError, match=rf"MNIST: .*mnist\.npz is broken: .*{found}.* bytes\. Replace it"):
        mnist()


def idx_file(header, values=b""):
    return gzip.compress(np.array(header, ">i4").tobytes() + values, mtime=0)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(b"", "0 bytes", id="empty"),
        pytest.param(b"not gzip at all", "it cannot be unpacked", id="not gzip"),
        pytest.param(idx_file([]), r"header is \[0, 0, 0, 0\], not \[2051, 20, 28, 28\]", id="empty inside"),
        pytest.param(idx_file([2049, 20]), r"header is \[2049, 20, 0, 0\]", id="labels for images"),
        pytest.param(idx_file([2051, 20, 28, 28], b"few"), "it holds 3 values, not 15,680", id="too short"),
        pytest.param(idx_file([2051, 1, 28, 28], bytes(784)), r"header is \[2051, 1, 28, 28\]", id="one image"),
        pytest.param(idx_file([2051, -1, 1, -1], b"x"), r"header is \[2051, -1, 1, -1\]", id="nonsense"),
    ],
)
def test_a_wrong_idx_file_is_named_with_what_was_found(data_dir, publish, small_fashion, content, found):
    publish("fashion_mnist", small_fashion)
    put(data_dir, small_fashion | {"fashion-mnist/train-images-idx3-ubyte.gz": content})
    with pytest.raises(DataError, match=rf"Fashion-MNIST: .*train-images-idx3-ubyte\.gz is broken: .*{found}"):
        fashion_mnist()


@pytest.mark.parametrize(("name", "loader"), [("mnist", mnist), ("fashion_mnist", fashion_mnist)])
def test_a_file_with_any_byte_changed_or_cut_anywhere_gives_the_right_data_or_an_error_that_names_it(
    name, loader, data_dir, publish, npz, arrays, small_fashion
):
    contents = {"mnist.npz": npz(arrays)} if name == "mnist" else small_fashion
    publish(name, contents)
    put(data_dir, contents)
    target = next(iter(contents))
    whole = contents[target]

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, len(whole) - 1), st.integers(0, 255), st.booleans())
    def check(place, byte, cut):
        damaged = whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :]
        (data_dir / target).write_bytes(damaged)
        try:
            data = loader()
        except DataError as error:
            assert str(data_dir / target) in str(error)  # noqa: PT017
        else:
            np.testing.assert_array_equal(data.X_train, arrays[0])
            np.testing.assert_array_equal(data.y_test, arrays[3])

    check()


# --- cats and dogs ----------------------------------------------------------------------------------------------------


def picture(kind="jpeg", mode="RGB", size=(40, 30)):
    """Encode a small picture with some structure in it."""
    pixels = np.random.default_rng(0).integers(0, 256, (*size[::-1], 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, kind)
    return file.getvalue()


PUBLIC = {
    "PetImages/Cat/0.jpg": picture(),
    "PetImages/Cat/1.jpg": picture(mode="L"),
    "PetImages/Cat/2.jpg": picture("png", "RGBA"),
    "PetImages/Cat/3.jpg": b"",
    "PetImages/Cat/4.jpg": picture()[:-300],
    "PetImages/Cat/5.jpg": picture(),
    "PetImages/Cat/Thumbs.db": b"Windows was here",
    "PetImages/Dog/0.jpg": picture(),
    "PetImages/Dog/1.jpg": picture(mode="CMYK"),
    "PetImages/Dog/2.jpg": picture("bmp"),
    "PetImages/Dog/3.jpg": picture("gif", "P"),
    "PetImages/Dog/4.jpg": b"not a picture",
    "PetImages/Dog/5.jpg": picture(),
    "readme[1].txt": b"Licence",
}
GOOD = {"cat": ["0", "1", "2", "5"], "dog": ["0", "1", "2", "3", "5"]}


def zipped(contents, **changes):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def stems(photos):
    return {kind: sorted(path.stem for path in (photos.folder / kind).iterdir()) for kind in photos.class_names}


def assert_clean(cache, folders):
    """The cache holds these complete folders of photographs and nothing else."""
    found = sorted(path.name for path in (cache / "cats_vs_dogs").glob("*"))
    assert found == sorted(folder.parent.name for folder in folders)


@pytest.mark.parametrize("name", ["kagglecatsanddogs_5340.zip", "cats-vs-dogs-180px.zip"])
def test_the_public_zip_becomes_a_folder_of_rgb_jpegs_without_its_broken_files(data_dir, bare_machine, name):
    put(data_dir, {name: zipped(PUBLIC)})
    photos = cats_vs_dogs()
    assert photos.source == "real"
    assert photos.skipped == 3
    assert photos.counts == {"cat": 4, "dog": 5}
    assert stems(photos) == GOOD
    for path in photos.folder.rglob("*.jpg"):
        with Image.open(path) as image:
            image.load()
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (40, 30)), path
    assert (photos.folder / "cat" / "0.jpg").read_bytes() == PUBLIC["PetImages/Cat/0.jpg"]
    assert_clean(bare_machine, [photos.folder])


def test_a_jpeg_without_its_end_marker_never_reaches_tensorflow_which_would_refuse_it(data_dir):
    cut = [picture(size=(8 + i, 8))[:-2] for i in range(100)]
    put(data_dir, {"train/dog.0.jpg": picture()} | {f"train/cat.{i}.jpg": raw for i, raw in enumerate(cut)})
    photos = cats_vs_dogs()
    assert photos.counts["cat"] + photos.skipped == 100
    assert photos.counts["cat"] > 0, "Pillow has become strict: this test has nothing to test"
    assert all(path.read_bytes().endswith(b"\xff\xd9") for path in photos.folder.rglob("*.jpg"))


def test_kaggles_folder_becomes_the_same(data_dir, bare_machine):
    kaggle = {re.sub(r"PetImages/(\w+)/", lambda m: f"train/{m[1].lower()}.", name): PUBLIC[name] for name in PUBLIC}
    put(data_dir, kaggle)
    photos = cats_vs_dogs()
    assert (photos.source, photos.skipped, stems(photos)) == ("real", 3, GOOD)
    assert re.fullmatch(r"Cats and dogs \(real\): 4 cats and 5 dogs in .*, 3 broken photographs left out", repr(photos))


def arranged(folders):
    """The public zip's photographs in two other folders, such as ``("cats", "dogs")``."""
    cats, dogs = folders
    return {
        name.replace("PetImages/Cat", cats).replace("PetImages/Dog", dogs): content
        for name, content in PUBLIC.items()
        if "/" in name
    }


@pytest.mark.parametrize(
    "folders",
    [
        ("PetImages/Cat", "PetImages/Dog"),
        ("petimages/CAT", "petimages/DOG"),
        ("kagglecatsanddogs_5340/PetImages/Cat", "kagglecatsanddogs_5340/PetImages/Dog"),
        ("cat", "dog"),
        ("Cats", "Dogs"),
    ],
)
def test_an_unpacked_zip_and_photographs_of_ones_own_become_the_same(data_dir, bare_machine, folders):
    put(data_dir, arranged(folders) | {"holiday.jpg": picture()})
    photos = cats_vs_dogs()
    assert (photos.source, photos.skipped, stems(photos)) == ("real", 3, GOOD)
    assert (photos.folder / "dog" / "5.jpg").read_bytes() == PUBLIC["PetImages/Dog/5.jpg"]
    assert available()["cats_vs_dogs"] == ("real", str((data_dir / folders[0]).parent))
    assert_clean(bare_machine, [photos.folder])


def test_a_photograph_added_to_an_unpacked_folder_is_noticed_and_other_files_beside_it_are_not(data_dir):
    put(data_dir, arranged(("cat", "dog")))
    first = cats_vs_dogs()
    put(data_dir, {"notes.txt": b"about cats"})
    assert cats_vs_dogs() == first
    put(data_dir, {"dog/new.jpg": picture()})
    assert cats_vs_dogs().counts == {"cat": 4, "dog": 6}


def test_cats_without_dogs_are_an_error_that_names_the_folder(data_dir):
    put(data_dir, {"PetImages/Cat/0.jpg": picture(), "PetImages/Hund/0.jpg": picture()})
    with pytest.raises(
        DataError, match=r"data/PetImages holds 1 cats and 0 dogs\. Expected .* cat/0\.jpg and dog/0\.jpg"
    ):
        cats_vs_dogs()


def test_a_folder_that_is_not_understood_is_named_with_what_was_expected_in_it(data_dir, capsys, monkeypatch):
    put(data_dir, {"Katzen/0.jpg": picture(), "Hunde/0.jpg": picture()})
    assert cats_vs_dogs(n=2, size=16).source == "embedded"
    notice = capsys.readouterr().out
    assert notice.count("\n") == 1
    expected = ("kagglecatsanddogs_5340.zip", "PetImages/cat/*", "cat/*", "train/cat.*")
    for words in (f"COURSE_DATA_DIR is {data_dir}, which holds none of", *expected):
        assert words in notice
    monkeypatch.setenv("COURSE_DATA", "real")
    with pytest.raises(DataError, match=rf"COURSE_DATA_DIR \({data_dir}, which holds none of .*PetImages/cat/\*"):
        cats_vs_dogs()


OWN = {
    "Cat/0.jpg": picture(),
    "Cat/0.jpeg": picture(),
    "Cat/0.PNG": picture("png"),
    "Cat/0-2.jpg": picture(),
    "Cat/our cat, 2019.png": picture("png"),
    "Cat/Mieze.1.webp": picture("webp"),
    "Cat/Kätzchen": picture(),
    "Cat/phone.heic": b"what Pillow cannot decode",
    "Cat/.DS_Store": b"Apple was here",
    "Cat/desktop.ini": b"Windows was here",
    "Dog/a.tif": picture("tiff"),
    "Dog/notes.txt": b"good boy",
}


@pytest.mark.parametrize("place", ["folder", "zip"])
def test_every_file_in_the_right_place_is_taken_or_counted_as_left_out(data_dir, place):
    put(
        data_dir,
        OWN | {"Cat/older/1.jpg": picture()} if place == "folder" else {"kagglecatsanddogs_5340.zip": zipped(OWN)},
    )
    photos = cats_vs_dogs()
    assert (photos.counts, photos.skipped) == ({"cat": 7, "dog": 1}, 2)
    assert {"0", "0-2", "Kätzchen", "our_cat__2019", "Mieze_1"} < set(stems(photos)["cat"])


FILE_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"), min_size=1, max_size=20)


@settings(deadline=None)
@given(st.sets(FILE_NAMES.filter(lambda name: not name.startswith(".")), min_size=1))
def test_whatever_photographs_are_called_each_gets_a_file_name_of_its_own(tmp_path_factory, names):
    source = tmp_path_factory.mktemp("named") / "any.zip"
    source.write_bytes(zipped({f"cat/{name}": b"" for name in names} | {"dog/0.jpg": b""}))
    with _unpack.photos_in(source) as photos:
        cats = [photo.stem for photo in photos if photo.kind == "cat"]
    strewn = sum(name.lower() in ("thumbs.db", "desktop.ini") for name in names)
    assert len({stem.lower() for stem in cats}) == len(names) - strewn
    assert all(re.fullmatch(r"[\w-]+", stem) for stem in cats)


# How a camera that is held in each of EXIF's eight ways stores an upright picture.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: np.rot90(upright),
    7: lambda upright: np.rot90(upright.swapaxes(0, 1), 2),
    8: lambda upright: np.rot90(upright, -1),
}


def held(orientation):
    """Encode a picture of three colours and the JPEG file of a camera that was held in one of EXIF's ways."""
    upright = np.full((64, 96, 3), 30, np.uint8)
    upright[:32, :48], upright[32:, :48], upright[:32, 48:] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    exif, file = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Orientation] = orientation
    stored = STORED.get(orientation, STORED[1])(upright)
    Image.fromarray(np.ascontiguousarray(stored)).save(file, "jpeg", quality=95, subsampling=0, exif=exif)
    return upright, file.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [None, 32])
def test_photographs_are_turned_as_the_camera_was_held(data_dir, orientation, size):
    upright, raw = held(orientation)
    put(data_dir, {"cat/0.jpg": raw, "dog/0.jpg": picture()})
    saved = Image.open(cats_vs_dogs(size=size).folder / "cat" / "0.jpg")
    if size:
        upright = np.asarray(Image.fromarray(upright).resize((size, size), Image.Resampling.BILINEAR))
    assert saved.size == upright.shape[1::-1]
    assert np.abs(np.asarray(saved, float) - upright).mean() < 5
    assert saved.getexif().get(ExifTags.Base.Orientation, 1) == 1


def with_exif(data):
    """Encode a JPEG file with these EXIF data in it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 20)).save(file, "jpeg", exif=data)
    return file.getvalue()


CUT_EXIF = with_exif(b"Exif\0\0MM\0*\0\0\0\x08\0\x05")  # five entries are announced, none follows
NO_EXIF = held(6)[1].replace(b"MM\0*", b"MM\1*")


@pytest.mark.parametrize("raw", [held(1)[1], held(9)[1], NO_EXIF, CUT_EXIF])
def test_a_photograph_that_need_not_be_turned_keeps_its_bytes_even_with_damaged_exif_data(data_dir, raw, recwarn):
    put(data_dir, {"cat/0.jpg": raw, "dog/0.jpg": picture()})
    assert (cats_vs_dogs().folder / "cat" / "0.jpg").read_bytes() == raw
    assert not recwarn.list


@pytest.mark.parametrize("place", ["folder", "zip"])
def test_a_file_too_large_for_a_photograph_is_left_out_without_being_read(data_dir, place):
    # why: three megabytes of zip can unpack to three gigabytes of zeros
    good = {"cat/0.jpg": picture(), "dog/0.jpg": picture()}
    if place == "folder":
        put(data_dir, good | {"cat/bomb.jpg": b""})
        os.truncate(data_dir / "cat" / "bomb.jpg", 70_000_000)
    else:
        put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(good | {"cat/bomb.jpg": bytes(70_000_000)})})
    tracemalloc.start()
    photos = cats_vs_dogs()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (photos.counts, photos.skipped) == ({"cat": 1, "dog": 1}, 1)
    assert peak < 60_000_000


def test_a_picture_of_too_many_pixels_is_left_out(data_dir, recwarn):
    # why: 12 kilobytes of PNG can decode to hundreds of megabytes; Pillow alone would only warn
    file = io.BytesIO()
    Image.new("1", (10_000, 9_000)).save(file, "png")
    put(data_dir, {"cat/0.jpg": picture(), "cat/bomb.png": file.getvalue(), "dog/0.jpg": picture()})
    photos = cats_vs_dogs()
    assert (photos.counts, photos.skipped) == ({"cat": 1, "dog": 1}, 1)
    assert not recwarn.list


@pytest.mark.parametrize("n", [None, 2])
def test_photographs_of_which_none_can_be_decoded_are_an_error_that_says_so(data_dir, bare_machine, n):
    put(data_dir, {"cat/0.jpg": picture(), "dog/0.jpg": b"not a picture", "dog/1.jpg": b""})
    with pytest.raises(DataError, match=rf"{data_dir} holds 2 dogs, but none of them is a picture that can be decoded"):
        cats_vs_dogs(n=n)
    assert_clean(bare_machine, [])


def test_the_second_call_does_not_unpack_again(data_dir, monkeypatch):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    first = cats_vs_dogs()
    monkeypatch.setattr("course_utils.data._unpack.zipfile.ZipFile", None)
    assert cats_vs_dogs() == first


def test_another_zip_in_the_same_place_is_unpacked_anew(data_dir):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    cats_vs_dogs()
    smaller = {name: PUBLIC[name] for name in ("PetImages/Cat/0.jpg", "PetImages/Dog/0.jpg")}
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(smaller)})
    assert cats_vs_dogs().counts == {"cat": 1, "dog": 1}


def test_a_downloaded_zip_may_go_once_it_is_unpacked(publish, server, bare_machine):
    publish("cats_vs_dogs", {"cats_vs_dogs/kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    first = cats_vs_dogs(download=True)
    (bare_machine / "cats_vs_dogs" / "kagglecatsanddogs_5340.zip").unlink()
    assert cats_vs_dogs() == first
    assert len(server.asked) == 1


def test_photographs_that_went_missing_come_back(data_dir, bare_machine):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    first = cats_vs_dogs()
    (first.folder / "cat" / "0.jpg").unlink()
    again = cats_vs_dogs()
    assert again == first
    assert stems(again) == GOOD
    assert_clean(bare_machine, [first.folder])


@pytest.mark.parametrize(
    ("n", "counts"), [(2, {"cat": 1, "dog": 1}), (5, {"cat": 3, "dog": 2}), (8, {"cat": 4, "dog": 4})]
)
def test_a_choice_of_the_real_photographs_is_balanced_and_always_the_same(data_dir, n, counts):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    photos = cats_vs_dogs(n=n, seed=3)
    chosen = stems(photos)
    assert photos.counts == counts
    assert {kind: len(names) for kind, names in chosen.items()} == counts
    assert photos.skipped == 3
    shutil.rmtree(photos.folder.parent)
    assert stems(cats_vs_dogs(n=n, seed=3)) == chosen


def test_another_seed_chooses_other_photographs(data_dir):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    choices = [stems(cats_vs_dogs(n=4, seed=seed)) for seed in range(5)]
    assert any(choice != choices[0] for choice in choices)


def test_real_photographs_are_resized_when_a_size_is_given(data_dir):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    photos = cats_vs_dogs(size=24)
    assert stems(photos) == GOOD
    for path in photos.folder.rglob("*.jpg"):
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (24, 24))


def test_without_real_photographs_pets_are_drawn_as_many_and_as_large_as_wanted(bare_machine, capsys):
    photos = cats_vs_dogs(n=6, size=32, seed=4)
    assert (photos.source, photos.skipped, photos.counts) == ("embedded", 0, {"cat": 3, "dog": 3})
    paths = sorted(photos.folder.rglob("*.jpg"))
    with Image.open(paths[0]) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (32, 32))
    assert cats_vs_dogs(n=6, size=32, seed=4) == photos
    other = cats_vs_dogs(n=6, size=32, seed=5)
    assert other.folder != photos.folder
    assert paths[0].read_bytes() not in [path.read_bytes() for path in other.folder.rglob("*.jpg")]
    assert_clean(bare_machine, [photos.folder, other.folder])
    assert capsys.readouterr().out.splitlines() == [
        "Cats and dogs: using pets drawn by code (825 MB are downloaded only when asked for). "
        "For the real data: course data fetch cats_vs_dogs"
    ]


def test_drawn_pets_of_an_older_edition_do_not_pass_for_those_of_the_next(monkeypatch):
    older = cats_vs_dogs(n=2, size=16)
    monkeypatch.setattr("course_utils.data._photos.EDITION", "next")
    assert cats_vs_dogs(n=2, size=16).folder != older.folder


def test_two_thousand_pets_of_96_pixels_are_drawn_if_nothing_else_is_said(monkeypatch):
    def drawn(n, size, seed):
        y = np.arange(n) % 2
        return np.zeros((n, size, size, 3), np.uint8), y

    monkeypatch.setattr("course_utils.data._photos.draw_pets", drawn)
    photos = cats_vs_dogs()
    assert photos.counts == {"cat": 1000, "dog": 1000}
    with Image.open(next(photos.folder.rglob("*.jpg"))) as image:
        assert image.size == (96, 96)


@pytest.mark.parametrize("wrong", [{"n": 1}, {"n": 2.5}, {"size": 0}, {"seed": -1}, {"seed": None}])
def test_numbers_that_make_no_sense_are_refused(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least"):
        cats_vs_dogs(**wrong)


def test_more_photographs_than_there_are_is_an_error_that_tells_how_many_there_are(data_dir):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    with pytest.raises(ValueError, match="n is 9, but a balanced choice of the photographs has at most 8"):
        cats_vs_dogs(n=9)


@pytest.mark.parametrize(
    "name",
    ["../evil.jpg", "PetImages/../../evil.jpg", "/tmp/evil.jpg", "C:\\evil.jpg", "..\\evil.jpg", "\\\\host\\evil"],
)
def test_a_zip_that_reaches_outside_its_folder_is_refused_before_anything_is_written(
    data_dir, bare_machine, name, tmp_path
):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC | {name: b"evil"})})
    with pytest.raises(
        DataError, match=rf"kagglecatsanddogs_5340\.zip is not to be trusted: .*{re.escape(repr(name))}"
    ):
        cats_vs_dogs()
    assert_clean(bare_machine, [])
    assert not list(tmp_path.rglob("evil*"))


def test_a_zip_with_a_symbolic_link_is_refused(data_dir, bare_machine):
    link = zipfile.ZipInfo("PetImages/Cat/6.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC | {link: b"/etc/passwd"})})
    with pytest.raises(DataError, match=r"'PetImages/Cat/6\.jpg' points outside"):
        cats_vs_dogs()
    assert_clean(bare_machine, [])


def test_a_truncated_zip_is_named(data_dir, bare_machine):
    whole = zipped(PUBLIC)
    put(data_dir, {"cats-vs-dogs-180px.zip": whole[:-100]})
    with pytest.raises(DataError, match=rf"cats-vs-dogs-180px\.zip \({len(whole) - 100:,} bytes\) cannot be read"):
        cats_vs_dogs()
    assert_clean(bare_machine, [])


def test_a_zip_with_damaged_contents_is_not_taken_for_a_broken_photograph(data_dir, bare_machine):
    whole = bytearray(zipped(PUBLIC))
    whole[whole.index(PUBLIC["PetImages/Cat/0.jpg"]) + 200] ^= 0xFF
    put(data_dir, {"kagglecatsanddogs_5340.zip": bytes(whole)})
    with pytest.raises(DataError, match=r"kagglecatsanddogs_5340\.zip: PetImages/Cat/0\.jpg cannot be read: .*CRC"):
        cats_vs_dogs()
    assert_clean(bare_machine, [])


def test_a_zip_without_cats_is_an_error(data_dir, bare_machine):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped({"PetImages/Dog/0.jpg": picture(), "holiday.jpg": picture()})})
    with pytest.raises(DataError, match=r"kagglecatsanddogs_5340\.zip holds 0 cats and 1 dogs"):
        cats_vs_dogs()
    assert_clean(bare_machine, [])


def test_a_full_disk_while_unpacking_leaves_nothing(data_dir, bare_machine, monkeypatch):
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    write, written = Path.write_bytes, []

    def write_a_little(path, content):
        written.append(path)
        if len(written) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    with monkeypatch.context() as nearly_full:
        nearly_full.setattr(Path, "write_bytes", write_a_little)
        with pytest.raises(DataError, match=r"cannot be written to .*: No space left on device.*COURSE_CACHE_DIR"):
            cats_vs_dogs()
    assert_clean(bare_machine, [])
    assert stems(cats_vs_dogs()) == GOOD


def test_of_two_that_unpack_at_once_the_second_uses_the_folder_of_the_first(bare_machine):
    def write(folder):
        for kind in ("cat", "dog"):
            (folder / kind / "0.jpg").write_bytes(b"second")
        return 0

    def write_while_another_is_faster(folder):
        _unpack.build("same", lambda other: [(other / k / "0.jpg").write_bytes(b"first") for k in GOOD] and 7)
        return write(folder)

    built = _unpack.build("same", write_while_another_is_faster)
    assert built.skipped == 7
    assert (built.folder / "cat" / "0.jpg").read_bytes() == b"first"
    assert_clean(bare_machine, [built.folder])


def test_two_processes_that_unpack_at_once_end_in_the_same_folder(data_dir, bare_machine):
    many = {f"PetImages/{kind}/{i}.jpg": picture(size=(120, 120)) for kind in ("Cat", "Dog") for i in range(100)}
    put(data_dir, {"kagglecatsanddogs_5340.zip": zipped(many)})
    code = "from course_utils.data import cats_vs_dogs; print(cats_vs_dogs())"
    start = [sys.executable, "-c", code]
    processes = [subprocess.Popen(start, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert outputs[0] == outputs[1]
    assert "100 cats and 100 dogs" in outputs[0]
    assert_clean(bare_machine, [cats_vs_dogs().folder])


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_the_photograph_is_a_cat_in_colour():
    image = course_data.photo()
    assert (image.shape, image.dtype) == ((300, 451, 3), np.uint8)


def test_what_was_loaded_is_remembered_with_its_source(data_dir, publish, small_fashion):
    publish("fashion_mnist", small_fashion)
    assert used("data") == {}
    course_data.spiral()
    fashion_mnist()
    mnist(download=False)
    course_data.photo()
    cats_vs_dogs(n=2, size=16)
    assert {name: entry["source"] for name, entry in used("data").items()} == {
        "spiral": "generated",
        "fashion_mnist": "real",
        "mnist": "embedded",
        "photo": "real",
        "cats_vs_dogs": "embedded",
    }


def available():
    return {dataset.name: (dataset.available, dataset.where) for dataset in course_data.catalogue()}


def test_the_catalogue_says_what_is_here_and_where(data_dir, publish, small_fashion, bare_machine, monkeypatch):
    publish("fashion_mnist", small_fashion)
    before = available()
    assert before["spiral"][0] == "generated"
    assert before["photo"][0] == "real"
    assert before["fashion_mnist"] == ("embedded", "the embedded sample of 10,000 + 2,000 images")
    assert before["cats_vs_dogs"] == ("embedded", "pets drawn by code")
    course_data.fetch("fashion_mnist")
    put(data_dir, {"cats-vs-dogs-180px.zip": zipped(PUBLIC)})
    assert available()["fashion_mnist"] == ("real", str(bare_machine / "fashion-mnist"))
    assert available()["cats_vs_dogs"] == ("real", str(data_dir / "cats-vs-dogs-180px.zip"))
    monkeypatch.setenv("COURSE_DATA", "embedded")
    assert available() == before


def test_the_catalogue_gives_size_licence_and_address():
    datasets = {dataset.name: dataset for dataset in course_data.catalogue()}
    assert [dataset.size for dataset in datasets.values()] == ["", "11 MB", "31 MB", "825 MB", ""]
    assert datasets["fashion_mnist"].licence == "MIT"
    assert all(dataset.url.startswith("https://") for dataset in datasets.values())


def test_the_catalogue_knows_unpacked_photographs_whose_zip_is_gone(publish, bare_machine):
    publish("cats_vs_dogs", {"cats_vs_dogs/kagglecatsanddogs_5340.zip": zipped(PUBLIC)})
    photos = cats_vs_dogs(download=True)
    (bare_machine / "cats_vs_dogs" / "kagglecatsanddogs_5340.zip").unlink()
    assert available()["cats_vs_dogs"] == ("real", str(photos.folder))
