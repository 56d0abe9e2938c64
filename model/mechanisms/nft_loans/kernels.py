"""Compiled: interest of open loans, incomes of pledged NFTs, which loans there are, and what comparable sales fetch."""

import math
from typing import Any

import numpy as np

from model.books import Books, move, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET

INTEREST, RENT, POWER = int(Flow.INTEREST), int(Flow.RENT), int(Flow.POWER)


@kernel
def count(
    loaned: Any, bidder: Any, ends: Any, noted: Any, since: Any, term: Any, rigs: Any, tick: int, pledged: Any
) -> Any:
    """Open loans, auctions that have ended, open notes, notes past their term, and open rig loans.

    Args:
        loaned, bidder, ends: borrower from the pool, best bidder and end of the auction, by NFT
        noted, since, term: borrower on a note, its first tick and its ticks, by NFT
        rigs: debt by account
        tick: of today
        pledged: out, NFTs with a loan from the pool
    """
    loans = auctions = notes = over = owing = 0
    for n in range(loaned.size):
        if loaned[n] >= 0:
            pledged[loans] = n
            loans += 1
            auctions += bidder[n] >= 0 and ends[n] <= tick
        if noted[n] >= 0:
            notes += 1
            over += since[n] + term[n] <= tick
    for account in range(rigs.size):
        owing += rigs[account] != 0
    return loans, auctions, notes, over, owing


@kernel
def grow(books: Books, asset: int, issuer: int, places: Any, borrower: Any, debt: Any, rate: float) -> int:
    """Let the debts at some places grow by a tick's interest, rounded up; how much in all [base units].

    Args:
        asset: debts, made by their issuer
        borrower: by place; nobody's where places are the borrowers' own accounts
        debt: by place
        rate: per tick
    """
    total = 0
    for k in range(places.size):
        interest = int(np.ceil(debt[places[k]] * rate))
        debt[places[k]] += interest
        total += interest
        if interest > 0:
            move(books, asset, issuer, borrower[places[k]] if borrower.size else places[k], interest, INTEREST)
    return total


@kernel
def pass_incomes(books: Books, n: int, owner: Any, escrow: int, income: Any, loaned: Any, noted: Any) -> int:
    """Incomes and charges of pledged NFTs pass to their borrowers; an NFT for which it failed, -1 for none.

    Args:
        n: NFTs so far
        owner, income: by NFT; escrow: account that owns what is pledged
        loaned, noted: borrowers from the pool and on notes, by NFT
    """
    for k in range(n):
        if owner[k] != escrow or income[k] == 0:
            continue
        who = loaned[k] if loaned[k] >= 0 else noted[k]
        asset, why = (USD_ASSET, RENT) if income[k] > 0 else (PAYABLE_ASSET, POWER)
        if not pay(books, asset, escrow, who, abs(income[k]), why):
            return k
    return -1


@kernel
def take_floors(source: Any, seen: Any, past: Any, mean: Any) -> None:
    """Forget the oldest floors and take today's.

    Args:
        source: floors by collection, NaN where there is none
        seen: floors of the last ticks, by tick and collection; past: reports; the last row of both is today's
        mean: out, of what is known of each collection, NaN for nothing
    """
    for c in range(source.size):
        for row in range(past.shape[0] - 1):
            past[row, c] = past[row + 1, c]
        total, known, last = 0.0, 0, seen.shape[0] - 1
        for row in range(last + 1):
            if row < last:
                seen[row, c] = seen[row + 1, c]
            else:
                seen[row, c] = source[c] if source[c] > 0.0 else np.nan
            if not math.isnan(seen[row, c]):
                total, known = total + seen[row, c], known + 1
        mean[c] = total / known if known else np.nan


@kernel
def move_floors(mean: Any, most: float, days: float, price: Any, past: Any, trend: Any, fresh: Any) -> None:
    """Let reports move towards what was seen, by no more than a part `most` of themselves, and measure their trend.

    Args:
        mean: of what was seen lately by collection, NaN for nothing, which leaves the report where it is
        days: length of a tick
        price: reports; past: those of the last ticks; trend: mean log change a day; fresh: whether anything was seen
    """
    for c in range(mean.size):
        fresh[c], old = not math.isnan(mean[c]), price[c]
        now = mean[c] if fresh[c] else old
        if math.isnan(now):
            continue
        if not math.isnan(old):
            now = min(max(now, old * (1.0 - most)), old * (1.0 + most))
        price[c] = past[-1, c] = now
        there, first = 0, 0.0
        for row in range(past.shape[0] - 1):
            if not math.isnan(past[row, c]):
                first = past[row, c] if there == 0 else first
                there += 1
        trend[c] = math.log(now / first) / (there * days) if there else 0.0


@kernel
def find_comparables(owner: Any, anchor: Any, collection: Any, n: int, lowest: Any) -> None:
    """What comparable sales of the cheapest piece of each collection fetch [USD], NaN for none; into `lowest`."""
    lowest[:] = np.nan
    for k in range(n):
        if owner[k] >= 0 and anchor[k] > 0.0 and not anchor[k] >= lowest[collection[k]]:
            lowest[collection[k]] = anchor[k]
