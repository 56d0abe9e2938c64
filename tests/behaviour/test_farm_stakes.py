"""Whoever would hold his assets anyway stakes them only for more than it costs; and what is staked stays the staker's."""

import numpy as np
import pytest

from agents.farm_figures import CLICKS, CLICKS_IN, brought
from agents.farming import tend
from model import Marketplace, Scenario
from model.actions import Status
from model.mechanisms.farms import StakeFarm, UnstakeFarm
from model.pool_shares import LOCKED_SHARES
from model.units import DAYS_PER_YEAR, USD
from model.vault_status import LIVE

CLICK = 2.0  # USD
ROW = {"name": "fractions", "design": "master_chef", "stake": "fraction"}
SHARES = {"name": "shares", "design": "master_chef", "stake": "amm"}
KEYS = ("bitcoin", "power", "rigs", "payout", "network")


def house(
    rate: float, *rows: dict, shocks: tuple = (), attention: float = 1.0, providers: int = 0, **vaults: str
) -> Scenario:
    """A small market in which only miners farm, and providers of pools if there are any."""
    tables = {
        **{key: {} for key in KEYS},
        "clock": {"ticks": 40},
        "fees": {"transaction_fee": CLICK},
        "vaults": {"capacity": 12, **vaults},
        "offerings": {"initial": 3, "th": 500.0, "least_ghs": 200_000},
        "amm": {"capacity": 12},
        "farms": {"capacity": 12, "farm": [*rows], "chef": {"rate": rate}},
        "agents": {
            "miner": {"count": 8, "attention": attention},
            "retail_investor": {"count": 40},
            "liquidity_provider": {"count": providers, "attention": attention},
        },
        "shocks": [*shocks],
    }
    return Scenario.from_tables(tables, "farms of miners")


def staked_on(scenario: Scenario, days: int) -> list[float]:
    """Worth of stakes on each day [USD]."""
    with Marketplace(scenario, rng=1) as market:
        for _ in range(days):
            market.step()
        return market.metrics()["farms.staked_usd"].tolist()


def test_what_a_year_brings_is_a_part_of_the_reward_and_what_stakes_alone_earn() -> None:
    assert brought(2.0, 0.0, 1_000, 4_000) == pytest.approx(2.0 / 4.0 * DAYS_PER_YEAR)
    assert brought(2.0, 1e-3, 1_000, 4_000) == pytest.approx((0.5 + 1.0) * DAYS_PER_YEAR)


def test_nobody_stakes_for_next_to_nothing() -> None:
    assert staked_on(house(200.0, ROW, SHARES), 10)[-1] > 1_000.0
    assert max(staked_on(house(1e-6, ROW, SHARES), 10)) == 0.0


@pytest.mark.parametrize("cut", [-1.0, -0.999999])
def test_stakes_leave_an_emission_that_is_cut_to_next_to_nothing(cut: float) -> None:
    shock = {"channel": "emission", "size": cut, "day": 10, "source": "none"}
    staked = staked_on(house(200.0, ROW, SHARES, shocks=(shock,)), 22)
    assert staked[9] > 1_000.0
    assert staked[-1] == 0.0


class Holder:
    """A miner with fractions of a vault in a market where he does nothing by himself.

    Args:
        market: after a few steps
    """

    def __init__(self, market: Marketplace) -> None:
        self.market, self.farms, self.vaults = market, market.mechanisms["farms"], market.mechanisms["vaults"]
        miners = market.populations["miner"].account
        self.f = next(f for f in self.farms.rows[0].open if self.fractions(miners, f).max() > 0)
        self.v = int(self.farms.table.vault[self.f])
        self.who = miners[[int(np.argmax(self.fractions(miners, self.f)))]]
        self.held = int(self.fractions(self.who, self.f)[0])

    def fractions(self, who: np.ndarray, f: int) -> np.ndarray:
        """At hand."""
        return self.market.ledger.books.balances[int(self.farms.table.asset[f]), who]

    def stake(self) -> None:
        """Stakes them all."""
        stake = StakeFarm(self.who, farm=self.f, amount=1 << 50)
        self.farms.stake(stake.rows, np.zeros(1, np.int64))
        assert stake.rows["status"].tolist() == [Status.DONE]

    def wants(self, reward: float, income: float = 0.0) -> set[type]:
        """Which actions he takes where the farm pays [USD a year], and his fractions earn so much [USD a year]."""
        value = self.market.ledger.value[self.farms.token]
        self.farms.table.per_day[:] = 0.0
        self.farms.table.per_day[self.f] = reward / DAYS_PER_YEAR / value
        self.vaults.income[:] = 0.0
        self.vaults.income[self.v] = income / DAYS_PER_YEAR / (self.held / USD)
        self.market.view.refresh()
        return {type(action) for action in tend(self.market.view, self.who, ("fraction",))}


def quiet(**vaults: str) -> Scenario:
    """With a farm of fractions in which nobody stakes by himself."""
    return house(1e-6, ROW, attention=0.0, **vaults)


def test_the_way_in_counts_for_who_is_not_in_and_one_transaction_for_who_is() -> None:
    with Marketplace(quiet(), rng=1) as market:
        for _ in range(3):
            market.step()
        holder = Holder(market)
        enough = CLICKS * CLICK  # all of the reward is his, for nobody else stakes
        assert holder.wants(1.001 * enough) == {StakeFarm} and holder.wants(0.999 * enough) == set()
        holder.stake()
        enough = CLICKS_IN * CLICK
        assert holder.wants(1.001 * enough) == set() and holder.wants(0.999 * enough) == {UnstakeFarm}


def test_income_that_stakes_alone_earn_is_part_of_what_a_stake_brings() -> None:
    for eligibility, goes in (("staked_only", set()), ("all_holders", {UnstakeFarm})):
        with Marketplace(quiet(eligibility=eligibility, redemption="none"), rng=1) as market:
            for _ in range(3):
                market.step()
            holder = Holder(market)
            assert holder.wants(0.0, income=100.0 * CLICK) == set(), "the vault's own stakes do as well"
            enters = holder.wants(0.5 * CLICK, income=100.0 * CLICK)
            assert enters == ({StakeFarm} if eligibility == "staked_only" else set())
            holder.stake()
            assert holder.wants(0.0, income=2.0 * CLICK) == goes
            assert holder.wants(0.0, income=0.5 * CLICK) == {UnstakeFarm}


def test_pool_shares_that_creators_stake_are_not_others() -> None:
    with Marketplace(house(200.0, ROW, SHARES, providers=6), rng=1) as market:
        staked = 0
        for _ in range(8):
            market.step()
            farms, amm, vaults = (market.mechanisms[key] for key in ("farms", "amm", "vaults"))
            balance, value, every, own = market.ledger.balance, market.ledger.value, 0.0, 0.0
            for v in np.flatnonzero((vaults.status == LIVE) & (amm.pool >= 0)).tolist():
                share, creator = int(amm.share[v]), int(vaults.creator[v])
                claim = int(farms.table.share[farms.rows[1].first + v])
                there = balance(claim, creator) if claim >= 0 else 0
                own += (balance(share, creator) + there) * value[share]
                every += (market.ledger.outstanding(share) - LOCKED_SHARES) * value[share]
                staked += there
            assert market.metrics()["amm.lp_share_others"].iloc[-1] == pytest.approx(1.0 - own / every)
        assert staked > 0 and 0.0 < own < every
