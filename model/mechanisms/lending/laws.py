"""What must hold for the lending pool after every tick."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import NONE
from model.mechanisms.lending import formulas, measures
from model.mechanisms.lending.table import FEES, FLASH, INDEX_DEBT, INDEX_DEPOSIT, ROUNDED
from model.pass_through import none_waits
from model.units import INDEX

if TYPE_CHECKING:
    from model.mechanisms.lending.mechanism import Lending


class Seen:
    """Indices at the last check; bad debt lowers the second, and says so here."""

    index_debt = INDEX
    index_deposit = INDEX


def broken(lending: "Lending") -> str:
    """The first law that does not hold, in a sentence; empty if all do."""
    d, vaults, seen, ledger = lending.desk, lending.vaults, lending.seen, lending.ledger
    if measures.sound(
        ledger.books, d, lending.claim_asset, ledger.accounts, vaults.fraction, vaults.usd_line, seen.index_debt,
        seen.index_deposit,
    ):  # fmt: skip
        seen.index_debt, seen.index_deposit = d.sums.item(INDEX_DEBT), d.sums.item(INDEX_DEPOSIT)
        return _liquidations(lending)
    return _covered(lending) or _debts(lending) or _indices(lending) or _pledges(lending) or _liquidations(lending)


def dust_bound(lending: "Lending") -> int:
    """Most that roundings may have left with the pool by now [USD base units]."""
    sums, shares = lending.desk.sums, lending.ledger.outstanding(lending.deposit_asset)
    return formulas.dust_bound(shares, int(sums[INDEX_DEBT]), int(sums[INDEX_DEPOSIT]), int(sums[ROUNDED]))


def _covered(lending: "Lending") -> str:
    """Cash + debt = deposits + reserves + fees of flash loans + dust."""
    dust, bound = lending.surplus - int(lending.desk.sums[FEES]), dust_bound(lending)
    if not 0 <= dust <= bound:
        return (
            f"cash {lending.cash} and debts {lending.debt} less deposits {lending.deposits}, reserves {lending.reserves} "
            f"and fees {lending.desk.sums[FEES]} leave {dust}, not 0 to {bound}"
        )
    if lending.desk.sums[FLASH] != 0:
        return f"a flash loan of {lending.desk.sums[FLASH]} outlived its bundle"
    return ""


def _debts(lending: "Lending") -> str:
    """Debts, each rounded up, add up to the whole, rounded up, but for a unit each."""
    ledger, index = lending.ledger, int(lending.desk.sums[INDEX_DEBT])
    debts, debtors = measures.add_up(ledger.books, lending.debt_asset, index, ledger.accounts)
    if not 0 <= debts - lending.debt <= debtors:
        return f"debts of {debtors} accounts add up to {debts}, and {lending.debt} are owed"
    return ""


def _indices(lending: "Lending") -> str:
    seen, sums = lending.seen, lending.desk.sums
    if sums[INDEX_DEBT] < seen.index_debt:
        return f"the debt index fell from {seen.index_debt} to {sums[INDEX_DEBT]}"
    if sums[INDEX_DEPOSIT] < seen.index_deposit:
        return f"the deposit index fell from {seen.index_deposit} to {sums[INDEX_DEPOSIT]} without bad debt"
    seen.index_debt, seen.index_deposit = int(sums[INDEX_DEBT]), int(sums[INDEX_DEPOSIT])
    return ""


def _pledges(lending: "Lending") -> str:
    d, ledger, fraction = lending.desk, lending.ledger, lending.vaults.fraction[: lending.desk.pledge.size]
    open_ones = np.flatnonzero(d.pledge != NONE)
    there, claimed = ledger.books.balances[fraction[open_ones], d.parked[open_ones]], lending.pledged[open_ones]
    for v in np.flatnonzero(there != claimed):
        return f"{claimed[v]} fractions of vault {open_ones[v]} are pledged and {there[v]} are there"
    waits = none_waits(ledger, lending.passing, fraction, lending.vaults.usd_line[: fraction.size])
    return f"dollars are owed to the account of the pledges of vault {waits}" if waits >= 0 else ""


def _liquidations(lending: "Lending") -> str:
    for done in lending.liquidations:
        if done.before >= 1.0:
            return f"account {done.account} was liquidated at health {done.before}"
    return ""
