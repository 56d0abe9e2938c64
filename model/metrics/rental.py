"""Rented hashpower: what it costs against mining, how much is rented, who wants it, what failed, what an attack costs."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.mechanisms.rental.table import FIXED, KIND, SIZE
from model.metric import metric, shared
from model.units import BTC, GHS_PER_PH, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("rental",)
SLACK = 0.01  # of a price; smaller changes of an order are not worth a transaction


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


@metric("USD/PH/day", "mean", NEEDS, headline=True, of=_rental)
def price(rental: Any) -> float:
    """Price of standard orders at the last clearing, without the fee; NaN before the first."""
    return float(rental.usd_price) if rental.price > 0 else math.nan


@metric("1", "mean", NEEDS, headline=True, of=_rental)
def over_hashprice(rental: Any) -> float:
    """Today's price of standard orders over hashprice after pool fees; NaN on days without trade."""
    if rental.volume == 0 or rental.fair == 0:
        return math.nan
    return float(rental.price / rental.fair)


@metric("1", "mean", NEEDS, of=_rental)
def in_band(rental: Any) -> float:
    """Whether today's price with the buyer's fee is at most hashprice after pool fees, to 1 %; NaN without trade."""
    if rental.volume == 0 or rental.fair == 0:
        return math.nan
    return float(rental.price * (1.0 + rental.params.fee) * (1.0 - SLACK) <= rental.fair)


@metric("PH/s", "mean", NEEDS, headline=True, of=_sums)
def rented(sums: list[int]) -> float:
    """Hash rate delivered to renters in the tick, by all contracts."""
    return float(sums[RENTED]) / GHS_PER_PH


@metric("1", "mean", NEEDS)
def rented_share(market: "Marketplace") -> float:
    """Rented part of what the market's rigs run."""
    rental = _rental(market)
    rest = market.mechanisms["rigs"].rest
    ran = rental.ran - (int(market.mechanisms["rigs"].delivered[rest]) if rest >= 0 else 0)
    return float(_sums(market)[RENTED]) / ran if ran > 0 else math.nan


@metric("PH/s", "mean", NEEDS, of=_sums)
def fixed(sums: list[int]) -> float:
    """Hash rate bound by fixed orders."""
    return float(sums[BOUND]) / GHS_PER_PH


@metric("PH/s", "mean", NEEDS, of=_rental)
def elsewhere(rental: Any) -> float:
    """Hash rate that renters point at other chains."""
    return float(rental.away[0]) / GHS_PER_PH


@metric("PH/s", "mean", NEEDS, of=_rental)
def demand(rental: Any) -> float:
    """Hash rate for which standard orders bid."""
    return rental.demand / GHS_PER_PH


@metric("PH/s", "mean", NEEDS, of=_rental)
def supply(rental: Any) -> float:
    """Hash rate that sellers offered to them."""
    return rental.supply / GHS_PER_PH


@metric("USD", "sum", NEEDS, headline=True)
def paid(market: "Marketplace") -> float:
    """Paid by renters in the tick, fee included."""
    sums = _sums(market)
    return sums[USD_PAID] / USD + sums[BTC_PAID] / BTC * float(_rental(market).bitcoin.price)


@metric("USD", "sum", NEEDS, of=_rental)
def fees(rental: Any) -> float:
    """Of it the market's fee."""
    return int(rental.fees[0]) / USD + int(rental.fees[1]) / BTC * float(rental.bitcoin.price)


@metric("BTC", "sum", ("rental", "vaults"), of=_sums)
def vault_income(sums: list[int]) -> float:
    """Coins that vaults got for rent in the tick."""
    return float(sums[TO_VAULTS]) / BTC


@metric("orders", "mean", NEEDS, of=_rental)
def orders(rental: Any) -> float:
    """Open orders."""
    return float(rental.orders.shape[0])


@metric("sellers", "sum", NEEDS, of=_rental)
def defaults(rental: Any) -> float:
    """Terms that sellers failed in the tick."""
    return float(rental.defaults)


@metric("series", "last", NEEDS, of=_rental)
def token_series(rental: Any) -> float:
    """Series of tokens redeemable for hashpower that live."""
    return float(rental.living)


@metric("USD", "sum", NEEDS, of=_rental)
def tokens_sold(rental: Any) -> float:
    """Paid for such tokens in the tick."""
    return rental.sold_tokens / USD


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
