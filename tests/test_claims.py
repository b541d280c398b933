"""Comparisons in prose: what they may say, given what was recorded and how far seeds lie apart."""

import math

import pytest

from course_utils.chapters._claims import Term, claims, objections

TERMS = {
    "large_test": Term("large_test", 0.87, 0.02),
    "small_test": Term("small_test", 0.86, 0.005),
    "tree_test": Term("tree_test", 0.68, 0.0),
    "fast_seconds": Term("fast_seconds", 2.0, math.inf),
    "slow_seconds": Term("slow_seconds", 3.0, math.inf),
}


def look_up(name):
    if name not in TERMS:
        raise LookupError(f"nothing has recorded {name!r}")
    return TERMS[name]


@pytest.mark.parametrize(
    "claim",
    [
        "large_test > tree_test",
        "tree_test < small_test",
        "large_test ~ small_test",
        "0.9 > large_test > tree_test > 0.5",
        "fast_seconds < slow_seconds",
        "1,000 > slow_seconds",
    ],
)
def test_a_claim_that_the_records_bear_out_stands(claim):
    assert list(objections(claim, look_up)) == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("tree_test > large_test", "claims tree_test > large_test, but tree_test is 0.68 and large_test is 0.87"),
        ("large_test > small_test", "the tolerance is 0.02, wider than what they differ by"),
        ("large_test ~ tree_test", "differ within noise, but large_test is 0.87 and tree_test is 0.68"),
        ("large_test < tree_test < small_test", "claims large_test < tree_test"),
        ("large_test > 0.865", "wider than what they differ by"),
        ("slow_seconds < fast_seconds", "claims slow_seconds < fast_seconds"),
        ("large_test > nobody", "nothing has recorded 'nobody'"),
        ("large_test", "'large_test' is no claim"),
        ("large_test >", "is no claim"),
        ("large_test >= small_test", "is no claim"),
    ],
)
def test_a_claim_that_falls_is_told_why(claim, said):
    [objection] = objections(claim, look_up)
    assert said in objection


def test_claims_are_found_behind_sentences_and_not_in_code():
    text = "It wins<!--?a > b-->, by `<!--?c > d-->` far.<!--? e ~ f -->\n\n```\n<!--?g > h-->\n```\n0.9<!--=x:.1f-->\n"
    assert list(claims(text)) == ["a > b", "e ~ f"]
