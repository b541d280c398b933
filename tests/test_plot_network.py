"""The view of a whole network shows every layer's numbers in their order, on scales that can be compared."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plot

IMAGE = np.linspace(0, 1, 36).reshape(6, 6, 1)
MAPS = np.linspace(-3, 2, 64).reshape(4, 4, 4)
PEAKS = np.array([0.0, 2, 1])
ANSWER = np.array([0.1, 0.7, 0.2])
LABELS = ["image", "maps", "peaks", "answer"]


pytestmark = pytest.mark.usefixtures("paper")


def drawn(figure):
    """Maps and rows of numbers as they were drawn, from top to bottom and from left to right."""
    axes = [ax for ax in figure.axes if ax.images]
    axes.sort(key=lambda ax: (-round(ax.get_position().y0 + ax.get_position().height / 2, 3), ax.get_position().x0))
    return [ax.images[0] for ax in axes]


def test_each_layer_has_a_row_with_its_label_and_its_first_maps():
    figure = plot.layer_by_layer([IMAGE, MAPS, PEAKS, ANSWER], LABELS, maps=3, title="From image to class")
    expected = [IMAGE[..., 0], *(MAPS[..., channel] for channel in range(3)), PEAKS[np.newaxis]]
    for image, values in zip(drawn(figure), expected, strict=True):
        np.testing.assert_array_equal(image.get_array(), values)
    assert {text.get_text() for text in figure.texts} == {*LABELS, "From image to class"}
    heights = [next(text for text in figure.texts if text.get_text() == label).get_position()[1] for label in LABELS]
    assert heights == sorted(heights, reverse=True)
    figure.canvas.draw()


def test_the_maps_of_a_layer_share_one_scale_and_the_two_signs_have_two_colours():
    image, *maps, peaks = drawn(plot.layer_by_layer([IMAGE, MAPS, PEAKS, ANSWER], LABELS))
    assert {map_.get_clim() for map_ in maps} == {(-3, 3)}
    assert {map_.get_cmap().name for map_ in maps} == {"PuOr_r"}
    assert (image.get_clim(), peaks.get_clim()) == ((0, 1), (0, 2))
    assert image.get_cmap().name == "viridis"


def test_the_answer_is_a_bar_for_each_class():
    figure = plot.layer_by_layer([IMAGE, ANSWER], ["image", "answer"])
    [bars] = [ax.patches for ax in figure.axes if ax.patches]
    np.testing.assert_allclose([bar.get_height() for bar in bars], ANSWER)


def test_a_layer_of_zeros_is_drawn_too():
    plot.layer_by_layer([IMAGE * 0, ANSWER], ["image", "answer"]).canvas.draw()


@pytest.mark.parametrize(
    ("outputs", "labels", "options", "objection"),
    [
        ([], [], {}, "0 outputs need as many labels, at least one, got 0"),
        ([IMAGE, ANSWER], ["image"], {}, "2 outputs need as many labels, at least one, got 1"),
        ([IMAGE[np.newaxis], ANSWER], ["a", "b"], {}, r"got \(1, 6, 6, 1\): leave out the batch axis"),
        ([IMAGE, ANSWER[:0]], ["a", "b"], {}, "an output is empty"),
        ([IMAGE, MAPS], ["a", "b"], {}, r"the last output must be one row of numbers, \(n,\), got \(4, 4, 4\)"),
        ([IMAGE, ANSWER], ["a", "b"], {"maps": 0}, "maps must be a whole number of at least 1, got 0"),
    ],
)
def test_what_is_no_row_of_layers_is_refused(outputs, labels, options, objection):
    with pytest.raises(ValueError, match=objection):
        plot.layer_by_layer(outputs, labels, **options)
    assert plt.get_fignums() == []
