"""Comparing two models on the same examples, and one run with other seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from course_utils.evaluation import each_seed, over_seeds, paired_test, place


def answers(both, only_a, only_b, neither):
    """Right answers, and two models that agree with them so often."""
    y = np.zeros(both + only_a + only_b + neither)
    a = np.repeat([0, 0, 1, 1], [both, only_a, only_b, neither])
    b = np.repeat([0, 1, 0, 1], [both, only_a, only_b, neither])
    return y, a, b


COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 60), st.integers(0, 60), st.integers(0, 50)).filter(sum)


@given(COUNTS)
def test_the_counts_the_difference_and_mcnemars_p_are_right(counts):
    _, only_a, only_b, _ = counts
    found = paired_test(*answers(*counts))
    assert (found.n, found.only_a, found.only_b) == (sum(counts), only_a, only_b)
    assert found.difference == pytest.approx((only_a - only_b) / sum(counts))
    # The oracle: twice the smaller tail of fair coins, as McNemar's exact test is defined.
    tail = stats.binom.cdf(min(only_a, only_b), only_a + only_b, 0.5)
    assert found.p == pytest.approx(min(1, 2 * tail))
    assert found.low <= found.difference <= found.high


def test_the_interval_is_the_one_of_a_bootstrap_over_examples():
    y, a, b = answers(900, 60, 30, 10)
    gain = (a == y).astype(float) - (b == y)
    oracle = stats.bootstrap((gain,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(1))
    found = paired_test(y, a, b)
    assert (found.low, found.high) == pytest.approx(oracle.confidence_interval, abs=0.002)


@given(COUNTS)
def test_exchanging_the_models_turns_the_answer_round(counts):
    y, a, b = answers(*counts)
    there, back = paired_test(y, a, b), paired_test(y, b, a)
    assert (there.only_a, there.only_b, there.p) == (back.only_b, back.only_a, back.p)
    assert there.difference == -back.difference


def test_the_same_accuracy_can_be_noise_or_none():
    few = paired_test(*answers(900, 12, 2, 86))
    many = paired_test(*answers(780, 112, 102, 6))
    assert few.difference == pytest.approx(0.01)
    assert not few.within_noise
    assert str(few).endswith("a is better")
    assert many.within_noise
    assert str(many).endswith("within noise")


def test_two_models_that_never_differ_are_within_noise():
    found = paired_test(*answers(5, 0, 0, 5))
    assert (found.p, found.low, found.high) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "shapes", [[(3,), (3,), (4,)], [(3, 1), (3, 1), (3, 1)], [(0,), (0,), (0,)], [(3,), (3, 2), (3,)]]
)
def test_arrays_that_are_no_labels_of_the_same_examples_are_refused(shapes):
    with pytest.raises(ValueError, match=r"three arrays of n labels, got the shapes y \(.*argmax") as error:
        paired_test(*map(np.zeros, shapes))
    assert str(shapes[1]) in str(error.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.871, "0.871: 3rd of 10"),
        (0.88, "0.88: 1st of 10"),
        (0.9, "0.9: above all 10 (0.86 to 0.88)"),
        (0.86, "0.86: 10th of 10"),
        (0.8, "0.8: below all 10 (0.86 to 0.88)"),
    ],
)
def test_a_run_has_its_place_among_the_seeds(value, said):
    seeds = [0.88, 0.872, 0.87, 0.869, 0.868, 0.867, 0.866, 0.865, 0.864, 0.86]
    assert place(value, seeds) == said


@given(st.lists(st.floats(0, 1), min_size=1, max_size=130), st.data())
def test_a_seed_among_themselves_has_the_place_that_sorting_gives_it(seeds, data):
    value = data.draw(st.sampled_from(seeds))
    place_of_it = sorted(seeds, reverse=True).index(value) + 1
    assert f" {place_of_it}" in place(value, seeds)
    assert f" of {len(seeds)}" in place(value, seeds)


def test_several_seeds_are_told_as_median_range_and_number():
    assert over_seeds([0.9, 0.8, 0.85, 0.95]) == "0.875 (0.800–0.950, 4 seeds)"
    assert over_seeds([0.9], digits=1) == "0.9 (0.9–0.9, 1 seed)"


@pytest.mark.parametrize("ask", [over_seeds, lambda nothing: place(0.5, nothing)])
def test_no_seeds_at_all_are_refused(ask):
    with pytest.raises(ValueError, match="got no"):
        ask([])


def test_each_seed_is_called_once_in_order_with_the_same_options():
    assert each_seed(lambda seed, width: (seed, width), 3, width=20) == [(0, 20), (1, 20), (2, 20)]


def test_each_seed_trains_what_a_loop_trains():
    def draw(seed):
        return np.random.default_rng(seed).normal(size=3)

    np.testing.assert_array_equal(each_seed(draw, 4), [draw(seed) for seed in range(4)])


def test_no_seed_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one seed, got 0"):
        each_seed(lambda seed: seed, 0)
