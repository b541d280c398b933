"""The laboratory `attention-lab` in the built book."""

import re

import pytest

from tests import laboratories
from tests.laboratories import PLACES, recorded, said, wait_until

NAME = "attention-lab"
pytestmark = laboratories.lasting(NAME)


def weights_shown(element) -> list[float]:
    return [float(text) for text in element.locator(".card .share").all_inner_texts()]


def test_a_card_that_is_pressed_is_asked_for_and_the_head_looks_at_the_later_one(lab, base):
    element, seen = lab(NAME, "said=-&hand=K1B2C3K4B5D6C7D8&asked=B", base)
    assert said(element).startswith("B? The head looks most at B5")
    element.get_by_role("button", name=re.compile("^K 1, weight")).click()
    wait_until(element, "K? The head looks most at K4")
    assert said(element).endswith("Right is 4.")
    assert sum(weights_shown(element)) == pytest.approx(1, abs=0.05)
    assert weights_shown(element)[3] == max(weights_shown(element))
    pressed = element.locator("button[aria-pressed=true]")
    assert [text[:2] for text in pressed.all_inner_texts()] == ["K1", "K4"]
    assert seen.errors == []


def test_cards_are_asked_for_by_keys_and_the_key_stays_where_it_was(lab):
    element, _ = lab(NAME, "said=-&hand=K1B2C3K4B5D6C7D8&asked=B")
    element.get_by_role("button", name=re.compile("^D 6, weight")).focus()
    element.page.keyboard.press("Enter")
    wait_until(element, "D? The head looks most at D8")
    element.page.keyboard.press("Tab")
    element.page.keyboard.press("Space")
    wait_until(element, "C? The head looks most at C7")


def test_without_places_a_trained_head_guesses_between_two_cards(lab):
    element, _ = lab(NAME, "")
    element.get_by_role("button", name="Commit").click()
    assert element.locator(".verdict").inner_text().startswith("You said 0.50; measured was 0.55.")
    play = element.get_by_role("button", name="Play 2,000 games")

    def played() -> float:
        play.click()
        element.locator(".played", has_text="new games").wait_for(timeout=20_000)
        return float(re.search(r"games: ([\d.]+)", element.locator(".played").inner_text())[1])

    assert played() > 0.95
    element.get_by_label("cards tell where they lie").uncheck()
    element.locator(".played", has_not_text="games").wait_for(state="attached", timeout=5000)
    guessed = recorded(PLACES[NAME])["no_places"]
    assert played() == pytest.approx(guessed, abs=0.06)
    assert "As it was trained: 0.996" in element.locator(".played").inner_text()


def test_scores_that_are_divided_by_much_look_everywhere(lab):
    element, _ = lab(NAME, "said=-&network=cards")
    assert max(weights_shown(element)) > 0.6
    element.get_by_label("scores are divided by").select_option("1000")
    wait_until(element, "with a weight of 0.1")
    assert weights_shown(element) == pytest.approx([0.125] * 8, abs=0.011)
    assert element.get_by_label("cards tell where they lie").is_disabled()


def test_a_hand_of_ones_own_is_played_and_a_wrong_one_gets_a_sentence(lab):
    element, _ = lab(NAME, "said=-&network=cards&hand=A1B2C3D4E5F6G7H8&asked=Z")
    assert said(element).endswith("No card has the letter Z.")
    own = element.get_by_label("cards of your own")
    own.fill("K7 B2 X")
    own.press("Enter")
    element.locator("[role=alert]", has_text="“X” is no card").wait_for(timeout=5000)
    own.fill("k7 b2 c3 d4 e5 f6 g8 h9")
    own.press("Enter")
    wait_until(element, "H? The head looks most at H9")
    assert "Right is 9." in said(element)
    assert "# on K7 B2 C3 D4 E5 F6 G8 H9" in element.locator("pre").text_content()
    element.page.wait_for_timeout(500)
    before, address = said(element), element.page.url
    again, _ = lab(NAME, address.partition("?")[2])
    assert said(again) == before


def test_dealing_and_shuffling_change_what_lies_there(lab):
    element, _ = lab(NAME, "said=-")
    own = element.get_by_label("cards of your own")
    first = own.input_value()
    element.get_by_role("button", name="Shuffle these cards").click()
    element.page.wait_for_timeout(200)
    mixed = own.input_value()
    assert mixed != first
    assert sorted(mixed.split()) == sorted(first.split())
    element.get_by_role("button", name="Deal").click()
    element.page.wait_for_timeout(200)
    assert sorted(own.input_value().split()) != sorted(first.split())
