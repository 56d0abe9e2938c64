"""Fractions: how many, who holds them, what they earn, and how far their price is from their net asset value."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.metric import metric, shared
from model.units import DAYS_PER_YEAR, TOKEN, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("vaults",)
LIVE, ENDED, SUPPLY, TH, HOLDERS, INCOME, COST, YIELD, VALUE, PREMIUM, GAP, FAIR, NEAR, FIGURES = range(14)
FAIR_FACTOR, NEAR_FACTOR = 3.0, 2.0  # price over net asset value, or its inverse
ENDED_STATUS = 3
NOWHERE = np.full(1, np.nan)


@kernel
def measure(table: Any, n: int, value: Any, nav: Any, priced: Any, out: Any) -> None:
    """Figures over live vaults; gaps between price and value weigh by value, in all else each vault counts alike.

    Args:
        table: the vaults, the first n in use
        value: USD per base unit of each asset
        nav: reference net asset value [USD per whole fraction], by vault
        priced: account of the vault's pool, -1 where nothing trades, by vault
        out: figures by place
    """
    out[:] = 0.0
    pooled, worth = 0, 0.0
    for v in range(n):
        if table.status[v] == ENDED_STATUS:
            out[ENDED] += 1.0
        if not table.live[v]:
            continue
        out[LIVE] += 1.0
        out[SUPPLY] += table.supply[v] / TOKEN
        out[TH] += table.ghs[v] / 1000.0
        out[HOLDERS] += table.holders[v]
        out[INCOME] += table.income[v]
        out[COST] += table.cost_per_th[v]
        price = value[table.fraction[v]] * TOKEN
        worth += price
        if v >= nav.size or v >= priced.size or priced[v] < 0 or price <= 0.0 or math.isnan(nav[v]):
            continue
        pooled += 1
        if nav[v] > 0.0:
            whole, gap = nav[v] * table.supply[v] / TOKEN, math.log(price / nav[v])
            out[VALUE] += whole
            out[PREMIUM] += whole * gap
            out[GAP] += whole * abs(gap)
            out[FAIR] += abs(gap) <= math.log(FAIR_FACTOR)
            out[NEAR] += abs(gap) <= math.log(NEAR_FACTOR)
    out[YIELD] = out[INCOME] * DAYS_PER_YEAR / worth if worth > 0.0 else math.nan
    for place in (HOLDERS, INCOME, COST):
        out[place] = out[place] / out[LIVE] if out[LIVE] > 0.0 else math.nan
    for place in (PREMIUM, GAP):
        out[place] = out[place] / out[VALUE] if out[VALUE] > 0.0 else math.nan
    for place in (FAIR, NEAR):
        out[place] = out[place] / pooled if pooled > 0 else math.nan


@shared
def _figures(market: "Marketplace") -> list[float]:
    """All figures; measured once a tick."""
    vaults: Any = market.mechanisms["vaults"]
    if vaults.figures_tick != market.clock.tick:
        vaults.figures_tick = market.clock.tick
        amm: Any = market.mechanisms.get("amm")
        nav: NDArray[np.float64] = market.reference_nav() if market.reference_nav is not None else NOWHERE
        priced = amm.pool if amm is not None else vaults.account[:0]
        measure(vaults.measured, vaults.n, market.ledger.value, nav, priced, vaults.figures)
    figures: list[float] = vaults.figures.tolist()
    return figures


@metric("vaults", "last", NEEDS, of=_figures)
def vaults(found: list[float]) -> float:
    """Vaults whose fractions are in circulation."""
    return found[LIVE]


@metric("vaults", "last", NEEDS, of=_figures)
def ended(found: list[float]) -> float:
    """Vaults that were redeemed whole or reached the end of their life."""
    return found[ENDED]


@metric("fractions", "last", NEEDS, of=_figures)
def supply(found: list[float]) -> float:
    """Whole fractions outstanding of live vaults."""
    return found[SUPPLY]


@metric("TH/s", "last", NEEDS, headline=True, of=_figures)
def hashrate(found: list[float]) -> float:
    """Hashrate promised to the fractions of live vaults."""
    return found[TH]


@metric("accounts", "last", NEEDS, of=_figures)
def holders(found: list[float]) -> float:
    """Mean accounts that hold a live vault's fractions; one vault a day is counted anew."""
    return found[HOLDERS]


@metric("USD/day", "mean", NEEDS, of=_figures)
def income(found: list[float]) -> float:
    """Mean smoothed net income of a whole fraction."""
    return found[INCOME]


@kernel
def _paid(live: Any, supply: Any, coins: Any, dollars: Any, coin: float, dollar: float) -> float:
    """Net income of a whole fraction in this tick [USD], the mean over live vaults; NaN without any.

    Args:
        live, supply, coins, dollars: by vault: whether its fractions earn, fractions [base units], and their net income
            [satoshi and USD base units]
        coin, dollar: USD per satoshi and per USD base unit
    """
    n, paid = 0, 0.0
    for v in range(live.size):
        if live[v] and supply[v] > 0:
            n += 1
            paid += (coins[v] * coin + dollars[v] * dollar) * TOKEN / supply[v]
    return paid / n if n > 0 else math.nan


@metric("USD/day", "mean", NEEDS)
def paid(market: "Marketplace") -> float:
    """Mean net income of a whole fraction on the day itself, not smoothed."""
    vaults: Any = market.mechanisms["vaults"]
    of = market.ledger.value.item
    income = _paid(
        vaults.live, vaults.supply, vaults.net_income, vaults.usd_income, float(of(BTC_ASSET)), float(of(USD_ASSET))
    )
    return float(income) / market.clock.dt_days


@metric("USD/TH/day", "mean", NEEDS, of=_figures)
def maintenance(found: list[float]) -> float:
    """Mean power and service cost of live vaults after discounts."""
    return found[COST]


@metric("1/year", "mean", NEEDS, headline=True, of=_figures)
def income_yield(found: list[float]) -> float:
    """Smoothed net income of a year over the price of fractions; their rigs wear out, so it is no return."""
    return found[YIELD]


@metric("USD", "last", NEEDS, of=_figures)
def reference_value(found: list[float]) -> float:
    """Reference net asset value of all fractions of live vaults with a pool; those below 0 are left out."""
    return found[VALUE]


@metric("log", "mean", NEEDS, headline=True, of=_figures, weight="fractions.reference_value")
def premium(found: list[float]) -> float:
    """Mean of ln(price / reference net asset value), weighted by this value, over live vaults with a pool; NaN without both."""
    return found[PREMIUM]


@metric("log", "mean", NEEDS, of=_figures, weight="fractions.reference_value")
def mispricing(found: list[float]) -> float:
    """Mean of |ln(price / reference net asset value)|, weighted in the same way."""
    return found[GAP]


@metric("1", "mean", NEEDS, of=_figures)
def fair_share(found: list[float]) -> float:
    """Share of live vaults with a pool whose price over reference net asset value lies in [1/3, 3]."""
    return found[FAIR]


@metric("1", "mean", NEEDS, of=_figures)
def near_nav(found: list[float]) -> float:
    """Share of live vaults with a pool whose price over reference net asset value lies in [1/2, 2]."""
    return found[NEAR]


@metric("USD", "max", NEEDS)
def advances(market: "Marketplace") -> float:
    """What vaults owe their operator for unlucky days."""
    mechanism: Any = market.mechanisms["vaults"]
    return market.ledger.outstanding(mechanism.advance) / USD
