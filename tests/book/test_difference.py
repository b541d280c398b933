"""A difference names what goes and what comes, and leads from one program to the other."""

import book_difference
from hypothesis import given
from hypothesis import strategies as st

LINES = st.lists(st.sampled_from(["import keras", "model.fit(X, y)", "y = y - 1", "X = X / 255", ""]), max_size=12)


def kinds(before, after):
    return list(book_difference.difference(before, after))


def test_a_changed_line_is_shown_as_taken_out_and_written_with_a_line_around_it():
    before = ["a", "b", "c", "d", "e"]
    after = ["a", "b", "C", "d", "e"]
    assert kinds(before, after) == [("unchanged", ["b"]), ("removed", ["c"]), ("added", ["C"]), ("unchanged", ["d"])]


def test_what_lies_between_two_changes_is_left_out():
    found = kinds(list("abcdefg"), list("Abcdefg!"))
    assert ("unchanged", ["…"]) in found
    assert ("added", ["!"]) in found


@given(LINES, LINES)
def test_nothing_that_differs_is_left_out(before, after):
    found = kinds(before, after)
    removed = [line for kind, lines in found if kind == "removed" for line in lines]
    added = [line for kind, lines in found if kind == "added" for line in lines]
    assert len(after) - len(before) == len(added) - len(removed)
    assert bool(found) == (before != after)
    rest_before, rest_after = list(before), list(after)
    for line in removed:
        rest_before.remove(line)
    for line in added:
        rest_after.remove(line)
    assert sorted(rest_before) == sorted(rest_after)
