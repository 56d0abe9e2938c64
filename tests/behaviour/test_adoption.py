"""Arrivals follow the Bass curve, join the social graph, bring their cash, and leave with it."""

import math

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET
from tests.needs import closed_under_needs

CLOCK = {"start": "2023-01", "ticks": 400}
CASH = 1_000.0


def town(
    seed: int = 1, agents: int = 100, shocks: tuple[dict[str, object], ...] = (), **adoption: object
) -> Marketplace:
    """A market of investors who do nothing but come and go."""
    tables = {
        **{key: {} for key in closed_under_needs(("vaults",))},
        "clock": CLOCK,
        "social": {"neighbours": 6},
        "adoption": adoption,
        "shocks": list(shocks),
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


def test_nobody_comes_before_the_first_day_or_without_demand():
    shock = {"channel": "demand", "size": -1.0, "day": 6, "source": "test"}
    with town(potential=400, start_day=4, innovation=50.0, imitation=0.0, shocks=(shock,)) as market:
        came = []
        for _ in range(8):
            before = market.mechanisms["adoption"].arrived
            market.step()
            came.append(market.mechanisms["adoption"].arrived - before)
    assert came[:4] == [0] * 4 and came[6:] == [0] * 2
    assert came[4] == pytest.approx(300 * -math.expm1(-50.0 / 365.0), abs=20) and came[5] > 0


def test_the_fearful_leave_with_coins_but_not_with_fractions():
    with town(agents=20, potential=20, churn=100.0) as market:
        ledger, vaults = market.ledger, market.mechanisms["vaults"]
        population = market.populations["retail_investor"]
        investor, owner, keeper = population.account[:3].tolist()
        ledger.pay(BTC_ASSET, ledger.world, investor, 10**7, Flow.ENDOWMENT)
        v = vaults.create(owner, 0)
        vaults.endow(v, 10_000, 30.0, 0.05)
        ledger.value[vaults.fraction[v]] = 100.0 / int(vaults.supply[v])
        market.step()
        for _ in range(60):
            market.mechanisms["social"].sentiment[:] = -1.0
            market.mechanisms["social"].sentiment[keeper] = 0.5
            market.step()
        alive = population.alive[: len(population)]
        assert population.account[: len(population)][alive].tolist() == [owner, keeper]
        assert market.mechanisms["adoption"].view().members == 2


def test_of_the_fearful_a_weeks_part_leaves_in_a_week():
    with town(agents=600, potential=600, churn=20.0) as market:
        market.step()
        market.mechanisms["social"].sentiment[:] = -1.0
        for _ in range(7):
            market.step()
        assert market.mechanisms["adoption"].left == pytest.approx(600 * -math.expm1(-20.0 * 7.0 / 365.0), abs=40)


def test_hosts_are_drawn_from_all_members():
    with town(potential=400, innovation=0.0, imitation=50.0, friends=0.7) as market:
        adoption, hosts = market.mechanisms["adoption"], []

        def welcome(new: np.ndarray, inviters: np.ndarray, friends: float) -> None:
            assert friends == 0.7
            hosts.extend(inviters.tolist())

        adoption.social.welcome = welcome
        for _ in range(5):
            market.step()
        assert adoption.invited == adoption.arrived == len(hosts) > 50
        assert min(hosts) >= 0 and len(set(hosts)) > 0.5 * len(hosts)


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
