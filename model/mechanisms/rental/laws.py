"""Laws of the hashpower market."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.rental.table import AMOUNT as PROMISED
from model.mechanisms.rental.table import (
    BOND,
    BUYER,
    CURRENCY,
    GOT,
    ISSUER,
    KIND,
    LEFT,
    NOBODY,
    REDEEMED,
    SELLER,
    SERIES,
    SIZE,
    TOKEN,
)
from model.mechanisms.rental.tokens import UNITS_PER_GHS

if TYPE_CHECKING:
    from model.mechanisms.rental.mechanism import Rental


@kernel
def _add_up(
    orders: Any, contracts: Any, series: Any, work: Any, cost: Any, received: Any, left: Any, paid: Any
) -> Any:  # fmt: skip
    """Add up what laws are about.

    Args:
        orders, contracts, series: rows as in `table`
        work: GH/s whose payout each account has; cost, received: base units by currency and account
        left: out, (what is left of orders, or the least if below zero)[currency]
        paid: out, (paid by buyers, got by sellers)[currency]

    Returns:
        bonds; contracts with too much or less than nothing delivered, and those with oneself; least and all of `work`
    """
    left[:] = 0
    paid[:] = 0
    bonds = wrong = own = all_work = 0
    for o in range(orders.shape[0]):
        currency, rest = orders[o, CURRENCY], orders[o, LEFT]
        left[0, currency] += rest
        left[1, currency] = min(left[1, currency], rest)
    for s in range(series.shape[0]):
        bonds += series[s, BOND]
    for c in range(contracts.shape[0]):
        got = contracts[c, GOT]
        wrong += got > contracts[c, SIZE] or got < 0
        own += contracts[c, BUYER] == contracts[c, SELLER]
    least = work[0]
    for who in range(work.size):
        all_work += work[who]
        least = min(least, work[who])
    for currency in range(cost.shape[0]):
        for who in range(cost.shape[1]):
            paid[0, currency] += cost[currency, who]
            paid[1, currency] += received[currency, who]
    return bonds, wrong, own, least, all_work


def broken(r: "Rental") -> str:
    """The first law that does not hold, as a sentence; empty if all do."""
    left, paid = np.empty((2, 2), np.int64), np.empty((2, 2), np.int64)
    bonds, wrong, own, least, work = _add_up(r.orders, r.contracts, r.series, r.work, r.cost, r.received, left, paid)
    rests, lowest = left.tolist()
    for currency, asset in enumerate((USD_ASSET, BTC_ASSET)):
        owed = rests[currency] + (bonds if asset == USD_ASSET else 0)
        held, claims = r.ledger.balance(asset, r.escrow), r.ledger.outstanding(int(r.receipts[currency]))
        if held != owed or claims != owed:
            return f"rental: escrow holds {held} of asset {asset}, claims on it are {claims}, orders and bonds {owed}"
        if lowest[currency] < 0:
            return f"rental: an order spent {-lowest[currency]} more than its budget"
    if wrong:
        return "rental: more was delivered than was rented"
    if own:
        return "rental: somebody rents from himself"
    if least < 0:
        return "rental: a TH is both rented out and mined for its owner"
    if work + int(r.away[0]) != r.ran:
        return (
            f"rental: rigs run {r.ran} GH/s, and {work} of {r.work.size} accounts' and {int(r.away[0])} elsewhere work"
        )
    for currency, (cost, received) in enumerate(paid.T.tolist()):
        if cost != received + int(r.fees[currency]):
            return f"rental: buyers paid {cost}, sellers got {received} and the market {int(r.fees[currency])}"
    return _tokens(r)


def _tokens(r: "Rental") -> str:
    for s in range(r.series.shape[0]):
        out, bound = r.ledger.outstanding(int(r.tokens[s])), int(r.series[s, PROMISED]) * UNITS_PER_GHS
        if out != bound:
            return f"rental: series {s} has {out} base units of tokens for rigs of {bound}"
        kept = np.where(r.series[s, ISSUER] == NOBODY, 0, r.series[s, REDEEMED])
        of = r.contracts[(r.contracts[:, KIND] == TOKEN) & (r.contracts[:, SERIES] == s), SIZE]
        if int(of.sum()) != int(kept):
            return f"rental: series {s} has {int(kept)} GH/s redeemed and contracts of {int(of.sum())}"
    return ""
