"""Miners: run rigs, sell coins, buy rigs by payback from cash, and tokenise rigs when cash falls short."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from agents.valuation import weighted_median
from model.actions import Action
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import relaxed, rig_value, running_cost, willingness
from model.streams import u01
from model.units import GHS_PER_TH, USD
from model.view import MarketView

SELL = 1
DAYS_PER_WEEK = 7
SMALLEST_ORDER = 0.1  # TH/s
BPS = 10_000
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


class Review(NamedTuple):
    """What the weekly review reads, by slot of the population."""

    power_price: Any
    payback_limit: Any
    tokenise_rate: Any
    tokenise_share: Any
    keep: Any
    markup: Any
    undercut: Any
    working_cash: Any


@kernel
def review(
    slots: Any, account: Any, own: Any, day: int, cash: Any, registered: Any, site: Any,
    price: float, site_cost: float, efficiency: float, hashprice: float, mark: float, rules: Any,
    fetched: float, room: int, least_ghs: int, supply: int, key: Any, orders: Any, offers: Any,
) -> Any:  # fmt: skip
    """The weekly review of those whose day it is: rows of orders and of offers, and how many of each.

    Args:
        own: `Review` columns by slot
        day: day of the run; a miner reviews on the days that are his slot modulo a week
        cash: USD base units, registered: GH/s, site: newest site, by account
        price: USD/TH of new rigs, site_cost: of their site, efficiency: J/TH, hashprice: two-week mean [USD/TH/day]
        mark: USD/TH for which new rigs resell; fetched: median price of fractions [USD/TH]
        room: vaults that can still be made; least_ghs: smallest vault; supply: whole fractions of a vault
        orders: out, (account, site, usd, limit, status, filled); offers: out, (account, ghs, price, keep, status, filled)
    """
    n_orders = n_offers = 0
    commit = relaxed(1.0, rules.spending_weeks)
    per_th = price + site_cost
    for i in range(slots.size):
        slot = slots[i]
        if (slot + day) % 7 != 0:
            continue
        who = account[slot]
        cost = running_cost(own.power_price[slot], efficiency, rules.overhead * rules.pue)
        value = rig_value(hashprice, cost, own.payback_limit[slot])
        eager = willingness(value, per_th, rules.willingness_slope)
        usd = np.int64(cash[who] * (commit * eager))
        if usd > per_th * USD * SMALLEST_ORDER:
            orders[n_orders, 0], orders[n_orders, 1], orders[n_orders, 2] = who, site[who], usd
            n_orders += 1
        ghs = np.int64(registered[who] * own.tokenise_share[slot])
        if room == 0 or ghs < least_ghs or u01(key, slot, 0) >= own.tokenise_rate[slot]:
            continue
        asked = max(mark, value) * own.markup[slot]
        market = fetched * (1.0 - own.undercut[slot])
        short = cash[who] / USD < own.working_cash[slot] * registered[who] / GHS_PER_TH * per_th
        if market > asked or (short and eager > 0.5):
            offers[n_offers, 0], offers[n_offers, 1] = who, ghs
            offers[n_offers, 2] = np.int64(ghs / GHS_PER_TH * max(asked, market) / supply * USD)
            offers[n_offers, 3] = np.int64(own.keep[slot] * BPS)
            n_offers += 1
    return n_orders, n_offers


@kernel
def median_price_per_th(price: Any, th_per_fraction: Any, live: Any) -> float:
    """Lower median market price of fractions [USD/TH] over live vaults with a pool, 0 where none trade."""
    found, n = np.empty(live.size), 0
    for v in range(live.size):
        if live[v] and price[v] > 0.0 and th_per_fraction[v] > 0.0:
            found[n] = price[v] / th_per_fraction[v]
            n += 1
    return weighted_median(found, np.ones(live.size), n) if n else 0.0


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
        rigs, population = market.rigs, cohort.population
        orders, offers = np.zeros((len(cohort), 6), np.int64), np.zeros((len(cohort), 6), np.int64)
        own = Review(*(population.columns[name] for name in Review._fields))
        n_orders, n_offers = review(
            cohort.slots, population.account, own, market.day, market.balances[USD_ASSET], rigs.registered, rigs.site,
            rigs.price, rigs.site_cost, rigs.efficiency, rigs.hashprice_mean, rigs.mark, rigs.rules,
            *self._offers(market), market.key("tokenise", population.table.kind), orders, offers,
        )  # fmt: skip
        if n_orders:
            yield OrderRigs.of_rows(orders[:n_orders])
        if n_offers:
            yield Tokenise.of_rows(offers[:n_offers])

    def _offers(self, market: MarketView) -> tuple[float, int, int, int]:
        """What fractions fetch [USD/TH], and the limits of new vaults; no room where the scenario has no offerings."""
        if not market.has("offerings"):
            return 0.0, 0, 0, 1
        fetched, vaults = 0.0, market.vaults
        if market.has("amm"):
            fetched = float(median_price_per_th(market.amm.price[: vaults.n], vaults.th_per_fraction, vaults.live))
        limits = market.offerings
        return fetched, limits.room, limits.least_ghs, limits.supply
