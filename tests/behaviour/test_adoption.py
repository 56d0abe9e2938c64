"""Arrivals follow the Bass curve, join the social graph, bring their cash, and leave with it."""

import math

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.errors import ScenarioError
from tests.needs import closed_under_needs

CLOCK = {"start": "2023-01", "ticks": 400}
CASH = 1_000.0


def town(seed: int = 1, agents: int = 100, **adoption: object) -> Marketplace:
    """A market of investors who do nothing but come and go."""
    tables = {
        **{key: {} for key in closed_under_needs(("vaults",))},
        "clock": CLOCK,
        "social": {"neighbours": 6},
        "adoption": adoption,
        "agents": {"retail_investor": {"count": agents, "cash": CASH, "attention": 0.0}},
    }
    return Marketplace(Scenario.from_tables(tables, "town"), rng=seed)


def bass(t: float, start: float, p: float, q: float) -> float:
    """Share of the potential that has come after t years: the solution of dF/dt = (p + q F)(1 - F), F(0) = start."""
    a = (1.0 - start) / (p + q * start)
    grown = math.exp(-(p + q) * t) * a
    return (1.0 - p * grown) / (1.0 + q * grown)


def test_arrivals_follow_the_bass_curve():
    p, q, start, potential = 0.3, 6.0, 1_000, 8_000
    with town(agents=start, potential=potential, innovation=p, imitation=q) as market:
        market.run()
        come = market.metrics()["adoption.members"].to_numpy()
    for day in (50, 150, 250, 350):
        expected = potential * bass((day + 1) / 365.0, start / potential, p, q)
        assert come[day] == pytest.approx(expected, rel=0.05)
    assert come[-1] <= potential


def test_newcomers_have_cash_links_and_an_inviter():
    with town(potential=600, innovation=0.2, imitation=8.0) as market:
        market.run()
        adoption, social = market.mechanisms["adoption"], market.mechanisms["social"]
        population = market.populations["retail_investor"]
        account = population.account[: len(population)]
        assert adoption.arrived == len(population) - 100 > 300
        assert np.all(market.ledger.books.balances[0, account] == round(CASH * 1e6))
        degree = np.diff(social.indptr)
        assert degree.size == account.max() + 1
        assert degree[account].min() >= 1
        assert degree[account[200:400]].mean() == pytest.approx(6, abs=2)
        rows = np.repeat(np.arange(degree.size), degree)
        assert set(zip(rows, social.indices, strict=True)) == set(zip(social.indices, rows, strict=True))
        assert len(set(zip(rows, social.indices, strict=True))) == rows.size
        assert 0.8 < adoption.invited / adoption.arrived < 1.0
        market.check()


def test_fear_stops_recommendation_and_the_fearful_leave_with_their_cash():
    with town(potential=100, churn=50.0) as market:
        market.mechanisms["social"].sentiment[:] = -1.0
        before = market.ledger.balance(0, market.ledger.world)
        market.run()
        adoption = market.mechanisms["adoption"]
        assert adoption.left == 100 and adoption.recommending().size == 0
        assert market.ledger.balance(0, market.ledger.world) - before == 100 * round(CASH * 1e6)
        assert adoption.view().members == 0
        market.check()


def test_arrivals_repeat_and_do_not_change_those_who_are_there():
    def prints(potential: int) -> tuple[str, np.ndarray]:
        with town(potential=potential, imitation=8.0) as market:
            market.run()
            return market.fingerprint(), market.populations["retail_investor"].columns["risk_aversion"][:100].copy()

    once, traits = prints(500)
    again, _ = prints(500)
    _, other = prints(200)
    assert once == again
    assert np.array_equal(traits, other)


def test_an_unknown_kind_is_named():
    with pytest.raises(ScenarioError, match=r"adoption.kind = 'retail_investr'.*did you mean 'retail_investor'"):
        town(kind="retail_investr")
