"""What must hold for every vault after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.vaults import claims
from model.mechanisms.vaults.table import VaultStatus
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
HELD = (VaultStatus.OFFERED, VaultStatus.LIVE)


def broken(vaults: "Vaults") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    fault = np.zeros(4, np.int64)
    claims.find_fault(vaults.ledger.books, vaults.laws, vaults.n, vaults.rigs.registered, fault)
    law, v, says, there = (int(x) for x in fault)
    if law:
        return f"vault {v}: {BROKEN[law].format(says=says, there=there)}"
    return _dollars(vaults) or _stakes(vaults) or _nfts(vaults) or _baskets(vaults)


def _dollars(vaults: "Vaults") -> str:
    t, ledger = vaults.table, vaults.ledger
    for v in np.flatnonzero(t.usd_line[: vaults.n] >= 0):
        held = ledger.balance(USD_ASSET, int(t.usd_pot[v]))
        if not 0 <= t.usd_dust[v] <= held:
            return f"vault {v}: counts {t.usd_dust[v]} USD base units as not yet credited, and its pot holds {held}"
    return ""


def _stakes(vaults: "Vaults") -> str:
    t, ledger = vaults.table, vaults.ledger
    for v in np.flatnonzero(t.stake[: vaults.n] >= 0):
        parked, claimed = ledger.balance(int(t.fraction[v]), int(t.stakes[v])), ledger.outstanding(int(t.stake[v]))
        if parked != claimed:
            return f"vault {v}: {claimed} staked fractions are claimed and {parked} are there"
    waits = none_waits(ledger, vaults.staking, t.fraction, t.usd_line)
    return f"vault {waits}: dollars are owed to the account of its stakes" if waits >= 0 else ""


def _nfts(vaults: "Vaults") -> str:
    t, nfts = vaults.table, vaults.nfts
    for v in vaults.others:
        nft = int(t.nft[v])
        if nft >= 0 and t.status[v] in HELD and nfts.vault[nft] != v:
            return f"vault {v}: its NFT {nft} is counted as held by vault {nfts.vault[nft]}"
    return ""


def _baskets(vaults: "Vaults") -> str:
    t, ledger = vaults.table, vaults.ledger
    for v, recipe in vaults.recipes.items():
        for m, per in recipe:
            held = ledger.balance(int(t.fraction[m]), int(t.account[v]))
            if held * TOKEN < int(t.supply[v]) * per:
                return f"basket {v}: holds {held} fractions of vault {m}, too few for {t.supply[v]} of its own"
    return ""
