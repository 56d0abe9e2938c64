"""Tokens redeemable for hashpower: a seller binds rigs for a term, and each token has one TH/s of them until it ends."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.rental.table import (
    AMOUNT,
    BOND,
    BUYER,
    ENDS,
    GOT,
    HERE,
    ISSUER,
    KIND,
    NOBODY,
    REDEEMED,
    SELLER,
    SERIES,
    SIZE,
    TOKEN,
    USD_PRICED,
)
from model.room import note_full
from model.units import GHS_PER_TH, HOURS_PER_DAY, LARGEST_RESERVE, USD, mul_div
from model.units import TOKEN as WHOLE

if TYPE_CHECKING:
    from model.mechanisms.rental.mechanism import Rental

Outcome = tuple[Status, int]
UNITS_PER_GHS = WHOLE // GHS_PER_TH  # base units of a token for one GH/s


def slot_of(r: "Rental", series: int) -> int:
    """Row of a living series, -1 for none."""
    if not 0 <= series < r.series.shape[0] or r.series[series, ISSUER] == NOBODY:
        return NOBODY
    return series


def issue(r: "Rental", account: int, ghs: int, hours: int, price: int) -> Outcome:
    """Bind whole TH/s for a term against a bond, and give the seller their tokens; the series."""
    slots = np.flatnonzero(r.series[:, ISSUER] == NOBODY)
    if not 0 < hours <= r.params.longest_hours or not 0 <= price <= LARGEST_RESERVE or ghs < GHS_PER_TH:
        return Status.AMOUNT, 0
    if slots.size == 0:
        return Status.DEPTH, 0
    if r.banned[account] >= max(1, r.clock.tick):
        return Status.LOCKED, 0
    ghs -= ghs % GHS_PER_TH
    if ghs > int(r.free()[account]):
        return Status.FUNDS, 0
    worth = ghs / GHS_PER_TH * r.th_price * hours / HOURS_PER_DAY
    bond = int(min(LARGEST_RESERVE, worth * r.params.token_bond * USD))
    if not r.ledger.move(USD_ASSET, account, r.escrow, bond, Flow.RENTAL):
        return Status.FUNDS, 0
    r.ledger.pay(int(r.receipts[USD_PRICED]), r.escrow, account, bond, Flow.RENTAL)
    if slots.size == 1:
        note_full(r.journal, "rental.token_series", r.params.token_series)
    s = int(slots[0])
    ends = max(0, r.clock.tick) + r.clock.ticks_of(hours / HOURS_PER_DAY)
    r.series[s] = (account, ghs, ends, bond, 0)
    r.ledger.pay(int(r.tokens[s]), r.maker, account, ghs * UNITS_PER_GHS, Flow.MINT)
    if price > 0:
        r.asks[s, account] = price
    return Status.DONE, s


def ask(r: "Rental", account: int, series: int, price: int) -> Outcome:
    """Keep an account's price for its tokens."""
    if slot_of(r, series) < 0:
        return Status.UNKNOWN, 0
    if not 0 <= price <= LARGEST_RESERVE:
        return Status.AMOUNT, 0
    r.asks.pop((series, account), None)
    if price > 0:
        r.asks[series, account] = price
    return Status.DONE, price


