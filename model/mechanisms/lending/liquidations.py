"""Liquidations: standing orders repay debts below health 1 and seize fractions for it, at the oracle's price.

A liquidator chooses nothing within a clearing: debts come worst health first, and the order that asks for the least
profit serves first, ties by chance. Each liquidation takes the vault in which the borrower has most pledged.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.actions import settlement_order
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.lending import formulas, kernels
from model.mechanisms.lending.table import Liquidation
from model.units import INDEX, USD

if TYPE_CHECKING:
    from model.mechanisms.lending.rules import Lending

MOST = 200  # liquidations of one borrower in a clearing


class Order:
    """What a standing order has left in this clearing.

    Args:
        account: liquidator
        capital: still to spend [USD base units]
        least: least profit of one liquidation [USD base units]
    """

    def __init__(self, account: int, capital: int, least: int) -> None:
        self.account, self.capital, self.least = account, capital, least


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


def orders_of(lending: "Lending") -> list[Order]:
    """Standing orders as they serve: the least profit first, ties by a word of the tick."""
    capital, least = lending.standing
    accounts = np.flatnonzero(capital > 0)
    rows = np.zeros(accounts.size, [("account", np.int64)])
    rows["account"] = accounts
    key = lending.streams.key("liquidation", "", lending.clock.tick)
    accounts = accounts[settlement_order(key, lending.ledger.uid, rows)[0]]
    accounts = accounts[np.argsort(least[accounts], kind="stable")]
    return [Order(int(a), int(capital[a]), int(least[a])) for a in accounts]


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


def _any_serves(lending: "Lending", account: int, orders: Sequence[Order]) -> bool:
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
    return any(_serve(lending, order, account, vault, most, health) for order in orders)


def _serve(
    lending: "Lending", order: Order, account: int, vault: tuple[int, int, int], most: int, before: float
) -> bool:
    """Liquidate as much as the order's money allows, if it pays; whether it did."""
    ledger, p, (v, pledged, worth) = lending.ledger, lending.params, vault
    bonus = round(p.bonus * INDEX)
    cut = round(p.bonus * p.fund_share * INDEX)
    money = min(order.capital, ledger.balance(USD_ASSET, order.account))
    all_of_it = -(-worth * INDEX // (INDEX + bonus))
    repaid = min(most, all_of_it, money * INDEX // (INDEX + cut))
    to_fund = -(-repaid * cut // INDEX)
    if repaid <= 0 or repaid + to_fund > money or order.account == account:
        return False
    seized_worth = min(worth, repaid * (INDEX + bonus) // INDEX)
    seized = (
        pledged if repaid == all_of_it else min(pledged, seized_worth * formulas.PRICE // int(lending.desk.price[v]))
    )
    if seized <= 0 or seized_worth - repaid - to_fund < order.least:
        return False
    order.capital -= repaid + to_fund
    kernels.repay_for(ledger.books, lending.desk, order.account, account, repaid)
    ledger.pay(USD_ASSET, order.account, lending.fund, to_fund, Flow.INSURANCE)
    take(lending, v, account, order.account, seized, Flow.LIQUIDATION)
    after = health_of(lending, account)
    done = Liquidation(account, order.account, v, repaid, seized, seized_worth, to_fund, before, after)
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
