"""What must hold for buy-outs after every tick."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanisms.buyouts.table import ENDED
from model.pass_through import none_waits
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.buyouts.rules import Buyouts


BROKEN = (
    "",
    "escrow of vault {v} holds {says} USD base units against claims of {there}",
    "escrow of vault {v} holds {says} fractions against claims of {there}",
    "escrow of vault {v} holds {says} USD base units and no buy-out is open",
    "income of fractions locked for vault {v}: {says} satoshi wait and {there} are in the pot",
    "income of fractions locked for vault {v}: {says} USD base units wait and {there} are in the pot",
)


@kernel
def find_fault(
    books: Any, escrow: Any, pot: Any, fraction: Any, share: Any, claim: Any, phase: Any, btc: Any, usd: Any, fault: Any
) -> None:
    """First broken law of an escrow: it holds what claims on it say, no dollars without a buy-out, and pots what waits.

    Args:
        escrow, pot: accounts by vault, -1 for none; fraction, share, claim: assets by vault
        phase: of the buy-out; btc, usd: income that waits [base units]
        fault: out, (place in `BROKEN` or 0, vault, two figures)
    """
    fault[0] = 0
    for v in range(escrow.size):
        if escrow[v] < 0:
            continue
        cash, locked = books.balances[USD_ASSET, escrow[v]], books.balances[fraction[v], escrow[v]]
        claims = -books.balances[claim[v], books.issuer[claim[v], 0]]
        locks = -books.balances[share[v], books.issuer[share[v], 0]]
        coins, dollars = books.balances[BTC_ASSET, pot[v]], books.balances[USD_ASSET, pot[v]]
        if cash != claims:
            fault[0], fault[1], fault[2], fault[3] = 1, v, cash, claims
        elif locked != locks:
            fault[0], fault[1], fault[2], fault[3] = 2, v, locked, locks
        elif phase[v] == 0 and cash != 0:
            fault[0], fault[1], fault[2], fault[3] = 3, v, cash, 0
        elif btc[v] < 0 or btc[v] > coins:
            fault[0], fault[1], fault[2], fault[3] = 4, v, btc[v], coins
        elif usd[v] < 0 or usd[v] > dollars:
            fault[0], fault[1], fault[2], fault[3] = 5, v, usd[v], dollars
        if fault[0] != 0:
            return


def broken(house: "Buyouts") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    t, vaults, fault = house.table, house.vaults.table, np.zeros(4, np.int64)
    find_fault(house.ledger.books, t.account, t.pot, vaults.fraction, t.share, t.claim, t.phase, t.pending_btc,
        t.pending_usd, fault)  # fmt: skip
    law, v, says, there = fault.tolist()
    if law:
        return BROKEN[law].format(v=v, says=says, there=there)
    waits = none_waits(house.ledger, house.passing, vaults.fraction, vaults.usd_line)
    if waits != NONE:
        return f"income in dollars waits for the escrow of vault {waits}"
    return _terms(house) or _kept(house)


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
