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
    t, ledger = house.table, house.ledger
    for v in np.flatnonzero(t.account != NONE):
        held, claims = house.cash(int(v)), ledger.outstanding(int(t.claim[v]))
        if held != claims:
            return f"escrow of vault {v} holds {held} USD base units against claims of {claims}"
        fractions, locks = house.locked(int(v)), ledger.outstanding(int(t.share[v]))
        if fractions != locks:
            return f"escrow of vault {v} holds {fractions} fractions against claims of {locks}"
    return ""


def _terms(house: "Buyouts") -> str:
    """Escrow of an open buy-out holds what the terms of its design say; without one it holds no dollars."""
    t = house.table
    for v in np.flatnonzero(t.account != NONE):
        design, cash, locked = house.design_of(int(v)), house.cash(int(v)), house.locked(int(v))
        if not house.is_open(int(v)):
            if cash:
                return f"escrow of vault {v} holds {cash} USD base units and no buy-out is open"
            continue
        usd, fractions = design.owes(int(v))
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
    for v in np.flatnonzero(t.account != NONE):
        pot = int(t.pot[v])
        for asset, waiting in ((BTC_ASSET, t.pending_btc[v]), (USD_ASSET, t.pending_usd[v])):
            if not 0 <= waiting <= house.ledger.balance(asset, pot):
                return f"income of fractions locked for vault {v}: {waiting} waits and less is in the pot"
    return ""
