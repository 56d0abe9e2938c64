"""Miner agents as the whole network: their start, a shock that takes their rigs, a world that stands still."""

import math

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.ledger import USD_ASSET
from model.mechanisms.rigs.investment import hashprice_mean_step
from model.mechanisms.rigs.weeks import months
from model.units import GHS_PER_TH, USD


def whole(ticks: int = 30, **more: object) -> Scenario:
    return Scenario.load("whole_network").override({"clock.ticks": ticks, **more})


def test_miners_start_with_the_rigs_orders_and_purse_of_their_burn_in() -> None:
    with Marketplace(whole(), rng=1) as market:
        rigs, miners = market.mechanisms["rigs"], market.populations["miner"]
        account, net = miners.account[: len(miners)], rigs.opening.network
        assert rigs.delivered[account].sum() / GHS_PER_TH == pytest.approx(net.hashrate, rel=1e-3)
        purse = market.ledger.books.balances[USD_ASSET, account] / USD
        assert purse.sum() == pytest.approx(net.cash.sum(), rel=0.1)
        assert rigs.backlog == pytest.approx(net.backlog.sum(), rel=0.1)
        assert rigs.fleet.pipeline.sum() == pytest.approx(net.pipeline.sum(), rel=0.1)
        market.step()
        assert market.mechanisms["network"].rest_hashrate == 0.0
        assert market.mechanisms["network"].hashrate / 1e12 == pytest.approx(months().hashrate[48], rel=0.3)


def test_nobody_else_need_mine() -> None:
    values = {"agents.rest_of_network.count": 0, "network.simulated_share": 1.0, "clock.ticks": 10}
    with Marketplace(Scenario.load("smoke").override(values), rng=1) as market:
        market.run().check()
        assert market.mechanisms["network"].rest_hashrate == 0.0


def test_any_number_of_miners_may_be_the_whole_network() -> None:
    for agents in (50, 400):
        assert whole().with_agents(agents).mechanisms["network"].simulated_share == 1.0
    with Marketplace(whole(5).with_agents(50), rng=1) as market:
        assert len(market.run().populations["miner"]) == 50 and market.mechanisms["network"].rest_hashrate == 0.0
    half = Scenario.load("smoke").override({"network.simulated_share": 0.5})
    agents = sum(table.count for table in half.agents.values()) - 1  # the rest of the network is nobody's share
    assert half.with_agents(agents // 2).mechanisms["network"].simulated_share == pytest.approx(0.25, rel=0.02)


def test_a_ban_takes_its_share_of_every_rig_outside_vaults() -> None:
    shock = {"channel": "hashrate", "size": -0.46, "day": 3, "days": 5, "shape": "ramp", "source": "test"}
    base = Scenario.load("smoke").override({"clock.ticks": 8})
    ends = []
    for scenario in (base, base.override({"shocks": [shock]})):
        with Marketplace(scenario, rng=2) as market:
            registered, sector = market.run().mechanisms["rigs"].registered, market.ledger.books.sector
            ends.append(np.bincount(sector, registered, len(market.ledger.sectors)))
            vaults = market.ledger.sectors.index("vaults")
            others = [market.ledger.sectors.index(name) for name in ("miner", "rest_of_network")]
    assert ends[1][vaults] == pytest.approx(ends[0][vaults], rel=0.02)  # holders redeem a little more or less
    for sector in others:
        assert ends[1][sector] / ends[0][sector] == pytest.approx(0.54, abs=0.01)


def test_months_hold_the_real_mean_price() -> None:
    with Marketplace(whole(60), rng=1) as market:
        price = market.run().metrics()["bitcoin.price"].to_numpy()
    real = months()
    first = int(np.searchsorted(real.month, np.datetime64("2018-01")))
    assert price[:31] == pytest.approx(np.full(31, real.price[first]))
    assert price[31:59] == pytest.approx(np.full(28, real.price[first + 1]))


def test_the_subsidy_can_stand_still() -> None:
    values = {"network.height": 839_900, "clock.ticks": 3}
    for halvings, subsidy in ((True, 312_500_000), (False, 625_000_000)):
        with Marketplace(whole(3, **values, **{"network.halvings": halvings}), rng=1) as market:
            network = market.run().mechanisms["network"]
            assert network.height > 840_000
            assert network.subsidy == subsidy
            assert math.isfinite(network.view().blocks_to_halving) == halvings
            assert {segment.subsidy_sat for segment in network.found} == {subsidy}


def test_seven_days_move_the_mean_of_hashprice_like_a_week() -> None:
    mean = 0.1
    for _ in range(7):
        mean = hashprice_mean_step(mean, 0.3, 1.0, 2.0)
    assert mean == pytest.approx(hashprice_mean_step(0.1, 0.3, 7.0, 2.0))
    assert mean == pytest.approx(0.2)
    assert hashprice_mean_step(0.1, 0.3, 1.0, 1.0) == 0.3
