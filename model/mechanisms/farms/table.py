"""Columns of all farms: a row of the scenario has one entry per vault, or a single one where vaults do not matter."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mechanisms.farms.design import Design
from model.mechanisms.farms.params import PER_VAULT, FarmParams
from model.pass_through import Passing
from model.sheaf import Sheaf, part_of
from model.units import TOKEN

NONE = -1
PAYS = ("tokens", "points", "dollars")
LEAST_STAKE = TOKEN  # base units that must be staked to earn: over a few of them a reward would exhaust the index

# places in the state of a row, int64
EMITTED, RATE, FINISH, SINCE, BURNED, BURNED_WEEK, PAID_IN, STATES = range(8)


class Table(Sheaf):
    """All farms, int64 unless said; the order of an entry is the farm's number."""

    account: Any  # holds what is staked and owes what passes through, issues the claims; -1 until the farm opens
    pot: Any  # holds the tokens that stakers have not claimed
    asset: Any  # what stakers bring
    kept: Any  # what the account holds for it: the same, or a claim on fractions that the farm stakes with their vault
    via: Any  # account of the vault's stakes, -1 where what is brought is kept as it is
    share: Any  # asset of the claims on stakes
    line: Any  # income line of the claims: tokens or points, -1 for farms that pay dollars
    vault: Any  # whose fractions or pool shares are staked, -1 for none
    row: Any  # place of its row
    open: Any  # whether stakes are taken
    waiting: Any  # tokens in the pot and not yet credited [base units]
    least: Any  # stakes that must be there to earn
    pending_btc: Any  # income on what is staked, see `model.pass_through`
    pending_usd: Any
    income_btc: Any
    income_usd: Any
    grant_btc: Any
    grant_usd: Any
    per_day: Any  # float64, paid or promised a day [base units of tokens, or of USD]


class Slots(Sheaf):
    """What the settlement of stakes looks at."""

    account: Any
    asset: Any
    kept: Any
    via: Any
    share: Any
    open: Any


@dataclass
class Row:
    """A row of the scenario: its design, its farms from `first` to before `end`, and what lasts.

    Attributes:
        pot: account that is paid what the row emits
        open: numbers of the farms that take stakes; numbers: the same as an array
        ever: numbers of the farms that ever did
        waits: vaults in circulation whose farm is still to be made
        state: emitted so far, rate and end of the running period, and so on; see the places above
    """

    params: FarmParams
    design: type[Design]
    first: int
    end: int
    pot: int
    open: list[int] = field(default_factory=list)
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    ever: list[int] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    state: NDArray[np.int64] = field(default_factory=lambda: np.zeros(STATES, np.int64))

    @property
    def by_vault(self) -> bool:
        """Whether it has one farm per vault."""
        return self.params.stake in PER_VAULT


NUMBERS = ("account", "pot", "asset", "kept", "via", "share", "line", "vault")
FIXED = (*NUMBERS, "row", "least")  # made once


def empty_table(size: int) -> Table:
    """A table without farms."""

    def column(name: str) -> Any:
        if name == "per_day":
            return np.zeros(size)
        return np.full(size, NONE if name in NUMBERS else LEAST_STAKE if name == "least" else 0, np.int64)

    return Table(**{name: column(name) for name in Table._fields})


def passing_of_farms(table: Table) -> Passing:
    """Stakes as parked assets whose income passes through; the farm's own account owes it."""
    columns = {name: getattr(table, name) for name in Passing._fields if name != "pot"}
    return Passing(pot=table.account, **columns)


def slots_of(table: Table) -> Slots:
    """The columns that settlement needs."""
    return part_of(table, Slots)


def farms_of(params: FarmParams, capacity: int) -> int:
    """Farms that a row may open."""
    if params.stake not in PER_VAULT:
        return 1
    return len(params.vaults) or capacity
