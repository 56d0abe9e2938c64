"""What a student asks of a market that cannot have it: a sentence, and a way on."""

import pytest

from app.address import Setup
from app.session import Session
from app.state import FAILED, PAUSED
from tests.waiting import until

START = Setup("credit_baseline", 1, 5, (("agents", 200),))


@pytest.fixture
def session():
    found = Session()
    found.open(START)
    until(lambda: found.state.phase == PAUSED)
    yield found
    found.close()


def test_a_slider_brings_a_market_back_that_could_not_be_built(session):
    session.change("lending.loan_to_value", 0.79)  # above the threshold
    session.restart({"agents": 250})
    until(lambda: session.state.phase == FAILED)
    assert "lending" in session.state.message
    session.change("lending.loan_to_value", 0.4)
    until(lambda: session.state.phase == PAUSED)
    assert dict(session.state.setups[0].settings) == {"agents": 250, "lending.loan_to_value": 0.4}


def test_what_is_valid_is_kept_and_what_is_refused_is_named_as_its_slider_is(session):
    session.change("lending.loan_to_value", 0.79)
    session.change("lending.bonus", 0.2)
    session.step()
    until(lambda: session.state.message)
    assert session.state.message.startswith("Most that is lent on collateral stays as it was")
    assert session.state.phase == PAUSED and session.state.frame["tick"] == 5
    assert session.state.setups[0].changes == ((5, "lending.bonus", 0.2),)
    session.step()
    until(lambda: session.state.frame["tick"] == 6)
    changed = [row for row in session.state.frame["events"] if row["kind"] == "change"]
    assert [(row["day"], row["text"].split(":")[0]) for row in changed] == [(5.0, "lending.bonus")]
