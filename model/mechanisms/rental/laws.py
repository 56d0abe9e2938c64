"""Laws of the hashpower market."""

from typing import TYPE_CHECKING

import numpy as np

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
    from model.mechanisms.rental.rules import Rental


def broken(r: "Rental") -> str:
    """The first law that does not hold, as a sentence; empty if all do."""
    return _escrow(r) or _delivery(r) or _payment(r) or _tokens(r)


def _escrow(r: "Rental") -> str:
    for currency, asset in enumerate((USD_ASSET, BTC_ASSET)):
        left = r.orders[r.orders[:, CURRENCY] == currency, LEFT]
        owed = int(left.sum()) + (int(r.series[:, BOND].sum()) if asset == USD_ASSET else 0)
        held, claims = r.ledger.balance(asset, r.escrow), r.ledger.outstanding(int(r.receipts[currency]))
        if held != owed or claims != owed:
            return f"rental: escrow holds {held} of asset {asset}, claims on it are {claims}, orders and bonds {owed}"
        if left.size and int(left.min()) < 0:
            return f"rental: an order spent {-int(left.min())} more than its budget"
    return ""


def _delivery(r: "Rental") -> str:
    got, size = r.contracts[:, GOT], r.contracts[:, SIZE]
    if (got > size).any() or (got < 0).any():
        return "rental: more was delivered than was rented"
    if (r.contracts[:, BUYER] == r.contracts[:, SELLER]).any():
        return "rental: somebody rents from himself"
    if int(r.work.min()) < 0:
        return "rental: a TH is both rented out and mined for its owner"
    running, n = r.ran, r.work.size
    if int(r.work.sum()) + int(r.away[0]) != running:
        return f"rental: rigs run {running} GH/s, and {int(r.work.sum())} of {n} accounts' and {int(r.away[0])} elsewhere work"
    return ""


def _payment(r: "Rental") -> str:
    for currency in range(2):
        cost, received, fee = int(r.cost[currency].sum()), int(r.received[currency].sum()), int(r.fees[currency])
        if cost != received + fee:
            return f"rental: buyers paid {cost}, sellers got {received} and the market {fee}"
    return ""


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
