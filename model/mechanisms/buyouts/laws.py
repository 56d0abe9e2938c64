"""What must hold for buy-outs after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanisms.buyouts.table import ENDED
from model.pass_through import none_waits
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.buyouts.rules import Buyouts


def broken(house: "Buyouts") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    return _covered(house) or _terms(house) or _kept(house) or _income(house)


def _covered(house: "Buyouts") -> str:
    """Escrow holds what claims on it say, dollar for dollar and fraction for fraction."""
    t, books, there = house.table, house.ledger.books, np.flatnonzero(house.table.account != NONE)
    escrow, fraction = t.account[there], house.vaults.table.fraction[there]
    for asset, claim, what in ((USD_ASSET, t.claim[there], "USD base units"), (fraction, t.share[there], "fractions")):
        held, claims = books.balances[asset, escrow], -books.balances[claim, books.issuer[claim, 0]]
        for k in np.flatnonzero(held != claims):
            return f"escrow of vault {there[k]} holds {held[k]} {what} against claims of {claims[k]}"
    return ""


def _terms(house: "Buyouts") -> str:
    """Escrow of an open buy-out holds what the terms of its design say; without one it holds no dollars."""
    t = house.table
    idle = np.flatnonzero((t.account != NONE) & (t.phase == 0))
    cash = house.ledger.books.balances[USD_ASSET, t.account[idle]]
    for k in np.flatnonzero(cash):
        return f"escrow of vault {idle[k]} holds {cash[k]} USD base units and no buy-out is open"
    for v in np.flatnonzero((t.account != NONE) & (t.phase != 0)).tolist():
        design, cash, locked = house.design_of(v), house.cash(v), house.locked(v)
        usd, fractions = design.owes(v)
        if (cash, locked) != (usd, fractions):
            return f"{design.name} of vault {v} owes {usd} and {fractions}, and escrow holds {cash} and {locked}"
    return ""


def _kept(house: "Buyouts") -> str:
    """Dollars of a vault that was bought out are there at the price of its offer, for as long as nobody claims them."""
    t, vaults = house.table, house.vaults
    for v in np.flatnonzero(t.sold > 0):
        held = house.ledger.balance(USD_ASSET, int(vaults.pot[v]))
        if vaults.status[v] != ENDED or held * TOKEN < int(t.sold[v]) * int(vaults.supply[v]):
            return (
                f"holders of {vaults.supply[v]} fractions of vault {v} are owed {t.sold[v]} each, and {held} is there"
            )
    return ""


def _income(house: "Buyouts") -> str:
    t, vaults = house.table, house.vaults
    waits = none_waits(house.ledger, house.passing, vaults.fraction, vaults.usd_line)
    if waits != NONE:
        return f"income in dollars waits for the escrow of vault {waits}"
    there = np.flatnonzero(t.account != NONE)
    for asset, column in ((BTC_ASSET, t.pending_btc), (USD_ASSET, t.pending_usd)):
        waiting = column[there]
        for k in np.flatnonzero((waiting < 0) | (waiting > house.ledger.books.balances[asset, t.pot[there]])):
            return f"income of fractions locked for vault {there[k]}: {waiting[k]} waits and less is in the pot"
    return ""
