"""A change acts from its day on and not before: on sliders, after a reset, on another seed, and in another setup."""

from dataclasses import replace

import pytest

from app.address import Setup, load
from app.panels.side import turned
from app.session import Session
from app.sliders import sliders
from app.state import ENDED, OVER, PAUSED
from tests.waiting import until

FEE = "amm.fee_bps"
LATER = Setup("smoke", 3, 4, ((FEE, 150),), ((2, FEE, 200), (8, FEE, 500)))


def fee(setup):
    return next(slider for slider in sliders(load(setup.scenario), setup) if slider.path == FEE)


@pytest.fixture
def session():
    found = Session()
    yield found
    found.close()


def opened(session, setup):
    session.open(setup)
    until(lambda: session.state.phase in (PAUSED, ENDED))
    return session


@pytest.mark.parametrize(("tick", "value"), [(0, 150), (1, 150), (2, 200), (7, 200), (8, 500), (20, 500)])
def test_a_slider_stands_where_the_next_tick_finds_the_parameter(tick, value):
    assert LATER.at(tick).in_force() == {FEE: value}
    assert fee(LATER.at(tick)).value == value / 100


def test_changes_count_by_their_ticks_and_not_by_the_order_they_were_made_in():
    made = replace(LATER, changes=((8, FEE, 500),)).at(4).changed({FEE: 300})
    assert made.changes == ((4, FEE, 300), (8, FEE, 500))
    assert made.in_force() == {FEE: 300} and made.at(9).in_force() == {FEE: 500}
    late = replace(LATER, changes=((8, FEE, 500), (4, FEE, 300)))
    assert late.at(9).in_force() == {FEE: 500}


@pytest.mark.parametrize("again", [Session.reset, lambda session: session.restart(seed=5)])
def test_a_run_that_begins_anew_keeps_what_is_still_to_come(session, again):
    opened(session, LATER)
    again(session)
    until(lambda: session.state.phase == PAUSED and session.state.frame["tick"] == 1)
    setup = session.state.setups[0]
    assert setup.settings == ((FEE, 200),) and setup.changes == ((8, FEE, 500),)
    assert session._runs[0].market.mechanisms["amm"].params.fee_bps == 200
    session.step(8)
    until(lambda: session.state.frame["tick"] == 9)
    assert session._runs[0].market.mechanisms["amm"].params.fee_bps == 500
    assert fee(session.state.setups[0]).value == 5.0


def test_a_side_that_is_turned_keeps_what_is_still_to_come():
    wide = turned(LATER, fee(LATER)._replace(path="power.level", factor=1.0, integer=False), 2.0)
    assert dict(wide.settings) == {FEE: 200, "power.level": 2.0} and wide.changes == ((8, FEE, 500),)


def test_a_slider_moved_on_the_way_waits_until_the_run_is_there(session):
    session.open(Setup("smoke", 3, 12))
    assert session.state.busy
    session.change(FEE, 300)
    assert session.pending == {FEE: 300}
    until(lambda: session.state.phase == PAUSED)
    session.step()
    until(lambda: session.state.frame["tick"] == 13)
    assert session.state.setups[0].changes == ((12, FEE, 300),) and not session.pending


def test_a_slider_moved_on_the_way_to_the_end_is_answered(session):
    session.open(Setup("smoke", 3, 30))
    session.change(FEE, 300)
    until(lambda: session.state.phase == ENDED)
    assert session.state.message == OVER and not session.pending


def test_a_link_to_where_a_run_has_been_lets_it_go_on(session):
    opened(session, LATER)
    for setup, there in ((LATER, True), (LATER.at(2), True), (LATER.at(6), False), (replace(LATER, seed=4), False)):
        assert session.state.leads_to(setup) == there
