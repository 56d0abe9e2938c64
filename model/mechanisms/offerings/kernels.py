"""Compiled loops of a sale: subscriptions into escrow, receipts back for fractions or cash, the opening's allotment."""

from typing import Any

from model.actions import Status
from model.books import can_pay, move, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import USD_ASSET
from model.units import TOKEN, muldiv

DONE, FUNDS, LIMIT, CLOSED, DEPTH, AMOUNT, UNKNOWN = (
    int(s)
    for s in (
        Status.DONE,
        Status.FUNDS,
        Status.LIMIT,
        Status.CLOSED,
        Status.DEPTH,
        Status.AMOUNT,
        Status.UNKNOWN,
    )
)
OFFERING, REFUND, MINT, BURN = (int(f) for f in (Flow.OFFERING, Flow.REFUND, Flow.MINT, Flow.BURN))


@kernel
def subscribe(
    books: Any, n: int, escrow: int, is_open: Any, price: Any, lots: Any, left: Any, receipt: Any, rows: Any, order: Any
) -> None:
    """Take subscriptions at a fixed price: whole lots, as many as are left; dollars and receipts change hands.

    Args:
        escrow: account that holds the money and issues the receipts
        is_open, price, lots, left, receipt: columns by vault: whether on offer, USD base units per whole fraction,
            base units of a lot and still for sale, asset of the receipt
    """
    for j in range(order.size):
        i = order[j]
        v, buyer, wanted = rows[i]["vault"], rows[i]["account"], rows[i]["fractions"]
        if v < 0 or v >= n:
            rows[i]["status"] = UNKNOWN
            continue
        if not is_open[v]:
            rows[i]["status"] = CLOSED
            continue
        if left[v] == 0:
            rows[i]["status"] = DEPTH
            continue
        if price[v] > rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        amount = min(wanted, left[v])
        amount -= amount % lots[v]
        if amount <= 0:
            rows[i]["status"] = AMOUNT
            continue
        cost = muldiv(amount, price[v], TOKEN)
        if not can_pay(books, USD_ASSET, buyer, cost):
            rows[i]["status"] = FUNDS
            continue
        pay(books, USD_ASSET, buyer, escrow, cost, OFFERING)
        pay(books, receipt[v], escrow, buyer, amount, MINT)
        left[v] -= amount
        rows[i]["status"], rows[i]["filled"] = DONE, amount


@kernel
def deliver(books: Any, accounts: int, escrow: int, receipt: int, fraction: int) -> int:
    """Burn all receipts against as many fractions from escrow; fractions delivered."""
    total = 0
    for account in range(accounts):
        amount = books.balances[receipt, account]
        if amount > 0:
            pay(books, receipt, account, escrow, amount, BURN)
            move(books, fraction, escrow, account, amount, OFFERING)
            total += amount
    return total


@kernel
def refund(books: Any, accounts: int, escrow: int, receipt: int, price: int) -> int:
    """Burn all receipts against exactly what was paid for them; USD base units paid back."""
    total = 0
    for account in range(accounts):
        amount = books.balances[receipt, account]
        if amount > 0:
            cost = muldiv(amount, price, TOKEN)
            pay(books, receipt, account, escrow, amount, BURN)
            pay(books, USD_ASSET, escrow, account, cost, REFUND)
            total += cost
    return total


@kernel
def allot(
    books: Any,
    fraction: int,
    seller: int,
    buyers: Any,
    joins: Any,
    weight: Any,
    budget: Any,
    offered: int,
    price: int,
    lot: int,
) -> int:
    """Sell fractions to those who join, in proportion to their weight and within their budget; fractions sold.

    Args:
        buyers: accounts
        joins: whether each takes part, bool
        weight: int64, such as cash
        budget: most USD base units each spends here, int64
        lot: base units of a lot at this price [base units]
    """
    total = 0
    for i in range(buyers.size):
        if joins[i] and buyers[i] != seller:
            total += weight[i]
    sold = 0
    for i in range(buyers.size):
        if total == 0 or not joins[i] or buyers[i] == seller:
            continue
        amount = min(muldiv(offered, weight[i], total), muldiv(budget[i], TOKEN, price))
        amount -= amount % lot
        cost = muldiv(amount, price, TOKEN)
        if amount > 0 and can_pay(books, USD_ASSET, buyers[i], cost) and can_pay(books, fraction, seller, amount):
            pay(books, USD_ASSET, buyers[i], seller, cost, OFFERING)
            move(books, fraction, seller, buyers[i], amount, OFFERING)
            sold += amount
    return sold
