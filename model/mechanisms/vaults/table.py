"""Columns of the vault table: one entry per vault, with room for as many as the scenario allows."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.sheaf import sheaf

NONE = -1


class VaultTable(NamedTuple):
    """All vaults, int64 unless said; the order of an entry is the vault's number."""

    account: Any  # issuer of the fractions, owner of rigs, NFT or members, payer of the bills
    pot: Any  # account that owes income (BTC) and claims after the end (USD)
    usd_pot: Any  # account that owes income (USD), -1 until there is any
    fraction: Any  # asset, -1 for none
    line: Any  # income line of the fraction (BTC)
    usd_line: Any  # the same (USD), -1 until there is any
    receipts: Any  # asset of claims on escrowed fractions, -1 for none
    stakes: Any  # account that holds staked fractions and owes their income, -1 until some are staked
    stake: Any  # asset of claims on them, -1 until some are staked
    stake_line: Any  # income line of stakes (BTC), -1 for none
    stake_usd_line: Any  # the same (USD), -1 for none
    kind: Any  # NftKind
    nft: Any  # number of the NFT held, -1 for none
    creator: Any  # account; of a vault without fractions, who took out the last
    ghs: Any  # GH/s promised to all fractions together
    supply: Any  # fractions outstanding [base units]
    status: Any  # VaultStatus
    born: Any  # tick in whose evening circulation began, -1 for before the first
    term: Any  # ticks in circulation until the end, 0 for `vaults.life_days`
    awaits: Any  # whether rigs are on order
    gross: Any  # received from mining pools this tick [satoshi]
    power: Any  # power invoiced this tick [USD base units]
    fee: Any  # due to the operator this tick, negative for a rebate [USD base units]
    cost: Any  # power and fee of this tick [satoshi]
    need: Any  # USD that coins are sold for this tick [USD base units]
    net_income: Any  # coins for holders, or in escrow for the seller, this tick [satoshi]
    usd_income: Any  # dollars for them this tick [USD base units]
    dust: Any  # in the pot and not yet credited [satoshi]
    usd_dust: Any  # in the USD pot and not yet credited [USD base units]
    seen: Any  # whether `income` has a first value
    holders: Any  # accounts with a holding, counted from time to time
    live: Any  # bool: fractions are in circulation and earn
    income: Any  # float64, smoothed net income of both currencies [USD per whole fraction and day]
    cost_per_th: Any  # float64, running cost: power and service after discount [USD/TH/day]
    cost_per_fraction: Any  # float64 [USD per whole fraction and day]
    efficiency: Any  # float64 [J/TH]
    power_price: Any  # float64 [USD/kWh]
    life_left: Any  # float64 [days]
    th_per_fraction: Any  # float64 [TH per whole fraction]
    th_coming: Any  # float64, on order from the makers [TH per whole fraction]
    losing: Any  # float64, days without a break on which costs exceeded income
    today: Any  # float64, net income of the day so far [USD per whole fraction]


# parts of the table for one kernel each
Stock = sheaf("Stock", "status kind account gross power fee need cost_per_th")
Shared = sheaf(
    "Shared",
    "status live kind account pot line creator supply ghs fee power gross cost net_income dust seen income "
    "th_per_fraction cost_per_th cost_per_fraction losing today",
)
Earning = sheaf(
    "Earning",
    "status kind account pot line usd_pot usd_line creator nft supply net_income usd_income dust usd_dust seen income "
    "losing today",
)
Life = sheaf("Life", "status kind account nft ghs born term awaits life_left")
Claims = sheaf("Claims", "status account pot fraction supply")
Staked = sheaf("Staked", "status fraction stakes stake")
Laws = sheaf("Laws", "status account pot fraction ghs supply dust usd_line usd_pot usd_dust stake stakes nft")
Counted = sheaf("Counted", "fraction kind ghs supply holders th_per_fraction cost_per_th cost_per_fraction")
Measured = sheaf("Measured", "status live fraction supply ghs holders income cost_per_th")

TYPES: dict[str, Any] = {
    "live": np.bool_,
    **dict.fromkeys(VaultTable._fields[VaultTable._fields.index("income") :], np.float64),
}
IDENTITY = (  # made once; a bundle that fails does not unmake them
    "account", "pot", "usd_pot", "fraction", "line", "usd_line", "receipts", "stakes", "stake", "stake_line",
    "stake_usd_line",
)  # fmt: skip
NUMBERS = (*IDENTITY, "creator", "nft")  # -1 for none


def empty_table(capacity: int) -> VaultTable:
    """A table without vaults."""
    return VaultTable(
        **{
            name: np.full(capacity, NONE if name in NUMBERS else 0, TYPES.get(name, np.int64))
            for name in VaultTable._fields
        }
    )


def state_columns(table: VaultTable) -> list[NDArray[Any]]:
    """Columns that a day or a transaction changes."""
    return [getattr(table, name) for name in VaultTable._fields if name not in IDENTITY]
