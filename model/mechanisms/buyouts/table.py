"""Columns of buy-outs by vault, all int64."""

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from model.jit import kernel
from model.nft_kind import NftKind
from model.sheaf import Sheaf
from model.vault_status import LIVE

NONE = -1
BASKET = int(NftKind.BASKET)


class Phase(IntEnum):
    """What may be done about a vault: nothing, counter, outbid, tender or buy back, buy back alone, outbid and vote."""

    NONE = 0
    COUNTER = 1
    AUCTION = 2
    TENDER = 3
    REJECTION = 4
    BIDDING = 5


COUNTERED = (int(Phase.COUNTER), int(Phase.TENDER), int(Phase.REJECTION))  # while others may pay for what is locked


class BuyoutTable(NamedTuple):
    """One entry per vault; the first eleven are those of `model.pass_through`."""

    account: Any  # escrow, -1 until it is needed
    pot: Any  # account that owes the income of locked fractions, -1 until it is needed
    share: Any  # asset of claims on locked fractions, -1 until it is needed
    least: Any
    pending_btc: Any
    pending_usd: Any
    income_btc: Any
    income_usd: Any
    grant_btc: Any
    grant_usd: Any
    claim: Any  # asset of claims on dollars in escrow [USD base units], -1 until it is needed
    phase: Any  # Phase
    opener: Any  # account, -1 for none
    price: Any  # offered [USD base units per whole fraction]
    stake: Any  # fractions that the opener locked at first [base units]
    offer: Any  # put down by the opener, or the best bid [USD base units]
    due: Any  # what blocks, where that is a sum [USD base units]
    opened: Any  # tick
    raised: Any  # tick of the best bid
    turn: Any  # tick after which the phase changes, -1 for none
    deadline: Any  # last tick for others, -1 for none
    sold: Any  # price at which the vault was bought out [USD base units per whole fraction], 0 for not


class Terms(Sheaf):
    """Columns that looks at all buy-outs need."""

    account: Any
    phase: Any
    price: Any
    deadline: Any


class Judged(Sheaf):
    """Columns that laws are about."""

    account: Any
    pot: Any
    share: Any
    claim: Any
    phase: Any
    pending_btc: Any
    pending_usd: Any
    sold: Any


@kernel
def due(balances: Any, own: Terms, fraction: Any, status: Any, count: Any, over: Any, open_ones: Any) -> Any:
    """What an evening may have to decide.

    Args:
        balances: of the ledger
        own, fraction, status, count: columns by vault; the last is of votes
        over: out, vaults that trade no more and whose buy-out is open, or that have fractions in escrow
        open_ones: out, vaults whose buy-out is open

    Returns:
        how many of both, and of vaults that trade no more and have votes
    """
    n_over = n_open = voted = 0
    for v in range(own.account.size):
        if own.phase[v] != 0:
            open_ones[n_open] = v
            n_open += 1
        if status[v] != LIVE:
            voted += count[v] > 0
            if own.account[v] >= 0 and (own.phase[v] != 0 or balances[fraction[v], own.account[v]] > 0):
                over[n_over] = v
                n_over += 1
    return n_over, n_open, voted


@kernel
def circulating(status: Any, kind: Any, found: Any) -> int:
    """Find the vaults in circulation that are no baskets; how many they are."""
    n = 0
    for v in range(status.size):
        if status[v] == LIVE and kind[v] != BASKET:
            found[n] = v
            n += 1
    return n


PASSING = BuyoutTable._fields[:10]
IDENTITY = ("account", "pot", "share", "claim", "opener", "turn", "deadline")  # -1 for none
OPEN_COLUMNS = ("phase", "opener", "price", "stake", "offer", "due", "opened", "raised", "turn", "deadline")


def empty_table(capacity: int) -> BuyoutTable:
    """No buy-outs."""
    return BuyoutTable(
        **{name: np.full(capacity, NONE if name in IDENTITY else 0, np.int64) for name in BuyoutTable._fields}
    )


def clear_row(table: BuyoutTable, v: int) -> None:
    """Forget the buy-out of a vault that is over."""
    for name in OPEN_COLUMNS:
        getattr(table, name)[v] = NONE if name in IDENTITY else 0
