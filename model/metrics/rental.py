"""Rented hashpower: what it costs against mining, how much is rented, who wants it, what failed, what an attack costs."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.mechanisms.rental.table import FIXED, KIND, SIZE
from model.metric import metric, shared
from model.units import BTC, GHS_PER_TH, TH_PER_PH, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("rental",)
SLACK = 0.01  # of a price; smaller changes of an order are not worth a transaction
GHS_PER_PH = GHS_PER_TH * TH_PER_PH


def _rental(market: "Marketplace") -> Any:
    return market.mechanisms["rental"]


RENTED, BOUND, USD_PAID, BTC_PAID, TO_VAULTS, SUMS = range(6)


@kernel
def _add_up(
    rented: Any, contracts: Any, cost: Any, received: Any, changed: Any, sector: Any, vaults: int, out: Any
) -> None:
    """Fill GH/s rented and bound by fixed orders, base units paid by renters, and satoshi that vaults got.

    Args:
        rented: GH/s given to renters, cost: USD and satoshi base units, received and changed: satoshi; by account
        sector: of accounts; vaults: their sector, -1 for none
    """
    out[:] = 0
    for c in range(contracts.shape[0]):
        if contracts[c, KIND] == FIXED:
            out[BOUND] += contracts[c, SIZE]
    for who in range(changed.size):
        out[RENTED] += rented[1, who]
        out[USD_PAID] += cost[0, who]
        out[BTC_PAID] += cost[1, who]
        if sector[who] == vaults:
            out[TO_VAULTS] += received[1, who] + changed[who]


@shared
def _sums(market: "Marketplace") -> list[int]:
    r, ledger, out = _rental(market), market.ledger, np.empty(SUMS, np.int64)
    vaults = ledger.sectors.index("vaults") if "vaults" in ledger.sectors else -1
    _add_up(r.rented, r.contracts, r.cost, r.received, r.changed_for, ledger.books.sector, vaults, out)
    sums: list[int] = out.tolist()
    return sums


def _column(market: "Marketplace", name: str) -> Any:
    """A column of attackers, empty where nobody attacks."""
    population = market.populations["attacker"]
    return population.columns[name][: len(population)] if name in population.columns else np.zeros(0)


@metric("USD/PH/day", "mean", NEEDS, headline=True)
def price(market: "Marketplace") -> float:
    """Price of standard orders at the last clearing, without the fee; NaN before the first."""
    rental = _rental(market)
    return float(rental.usd_price) if rental.price > 0 else math.nan


@metric("1", "mean", NEEDS, headline=True)
def over_hashprice(market: "Marketplace") -> float:
    """Today's price of standard orders over hashprice after pool fees; NaN on days without trade."""
    rental = _rental(market)
    if rental.volume == 0 or rental.fair == 0:
        return math.nan
    return float(rental.price / rental.fair)


@metric("1", "mean", NEEDS)
def in_band(market: "Marketplace") -> float:
    """Whether today's price with the buyer's fee is at most hashprice after pool fees, to 1 %; NaN without trade."""
    rental = _rental(market)
    if rental.volume == 0 or rental.fair == 0:
        return math.nan
    return float(rental.price * (1.0 + rental.params.fee) * (1.0 - SLACK) <= rental.fair)


@metric("PH/s", "mean", NEEDS, headline=True)
def rented(market: "Marketplace") -> float:
    """Hash rate delivered to renters in the tick, by all contracts."""
    return float(_sums(market)[RENTED]) / GHS_PER_PH


@metric("1", "mean", NEEDS)
def rented_share(market: "Marketplace") -> float:
    """Rented part of what the market's rigs run."""
    rental = _rental(market)
    rest = market.mechanisms["rigs"].rest
    ran = rental.ran - (int(market.mechanisms["rigs"].delivered[rest]) if rest >= 0 else 0)
    return float(_sums(market)[RENTED]) / ran if ran > 0 else math.nan


@metric("PH/s", "mean", NEEDS)
def fixed(market: "Marketplace") -> float:
    """Hash rate bound by fixed orders."""
    return float(_sums(market)[BOUND]) / GHS_PER_PH


@metric("PH/s", "mean", NEEDS)
def elsewhere(market: "Marketplace") -> float:
    """Hash rate that renters point at other chains."""
    return float(_rental(market).away[0]) / GHS_PER_PH


@metric("PH/s", "mean", NEEDS)
def demand(market: "Marketplace") -> float:
    """Hash rate for which standard orders bid."""
    return _rental(market).demand / GHS_PER_PH


@metric("PH/s", "mean", NEEDS)
def supply(market: "Marketplace") -> float:
    """Hash rate that sellers offered to them."""
    return _rental(market).supply / GHS_PER_PH


@metric("USD", "sum", NEEDS, headline=True)
def paid(market: "Marketplace") -> float:
    """Paid by renters in the tick, fee included."""
    sums = _sums(market)
    return sums[USD_PAID] / USD + sums[BTC_PAID] / BTC * float(_rental(market).bitcoin.price)


@metric("USD", "sum", NEEDS)
def fees(market: "Marketplace") -> float:
    """Of it the market's fee."""
    rental = _rental(market)
    return int(rental.fees[0]) / USD + int(rental.fees[1]) / BTC * float(rental.bitcoin.price)


@metric("BTC", "sum", ("rental", "vaults"))
def vault_income(market: "Marketplace") -> float:
    """Coins that vaults got for rent in the tick."""
    return float(_sums(market)[TO_VAULTS]) / BTC


@metric("orders", "mean", NEEDS)
def orders(market: "Marketplace") -> float:
    """Open orders."""
    return float(_rental(market).orders.shape[0])


@metric("sellers", "sum", NEEDS)
def defaults(market: "Marketplace") -> float:
    """Terms that sellers failed in the tick."""
    return float(_rental(market).defaults)


@metric("series", "last", NEEDS)
def token_series(market: "Marketplace") -> float:
    """Series of tokens redeemable for hashpower that live."""
    return float(_rental(market).living)


@metric("USD", "sum", NEEDS)
def tokens_sold(market: "Marketplace") -> float:
    """Paid for such tokens in the tick."""
    return _rental(market).sold_tokens / USD


@metric("USD", "max", ("rental", "attacker"), headline=True)
def attack_cost(market: "Marketplace") -> float:
    """Paid so far by those who attack a chain; NaN where nobody does."""
    cost = _column(market, "attack_cost")
    return math.fsum(cost) if cost.size and float(cost.max()) > 0.0 else math.nan


@metric("1", "max", ("rental", "attacker"))
def attack_share(market: "Marketplace") -> float:
    """Largest share of the attacked chain that an attacker had so far; NaN where nobody attacks."""
    best = _column(market, "attack_best")
    return float(best.max()) if best.size else math.nan


@metric("hours", "max", ("rental", "attacker"))
def attack_hours(market: "Marketplace") -> float:
    """Longest time for which an attacker held what he needed; NaN where nobody attacks."""
    held = _column(market, "attack_held")
    return float(held.max()) if held.size else math.nan
