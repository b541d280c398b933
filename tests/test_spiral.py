"""The spiral follows its published rule, and the same seed gives the same points."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.data import _spiral, spiral
from course_utils.record import used


def by_the_rule(x1, x2):
    """The class of one point, in complex numbers: (z/|z|)³·e^(2i|z|) has the phase 3α + 2r."""
    z = complex(x1, x2)
    turned = (z / abs(z)) ** 3 * cmath.exp(2j * abs(z))
    total = turned.real + turned.imag
    distance = min(abs(total - cut) for cut in (-1.1, -0.6, 0.6, 1.1))
    return sum(total >= cut for cut in (-1.1, -0.6, 0.6, 1.1)), distance


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 200), seed=st.integers(0, 2**32))
def test_every_point_has_the_class_that_the_rule_gives_it(n, seed):
    X, y = spiral(n, seed)
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((n, 2), np.float64, (n,), np.int64)
    for point, label in zip(X, y, strict=True):
        expected, distance = by_the_rule(*point)
        assert label == expected or distance < 1e-9


@given(hnp.arrays(float, (1, 2), elements=st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3)))
def test_the_rule_holds_anywhere_in_the_plane(X):
    expected, distance = by_the_rule(*X[0])
    assert _spiral._band(X)[0] == expected or distance < 1e-9


@given(st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_points_and_another_seed_others(seed):
    (X, y), (again, y_again), (other, _) = spiral(50, seed), spiral(50, seed), spiral(50, seed + 1)
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, y_again)
    assert not np.array_equal(X, other)


def test_without_a_seed_the_points_are_new_each_time():
    assert not np.array_equal(spiral(50, None)[0], spiral(50, None)[0])


def test_the_points_are_standard_normal_and_all_five_classes_are_common():
    n = 200_000
    X, y = spiral(n, seed=3)
    error = 5 / math.sqrt(n)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=error)
    np.testing.assert_allclose(np.cov(X.T), np.eye(2), atol=2 * error)
    np.testing.assert_allclose((X**4).mean(axis=0), 3, atol=20 * error)
    assert np.bincount(y).min() / n > 0.1
    assert len(np.bincount(y)) == 5


@pytest.mark.parametrize("n", [0, -1, 1.0, 2.5, "800", None])
def test_a_number_of_points_that_is_none_is_refused_and_named(n):
    with pytest.raises(ValueError, match="whole number of at least 1, got ") as error:
        spiral(n)
    assert repr(n) in str(error.value)


def test_numpys_whole_numbers_count_too():
    assert len(spiral(np.int64(3))[0]) == 3


def test_its_use_is_noted_as_generated(bare_machine):
    spiral(1)
    assert used("data")["spiral"]["source"] == "generated"
