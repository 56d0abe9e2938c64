"""What agents do with a second coin, with shares of revenue, and with a pool that freezes."""

import pytest

from experiments.pool_ruin import chance, ruin_day
from experiments.statistics import clopper_pearson
from model import Marketplace, Scenario
from model.mechanisms.revenue_shares.table import PHASE, RUNNING

SMALL = {"agents.miner.count": 30, "agents.retail_investor.count": 40, "offerings.initial": 3}


def test_cards_mine_until_the_merge_and_are_sold_after_it():
    values = {**SMALL, "clock.start": "2022-09", "clock.ticks": 60, "agents.miner.gpu_patience": 10.0}
    with Marketplace(Scenario.load("merge_2022").override(values), rng=2) as market:
        market.run()
        seen = market.metrics()
    assert (seen["gpu.income"][:14] > 0).all() and (seen["gpu.income"][14:] == 0).all()
    assert (seen["gpu.hashprice"][:14].between(10, 40)).all()
    assert seen["gpu.sold"][:24].sum() == 0 < seen["gpu.owned"].iloc[0]
    assert seen["gpu.owned"].iloc[-1] == 0


def test_miners_with_eager_partners_raise_capital_and_pay_from_revenue():
    values = {**SMALL, "clock.ticks": 120, "clock.start": "2020-12", "agents.institution.attention": 1.0}
    with Marketplace(Scenario.load("capital_raise").override(values), rng=2) as market:
        market.run()
        seen, house = market.metrics(), market.mechanisms["revenue_shares"]
        assert seen["revenue_shares.raised"].sum() > 0 and seen["revenue_shares.paid"].sum() > 0
        miners = market.populations["miner"]
        partners = miners.account[: len(miners)][miners.strategy[: len(miners)] == 0]
        running = house.rows[house.rows[:, PHASE] == RUNNING]
        assert set(running[:, 1].tolist()) <= set(partners.tolist())
        assert next(iter(miners.table.shares)) == "equity_partner"


def test_nobody_buys_a_share_that_is_worth_less_than_it_costs():
    values = {
        **SMALL, "clock.ticks": 60, "clock.start": "2021-01", "agents.institution.attention": 1.0,
        "agents.institution.share_return": 9.0,
    }  # fmt: skip
    with Marketplace(Scenario.load("capital_raise").override(values), rng=2) as market:
        seen = market.run().metrics()
    assert seen["revenue_shares.offered"].max() > 0 and seen["revenue_shares.raised"].sum() == 0


def test_members_leave_a_frozen_pool():
    values = {**SMALL, "clock.ticks": 60, "agents.miner.count": 60}
    with Marketplace(Scenario.load("operator_freeze").override(values), rng=3) as market:
        seen = market.run().metrics()
        market.check()
    before, later = seen["freeze.members"].iloc[34], seen["freeze.members"].iloc[-1]
    assert 0 < later < 0.5 * before
    assert seen["freeze.owed"].iloc[34] == 0 < seen["freeze.owed"].iloc[-1]


def test_hashprice_in_coins_doubles_when_half_of_the_network_is_gone():
    with Marketplace("hashrate_loss", rng=1, clock__ticks=110, offerings__initial=2) as market:
        seen = market.run().metrics()
    before, after = seen["network.hashprice"][40:59].mean(), seen["network.hashprice"][100:].mean()
    assert after / before == pytest.approx(2.0, rel=0.08)
    assert seen["network.hashprice"].iloc[61] == pytest.approx(before, rel=0.05)  # nothing before the next retarget


def test_a_reserve_is_ruined_a_little_less_often_than_it_was_meant_for():
    assert chance(0.04, 0.3) == pytest.approx(0.29, abs=5e-4)
    for fee, delta in ((0.001, 0.3), (0.0005, 0.01)):
        assert chance(fee, delta) == pytest.approx(delta, rel=0.02)  # small fees: Rosenfeld's diffusion


@pytest.mark.slow
def test_ruin_is_as_frequent_as_the_formula_says():
    ruined = sum(ruin_day(seed, days=60).day >= 0 for seed in range(1_001, 1_151))  # hardly any ruin comes later
    interval = clopper_pearson(ruined, 150)
    assert interval.low <= chance(0.04, 0.3) <= interval.high


@pytest.mark.parametrize(
    "name", ["institutional", "contract_termination", "pool_ruin", "pool_hopping", "curve_dry", "operator_freeze"]
)
def test_scenario_says_its_question_and_sources_and_runs(name):
    scenario = Scenario.load(name)
    assert scenario.question.endswith("?") and scenario.sources
    with Marketplace(scenario.override({"clock.ticks": 5}), rng=1) as market:
        market.run().check()


def test_where_power_is_free_all_other_cards_run() -> None:
    with Marketplace("merge_2022", rng=1, clock__ticks=3, power__level=0.0) as market:
        before = market.mechanisms["gpu_coin"].rest_on
        market.run()
        assert market.mechanisms["gpu_coin"].rest_on > before
