"""Views of the inside of a network draw the numbers they are given, and say what they cannot draw."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plot

rng = np.random.default_rng(0)


pytestmark = pytest.mark.usefixtures("paper")


def drawn(figure):
    return [ax.images[0] for ax in figure.axes if ax.images]


# --- filters ----------------------------------------------------------------------------------------------------------


def test_colour_filters_are_grey_at_zero_and_full_at_their_own_largest_weight():
    weights = np.zeros((2, 2, 2, 3))
    weights[0, 0, 0] = [2, -2, 1]
    weights[1, 1, 1] = [0, 0, -0.1]
    first, second = (np.asarray(image.get_array()) for image in drawn(plot.filters(weights)))
    np.testing.assert_allclose(first[0, 0], [1, 0, 0.75])
    np.testing.assert_allclose(second[1, 1], [0.5, 0.5, 0])
    np.testing.assert_allclose(first[1, 1], 0.5)


@pytest.mark.parametrize("shape", [(4, 3, 3), (4, 3, 3, 1)])
def test_filters_of_one_channel_have_signs_around_white(shape):
    weights = rng.normal(size=shape)
    for image, values in zip(drawn(plot.filters(weights)), weights.reshape(4, 3, 3), strict=True):
        np.testing.assert_array_equal(image.get_array(), values)
        assert image.get_clim() == (-np.abs(values).max(), np.abs(values).max())
        assert min(image.cmap(0.5)[:3]) > 0.95


def test_a_filter_of_zeros_is_drawn():
    assert len(drawn(plot.filters(np.zeros((1, 3, 3))))) == 1


@pytest.mark.parametrize(
    ("filters", "titles", "objection"),
    [
        (np.zeros((2, 3, 3, 8)), None, r"got \(2, 3, 3, 8\). Of a deeper layer choose one channel"),
        (np.zeros((3, 3)), None, r"got \(3, 3\)"),
        (np.zeros((0, 3, 3, 3)), None, "filters is empty"),
        (np.zeros((2, 0, 3)), None, r"filters is empty, it has the shape \(2, 0, 3\)"),
        (np.zeros((2, 3, 3, 3)), ["a"], "2 filters need as many titles, got 1"),
    ],
)
def test_filters_that_are_no_pictures_are_refused(filters, titles, objection):
    with pytest.raises(ValueError, match=objection):
        plot.filters(filters, titles)
    assert plt.get_fignums() == []


# --- feature maps -----------------------------------------------------------------------------------------------------


def test_each_map_is_drawn_in_its_order_from_zero_to_its_own_highest_value():
    maps = rng.uniform(1, 5, (6, 4, 10))
    figure = plot.feature_maps(maps, [str(i) for i in range(10)], columns=4)
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (3, 4)
    assert [ax.get_title() for ax in figure.axes if ax.images] == [str(i) for i in range(10)]
    for i, image in enumerate(drawn(figure)):
        np.testing.assert_array_equal(image.get_array(), maps[..., i])
        assert image.get_clim() == (0, maps[..., i].max())


def test_negative_values_are_not_cut_off_and_a_silent_map_is_all_dark():
    maps = np.zeros((3, 3, 2))
    maps[..., 1] = -1
    maps[0, 0, 1] = 2
    silent, signed = drawn(plot.feature_maps(maps))
    assert signed.get_clim() == (-1, 2)
    np.testing.assert_array_equal(silent.to_rgba(silent.get_array()), np.broadcast_to(silent.cmap(0.0), (3, 3, 4)))


@pytest.mark.parametrize(
    ("shape", "objection"),
    [((1, 4, 4, 2), "those of one image"), ((4, 4, 0), "maps is empty"), ((0, 4, 2), "maps is empty")],
)
def test_maps_of_several_images_or_none_are_refused(shape, objection):
    with pytest.raises(ValueError, match=objection):
        plot.feature_maps(np.zeros(shape))


@pytest.mark.parametrize(
    "view",
    [lambda **how: plot.filters(np.ones((3, 2, 2)), **how), lambda **how: plot.feature_maps(np.ones((2, 2, 3)), **how)],
)
@pytest.mark.parametrize(
    ("how", "objection"),
    [
        ({"columns": 0}, "columns must be a whole number of at least 1, got 0"),
        ({"columns": -2}, "columns must be a whole number of at least 1, got -2"),
        ({"size": 0}, "size must be more than 0, and finite, got 0"),
    ],
)
def test_rows_of_nothing_and_pictures_that_take_no_room_are_refused(view, how, objection):
    with pytest.raises(ValueError, match=objection):
        view(**how)
    assert plt.get_fignums() == []


# --- heat maps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("image", [np.full((8, 6, 3), 51, np.uint8), np.full((8, 6, 1), 0.2), np.full((8, 6), 0.2)])
def test_a_coarse_map_covers_the_image_and_zero_is_clear(image):
    ax = plot.heatmap(image, [[0, 1], [-1, 0.5]])
    grey, heat = ax.images
    assert grey.get_extent() == heat.get_extent() == [-0.5, 5.5, 7.5, -0.5]
    np.testing.assert_allclose(grey.norm(grey.get_array()), 0.2, atol=1e-6)
    colours = np.asarray(heat.get_array())
    assert colours[0, 0, 3] == 0
    assert colours[0, 1, 3] == colours[1, 0, 3] > colours[1, 1, 3] > 0
    red, blue = colours[0, 1, [0, 2]]
    assert red > blue, "orange above zero"
    red, blue = colours[1, 0, [0, 2]]
    assert red < blue, "purple below"
    assert not ax.axison


def test_a_heat_map_is_drawn_where_it_is_told_to():
    figure, (left, right) = plt.subplots(1, 2)
    assert plot.heatmap(np.zeros((4, 4)), np.ones((2, 2)), left) is left
    assert not right.has_data()
    assert plt.get_fignums() == [figure.number]


def test_one_large_value_does_not_make_the_others_invisible_unless_asked_for():
    heat = np.ones((50, 50))
    heat[0, 0] = 1000
    assert np.asarray(plot.heatmap(np.zeros((50, 50)), heat).images[1].get_array())[..., 3].min() == 1
    assert np.asarray(plot.heatmap(np.zeros((50, 50)), heat, limit=1000).images[1].get_array())[1, 1, 3] < 0.1


def test_a_map_of_zeros_or_of_one_single_value_is_drawn():
    single = np.zeros((50, 50))
    single[3, 3] = 2
    assert not np.asarray(plot.heatmap(np.zeros((5, 5)), np.zeros((5, 5))).images[1].get_array())[..., 3].any()
    assert np.asarray(plot.heatmap(np.zeros((5, 5)), single).images[1].get_array())[3, 3, 3] == 1


@pytest.mark.parametrize(("image", "heat"), [((4, 4, 2), (4, 4)), ((4, 4), (1, 4, 4)), ((1, 4, 4, 3), (4, 4))])
def test_an_image_or_a_map_of_another_shape_is_refused(image, heat):
    with pytest.raises(ValueError, match="one image needs one map"):
        plot.heatmap(np.zeros(image), np.zeros(heat))


@pytest.mark.parametrize(
    ("image", "heat", "limit", "objection"),
    [
        ((4, 0), (4, 4), None, "image is empty"),
        ((4, 4), (0, 4), None, "heat is empty"),
        ((4, 4), (4, 4), 0, "limit must be more than 0, and finite, got 0"),
        ((4, 4), (4, 4), -1, "limit must be more than 0, and finite, got -1"),
    ],
)
def test_empty_arrays_and_a_scale_that_ends_at_zero_are_refused(image, heat, limit, objection):
    with pytest.raises(ValueError, match=objection):
        plot.heatmap(np.zeros(image), np.zeros(heat), limit=limit)
    assert plt.get_fignums() == []
