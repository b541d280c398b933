"""What <attention-lab> computes is what Keras computes, and its networks are those that its own program makes."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils.record import digest_arrays

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "book"), str(ROOT / "book" / "_ext")]

import book_lab_data  # noqa: E402
import record_heads  # noqa: E402

pytestmark = pytest.mark.lasting("book/labs")

STORED = book_lab_data.data()["heads"]
LOOK = """
import { cut, look, stored } from "./attention-lab/attention.mjs";
const net = told.weights ? cut(Float64Array.from(told.weights)) : stored(told.address);
tell(told.hands.map((hand) => look(net, hand.slice(0, 8), hand[8][0], told.options ?? {})));
"""
PLAY = """
import { play, stored } from "./attention-lab/attention.mjs";
tell(told.options.map((each) => play(stored(told.address), told.pairs, each, told.n, 5)));
"""
DEAL = """
import { counts, deal, shuffled, written, read } from "./attention-lab/attention.mjs";
import { random } from "./shared/random.mjs";
const rng = random(3);
tell(Array.from({ length: 200 }, (_, i) => {
  const { hand, asked } = deal(rng, told.pairs);
  return { hand, asked, place: counts(hand, asked), mixed: shuffled(hand, i), again: read(written(hand)) };
}));
"""
READ = """
import { read, written } from "./attention-lab/attention.mjs";
const said = (text) => { try { return written(read(text)); } catch (error) { return error.message; } };
tell(told.texts.map(said));
"""


def arrays(name):
    with np.load(record_heads.FOLDER / f"{name}.npz") as stored:
        return {part: values.astype(float) for part, values in stored.items()}


def looked(net, hands, divisor=32**0.5, places=True):
    """The chapter's lines of NumPy."""
    x = net["letter"][hands[..., 0]] + net["digit"][hands[..., 1]]
    x = x + net["place"] if places and "place" in net else x
    query = x[:, -1:] @ net["query"] + net["queryBias"]
    key, value = (x[:, :-1] @ net[part] + net[f"{part}Bias"] for part in ("key", "value"))
    scores = query @ np.swapaxes(key, 1, 2) / divisor
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    z = (weights @ value @ net["mix"] + net["mixBias"]) @ net["answer"] + net["answerBias"]
    proba = np.exp(z - z.max(axis=-1, keepdims=True))
    return scores[:, 0], weights[:, 0], (proba / proba.sum(axis=-1, keepdims=True))[:, 0]


def some_hands(n=50):
    rng = np.random.default_rng(1)
    letters, digits = rng.integers(0, 26, (n, 9)), rng.integers(0, 10, (n, 9))
    digits[:, 8] = 10
    return np.stack([letters, digits], axis=-1)


@pytest.mark.parametrize("name", record_heads.GAMES)
@pytest.mark.parametrize("options", [{}, {"divisor": 1, "places": False}, {"divisor": 1000}])
def test_scores_weights_and_answers_are_those_of_the_chapters_lines(javascript, name, options):
    hands = some_hands()
    told = javascript(LOOK, address=STORED[name]["weights"], hands=hands.tolist(), options=options)
    for part, expected in zip(("scores", "weights", "proba"), looked(arrays(name), hands, **options), strict=True):
        np.testing.assert_allclose([each[part] for each in told], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", record_heads.GAMES)
def test_the_program_that_is_shown_makes_such_a_network_and_keras_answers_as_the_page(javascript, name):
    names = {}
    exec(compile(record_heads.program(name, hands=400), "<program>", "exec"), names)
    found = record_heads.arrays(names["model"])
    assert {part: values.shape for part, values in found.items()} == {k: v.shape for k, v in arrays(name).items()}
    exact = np.concatenate([values.ravel() for values in found.values()])
    hands = some_hands(20)
    told = javascript(LOOK, weights=exact.tolist(), hands=hands.tolist())
    weights, proba = names["inner"].predict(hands, verbose=0)
    np.testing.assert_allclose([each["weights"] for each in told], weights[:, 0, 0], atol=1e-5)
    np.testing.assert_allclose([each["proba"] for each in told], proba, atol=1e-5)


@pytest.mark.parametrize("name", record_heads.GAMES)
def test_what_is_stored_is_what_the_script_recorded_and_plays_as_well(javascript, name):
    told = json.loads((record_heads.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    with np.load(record_heads.FOLDER / f"{name}.npz") as stored:
        assert digest_arrays(*stored.values()) == told["digest"]
    assert {what: told[what] for what in ("pairs", "places")} == record_heads.GAMES[name]
    (played,) = javascript(PLAY, address=STORED[name]["weights"], pairs=told["pairs"], options=[{}], n=3000)
    assert played["right"] == pytest.approx(told["right"], abs=4 * (0.25 / 3000) ** 0.5)


def test_what_makes_the_difference_can_be_taken_away(javascript):
    whole, blind, undivided, flat = javascript(
        PLAY,
        address=STORED["later"]["weights"],
        pairs=True,
        options=[{}, {"places": False}, {"divisor": 1}, {"divisor": 1e9}],
        n=2000,
    )
    assert whole["right"] > 0.9
    assert blind["right"] == pytest.approx(0.55, abs=0.06)  # a guess between two cards
    assert undivided["weight"] > whole["weight"]
    assert flat["weight"] == pytest.approx(1 / 8)


@pytest.mark.parametrize("pairs", [False, True])
def test_deals_are_hands_of_the_game(javascript, pairs):
    asked, digits = set(), set()
    for deal in javascript(DEAL, pairs=pairs):
        letters = [letter for letter, _ in deal["hand"]]
        assert sorted(map(letters.count, set(letters))) == ([2] * 4 if pairs else [1] * 8)
        assert deal["asked"] in letters
        assert deal["place"] == 7 - letters[::-1].index(deal["asked"])
        assert sorted(deal["mixed"]) == sorted(deal["hand"])
        assert deal["again"] == deal["hand"]
        asked.add(deal["asked"])
        digits |= {digit for _, digit in deal["hand"]}
    assert len(asked) == 26
    assert digits == set(range(10))


def test_a_hand_that_cannot_be_read_is_answered_with_a_sentence(javascript):
    texts = [
        "k7 b2,c3 d4 e5 f6 g7 h8",
        "K7B2C3D4E5F6G7H8",
        "K7 B2",
        "K7 B2 C3 D4 E5 F6 G7 77",
        "K72 B2 C3 D4 E5 F6 G7 H8",
        "",
    ]
    first, second, *wrong = javascript(READ, texts=texts)
    assert first == second == "K7B2C3D4E5F6G7H8"
    assert wrong[0] == "There are 2 cards; this network knows hands of 8."
    assert wrong[1] == "“77” is no card: a card is a letter from A to Z and a digit, such as K7."
    assert wrong[2].startswith("“K72” is no card")
    assert wrong[3] == "There are 0 cards; this network knows hands of 8."
