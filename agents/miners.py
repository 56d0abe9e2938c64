"""Miners: run rigs, sell coins, buy rigs by payback from cash, and tokenise rigs when cash falls short."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from model.actions import Action
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import relaxed, rig_value, running_cost
from model.mechanisms.rigs.steps import eagerness
from model.units import GHS_PER_TH, USD
from model.view import MarketView

SELL = 1
DAYS_PER_WEEK = 7
SMALLEST_ORDER = 0.1  # TH/s
SELL_ALL, HOLD_SHARE, SELL_TO_COVER = 0, 1, 2


class MinerTraits(Traits):
    """Traits of miners."""

    cash: Any = trait({"lognormal": {"median": 5000, "sigma": 1.0}}, "USD", "cash at the start", low=0)
    attention: Any = trait(1.0, "1/day", "chance to look at the market", source="miners look daily", low=0, high=1)
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
        "policy",
        "what happens to mined coins: 0 sell all, 1 hold a share, 2 sell to cover bills",
        low=0,
        high=2,
    )
    hold_share: Any = trait(0.3, "1", "share of coins kept under policy 1", low=0, high=1)


class Miner(MarketAgent):
    """A miner: home, mid-size or industrial by the size drawn."""

    kind = "miner"
    strategy = "payback"
    Traits = MinerTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """Deal the simulated share of the network's rigs out by size, less what vaults hold already."""
        market, n = population.market, population.size
        rigs = market.mechanisms.get("rigs")
        if rigs is None or n == 0:
            return
        network = market.mechanisms.get("network")
        share = network.params.simulated_share if network is not None else 1.0
        total = share * rigs.opening.hashrate - rigs.outside_rest() / GHS_PER_TH
        size = population.columns["size"][:n]
        th = max(0.0, total) * size / float(np.cumsum(size)[-1])
        rigs.add_miners(
            population.account[:n], population.columns["power_price"][:n], population.columns["payback_limit"][:n], th
        )


@kernel
def coins_for_sale(coins: Any, mined: Any, account: Any, slots: Any, treasury: Any, hold_share: Any) -> Any:
    """Satoshi that each awake miner sells: all, all but a share of the new ones, or none until bills force it."""
    out = np.zeros(slots.size, np.int64)
    for i in range(slots.size):
        held = coins[account[i]]
        policy = treasury[slots[i]]
        if policy == SELL_ALL:
            out[i] = held
        elif policy == HOLD_SHARE:
            out[i] = min(held, np.int64(mined[account[i]] * (1.0 - hold_share[slots[i]])))
    return out


class Mine(Strategy):
    """Mines and sells coins by the treasury policy; never buys rigs."""

    serves = "miner"
    name = "mine"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins."""
        columns = cohort.population.columns
        sold = coins_for_sale(
            market.balances[BTC_ASSET],
            market.payout.gross,
            cohort.account,
            cohort.slots,
            columns["treasury"],
            columns["hold_share"],
        )
        sellers = sold > 0
        yield TradeCoins(cohort.account[sellers], side=SELL, amount=sold[sellers])


class PaybackTraits(Traits):
    """Traits of miners who invest and tokenise."""

    tokenise_rate: Any = trait(
        0.10, "1/week", "chance to offer fractions in a week in which it pays or cash falls short", low=0, high=1
    )
    tokenise_share: Any = trait(0.5, "1", "share of own rigs that goes into a vault", low=0.01, high=1)
    keep: Any = trait(
        0.2, "1", "share of the fractions the creator keeps", source="creators keep a share", low=0, high=0.9
    )
    markup: Any = trait(
        {"uniform": {"low": 1.0, "high": 1.4}},
        "1",
        "offer price over what the rigs are worth to the miner",
        low=0.5,
        high=5,
    )
    undercut: Any = trait(0.05, "1", "offer price below that of fractions on the market", low=0, high=0.5)
    working_cash: Any = trait(0.1, "1", "cash over the cost of the fleet below which a miner is short", low=0, high=2)


class Payback(Mine):
    """Sells coins, and once a week commits cash to rigs by the payback rule and offers fractions of its rigs.

    Finance is by cash first. A miner offers fractions when they fetch more on the market than the rigs are worth to
    it, or when it wants more rigs than its cash allows.
    """

    name = "payback"
    Traits = PaybackTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins, order rigs, tokenise."""
        yield from super().decide(cohort, market)
        if not market.new_day:
            return
        due = (cohort.slots + market.day) % DAYS_PER_WEEK == 0
        if not due.any():
            return
        rigs, account = market.rigs, cohort.account[due]
        power, limit = cohort.power_price[due], cohort.payback_limit[due]
        eager = eagerness(power, limit, rigs.hashprice_mean, rigs.efficiency, rigs.price, rigs.rules)
        cash = market.balances[USD_ASSET, account]
        usd = (cash * (relaxed(1.0, rigs.rules.spending_weeks) * eager)).astype(np.int64)
        per_th = rigs.price + rigs.site_cost
        buys = usd > per_th * USD * SMALLEST_ORDER
        if buys.any():
            yield OrderRigs(account[buys], site=rigs.site[account[buys]], usd=usd[buys], limit=0)
        if market.has("offerings"):
            yield from self._offer(cohort, due, eager, market)

    def _offer(
        self, cohort: Cohort, due: NDArray[np.bool_], eager: NDArray[np.float64], market: MarketView
    ) -> Iterator[Action]:
        """Offer fractions where they fetch more than the rigs are worth, or where cash is short of what is wanted."""
        rigs, account = market.rigs, cohort.account[due]
        willing = cohort.draw("tokenise")[due] < cohort.tokenise_rate[due]
        ghs = (rigs.registered[account] * cohort.tokenise_share[due]).astype(np.int64)
        willing &= ghs >= market.offerings.least_ghs
        if market.offerings.room == 0 or not willing.any():
            return
        own = own_value(
            cohort.power_price[due], cohort.payback_limit[due], rigs.hashprice_mean, rigs.efficiency, rigs.rules
        )
        fetched = fraction_price_per_th(market) * (1.0 - cohort.undercut[due])
        asked = np.maximum(rigs.mark, own) * cohort.markup[due]
        fleet = rigs.registered[account] / GHS_PER_TH * (rigs.price + rigs.site_cost)
        short = market.balances[USD_ASSET, account] / USD < cohort.working_cash[due] * fleet
        willing &= (fetched > asked) | (short & (eager > 0.5))
        if not willing.any():
            return
        price = ghs / GHS_PER_TH * np.maximum(asked, fetched) / market.offerings.supply * USD
        keep = (cohort.keep[due] * 10_000).astype(np.int64)
        yield Tokenise(
            account[willing], ghs=ghs[willing], price=price[willing].astype(np.int64), keep_bps=keep[willing]
        )


@kernel
def own_value(power_price: Any, payback_limit: Any, hashprice: float, efficiency: float, rules: Any) -> Any:
    """Value of a new rig to each site [USD/TH], by its own power price and payback limit."""
    out = np.empty(power_price.size)
    for i in range(out.size):
        cost = running_cost(power_price[i], efficiency, rules.overhead * rules.pue)
        out[i] = rig_value(hashprice, cost, payback_limit[i])
    return out


def fraction_price_per_th(market: MarketView) -> float:
    """Median market price of fractions [USD/TH], 0 where none trade."""
    if not market.has("amm"):
        return 0.0
    n = market.vaults.n
    price, th = market.amm.price[:n], market.vaults.th_per_fraction
    trading = market.vaults.live & (price > 0.0) & (th > 0.0)
    return float(np.median(price[trading] / th[trading])) if trading.any() else 0.0
