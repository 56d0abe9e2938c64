"""What must hold for every vault after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.vaults import claims
from model.pass_through import none_waits
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.vaults.rules import Vaults

BROKEN = (
    "",
    "promises {says} GH/s and has {there} registered",
    "counts {says} fractions outstanding and has issued {there}",
    "counts {says} satoshi as not yet credited, and its pot holds {there}",
)


def broken(vaults: "Vaults") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    fault = np.zeros(4, np.int64)
    claims.find_fault(vaults.ledger.books, vaults.laws, vaults.n, vaults.rigs.registered, fault)
    law, v, says, there = (int(x) for x in fault)
    if law:
        return f"vault {v}: {BROKEN[law].format(says=says, there=there)}"
    return _dollars(vaults) or _stakes(vaults) or _nfts(vaults) or _baskets(vaults)


def _dollars(vaults: "Vaults") -> str:
    t = vaults.table
    there = np.flatnonzero(t.usd_line[: vaults.n] >= 0)
    held, dust = vaults.ledger.books.balances[USD_ASSET, t.usd_pot[there]], t.usd_dust[there]
    for k in np.flatnonzero((dust < 0) | (dust > held)):
        return f"vault {there[k]}: counts {dust[k]} USD base units as not yet credited, and its pot holds {held[k]}"
    return ""


def _stakes(vaults: "Vaults") -> str:
    t, books = vaults.table, vaults.ledger.books
    there = np.flatnonzero(t.stake[: vaults.n] >= 0)
    if there.size == 0:
        return ""
    stake = t.stake[there]
    parked, claimed = books.balances[t.fraction[there], t.stakes[there]], -books.balances[stake, books.issuer[stake, 0]]
    for k in np.flatnonzero(parked != claimed):
        return f"vault {there[k]}: {claimed[k]} staked fractions are claimed and {parked[k]} are there"
    waits = none_waits(vaults.ledger, vaults.staking, t.fraction, t.usd_line)
    return f"vault {waits}: dollars are owed to the account of its stakes" if waits >= 0 else ""


def _nfts(vaults: "Vaults") -> str:
    if vaults.others.size == 0:
        return ""
    v, nft = vaults.with_nft()
    for k in np.flatnonzero(vaults.nfts.vault[nft] != v) if v.size else ():
        return f"vault {v[k]}: its NFT {nft[k]} is counted as held by vault {vaults.nfts.vault[nft[k]]}"
    return ""


def _baskets(vaults: "Vaults") -> str:
    t, ledger = vaults.table, vaults.ledger
    for v, recipe in vaults.recipes.items():
        for m, per in recipe:
            held = ledger.balance(int(t.fraction[m]), int(t.account[v]))
            if held * TOKEN < int(t.supply[v]) * per:
                return f"basket {v}: holds {held} fractions of vault {m}, too few for {t.supply[v]} of its own"
    return ""
