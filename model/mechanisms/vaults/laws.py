"""What must hold for every vault after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.mechanisms.vaults import claims
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.vaults.mechanism import Vaults

BROKEN = (
    "",
    "promises {says} GH/s and has {there} registered",
    "counts {says} fractions outstanding and has issued {there}",
    "counts {says} satoshi as not yet credited, and its pot holds {there}",
    "counts {says} USD base units as not yet credited, and its pot holds {there}",
    "{says} staked fractions are claimed and {there} are there",
    "dollars are owed to the account of its stakes",
    "its NFT {says} is counted as held by vault {there}",
)
NO_NFTS = np.zeros(0, np.int64)


def broken(vaults: "Vaults") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    fault = np.zeros(4, np.int64)
    held_by = vaults.nfts.vault if vaults.nfts is not None else NO_NFTS
    claims.find_fault(vaults.ledger.books, vaults.laws, vaults.n, vaults.rigs.registered, vaults.others, held_by, fault)
    if fault[0]:
        law, v, says, there = fault.tolist()
        return f"vault {v}: {BROKEN[law].format(says=says, there=there)}"
    return _baskets(vaults)


def _baskets(vaults: "Vaults") -> str:
    t, ledger = vaults.table, vaults.ledger
    for v, recipe in vaults.recipes.items():
        for m, per in recipe:
            held = ledger.balance(int(t.fraction[m]), int(t.account[v]))
            if held * TOKEN < int(t.supply[v]) * per:
                return f"basket {v}: holds {held} fractions of vault {m}, too few for {t.supply[v]} of its own"
    return ""
