"""Compiled loops of a sale: subscriptions into escrow, fractions or money back, the opening's allotment, grants."""

from typing import Any

from numba import types

from model.actions import Status
from model.books import can_pay, move, pay
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.units import TOKEN, muldiv, product_gap

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
OFFERING, REFUND, MINT, BURN, EMISSION = (
    int(f) for f in (Flow.OFFERING, Flow.REFUND, Flow.MINT, Flow.BURN, Flow.EMISSION)
)
VAULT, PAYER, FRACTIONS, PAID = range(4)  # columns of a slip
NOTHING = -1

_i = types.int64


@helper(_i(_i, _i, _i, _i, _i))
def cost(amount, sold, price, rise, span):
    """`bonding_cost` on int64, and `cost_of` where the price does not rise; all that is offered costs below 2**62."""
    if rise == 0:
        return muldiv(amount, price, TOKEN)
    amount, price, rise = int(amount), int(price), int(rise)
    ahead, wide = int(2 * sold + amount), int(2 * span)
    mean = muldiv(rise, ahead, wide)
    rest = product_gap(rise, ahead, mean, wide)
    level = price + mean
    whole = muldiv(amount, level, TOKEN)
    part = muldiv(amount, rest, wide)
    tail = product_gap(amount, level, whole, TOKEN) + part
    if product_gap(amount, rest, part, wide) > 0:
        tail += 1
    return whole + (tail + TOKEN - 1) // TOKEN


@kernel
def subscribe(
    books: Any,
    n: int,
    escrow: int,
    sales: Any,
    receipt: Any,
    slips: Any,
    count: Any,
    rows: Any,
    order: Any,
) -> None:
    """Take subscriptions: whole lots, as many as are left at the limit or below; dollars and receipts change hands.

    Args:
        escrow: account that holds the money and issues the receipts
        sales: columns by vault, see `Sales`
        receipt: asset of the receipts, by vault
        slips: out, who paid what for which vault, (vault, account, fractions, USD base units)
        count: slips so far, one entry
    """
    for j in range(order.size):
        i = order[j]
        v, buyer, wanted, limit = rows[i]["vault"], rows[i]["account"], rows[i]["fractions"], rows[i]["limit"]
        if v < 0 or v >= n:
            rows[i]["status"] = UNKNOWN
            continue
        if not sales.is_open[v]:
            rows[i]["status"] = CLOSED
            continue
        if sales.left[v] == 0:
            rows[i]["status"] = DEPTH
            continue
        price, rise, span, lot = sales.price[v], sales.rise[v], sales.offered[v], sales.lots[v]
        if wanted <= 0:
            rows[i]["status"] = AMOUNT
            continue
        if price > limit:
            rows[i]["status"] = LIMIT
            continue
        sold = span - sales.left[v]
        amount = min(wanted, sales.left[v])
        if rise > 0:
            room = max(0, muldiv(min(limit - price, rise), span, rise) - sold)
            if room < lot:
                rows[i]["status"] = LIMIT
                continue
            amount = min(amount, room)
        amount -= amount % lot
        if amount <= 0:
            rows[i]["status"] = AMOUNT
            continue
        due = cost(amount, sold, price, rise, span)
        if not can_pay(books, USD_ASSET, buyer, due):
            rows[i]["status"] = FUNDS
            continue
        pay(books, USD_ASSET, buyer, escrow, due, OFFERING)
        pay(books, receipt[v], escrow, buyer, amount, MINT)
        sales.left[v] -= amount
        slip = slips[count[0]]
        slip[VAULT], slip[PAYER], slip[FRACTIONS], slip[PAID] = v, buyer, amount, due
        count[0] += 1
        rows[i]["status"], rows[i]["filled"] = DONE, amount


@kernel
def take_receipts(books: Any, accounts: int, escrow: int, receipt: int, fraction: int) -> int:
    """Burn all receipts, against as many fractions from escrow unless `fraction` is -1; how many there were."""
    total = 0
    for account in range(accounts):
        amount = books.balances[receipt, account]
        if amount > 0:
            pay(books, receipt, account, escrow, amount, BURN)
            if fraction != NOTHING:
                move(books, fraction, escrow, account, amount, OFFERING)
            total += amount
    return total


@kernel
def pay_back(books: Any, escrow: int, v: int, slips: Any, count: int, price: int) -> int:
    """Pay back all that was paid for a vault above `price` per whole fraction; 0 for everything. USD base units."""
    total = 0
    for k in range(count):
        if slips[k, VAULT] == v:
            due = slips[k, PAID] - muldiv(slips[k, FRACTIONS], price, TOKEN)
            pay(books, USD_ASSET, escrow, slips[k, PAYER], due, REFUND)
            total += due
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
        due = muldiv(amount, price, TOKEN)
        if amount > 0 and can_pay(books, USD_ASSET, buyers[i], due) and can_pay(books, fraction, seller, amount):
            pay(books, USD_ASSET, buyers[i], seller, due, OFFERING)
            move(books, fraction, seller, buyers[i], amount, OFFERING)
            sold += amount
    return sold


@kernel
def grant(
    books: Any, accounts: int, fraction: int, payer: int, share: int, creator: int, shut: Any, amount: int
) -> int:
    """Give fractions to holders of pool shares in proportion to them, rounded down; fractions given.

    Args:
        share: asset of the pool's shares
        creator: account that gets none, like all in sectors that are shut
        shut: by sector, bool
    """
    total = 0
    for account in range(accounts):
        if account != creator and not shut[books.sector[account]]:
            total += max(0, books.balances[share, account])
    given = 0
    for account in range(accounts):
        held = books.balances[share, account]
        if held > 0 and account != creator and not shut[books.sector[account]]:
            part = muldiv(amount, held, total)
            if part > 0 and move(books, fraction, payer, account, part, EMISSION):
                given += part
    return given
