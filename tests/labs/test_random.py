"""What laboratories draw at random is what NumPy draws."""

import numpy as np
import pytest

from course_utils.data import spiral

DRAW = """
import { random } from "./shared/random.mjs";
const draws = random(told.seed);
tell({ first: [...Array(3)].map(draws.uniform), normal: [...Array(told.n)].map(draws.normal), order: draws.order(50) });
"""
SPIRAL = """
import { spiral } from "./spiral-lab/points.mjs";
tell(spiral(told.n, told.seed));
"""


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**32 - 1])
def test_numbers_are_those_of_numpy_even_where_they_are_rare(javascript, seed):
    n = 100_000  # some 20 of them lie in the tail, and 1,000 near the edge of a layer
    found = javascript(DRAW, seed=seed, n=n)
    rng = np.random.default_rng(seed)
    np.testing.assert_array_equal(found["first"], rng.random(3))
    expected = rng.standard_normal(n)
    assert np.abs(expected).max() > 3.66
    np.testing.assert_allclose(found["normal"], expected, rtol=1e-12)
    np.testing.assert_array_equal(found["order"], rng.random(50).argsort())


@pytest.mark.parametrize(("n", "seed"), [(800, 0), (2000, 100), (5000, 9999)])
def test_the_points_are_those_of_the_chapters(javascript, n, seed):
    found, (X, y) = javascript(SPIRAL, n=n, seed=seed), spiral(n, seed)
    np.testing.assert_allclose(np.reshape(found["X"], (n, 2)), X, rtol=1e-12)
    np.testing.assert_array_equal(found["y"], y)
