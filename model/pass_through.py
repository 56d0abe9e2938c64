"""Income on parked fractions: it goes on to those whose fractions are parked, and never mixes with the place's balances.

A pool of a venue holds fractions of a vault for its liquidity providers, and the account of a vault's stakes holds
them for the stakers. Both issue a claim of their own, a share, with income lines of its own. Once a tick, in
`accrual` and after the vaults, `pass_through` collects what the parked fractions have earned, puts it into a pot, and
credits it to the shares. Dollars must not be collected at any other moment, or they would become part of a pool's
balance; vaults raise their lines in `accrual` alone, and each venue checks `none_waits` with its laws.

A venue keeps one `Passing` of columns by vault, hands it to `vaults.serve`, and calls `pass_through` from a stage
method; it has room for two income lines per share.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.books import LINES_PER_ASSET, Books, collect, owes, pay, raise_index
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, NONE, USD_ASSET, Ledger
from model.sheaf import Sheaf

INCOME = int(Flow.INCOME)


class Passing(Sheaf):
    """Where fractions are parked and what passes through; int64 columns by vault."""

    account: Any  # holds the fractions and issues the shares, -1 for none
    pot: Any  # account that owes the income; the same account where it holds no other coins and dollars
    share: Any  # asset of the claims, -1 for none
    least: Any  # shares that must earn before anything is credited: over a few base units it would exhaust the index
    pending_btc: Any  # in the pot and not yet credited [satoshi]
    pending_usd: Any  # [USD base units]
    income_btc: Any  # passed on this tick [satoshi]
    income_usd: Any  # [USD base units]
    grant_btc: Any  # put into the pot by the vault itself since the last time [satoshi]
    grant_usd: Any  # [USD base units]


COUNTERS = ("pending_btc", "pending_usd", "income_btc", "income_usd", "grant_btc", "grant_usd")


def passing_of(table: Any, earning: int = 0) -> Passing:
    """The columns of a venue's own table that have these names; of its kinds of shares, the one that earns."""
    columns = {name: getattr(table, name) for name in Passing._fields}
    return Passing(**columns | {"share": table.share[earning]})


def state_of(passing: Passing) -> Iterable[NDArray[np.int64]]:
    """Columns that later ticks depend on."""
    return (getattr(passing, name) for name in COUNTERS)


@kernel
def _pass(books: Books, table: Passing, fraction: Any, locked: int, nobody: int) -> int:
    """All of a tick; pools whose shares lack a line for the dollars that wait."""
    lacking = 0
    for v in range(fraction.size):
        table.income_btc[v] = table.income_usd[v] = 0
        account, pot, share = table.account[v], table.pot[v], table.share[v]
        if account < 0:
            continue
        coins, dollars = books.balances[BTC_ASSET, account], books.balances[USD_ASSET, account]
        collect(books, fraction[v], account)
        dollars = books.balances[USD_ASSET, account] - dollars
        if pot == account:
            coins = books.balances[BTC_ASSET, account] - coins
        else:
            coins = books.balances[BTC_ASSET, account]
            pay(books, BTC_ASSET, account, pot, coins, INCOME)
            if dollars > 0:
                pay(books, USD_ASSET, account, pot, dollars, INCOME)
        coins, dollars = coins + table.grant_btc[v], dollars + table.grant_usd[v]
        table.grant_btc[v] = table.grant_usd[v] = 0
        table.income_btc[v], table.income_usd[v] = coins, dollars
        table.pending_btc[v] += coins
        table.pending_usd[v] += dollars
        if table.pending_btc[v] == 0 and table.pending_usd[v] == 0:
            continue
        earning = -books.balances[share, account] - locked
        credited = False
        for k in range(LINES_PER_ASSET):
            line = books.line[share, k]
            if line < 0:
                break
            if earning >= table.least[v]:
                if books.line_paid[line] == BTC_ASSET:
                    table.pending_btc[v] -= raise_index(books, line, table.pending_btc[v], earning)
                elif books.line_paid[line] == USD_ASSET:
                    table.pending_usd[v] -= raise_index(books, line, table.pending_usd[v], earning)
                    credited = True
                else:
                    continue  # a reward of its own
                if locked > 0:
                    books.settled[line, nobody] = books.line_index[line]
            elif books.line_paid[line] == USD_ASSET:
                credited = True
        if table.pending_usd[v] > 0 and not credited:
            lacking += 1
    return lacking


@kernel
def _waiting(books: Books, account: Any, fraction: Any, line: Any) -> int:
    """First vault whose line owes a parking account at least a unit of income; -1 if none does."""
    for v in range(fraction.size):
        if (
            account[v] >= 0
            and line[v] >= 0
            and owes(books, line[v], account[v], books.balances[fraction[v], account[v]])
        ):
            return v
    return -1


@kernel
def mark_parked(value: Any, share: Any, fraction: Any) -> None:
    """Let a claim on a parked fraction be worth the fraction; assets by vault, -1 for no claim."""
    for v in range(share.size):
        if share[v] >= 0:
            value[share[v]] = value[fraction[v]]


def pass_through(
    ledger: Ledger, table: Passing, fraction: NDArray[np.int64], locked: int = 0, nobody: int = NONE
) -> None:
    """Collect the income on parked fractions, move it to the pots, and credit it to the shares.

    Locked shares earn nothing: what they could never collect would stop every unit of income from having an owner. So
    the index is raised over the other shares, and the claim of the locked ones is closed at once.

    Args:
        ledger: whose books
        table: columns by vault
        fraction: asset by vault
        locked: shares of each pool that are locked for ever [base units]
        nobody: the account that holds them
    """
    if _pass(ledger.books, table, fraction, int(locked), int(nobody)) == 0:
        return
    books = ledger.books
    for v in np.flatnonzero(table.pending_usd > 0):
        share, pot = int(table.share[v]), int(table.pot[v])
        if USD_ASSET in paid_by(ledger, share):
            continue
        line = ledger.add_line(share, USD_ASSET, pot)
        earning = -int(books.balances[share, table.account[v]]) - locked
        if earning >= table.least[v]:
            table.pending_usd[v] -= ledger.share(line, int(table.pending_usd[v]), earning)
            if locked > 0:
                books.settled[line, nobody] = books.line_index[line]


def paid_by(ledger: Ledger, asset: int) -> list[int]:
    """Assets in which an asset pays income."""
    return [int(ledger.books.line_paid[line]) for line in ledger.books.line[asset] if line >= 0]


def none_waits(ledger: Ledger, table: Passing, fraction: NDArray[np.int64], usd_line: NDArray[np.int64]) -> int:
    """A law of every venue: no dollars of income are owed to a parking account, to be collected by its next trade.

    Args:
        ledger: whose books
        table: columns by vault
        fraction: asset by vault
        usd_line: line of the fraction that pays dollars, by vault, -1 for none

    Returns:
        the vault for which it does not hold; -1 if it holds
    """
    return int(_waiting(ledger.books, table.account, fraction, usd_line)) if (usd_line >= 0).any() else NONE
