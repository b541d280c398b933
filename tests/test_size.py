"""The experiments about size alone differ in what they say they differ in, and hold out the same photographs."""

import pytest

from course_utils.experiments import _how_big, _size

from .test_how_big import photos

# TensorFlow takes longer to load than all of a quick check may take.
pytestmark = pytest.mark.slow

COUNTS = {
    "eighth-4096": 3_191,
    "single-4096": 190_833,
    "single-4096-unmoved": 190_833,
    "single-4096-unnormalised": 189_825,
    "single-4096-unnormalised-slowest": 189_825,
    "single-4096-flat": 190_833 - 128 + 128 * 3 * 3,
    "single-4096-shallow": 190_833 - (9 * 96 * 128 + 4 * 128) - (128 - 96),
    "big-cycle": 4_804_993,
    "small-plain": 190_833,
}


@pytest.fixture
def real():
    return photos(9300, "real")


def experiment(name):
    (found,) = [e for e in (*_size.EXPERIMENTS, *_how_big.EXPERIMENTS) if e.name == name]
    return found


def test_choosing_and_the_last_word_use_the_same_photographs_whatever_is_trained_on(real):
    many, few = _size.share_out(real, 4096), _size.share_out(real, 1024)
    assert [len(y) for _, y in many] == [4096, 1024, 4096]
    assert [len(y) for _, y in few] == [1024, 1024, 4096]
    assert many[1][0] == few[1][0]
    assert many[2][0] == few[2][0]
    assert {*few[0][0]} < {*many[0][0]}


def test_no_photograph_is_in_two_parts(real):
    training, validation, test = ({*files} for files, _ in _size.share_out(real, 4096))
    assert not training & validation
    assert not (training | validation) & test


def test_half_are_cats_in_every_part_and_labels_name_the_kind(real):
    for files, y in _size.share_out(real, 1024):
        assert y.mean() == 0.5
        assert all((file.parent.name == "dog") == label for file, label in zip(files, y, strict=True))


def test_of_drawn_pets_every_number_is_a_quarter_or_what_there_is():
    parts = _size.share_out(photos(1000, "embedded"), 4096)
    assert [len(y) for _, y in parts] == [1024, 256, 2 * (1000 - 640)]


@pytest.mark.parametrize("name", COUNTS)
def test_a_network_has_as_many_parameters_as_its_description_says(name):
    assert experiment(name).build(100).count_params() == COUNTS[name]


def test_every_width_and_amount_takes_the_same_number_of_steps():
    names = [f"{width}-{n}" for width in _size.WIDTHS for n in (1024, 4096)]
    assert len({experiment(name).epochs * int(name.rpartition("-")[2]) for name in names}) == 1


def test_widths_have_names_in_the_order_of_their_size():
    sizes = [experiment(f"{width}-4096").build(100).count_params() for width in _size.WIDTHS]
    assert sizes == sorted(sizes)
