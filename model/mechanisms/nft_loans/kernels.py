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
        source: floors by kind, NaN where there is none
        seen: floors of the last ticks, by tick and kind; past: reports; the last row of both is today's
        mean: out, of what is known of each kind, NaN for nothing
    """
    for kind in range(source.size):
        for row in range(past.shape[0] - 1):
            past[row, kind] = past[row + 1, kind]
        total, known, last = 0.0, 0, seen.shape[0] - 1
        for row in range(last + 1):
            if row < last:
                seen[row, kind] = seen[row + 1, kind]
            elif source[kind] > 0.0:
                seen[row, kind] = source[kind]
            if not math.isnan(seen[row, kind]):
                total, known = total + seen[row, kind], known + 1
        mean[kind] = total / known if known else np.nan


@kernel
def move_floors(mean: Any, most: float, days: float, price: Any, past: Any, trend: Any) -> None:
    """Let reports move towards what was seen, by no more than a part `most` of themselves, and measure their trend.

    Args:
        mean: of what was seen lately by kind, NaN for nothing
        days: length of a tick
        price: reports; past: those of the last ticks; trend: mean log change a day
    """
    for kind in range(mean.size):
        if math.isnan(mean[kind]):
            continue
        now, old = mean[kind], price[kind]
        if not math.isnan(old):
            now = min(max(now, old * (1.0 - most)), old * (1.0 + most))
        price[kind] = past[-1, kind] = now
        there, first = 0, 0.0
        for row in range(past.shape[0] - 1):
            if not math.isnan(past[row, kind]):
                first = past[row, kind] if there == 0 else first
                there += 1
        trend[kind] = math.log(now / first) / (there * days) if there else 0.0


@kernel
def find_comparables(owner: Any, anchor: Any, kind: Any, n: int, lowest: Any) -> None:
    """What comparable sales of the cheapest NFT of each kind fetch [USD], NaN for none; into `lowest`."""
    lowest[:] = np.nan
    for k in range(n):
        if owner[k] >= 0 and anchor[k] > 0.0 and not anchor[k] >= lowest[kind[k]]:
            lowest[kind[k]] = anchor[k]
