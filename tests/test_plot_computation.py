"""A drawn computation shows the values, the slopes of its steps and the gradients that come back."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plot
from course_utils.autograd import Node


@pytest.fixture(autouse=True)
def paper(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("plt.show was called"))
    with plt.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        style = mpl.rcParams.copy()
        yield
        assert mpl.rcParams == style
        plt.close("all")


@pytest.fixture
def chain():
    w = Node(0.5)
    z = 2 * w
    t = z.tanh()
    y = z + t
    return {"w": w, "z": z, "t": t, "y": y}


def texts(ax):
    return {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}


def test_every_node_shows_its_value_and_every_arrow_the_slope_of_its_step(chain):
    ax = plot.computation(chain)
    assert set(texts(ax)) == {"w\n0.5", "z\n1", "t\n0.762", "y\n1.76", "× 2", "× 0.42", "× 1"}


def test_gradients_are_shown_once_they_are_known(chain):
    chain["y"].backward()
    shown = texts(plot.computation(chain))
    assert {"2.84", "1.42"} <= set(shown), "of w and of z"
    assert shown["2.84"][1] < shown["w\n0.5"][1]


def test_what_is_computed_later_stands_further_right(chain):
    shown = texts(plot.computation(dict(reversed(chain.items()))))
    assert [shown[name][0] for name in ("w\n0.5", "z\n1", "t\n0.762", "y\n1.76")] == [0, 1, 2, 3]


def test_two_beginnings_stand_above_each_other():
    a, b = Node(1.0), Node(2.0)
    shown = texts(plot.computation({"a": a, "b": b, "c": a * b}))
    assert shown["a\n1"][0] == shown["b\n2"][0]
    assert shown["a\n1"][1] != shown["b\n2"][1]


def test_an_arrow_over_another_node_is_bent(chain):
    shown = texts(plot.computation(chain | {"y": Node(0.0, (chain["z"], lambda g: 7 * g), (chain["t"], lambda g: g))}))
    assert shown["× 7"][1] > shown["× 1"][1]


def test_it_draws_where_it_is_told(chain):
    _, ax = plt.subplots()
    assert plot.computation(chain, ax) is ax


def test_arrays_and_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"single numbers can be drawn, and 'W' has the shape \(2, 3\)"):
        plot.computation({"W": Node(np.ones((2, 3)))})
    with pytest.raises(ValueError, match="nothing to draw: names is empty"):
        plot.computation({})
