"""A day is the same in ticks of any length, within stated tolerances: `python -m experiments.time_steps`."""

import numpy as np
import pytest

from agents.retail.investors import _startle
from experiments.time_steps import CALM, FOLLOWED, TOLERANCES, differences, drifts, summaries
from model import Marketplace, Scenario
from model.mechanisms.bitcoin import TradeCoins

EXACT = ("network.", "rigs.price", "rigs.running", "rigs.backlog", "payout.")


def test_mechanisms_hardly_know_the_length_of_a_tick():
    rows = differences(summaries(Scenario.load("smoke"), 30, (1, 2), (24, 6)))
    checked = [row for row in rows if row.metric.startswith(EXACT)]
    assert len(checked) >= 6
    for row in checked:
        assert abs(row.gap.mean) <= row.allowed, row


@pytest.mark.slow
def test_the_calm_baseline_within_tolerances():
    rows = differences(summaries(Scenario.load("baseline"), 120, range(1, 7), (24, 12, 6)))
    assert {row.metric for row in rows} == set(TOLERANCES)
    for row in rows:
        assert row.gap.n == 6
        assert abs(row.gap.mean) <= row.allowed, row
        assert row.verdict != "outside"


@pytest.mark.slow
def test_markets_with_credit_and_rent_are_compared_as_parts_of_the_daily_value():
    rows = drifts(3, (1, 2))
    assert [row[:2] for row in rows] == [(name, metric) for name, metrics in FOLLOWED.items() for metric in metrics]
    assert all(row[3].endswith("%") for row in rows if float(row[2]) > 0.0)


@pytest.mark.parametrize("hours", [24, 6])
def test_miners_sell_coins_once_a_day(hours):
    days = 6
    scenario = Scenario.load("baseline").override(
        {**CALM, "clock.hours_per_tick": hours, "clock.ticks": days * 24 // hours, "agents.miner.treasury": 0.0}
    )
    sold = []
    with Marketplace(scenario, rng=1) as market:
        miners = market.populations["miner"].account
        submit = market.settlement.submit

        def watched(batch, sector):
            if isinstance(batch, TradeCoins):
                sold.append(int(np.isin(batch.rows["account"], miners).sum()))
            submit(batch, sector)

        market.settlement.submit = watched
        market.run()
    assert 0 < sum(sold) <= days * miners.size


def test_a_move_startles_once():
    account, balances = np.zeros(1, np.int64), np.ones((1, 1), np.int64)
    for before, move, wakes in ((0.0, 0.2, True), (0.2, 0.3, False), (0.0, 0.05, False)):
        alert = np.zeros(1, np.bool_)
        _startle(0, before, move, np.array([0.1]), account, balances, alert, 1)
        assert alert[0] == wakes
