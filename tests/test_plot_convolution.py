"""The views of images and convolutions show the numbers they were given, where they belong."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from scipy import signal

from course_utils import plot

X = np.arange(20).reshape(4, 5)
KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
VIEWS = {
    "matrix": lambda ax: plot.matrix(X, ax),
    "response": lambda ax: plot.response(X - 10.0, ax),
    "convolution_steps": lambda ax: plot.convolution_steps(X, KERNEL, [0, 5], ax),
}


pytestmark = pytest.mark.usefixtures("paper")


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- what all views have in common ------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_draws_on_the_axes_it_is_given_and_opens_no_figure(view):
    figure, (left, right) = plt.subplots(1, 2)
    assert view(left) is left
    assert left.has_data()
    assert not right.has_data()
    assert plt.get_fignums() == [figure.number]
    figure.canvas.draw()


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_without_axes_opens_one_figure_of_its_own(view):
    ax = view(None)
    assert isinstance(ax, mpl.axes.Axes)
    assert plt.get_fignums() == [ax.figure.number]


# --- matrices ---------------------------------------------------------------------------------------------------------


def test_each_number_stands_in_its_square_and_rows_are_counted_downwards():
    ax = plot.matrix(X)
    assert {text.get_position(): text.get_text() for text in ax.texts} == {
        (column, row): str(X[row, column]) for row, column in np.ndindex(4, 5)
    }
    assert ax.yaxis_inverted()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("column", "row")
    np.testing.assert_array_equal(ax.images[0].get_array(), X)


def test_numbers_are_written_as_asked_with_a_real_minus():
    assert texts(plot.matrix([[-1.0, 1 / 3]], fmt=".2f")) == ["−1.00", "0.33"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 255))
def test_bytes_keep_their_grey_and_the_number_on_it_can_be_read(value):
    ax = plot.matrix(np.full((2, 2), value, np.uint8))
    [image] = ax.images
    np.testing.assert_allclose(image.to_rgba(image.get_array())[0, 0, :3], value / 255, atol=0.01)
    for text in ax.texts:
        assert abs(to_rgb(text.get_color())[0] - value / 255) >= 0.45
    plt.close("all")


def test_a_pixel_in_colour_shows_its_three_numbers():
    pixels = np.array([[[200, 10, 0], [255, 255, 255]]], np.uint8)
    ax = plot.matrix(pixels)
    assert texts(ax) == ["200\n10\n0", "255\n255\n255"]
    assert [text.get_color() for text in ax.texts] == ["white", "black"]
    np.testing.assert_array_equal(ax.images[0].get_array(), pixels)


def test_the_colours_end_where_one_asks_or_at_the_lowest_and_highest_number():
    assert plot.matrix(X).images[0].get_clim() == (0, 19)
    assert plot.matrix(X, limits=(-30, 30)).images[0].get_clim() == (-30, 30)


@pytest.mark.parametrize(
    ("values", "objection"),
    [
        (np.zeros(3), r"got \(3,\) float64"),
        (np.zeros((2, 2, 3)), r"\(height, width, 3\) as uint8, got \(2, 2, 3\) float64"),
        (np.zeros((2, 2, 4), np.uint8), r"got \(2, 2, 4\) uint8"),
        (np.zeros((0, 2)), r"values is empty, it has the shape \(0, 2\)"),
    ],
)
def test_what_is_neither_matrix_nor_pixels_is_refused(values, objection):
    with pytest.raises(ValueError, match=objection):
        plot.matrix(values)
    assert plt.get_fignums() == []


# --- feature maps -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 1)])
def test_zero_is_nearly_white_and_the_two_signs_have_two_colours(shape):
    values = np.zeros(shape)
    values[0, 0], values[2, 3] = -4, 2
    ax = plot.response(values)
    [image] = ax.images
    assert image.get_clim() == (-4, 4)
    negative, zero, positive = (image.to_rgba([[value]])[0, 0, :3] for value in (-4.0, 0.0, 4.0))
    assert np.all(zero > 0.95)
    assert negative[2] > negative[0], "purple"
    assert positive[0] > positive[2], "orange"
    np.testing.assert_array_equal(image.get_array(), values.reshape(3, 4))


def test_a_scale_stands_beside_the_map_and_ends_where_one_asks():
    ax = plot.response(X, limit=5)
    assert ax.images[0].get_clim() == (-5, 5)
    _, scale = ax.figure.axes
    assert scale.get_ylim() == (-5, 5)


def test_a_map_of_zeros_is_drawn_too():
    plot.response(np.zeros((2, 2))).figure.canvas.draw()


@pytest.mark.parametrize("shape", [(3,), (3, 4, 2), (1, 3, 4, 1)])
def test_several_maps_at_once_are_refused(shape):
    with pytest.raises(ValueError, match=r"one feature map, \(height, width\), got .*choose one channel"):
        plot.response(np.zeros(shape))
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("values", "limit", "objection"),
    [
        (np.zeros((2, 0)), None, r"values is empty, it has the shape \(2, 0\)"),
        (X, 0, "limit must be more than 0, and finite, got 0"),
        (X, -1, "limit must be more than 0, and finite, got -1"),
    ],
)
def test_an_empty_map_and_a_scale_that_ends_at_zero_are_refused(values, limit, objection):
    with pytest.raises(ValueError, match=objection):
        plot.response(values, limit=limit)
    assert plt.get_fignums() == []


# --- steps ------------------------------------------------------------------------------------------------------------


def at(ax, left, top, width, height):
    """Read the numbers of a table of cells that begins at a place of the drawing; None where a cell is empty."""
    shown = {tuple(np.round(text.get_position(), 6)): text.get_text() for text in ax.texts}
    return [
        [shown.get((round(left + column + 0.5, 6), round(top + row + 0.5, 6))) for column in range(width)]
        for row in range(height)
    ]


def as_text(values):
    return [[f"{value:g}".replace("-", "−") for value in row] for row in values]


def test_a_step_shows_input_kernel_sum_and_the_output_so_far():
    ax = plot.convolution_steps(X, KERNEL, [4])
    Y = signal.correlate2d(X, KERNEL, "valid")
    assert at(ax, 0, 0, 5, 4) == as_text(X)
    assert at(ax, 6.2, 0.5, 3, 3) == as_text(KERNEL)
    assert at(ax, 10.4, 1, 3, 2) == [as_text(Y)[0], [*as_text(Y)[1][:2], None]]
    assert "step 5 of 6:   −1·6 + 1·8 − 2·11 + 2·13 − 1·16 + 1·18 = 8" in texts(ax)
    assert {"input", "kernel", "output", "sum"} <= set(texts(ax))


def test_a_step_does_not_read_as_a_product_of_matrices():
    assert not {"×", "*", "="} & set(texts(plot.convolution_steps(X, KERNEL, [0])))


def test_dotted_lines_lead_from_the_window_to_the_kernel():
    ax = plot.convolution_steps(X, KERNEL, [5])
    lines = [line for line in ax.lines if line.get_linestyle() == ":"]
    ends = [list(zip(*map(list, line.get_data()), strict=True)) for line in lines]
    np.testing.assert_allclose(ends, [[(5, 1), (6.2, 0.5)], [(5, 4), (6.2, 3.5)]])


def windows(ax):
    """The orange frames: left, top, width, height."""
    frames = [patch for patch in ax.patches if not patch.get_fill()]
    return [(*frame.get_xy(), frame.get_width(), frame.get_height()) for frame in frames]


@pytest.mark.parametrize(
    ("options", "step", "window", "cell"),
    [
        ({}, 0, (0, 0, 3, 3), (10.4, 1)),
        ({}, 5, (2, 1, 3, 3), (12.4, 2)),
        ({"stride": 2}, 1, (2, 0, 3, 3), (11.4, 1.5)),  # one row of two places
        ({"padding": "same"}, 0, (0, 0, 3, 3), (12.4, 1)),
        ({"padding": "same"}, 19, (4, 3, 3, 3), (16.4, 4)),
    ],
)
def test_the_frame_lies_on_the_window_and_on_the_number_that_it_gives(options, step, window, cell):
    drawn = windows(plot.convolution_steps(X, KERNEL, [step], **options))
    assert drawn[0] == pytest.approx(window)
    assert drawn[2] == pytest.approx((*cell, 1, 1))


def test_each_step_has_a_row_of_its_own_below_the_one_before():
    tops = [top for left, top, width, _ in windows(plot.convolution_steps(X, KERNEL, [0, 1, 2])) if left < 5]
    np.testing.assert_allclose(tops, [0, 5.5, 11])


def test_zeros_of_the_padding_are_grey_and_stand_around_the_input():
    ax = plot.convolution_steps(X, KERNEL, [7], padding="same")
    assert at(ax, 0, 0, 7, 6) == as_text(np.pad(X, 1))
    colours = {text.get_position(): text.get_color() for text in ax.texts}
    assert colours[(0.5, 0.5)] != colours[(1.5, 1.5)] == "black"


def test_a_sum_that_begins_with_a_positive_weight_has_no_sign_in_front():
    assert "step 1 of 20:   2·0 = 0" in texts(plot.convolution_steps(X, [[2]], [0]))


@pytest.mark.parametrize(
    ("image", "kernel", "steps", "objection"),
    [
        (X, KERNEL, [6], r"steps must be numbers from 0 to 5, got \[6\]"),
        (X, KERNEL, [-1], r"got \[-1\]"),
        (X, KERNEL, [], r"got \[\]"),
        (X[..., np.newaxis], KERNEL, [0], r"must be matrices.*got \(4, 5, 1\) and \(3, 3\)"),
        (X, KERNEL[..., np.newaxis], [0], r"got \(4, 5\) and \(3, 3, 1\)"),
        (X[:2], KERNEL, [0], "does not fit into 2"),
        (X[:0], KERNEL, [0], "of at least 1, got 0"),
        (X, KERNEL[:, :0], [0], "of at least 1, got 0"),
    ],
)
def test_steps_that_do_not_exist_are_refused(image, kernel, steps, objection):
    with pytest.raises(ValueError, match=objection):
        plot.convolution_steps(image, kernel, steps)
    assert plt.get_fignums() == []
