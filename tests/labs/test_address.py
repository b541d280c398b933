"""The state of a laboratory, as an address tells it."""

import pytest

PARSED = """
import { parsed } from "./shared/address.mjs";
tell(parsed(told.text, { layers: "20", rate: 0.01, falling: false, seed: 0 }));
"""


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("layers=64-64&rate=0.1&falling=1", {"layers": "64-64", "rate": 0.1, "falling": True}),
        ("falling=0", {"falling": False}),
        ("rate=fast&seed=", {"rate": 0.01, "seed": 0}),  # no numbers: as at the beginning
        ("toString=1&unknown=2", {}),
        ("", {}),
    ],
)
def test_a_state_is_read_with_the_types_of_its_beginning(javascript, text, state):
    assert javascript(PARSED, text=text) == state
