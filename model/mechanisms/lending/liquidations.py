"""Liquidations: standing orders repay debts below health 1 and seize fractions for it, at the oracle's price.

A liquidator chooses nothing within a clearing: debts come worst health first, and the order that asks for the least
profit serves first, ties by chance. Each liquidation takes the vault in which the borrower has most pledged.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import settlement_order
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending import formulas, kernels
from model.mechanisms.lending.kernels import up
from model.mechanisms.lending.table import Liquidation
from model.units import INDEX, USD, muldiv

if TYPE_CHECKING:
    from model.mechanisms.lending.mechanism import Lending

MOST = 200  # liquidations of one borrower in a clearing


class Orders(NamedTuple):
    """What standing orders have left in this clearing, in the order in which they serve."""

    account: NDArray[np.int64]  # liquidator
    capital: NDArray[np.int64]  # still to spend [USD base units]
    least: NDArray[np.int64]  # least profit of one liquidation [USD base units]


@kernel
def first_serving(
    usd: Any, orders: Any, account: int, pledged: int, worth: int, most: int, bonus: int, cut: int, price: int
) -> Any:
    """The first order that can and wants to liquidate an account, and what it does then.

    Args:
        usd: by account [base units]
        account: borrower
        pledged, worth: what he has pledged in a vault [base units], and its worth [USD base units]
        most: that may be repaid [USD base units]
        bonus, cut: of the liquidator, and of the insurance fund, times 1e12
        price: as in the desk

    Returns:
        place of the order, -1 for none, what it repays, pays to the fund, seizes, and the worth of that [base units]
    """
    all_of_it = up(worth, INDEX, INDEX + bonus)
    for k in range(orders.account.size):
        liquidator = orders.account[k]
        money = min(orders.capital[k], usd[liquidator])
        repaid = min(most, min(all_of_it, muldiv(money, INDEX, INDEX + cut)))
        to_fund = up(repaid, cut, INDEX)
        if repaid <= 0 or repaid + to_fund > money or liquidator == account:
            continue
        seized_worth = min(worth, muldiv(repaid, INDEX + bonus, INDEX))
        seized = pledged if repaid == all_of_it else min(pledged, muldiv(seized_worth, formulas.PRICE, price))
        if seized > 0 and seized_worth - repaid - to_fund >= orders.least[k]:
            return k, repaid, to_fund, seized, seized_worth
    return -1, 0, 0, 0, 0


def liquidate(lending: "Lending") -> None:
    """Liquidate debts below health 1, worst first, until no order pays or none is left; health has been measured."""
    if lending.below == 0:
        return
    below = np.flatnonzero(lending.health < 1.0)
    orders = orders_of(lending)
    for account in below[np.argsort(lending.health[below], kind="stable")]:
        for _ in range(MOST):
            if not _any_serves(lending, int(account), orders) or lending.liquidations[-1].after >= 1.0:
                break
    lending.measure(everybody=False)


def orders_of(lending: "Lending") -> Orders:
    """Standing orders as they serve: the least profit first, ties by a word of the tick."""
    capital, least = lending.standing
    accounts = np.flatnonzero(capital > 0)
    rows = np.zeros(accounts.size, [("account", np.int64)])
    rows["account"] = accounts
    key = lending.streams.key("liquidation", "", lending.clock.tick)
    accounts = accounts[settlement_order(key, lending.ledger.uid, rows)[0]]
    accounts = accounts[np.argsort(least[accounts], kind="stable")]
    return Orders(accounts, capital[accounts], least[accounts])


def pledges_of(lending: "Lending", account: int) -> list[tuple[int, int, int]]:
    """What an account has pledged: vault, fractions [base units], and their worth [USD base units]."""
    price, found = lending.desk.price, []
    for v, pledge in lending.opened:
        amount = lending.ledger.balance(pledge, account)
        if amount > 0:
            found.append((v, amount, amount * int(price[v]) // formulas.PRICE))
    return found


def health_of(lending: "Lending", account: int) -> float:
    """Health of an account now."""
    worth = sum(w for _, _, w in pledges_of(lending, account))
    return formulas.health_factor(float(worth), float(lending.owed_by(account)), lending.params.threshold)


def _any_serves(lending: "Lending", account: int, orders: Orders) -> bool:
    """Let the first order that can and wants to liquidate an account once do so; whether one did."""
    p, debt, pledges = lending.params, lending.owed_by(account), pledges_of(lending, account)
    worth = sum(w for _, _, w in pledges)
    health = formulas.health_factor(float(worth), float(debt), p.threshold)
    if health >= 1.0 or worth == 0:
        return False
    part = 1.0 if debt <= p.whole_usd * USD else formulas.part_to_close(health, p.close_factor, p.full_below)
    most = debt if part == 1.0 else max(1, int(debt * part))
    free = [pledge for pledge in pledges if not lending.vaults.halted[pledge[0]]]
    if not free:
        return False
    vault = max(free, key=lambda pledge: pledge[2])
    return _serve(lending, orders, account, vault, most, health)


def _serve(
    lending: "Lending", orders: Orders, account: int, vault: tuple[int, int, int], most: int, before: float
) -> bool:
    """Let the first order that it pays liquidate as much as its money allows; whether one did."""
    ledger, p, (v, pledged, worth) = lending.ledger, lending.params, vault
    bonus, cut = round(p.bonus * INDEX), round(p.bonus * p.fund_share * INDEX)
    usd, price = ledger.books.balances[USD_ASSET], int(lending.desk.price[v])
    found = first_serving(usd, orders, account, pledged, worth, most, bonus, cut, price)
    k, repaid, to_fund, seized, seized_worth = (int(number) for number in found)
    if k < 0:
        return False
    liquidator = int(orders.account[k])
    orders.capital[k] -= repaid + to_fund
    kernels.repay_for(ledger.books, lending.desk, liquidator, account, repaid)
    ledger.pay(USD_ASSET, liquidator, lending.fund, to_fund, Flow.INSURANCE)
    take(lending, v, account, liquidator, seized, Flow.LIQUIDATION)
    after = health_of(lending, account)
    done = Liquidation(account, liquidator, v, repaid, seized, seized_worth, to_fund, before, after)
    lending.liquidations.append(done)
    text = f"health {before:.3f}: {seized / 1e6:,.2f} fractions seized, health {after:.3f} after"
    lending.journal.event("liquidation", text, account=account, vault=v, amount=repaid / USD)
    return True


def take(lending: "Lending", v: int, account: int, taker: int, amount: int, kind: Flow) -> None:
    """Pledged fractions leave an account for a taker's; their income until now is the pledger's."""
    d, ledger = lending.desk, lending.ledger
    parked, d.moved[account] = int(d.parked[v]), 1
    ledger.pay(int(d.pledge[v]), account, parked, amount, kind)
    ledger.pay(int(lending.vaults.fraction[v]), parked, taker, amount, kind)
