"""What must hold for buy-outs after every tick."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.books import owes
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.buyouts.table import Judged
from model.sheaf import sheaf
from model.units import TOKEN, muldiv, product_gap
from model.vault_status import ENDED

if TYPE_CHECKING:
    from model.mechanisms.buyouts.mechanism import Buyouts


Held = sheaf("Held", "status fraction usd_line pot supply")  # columns of vaults

BROKEN = (
    "",
    "escrow of vault {v} holds {says} USD base units against claims of {there}",
    "escrow of vault {v} holds {says} fractions against claims of {there}",
    "escrow of vault {v} holds {says} USD base units and no buy-out is open",
    "income of fractions locked for vault {v}: {says} satoshi wait and {there} are in the pot",
    "income of fractions locked for vault {v}: {says} USD base units wait and {there} are in the pot",
    "income in dollars waits for the escrow of vault {v}",
)


@kernel
def find_fault(books: Any, own: Judged, vaults: Any, fault: Any) -> Any:
    """First broken law of an escrow: it holds what claims on it say, no dollars without a buy-out, and pots what waits.

    Args:
        own: columns of buy-outs
        vaults: `Held`
        fault: out, (place in `BROKEN` or 0, vault, two figures)

    Returns:
        how many vaults have an open buy-out, and of how many that were bought out others cannot be paid
    """
    fraction, usd_line = vaults.fraction, vaults.usd_line
    fault[0] = open_ones = short = 0
    for v in range(own.account.size):
        open_ones += own.phase[v] != 0
        if own.sold[v] != 0:
            supply, held = vaults.supply[v], books.balances[USD_ASSET, vaults.pot[v]]
            owed = muldiv(own.sold[v], supply, TOKEN)
            part = product_gap(own.sold[v], supply, owed, TOKEN)
            short += vaults.status[v] != ENDED or held < owed or (held == owed and part > 0)
        escrow, pot, claim, share, phase = own.account[v], own.pot[v], own.claim[v], own.share[v], own.phase[v]
        if escrow < 0:
            continue
        btc, usd = own.pending_btc[v], own.pending_usd[v]
        cash, locked = books.balances[USD_ASSET, escrow], books.balances[fraction[v], escrow]
        claims = -books.balances[claim, books.issuer[claim, 0]]
        locks = -books.balances[share, books.issuer[share, 0]]
        coins, dollars = books.balances[BTC_ASSET, pot], books.balances[USD_ASSET, pot]
        if cash != claims:
            fault[0], fault[1], fault[2], fault[3] = 1, v, cash, claims
        elif locked != locks:
            fault[0], fault[1], fault[2], fault[3] = 2, v, locked, locks
        elif phase == 0 and cash != 0:
            fault[0], fault[1], fault[2], fault[3] = 3, v, cash, 0
        elif btc < 0 or btc > coins:
            fault[0], fault[1], fault[2], fault[3] = 4, v, btc, coins
        elif usd < 0 or usd > dollars:
            fault[0], fault[1], fault[2], fault[3] = 5, v, usd, dollars
        elif usd_line[v] >= 0 and owes(books, usd_line[v], escrow, locked):
            fault[0], fault[1], fault[2], fault[3] = 6, v, 0, 0
        if fault[0] != 0:
            break
    return open_ones, short


def broken(house: "Buyouts") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    fault = np.zeros(4, np.int64)
    open_ones, short = find_fault(house.ledger.books, house.judged, house.held, fault)
    if fault[0]:
        law, v, says, there = fault.tolist()
        return BROKEN[law].format(v=v, says=says, there=there)
    return (_terms(house) if open_ones else "") or (_kept(house) if short else "")


def _terms(house: "Buyouts") -> str:
    """Escrow of an open buy-out holds what the terms of its design say."""
    for v in np.flatnonzero(house.table.phase).tolist():
        design, cash, locked = house.design_of(v), house.cash(v), house.locked(v)
        usd, fractions = design.owes(v)
        if (cash, locked) != (usd, fractions):
            return f"{design.name} of vault {v} owes {usd} and {fractions}, and escrow holds {cash} and {locked}"
    return ""


def _kept(house: "Buyouts") -> str:
    """Dollars of a vault that was bought out are there at the price of its offer, for as long as nobody claims them."""
    t, vaults = house.table, house.vaults
    for v in np.flatnonzero(t.sold).tolist():
        held = house.ledger.balance(USD_ASSET, int(vaults.pot[v]))
        if vaults.status[v] != ENDED or held * TOKEN < int(t.sold[v]) * int(vaults.supply[v]):
            return (
                f"holders of {vaults.supply[v]} fractions of vault {v} are owed {t.sold[v]} each, and {held} is there"
            )
    return ""
