"""A drawn computation shows the values, the slopes of its steps and the gradients that come back."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plot
from course_utils.autograd import Node
from course_utils.plot._page import NARROW

pytestmark = pytest.mark.usefixtures("paper")


@pytest.fixture
def chain():
    w = Node(0.5)
    z = 2 * w
    t = z.tanh()
    y = z + t
    return {"w": w, "z": z, "t": t, "y": y}


def texts(ax):
    """The middle of every text, in pixels from the lower left."""
    ax.figure.draw_without_rendering()
    boxes = {text.get_text(): text.get_window_extent() for text in ax.texts if text.get_text()}
    return {text: ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for text, box in boxes.items()}


def test_every_node_shows_its_value_and_every_arrow_the_slope_of_its_step(chain):
    ax = plot.computation(chain)
    assert set(texts(ax)) == {"w = 0.5", "z = 1", "t = 0.762", "y = 1.76", "× 2", "× 0.42", "× 1"}


def test_gradients_are_shown_once_they_are_known(chain):
    chain["y"].backward()
    shown = texts(plot.computation(chain))
    assert {"2.84", "1.42"} <= set(shown), "of w and of z"
    assert shown["2.84"][0] > shown["w = 0.5"][0]
    assert shown["2.84"][1] == pytest.approx(shown["w = 0.5"][1], abs=3)


def test_what_is_computed_later_stands_further_down(chain):
    shown = texts(plot.computation(dict(reversed(chain.items()))))
    heights = [shown[name][1] for name in ("w = 0.5", "z = 1", "t = 0.762", "y = 1.76")]
    assert np.diff(heights) == pytest.approx([heights[1] - heights[0]] * 3, abs=1)
    assert heights[0] > heights[1]


def test_two_beginnings_stand_beside_each_other():
    a, b = Node(1.0), Node(2.0)
    shown = texts(plot.computation({"a": a, "b": b, "c": a * b}))
    assert shown["a = 1"][1] == pytest.approx(shown["b = 2"][1], abs=1)
    assert shown["a = 1"][0] < shown["b = 2"][0]


def test_an_arrow_over_another_node_is_bent(chain):
    shown = texts(plot.computation(chain | {"y": Node(0.0, (chain["z"], lambda g: 7 * g), (chain["t"], lambda g: g))}))
    assert shown["× 7"][0] < shown["t = 0.762"][0] < shown["× 1"][0]


def test_a_phone_shows_a_long_computation_and_no_text_covers_another(chain):
    chain["loss"] = chain["y"] ** 2
    chain["loss"].backward()
    ax = plot.computation(chain)
    assert ax.figure.get_figwidth() <= NARROW
    ax.figure.draw_without_rendering()
    boxes = [(text.get_bbox_patch() or text).get_window_extent() for text in ax.texts if text.get_text()]
    assert len(boxes) == 15, "five nodes, five gradients and as many arrows"
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_it_draws_where_it_is_told(chain):
    _, ax = plt.subplots()
    assert plot.computation(chain, ax) is ax


def test_arrays_and_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"single numbers can be drawn, and 'W' has the shape \(2, 3\)"):
        plot.computation({"W": Node(np.ones((2, 3)))})
    with pytest.raises(ValueError, match="nothing to draw: names is empty"):
        plot.computation({})
