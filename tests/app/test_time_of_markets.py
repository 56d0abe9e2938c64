"""Play, pause, step, reset, speed, seed and scenario: one answer to the box of buttons, for one market and for two."""

from types import SimpleNamespace

import pytest

from app.panels.controls import acting
from app.state import SPEEDS


@pytest.fixture
def heard():
    """A session that notes what it is told, and the list of notes."""
    notes = []

    def note(word):
        return lambda *values, **named: notes.append((word, *values, *named.values()))

    words = ("play", "pause", "step", "reset", "set_speed", "restart", "open")
    return SimpleNamespace(**{word: note(word) for word in words}), notes


@pytest.mark.parametrize("wish", ["play", "pause", "step", "reset"])
def test_a_plain_wish(heard, wish):
    session, notes = heard
    acting(session, notes.append, notes.append)({"wish": wish})
    assert notes == [(wish,)]


def test_speed_and_seed(heard):
    session, notes = heard
    act, word = acting(session, notes.append, lambda said: notes.append(f"said {said[:4]}")), next(iter(SPEEDS))
    for given in ({"wish": "speed", "value": word}, {"wish": "seed", "value": " 7 "}, {"wish": "seed", "value": "-1"}):
        act(given)
    assert notes == [word, ("set_speed", SPEEDS[word]), "said ", ("restart", 7), "said seed"]


@pytest.mark.parametrize("given", [None, [], "play", {}, {"wish": "speed", "value": "x"}, {"wish": "open"}])
def test_what_is_no_wish_is_not_heard(heard, given):
    session, notes = heard
    acting(session, notes.append, notes.append)(given)
    assert not notes


def test_a_scenario_is_chosen_only_where_there_is_one_to_choose(heard):
    session, notes = heard
    wish = {"wish": "scenario", "value": "smoke"}
    acting(session, notes.append, notes.append)(wish)
    assert not notes
    acting(session, notes.append, notes.append, notes.append)(wish)
    assert notes == ["smoke"]