def buy(r: "Rental", account: int, series: int, amount: int, limit: int) -> Outcome:
    """Buy from the cheapest asks, as far as they, the limit and the cash go; base units got."""
    if slot_of(r, series) < 0:
        return Status.UNKNOWN, 0
    if not 0 < amount <= LARGEST_RESERVE:
        return Status.AMOUNT, 0
    asset, got = int(r.tokens[series]), 0
    offers = sorted((price, who) for (s, who), price in r.asks.items() if s == series and who != account)
    status = Status.DEPTH
    for price, who in offers:
        if price > limit:
            status = Status.LIMIT
            break
        cash = max(0, r.ledger.balance(USD_ASSET, account))
        part = min(amount - got, r.ledger.balance(asset, who), mul_div(cash, WHOLE, price))
        cost = -(-part * price // WHOLE)
        if part <= 0 or cost > cash:
            status = Status.FUNDS if r.ledger.balance(asset, who) > 0 else status
            continue
        r.ledger.pay(USD_ASSET, account, who, cost, Flow.TRADE)
        r.ledger.pay(asset, who, account, part, Flow.TRADE)
        r.sold_tokens += cost
        if who == r.series[series, ISSUER]:
            r.selling[who] += cost
        r.ledger.value[asset] = price / WHOLE / USD
        got += part
        if got == amount:
            break
    return (Status.DONE, got) if got else (status, 0)


def redeem(r: "Rental", account: int, series: int, amount: int) -> Outcome:
    """Burn tokens of whole GH/s; their hashpower is the holder's until the term ends."""
    if slot_of(r, series) < 0:
        return Status.UNKNOWN, 0
    ghs = amount // UNITS_PER_GHS
    if ghs <= 0 or amount > LARGEST_RESERVE:
        return Status.AMOUNT, 0
    row, asset = r.series[series], int(r.tokens[series])
    if not r.ledger.move(asset, account, r.maker, ghs * UNITS_PER_GHS, Flow.REDEMPTION):
        return Status.FUNDS, 0
    if row[ISSUER] == account:  # his own again
        row[AMOUNT] -= ghs
        return Status.DONE, ghs
    row[AMOUNT] -= ghs
    row[REDEEMED] += ghs
    made = [account, int(row[ISSUER]), ghs, 0, USD_PRICED, NOBODY, HERE, int(row[ENDS]), TOKEN, 0, 0, series, 0]
    r.contracts = np.concatenate((r.contracts, np.array([made], np.int64)))
    return Status.DONE, ghs


def bound(r: "Rental") -> NDArray[np.int64]:
    """GH/s that must stay with their owner for tokens, redeemed or not; by account."""
    out, living = np.zeros(r.work.size, np.int64), r.series[r.series[:, ISSUER] != NOBODY]
    np.add.at(out, living[:, ISSUER], living[:, AMOUNT])
    redeemed = r.contracts[r.contracts[:, KIND] == TOKEN]
    np.add.at(out, redeemed[:, SELLER], redeemed[:, SIZE])
    return out


def compensate(r: "Rental") -> None:
    """What a token did not bring is paid from its issuer's bond at what mining pays."""
    days = r.clock.dt_days
    for row in r.contracts[(r.contracts[:, KIND] == TOKEN) & (r.contracts[:, GOT] < r.contracts[:, SIZE])]:
        series = r.series[row[SERIES]]
        lost = int((row[SIZE] - row[GOT]) / GHS_PER_TH * r.th_price * days * USD)
        paid = min(lost, int(series[BOND]))
        series[BOND] -= paid
        r.ledger.pay(int(r.receipts[USD_PRICED]), int(row[SELLER]), r.escrow, paid, Flow.RENTAL)
        r.ledger.pay(USD_ASSET, r.escrow, int(row[BUYER]), paid, Flow.REFUND)
        r.refunded += paid


def end(r: "Rental") -> None:
    """Series whose term is over: bonds go back, tokens that nobody redeemed are void."""
    for s, row in enumerate(r.series.tolist()):
        if row[ISSUER] == NOBODY or row[ENDS] > r.clock.tick:
            continue
        issuer, bond, asset = int(r.series[s, ISSUER]), int(r.series[s, BOND]), int(r.tokens[s])
        r.ledger.pay(int(r.receipts[USD_PRICED]), issuer, r.escrow, bond, Flow.REFUND)
        r.ledger.pay(USD_ASSET, r.escrow, issuer, bond, Flow.REFUND)
        held = r.ledger.books.balances[asset, : r.ledger.accounts]
        for who in np.flatnonzero(held > 0).tolist():
            r.ledger.pay(asset, who, r.maker, int(held[who]), Flow.BURN)
        r.series[s] = (NOBODY, 0, 0, 0, 0)
        r.ledger.value[asset] = 0.0
        r.asks = {key: price for key, price in r.asks.items() if key[0] != s}
        r.contracts = r.contracts[(r.contracts[:, KIND] != TOKEN) | (r.contracts[:, SERIES] != s)]


def mark(r: "Rental") -> None:
    """Tokens wear out: none is worth more than what mining with it pays until its term ends."""
    for s, row in enumerate(r.series.tolist()):
        if row[ISSUER] == NOBODY:
            continue
        days = max(0, int(r.series[s, ENDS]) - r.clock.tick) * r.clock.dt_days
        asset, most = int(r.tokens[s]), r.th_price * days / WHOLE
        r.ledger.value[asset] = min(float(r.ledger.value[asset]) or most, most)
