"""Miners who invest: once a week they buy rigs by payback from cash, and offer fractions of rigs or of hashpower."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from agents.base import Cohort, Traits, trait
from agents.miners.mining import Mine
from agents.valuation import weighted_median
from model.actions import Action
from model.jit import kernel, maker
from model.ledger import USD_ASSET
from model.mechanisms.offerings import OfferContract, Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import (
    paid_price,
    relaxed,
    rig_value,
    rig_value_mark,
    running_cost,
    willingness,
)
from model.sheaf import Sheaf
from model.streams import u01
from model.units import BPS, DAYS_PER_WEEK, GHS_PER_TH, USD
from model.view import MarketView

SMALLEST_ORDER = 0.1  # TH/s


class PaybackTraits(Traits):
    """Traits of miners who invest and tokenise."""

    tokenise_rate: Any = trait(
        0.05, "1/week", "chance to offer fractions in a week in which it pays or cash falls short", low=0, high=1
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
    contract_share: Any = trait(
        0.2, "1", "chance that a miner who sells sells hashpower for a term rather than rigs", low=0, high=1
    )
    contract_days: Any = trait(180.0, "days", "term of such a contract", low=1, high=3650)
    contract_price: Any = trait(
        0.85,
        "1",
        "its price over net income at today's hashprice, for growth of difficulty and interest",
        low=0,
        high=5,
    )


class Review(Sheaf):
    """What the weekly review reads, by slot of the population."""

    power_price: Any
    payback_limit: Any
    tokenise_rate: Any
    tokenise_share: Any
    keep: Any
    markup: Any
    undercut: Any
    working_cash: Any
    contract_share: Any
    contract_days: Any
    contract_price: Any


class Terms(NamedTuple):
    """What miners look at before they make a vault.

    Attributes:
        fetched: median price of fractions [USD/TH]; typical: median running cost of their rigs [USD/TH/day]
        room: vaults that can still be made; least_ghs: smallest vault; supply: whole fractions of a vault
    """

    fetched: float
    typical: float
    room: int
    least_ghs: int
    supply: int


@kernel
def review(
    slots: Any, account: Any, own: Any, day: int, cash: Any, registered: Any, site: Any, sites: Any,
    price: float, site_cost: float, efficiency: float, hashprice: float, mark: float, rules: Any, tariff: Any,
    running: Any, bill: Any, days: float, market: Terms, key: Any, rows: Any,
) -> Any:  # fmt: skip
    """The weekly review of those whose day it is: rows of orders and of offers, and how many of each.

    Args:
        own: `Review` columns by slot
        day: day of the run; a miner reviews on the days that are his slot modulo a week
        cash: USD base units, registered: GH/s, site: newest site, by account
        price: USD/TH of new rigs, site_cost: of their site, efficiency: J/TH, hashprice: two-week mean [USD/TH/day]
        mark: USD/TH for which new rigs resell; sites: columns by site; tariff: see `Tariff`
        running: GH/s, bill: power of the last tick [USD base units], by account; days: length of a tick
        rows: out, of `OrderRigs`, `Tokenise` and `OfferContract`
    """
    orders, offers, contracts = rows
    fetched, typical, room, least_ghs, supply = market
    n_orders = n_offers = n_contracts = 0
    commit = relaxed(1.0, rules.spending_weeks)
    per_th = price + site_cost
    for i in range(slots.size):
        slot = slots[i]
        if (slot + day) % DAYS_PER_WEEK != 0:
            continue
        who = account[slot]
        at = site[who]
        multiple = rules.overhead * rules.pue * (sites.cooling[at] if at >= 0 else 1.0)
        power = paid_price(own.power_price[slot], tariff.factor, tariff.tax_share, tariff.tax)
        cost = running_cost(power, efficiency, multiple)
        value = rig_value(hashprice, cost, own.payback_limit[slot])
        eager = willingness(value, per_th, rules.willingness_slope)
        usd = np.int64(cash[who] * (commit * eager))
        if usd > per_th * USD * SMALLEST_ORDER:
            orders[n_orders, 0], orders[n_orders, 1], orders[n_orders, 2] = who, site[who], usd
            n_orders += 1
        ghs = np.int64(registered[who] * own.tokenise_share[slot])
        if room == 0 or ghs < least_ghs or running[who] == 0 or u01(key, slot, 0) >= own.tokenise_rate[slot]:
            continue
        own_cost = bill[who] / USD / (running[who] / GHS_PER_TH) / days
        worth = rig_value(hashprice, own_cost, own.payback_limit[slot])
        resale = rig_value_mark(mark, worth, value, 0.0)
        asked = max(worth, resale) * own.markup[slot]
        dearer = rig_value(own_cost, typical, own.payback_limit[slot])
        dear = (fetched - dearer) * (1.0 - own.undercut[slot]) if fetched > 0.0 else asked
        short = cash[who] / USD < own.working_cash[slot] * registered[who] / GHS_PER_TH * per_th
        if asked <= 0.0 or not (dear > asked or (short and eager > 0.5 and dear >= max(worth, resale))):
            continue
        if worth > 0.0 and u01(key, slot, 1) < own.contract_share[slot]:
            net = (hashprice - own_cost) * own.contract_days[slot] * own.contract_price[slot]
            contracts[n_contracts, 0], contracts[n_contracts, 1] = who, ghs
            contracts[n_contracts, 2] = np.int64(own.contract_days[slot])
            contracts[n_contracts, 3] = np.int64(ghs / GHS_PER_TH * net / supply * USD)
            contracts[n_contracts, 4] = np.int64(own.keep[slot] * BPS)
            n_contracts += 1
        else:
            offers[n_offers, 0], offers[n_offers, 1] = who, ghs
            offers[n_offers, 2] = np.int64(ghs / GHS_PER_TH * dear / supply * USD)
            offers[n_offers, 3] = np.int64(own.keep[slot] * BPS)
            n_offers += 1
    return n_orders, n_offers, n_contracts


@maker
def typical_vault(price: Any, th_per_fraction: Any, cost_per_th: Any, live: Any) -> Any:
    """Lower medians over live rig vaults with a pool: price [USD/TH] and running cost [USD/TH/day]; 0 if none trade."""
    prices, costs, n = np.empty(live.size), np.empty(live.size), 0
    for v in range(live.size):
        if live[v] and price[v] > 0.0 and th_per_fraction[v] > 0.0:
            prices[n], costs[n] = price[v] / th_per_fraction[v], cost_per_th[v]
            n += 1
    if n == 0:
        return 0.0, 0.0
    alike = np.ones(live.size)
    return weighted_median(prices, alike, n), weighted_median(costs, alike, n)


def terms(market: MarketView) -> Terms:
    """What fractions fetch and cost to run, and the limits of new vaults; no room without offerings."""
    if not market.has("offerings"):
        return Terms(0.0, 0.0, 0, 0, 1)
    fetched, typical, vaults = 0.0, 0.0, market.vaults
    if market.has("amm"):
        prices = market.amm.price[: vaults.n]
        fetched, typical = typical_vault(prices, vaults.th_per_fraction, vaults.cost_per_th, vaults.live)
    limits = market.offerings
    return Terms(float(fetched), float(typical), limits.room, limits.least_ghs, limits.supply)


REVIEWED: tuple[type[Action], ...] = (OrderRigs, Tokenise, OfferContract)


class Payback(Mine):
    """Sells coins, and once a week commits cash to rigs by the payback rule and offers fractions.

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
        n, key = len(cohort), market.key("tokenise", population.table.kind)
        rows = tuple(np.zeros((n, action.width), np.int64) for action in REVIEWED)
        found = review(
            cohort.slots, population.account, population.columns.of(Review), market.day, market.balances[USD_ASSET],
            rigs.registered, rigs.site, rigs.sites, rigs.price, rigs.site_cost, rigs.efficiency, rigs.hashprice_mean, rigs.mark,
            rigs.rules, rigs.tariff, rigs.running, rigs.bill, market.dt_days, market.once(terms), key, rows,
        )  # fmt: skip
        for action, matrix, n in zip(REVIEWED, rows, found, strict=True):
            if n:
                yield action.of_rows(matrix[:n])
