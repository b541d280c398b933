"""A trade-off shows every network where its cost and its accuracy put it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from course_utils import plot

NETWORKS = {"dense": (18_049_025, 0.5), "biggest": (21_123_457, 0.66), "small": (190_833, 0.86)}


pytestmark = pytest.mark.usefixtures("paper")


def points(ax):
    return np.vstack([dots.get_offsets() for dots in ax.collections])


def test_every_network_stands_where_its_cost_and_accuracy_put_it_under_its_name():
    ax = plot.trade_off(NETWORKS)
    np.testing.assert_allclose(points(ax), list(NETWORKS.values()))
    assert {note.get_text(): note.xy for note in ax.texts} == NETWORKS


def test_it_draws_on_the_axes_it_is_given_and_opens_no_figure():
    figure, (left, right) = plt.subplots(1, 2)
    assert plot.trade_off(NETWORKS, left) is left
    assert not right.has_data()
    assert plt.get_fignums() == [figure.number]


def test_a_highlighted_network_differs_in_colour_and_in_shape():
    ax = plot.trade_off(NETWORKS, highlight=["small"])
    colours = [to_hex(dots.get_facecolor()[0]) for dots in ax.collections]
    shapes = [dots.get_paths()[0].vertices.shape for dots in ax.collections]
    assert colours[0] == colours[1] != colours[2]
    assert shapes[0] == shapes[1] != shapes[2]


def test_a_name_does_not_run_through_the_point_of_another_network():
    ax = plot.trade_off({"first of two": (8e6, 0.65), "second": (2e7, 0.652), "small": (2e5, 0.86)})
    ax.figure.canvas.draw()
    boxes = [note.get_window_extent() for note in ax.texts]
    places = ax.transData.transform(points(ax))
    assert not any(box.contains(*place) for box in boxes for place in places)


def test_labels_replace_the_default_ones():
    ax = plot.trade_off(NETWORKS, title="Small wins", xlabel="parameters")
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("Small wins", "parameters", "accuracy")


def test_ticks_count_in_thousands_and_millions():
    ax = plot.trade_off({"one": (5, 0.5), "two": (2e7, 0.6)})
    ax.figure.canvas.draw()
    ticks = {label.get_text() for label in ax.get_xticklabels()}
    assert {"10", "1 k", "1 M"} <= ticks


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(1e-3, 1e9), st.floats(0, 1)), min_size=1, max_size=5))
def test_no_network_lies_outside_the_axes(pairs):
    ax = plot.trade_off({f"network {i}": pair for i, pair in enumerate(pairs)})
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    x, y = points(ax).T
    assert np.all((left < x) & (x < right) & (bottom < y) & (y < top))
    plt.close("all")


@pytest.mark.parametrize("cost", [0, -1, float("nan")])
def test_a_cost_that_has_no_logarithm_is_named(cost):
    with pytest.raises(ValueError, match="'free' costs"):
        plot.trade_off({"free": (cost, 0.5)})


def test_nothing_to_compare_is_an_error():
    with pytest.raises(ValueError, match="networks is empty"):
        plot.trade_off({})


def test_a_highlighted_name_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"'smal'.*dense, biggest, small"):
        plot.trade_off(NETWORKS, highlight=["smal"])
