"""Miners: the kind, what its rigs start with, and the plain strategy: mine, sell coins, choose a pool."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, trait
from agents.costs import click_of
from agents.farming import farmed, tend
from agents.makers import MakerTraits, sold_dear, wake_makers
from agents.miners.arrears import raise_money, shortfalls
from agents.pool_choice import PoolChoiceTraits, choose_pools
from agents.staking import EVERYBODY, staked
from model.actions import SELL, Action
from model.errors import ScenarioError
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.units import BTC, DAYS_PER_WEEK, GHS_PER_TH, USD
from model.view import MarketView

HEDGES = ("fraction", "amm", "weighted")  # what miners have and farms may take
NO_SALES = np.zeros((0, 4), np.int64)
SELL_ALL, HOLD_SHARE, SELL_TO_COVER = 0, 1, 2
COVERED = 2.0 * DAYS_PER_WEEK  # days of power in cash of those who keep coins: until the next look, and as long again


class MinerTraits(PoolChoiceTraits, MakerTraits):
    """Traits of miners."""

    cash: Any = trait({"lognormal": {"median": 5000, "sigma": 1.0}}, "USD", "cash at the start", low=0)
    attention: Any = trait(
        0.0, "1/day", "chance to look at the market besides the weekly review; bills are paid without", low=0, high=1
    )
    size: Any = trait(
        {"pareto": {"minimum": 1.0, "alpha": 1.5}},
        "1",
        "relative size of the fleet",
        source="Pareto sizes, trial of the rules",
        low=0,
    )
    power_price: Any = trait(
        {"lognormal": {"median": 0.045, "sigma": 0.35}},
        "USD/kWh",
        "own power price",
        source="Cambridge Digital Mining Industry Report 2025: median .045",
        low=0.005,
        high=0.5,
    )
    payback_limit: Any = trait(
        {"uniform": {"low": 8, "high": 12}},
        "months",
        "longest static payback at which a rig is bought",
        source="trial",
        low=1,
        high=60,
    )
    treasury: Any = trait(
        {"choice": {"values": [0, 1, 2], "weights": [0.6, 0.2, 0.2]}},
        "",
        "what happens to mined coins: 0 sell all, 1 hold a share, 2 sell to cover bills",
        low=0,
        high=2,
    )
    hold_share: Any = trait(0.3, "1", "share of coins kept under policy 1", low=0, high=1)


class Miner(MarketAgent):
    """A miner: home, mid-size or industrial by the size drawn."""

    kind = "miner"
    needs = ("bitcoin", "network", "payout", "rigs")
    strategy = "payback"
    Traits = MinerTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """Deal the simulated share of the network's rigs out by size, less what vaults hold already.

        Raises:
            ScenarioError: vaults hold all of it
        """
        market, n = population.market, population.size
        population.add_column("kept")  # satoshi held back from sales
        if n == 0:
            return
        rigs, network = market.mechanisms["rigs"], market.mechanisms["network"]
        share = network.params.simulated_share * network.scale
        whole, held = share * rigs.opening.hashrate, rigs.outside_rest() / GHS_PER_TH
        if whole <= held:
            raise ScenarioError(
                f"{market.scenario.name}: {n:,} miners are left without rigs: the market's share of the network is "
                f"{whole:,.0f} TH/s, and vaults hold {held:,.0f}; raise network.simulated_share, lower offerings.th or "
                "offerings.initial, or set agents.miner.count = 0"
            )
        size = population.columns["size"][:n]
        if not size.any():
            size = np.ones(n)  # all of size 0 are alike
        th = (whole - held) * size / float(np.cumsum(size)[-1])
        population.columns["power_price"][:n] = rigs.add_miners(
            population.account[:n], population.columns["power_price"][:n], population.columns["payback_limit"][:n], th
        )

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What attention is multiplied by; a miner looks on his day of the week, and where fractions fetch what he asks."""
        market = population.market
        if market.clock.new_day:
            population.alert[-market.clock.day % DAYS_PER_WEEK : len(population) : DAYS_PER_WEEK] = True
            wake_makers(population)
        return float(market.attention)


@kernel
def coins_for_sale(
    coins: Any, cash: Any, bill: Any, running: Any, registered: Any, price: float, days: float, click: float, kept: Any,
    account: Any, slots: Any, treasury: Any, hold_share: Any, rows: Any,
) -> int:  # fmt: skip
    """Satoshi that each awake miner sells: all, all but a share of the new ones, or what bills take.

    Who keeps coins sells at least what his cash lacks for `COVERED` days of all his rigs: without a dollar nobody trades.

    Args:
        coins, cash: satoshi and USD base units, by account
        bill: power of the last tick [USD base units], running, registered: GH/s, by account; days: length of a tick
        price: of a coin [USD]; click: cost of a transaction [USD]
        kept: satoshi held back so far, by slot; brought up to date
        account: by slot
        rows: out, of `TradeCoins`, one for each who sells

    Returns:
        rows
    """
    n = 0
    for i in range(slots.size):
        slot, who = slots[i], account[slots[i]]
        held = sold = coins[who]
        if treasury[slot] != SELL_ALL:
            power = bill[who] * (COVERED / days) * (registered[who] / max(1, running[who]))
            lacking = click + (power - cash[who]) / USD if power > 0.0 else 0.0
            sold = min(held, np.int64(max(0.0, lacking) / price * BTC))
        if treasury[slot] == HOLD_SHARE:
            back = min(held, np.int64(kept[slot]))
            sold = max(sold, np.int64((held - back) * (1.0 - hold_share[slot])))
            kept[slot] = held - sold
        if sold > 0:
            rows[n, 0], rows[n, 1], rows[n, 2] = who, SELL, sold
            n += 1
    return n


class Mine(Strategy):
    """Mines for the pool that suits it and sells coins by the treasury policy when it looks; never buys rigs."""

    serves = "miner"
    name = "mine"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins, raise money for power, farm with fractions kept and pool shares seeded, choose a pool."""
        if market.new_day:
            yield from self.sell(cohort, market)
            yield from self.keep(cohort, market)
        yield from self.choose(cohort, market)

    def sell(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Coins for sale; sold at every tick, they would cost a fee at every tick."""
        population, rows = self.population, np.zeros((len(cohort), 5), np.int64)
        columns, rigs = population.columns, market.rigs
        n = coins_for_sale(
            market.balances[BTC_ASSET], market.balances[USD_ASSET], rigs.bill, rigs.running, rigs.registered,
            float(market.bitcoin.sell_price), market.dt_days, click_of(market), columns["kept"], population.account,
            cohort.slots, columns["treasury"], columns["hold_share"], rows,
        )  # fmt: skip
        if n:
            yield TradeCoins.of_rows(rows[:n])

    def keep(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell what was kept where it is dear, farm with it, or stake it where only stakes earn; who is short sells it."""
        if not market.has("vaults"):
            return
        lacking = shortfalls(market, cohort.account)
        short = lacking > 0.0
        out = np.tile(short, (market.vaults.n, 1))
        if short.any():
            yield from raise_money(self.population.market, cohort.account[short], lacking[short])
        yield from sold_dear(cohort, market, out)
        yield from tend(market, cohort.account, HEDGES, out)
        if market.vaults.eligibility != EVERYBODY and not farmed(market, "fraction"):
            yield from staked(market, cohort.account[~short], NO_SALES, 0)

    def choose(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Pools that members go to."""
        return choose_pools(cohort, market)
