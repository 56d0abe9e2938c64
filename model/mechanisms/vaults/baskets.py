"""Baskets: fractions of several vaults behind one fraction, put in and taken out in kind."""

from typing import TYPE_CHECKING

import numpy as np

from model.actions import Status
from model.flows import Flow
from model.mechanisms.vaults.formulas import brought_for, given_for
from model.mechanisms.vaults.params import BasketParams
from model.mechanisms.vaults.table import NONE
from model.nft_kind import NftKind
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.vaults.mechanism import Vaults


def make(vaults: "Vaults") -> None:
    """Make the scenario's baskets whose members all circulate; they are empty until somebody assembles fractions."""
    for row in tuple(vaults.planned):
        members = _members(vaults, row)
        if members is None:
            continue
        v = vaults.create(vaults.market.platform, 0, 0, kind=NftKind.BASKET)
        if v == NONE:
            continue
        vaults.planned.remove(row)
        vaults.made[row.name] = v
        vaults.recipes[v] = [(m, round(per * TOKEN)) for m, per in zip(members, row.per_fraction, strict=True)]
        vaults.journal.event("basket", f"basket '{row.name}' of {len(members)} vaults can be assembled", vault=v)
    mark(vaults)


def _members(vaults: "Vaults", row: BasketParams) -> list[int] | None:
    """Numbers of a basket's members, None while one of them does not circulate; another basket is named, a number is none."""
    found = [vaults.made.get(member, NONE) if isinstance(member, str) else member for member in row.members]
    alike = all((m in vaults.recipes) is isinstance(member, str) for m, member in zip(found, row.members, strict=True))
    there = alike and all(0 <= m < vaults.n and vaults.table.live[m] for m in found)
    return found if there else None


def assemble(vaults: "Vaults", holder: int, v: int, amount: int) -> tuple[Status, int]:
    """Members' fractions, rounded up, for new fractions of a basket; why or why not, and fractions made."""
    t, ledger = vaults.table, vaults.ledger
    recipe = vaults.recipes.get(v)
    if recipe is None:
        return Status.UNKNOWN, 0
    if not (t.live[v] and all(t.live[m] for m, _ in recipe)):
        return Status.CLOSED, 0
    if not 0 < amount <= vaults.params.supply * TOKEN - int(t.supply[v]):
        return Status.AMOUNT, 0
    parts = [(int(t.fraction[m]), brought_for(amount, per)) for m, per in recipe]
    if any(ledger.balance(fraction, holder) < part for fraction, part in parts):
        return Status.FUNDS, 0
    account = int(t.account[v])
    for fraction, part in parts:
        ledger.pay(fraction, holder, account, part, Flow.TRANSFER)
    ledger.pay(int(t.fraction[v]), account, holder, amount, Flow.MINT)
    t.supply[v] += amount
    return Status.DONE, amount


def give_back(vaults: "Vaults", holder: int, v: int, amount: int) -> tuple[Status, int]:
    """Burn fractions of a basket for its members' fractions pro rata; why or why not, and fractions burnt."""
    t, ledger, account = vaults.table, vaults.ledger, int(vaults.table.account[v])
    supply = int(t.supply[v])
    for m, _ in vaults.recipes[v]:
        fraction = int(t.fraction[m])
        part = given_for(amount, ledger.balance(fraction, account), supply)
        ledger.pay(fraction, account, holder, part, Flow.REDEMPTION)
    ledger.pay(int(t.fraction[v]), holder, account, amount, Flow.REDEMPTION)
    t.supply[v] = supply - amount
    return Status.DONE, amount


def collect(vaults: "Vaults", v: int) -> None:
    """The basket's account gets what its members' fractions have earned."""
    account = np.array([vaults.table.account[v]])
    for m, _ in vaults.recipes[v]:
        vaults.ledger.collect(int(vaults.table.fraction[m]), account)


def mark(vaults: "Vaults") -> None:
    """A basket's fraction is worth the members' fractions behind it."""
    t, value = vaults.table, vaults.ledger.value
    for v in vaults.made.values():
        worth = 0.0
        for m, per in vaults.recipes[v]:
            worth += float(value[t.fraction[m]]) * per / TOKEN
        value[t.fraction[v]] = worth
