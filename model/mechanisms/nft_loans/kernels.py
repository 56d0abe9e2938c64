"""Compiled: interest of open loans, incomes of pledged NFTs, which loans there are, and what comparable sales fetch."""

from typing import Any

import numpy as np

from model.books import Books, move, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET

INTEREST, RENT, POWER = int(Flow.INTEREST), int(Flow.RENT), int(Flow.POWER)


@kernel
def count(loaned: Any, bidder: Any, ends: Any, noted: Any, since: Any, term: Any, rigs: Any, tick: int) -> Any:
    """Open loans, auctions that have ended, open notes, notes past their term, and open rig loans.

    Args:
        loaned, bidder, ends: borrower from the pool, best bidder and end of the auction, by NFT
        noted, since, term: borrower on a note, its first tick and its ticks, by NFT
        rigs: debt by account
        tick: of today
    """
    loans = auctions = notes = over = owing = 0
    for n in range(loaned.size):
        if loaned[n] >= 0:
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
        borrower: of each of the places
        debt: by place
        rate: per tick
    """
    total = 0
    for k in range(places.size):
        interest = int(np.ceil(debt[places[k]] * rate))
        debt[places[k]] += interest
        total += interest
        if interest > 0:
            move(books, asset, issuer, borrower[k], interest, INTEREST)
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
def find_comparables(owner: Any, anchor: Any, kind: Any, n: int, lowest: Any) -> None:
    """What comparable sales of the cheapest NFT of each kind fetch [USD], NaN for none; into `lowest`."""
    lowest[:] = np.nan
    for k in range(n):
        if owner[k] >= 0 and anchor[k] > 0.0 and not anchor[k] >= lowest[kind[k]]:
            lowest[kind[k]] = anchor[k]
