"""Compiled loops over all vaults: income in, bills and operator paid, the rest shared among holders."""

import math
from typing import Any

from model.actions import Status
from model.books import move, pay, raise_index
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults.formulas import maintenance
from model.mechanisms.vaults.table import VaultKind, VaultStatus
from model.units import BTC, TOKEN, USD, muldiv

GHS_PER_TH = 1000.0
RIG = int(VaultKind.RIG)
NO_VAULT, OFFERED, LIVE, ENDED = (int(s) for s in VaultStatus)
DONE, FUNDS, LIMIT, AMOUNT, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.LIMIT, Status.AMOUNT, Status.UNKNOWN)
)
INCOME, SERVICE_FEE, LOAN, REPAYMENT = (int(f) for f in (Flow.INCOME, Flow.SERVICE_FEE, Flow.LOAN, Flow.REPAYMENT))
BURN, REDEMPTION, END_OF_LIFE = int(Flow.BURN), int(Flow.REDEMPTION), int(Flow.END_OF_LIFE)


@kernel
def rig_income(
    table: Any, n: int, received: Any, bill: Any, delivered: Any, fee: float, discount: float, days: float
) -> None:
    """What rig vaults were paid and what they owe for this tick.

    Args:
        table: the vaults, the first n in use
        received: satoshi paid by mining pools this tick, by account
        bill: USD base units of power invoiced this tick, by account
        delivered: GH/s running this tick, by account
        fee: operator's service fee [USD/TH/day]
        discount: on power and service, borne by the operator
        days: length of the tick
    """
    for v in range(n):
        if table.status[v] == NO_VAULT or table.kind[v] != RIG:
            continue
        a = table.account[v]
        th = delivered[a] / GHS_PER_TH if a < delivered.size else 0.0
        table.gross[v] = received[a] if a < received.size else 0
        table.power[v] = bill[a] if a < bill.size else 0
        cost = maintenance(float(table.power[v]), fee * th * days * USD, discount)
        table.fee[v] = int(math.ceil(cost)) - table.power[v]
        if th > 0.0:
            table.cost_per_th[v] = cost / (USD * th * days)


@kernel
def find_need(books: Any, table: Any, n: int, operator: int, advance: int) -> int:
    """USD that each vault must raise for power, operator and earlier advances; the operator pays rebates at once.

    Returns:
        how many vaults must raise something
    """
    needy = 0
    for v in range(n):
        table.need[v] = 0
        if table.status[v] == NO_VAULT:
            continue
        a, due = table.account[v], table.fee[v]
        if due < 0:
            pay(books, USD_ASSET, operator, a, min(-due, books.balances[USD_ASSET, operator]), SERVICE_FEE)
            due = 0
        owed = books.balances[PAYABLE_ASSET, a] + due + books.balances[advance, a]
        need = owed - books.balances[USD_ASSET, a]
        if need > 0:
            table.need[v] = need
            needy += 1
    return needy


@kernel
def distribute(
    books: Any,
    table: Any,
    n: int,
    operator: int,
    advance: int,
    absorbs: bool,
    coin_price: float,
    weight: float,
    days: float,
) -> None:
    """Pay the operator, take or repay advances, and share the coins that are left.

    The vault keeps the USD of its open power bills, which are paid in `clear`. While fractions are in escrow their
    income is the seller's. Every satoshi in the pot is owed to holders, or is dust that joins the next income.

    Args:
        operator, advance: account that advances, and asset of what it is owed
        absorbs: the operator bears losses, instead of advancing them
        coin_price: USD for which a coin is sold
        weight: of today in smoothed income
        days: length of the tick
    """
    for v in range(n):
        status = table.status[v]
        table.live[v] = status == LIVE
        table.net_income[v] = 0
        if status == NO_VAULT:
            continue
        a, due = table.account[v], table.fee[v]
        owed = books.balances[PAYABLE_ASSET, a]
        if due > 0:
            paid = min(due, max(0, books.balances[USD_ASSET, a] - owed))
            pay(books, USD_ASSET, a, operator, paid, SERVICE_FEE)
            if paid < due and not absorbs:
                pay(books, advance, operator, a, due - paid, SERVICE_FEE)
        lack = min(owed - books.balances[USD_ASSET, a], books.balances[USD_ASSET, operator])
        if lack > 0 and status != ENDED:
            pay(books, USD_ASSET, operator, a, lack, SERVICE_FEE if absorbs else LOAN)
            if not absorbs:
                pay(books, advance, operator, a, lack, LOAN)
        repaid = min(books.balances[advance, a], books.balances[USD_ASSET, a] - owed)
        if repaid > 0:
            pay(books, USD_ASSET, a, operator, repaid, REPAYMENT)
            pay(books, advance, a, operator, repaid, REPAYMENT)
        supply = table.supply[v]
        if status == ENDED:
            left = books.balances[USD_ASSET, a] - owed
            if left > 0:
                pay(books, USD_ASSET, a, table.pot[v] if supply > 0 else table.creator[v], left, END_OF_LIFE)
        coins = books.balances[BTC_ASSET, a]
        if coins > 0:
            if status == OFFERED or supply == 0:
                pay(books, BTC_ASSET, a, table.creator[v], coins, INCOME)
            else:
                pay(books, BTC_ASSET, a, table.pot[v], coins, INCOME)
                amount = coins + table.dust[v]
                table.dust[v] = amount - raise_index(books, table.line[v], amount, supply)
            table.net_income[v] = coins
        charged = table.power[v] + table.fee[v]
        table.cost[v] = int(math.ceil(charged / USD / coin_price * BTC)) if charged > 0 else 0
        if supply > 0:
            whole = supply / TOKEN
            earned = (table.gross[v] / BTC * coin_price - charged / USD) / whole / days
            table.income[v] = earned if table.seen[v] == 0 else table.income[v] + (earned - table.income[v]) * weight
            table.seen[v] = 1
            table.th_per_fraction[v] = table.ghs[v] / GHS_PER_TH / whole
            table.cost_per_fraction[v] = table.cost_per_th[v] * table.th_per_fraction[v]
        else:
            table.income[v] = table.th_per_fraction[v] = table.cost_per_fraction[v] = 0.0


@kernel
def follow_rigs(table: Any, n: int, registered: Any, tick: int, life: int, days: float, due: Any) -> int:
    """Promise no more than the rigs that are left, and count down lives.

    Args:
        registered: GH/s by account
        tick: now
        life: ticks that a vault's rigs are run
        days: length of the tick
        due: out, vaults that must end

    Returns:
        how many must end
    """
    found = 0
    for v in range(n):
        status = table.status[v]
        if status not in (OFFERED, LIVE):
            continue
        a = table.account[v]
        there = registered[a] if a < registered.size else 0
        table.ghs[v] = min(table.ghs[v], there)
        left = table.born[v] + life - tick if status == LIVE else life
        table.life_left[v] = max(0, left) * days
        if status == LIVE and (left <= 0 or table.ghs[v] <= 0):
            due[found] = v
            found += 1
    return found


@kernel
def count_holders(books: Any, asset: int, accounts: int) -> int:
    """Accounts that hold an asset."""
    found = 0
    for account in range(accounts):
        if books.balances[asset, account] > 0:
            found += 1
    return found


@kernel
def settle_claims(books: Any, table: Any, n: int, rows: Any, order: Any) -> int:
    """Pay the claims on vaults that have ended, pro rata in cash; rows on living vaults are left pending.

    Returns:
        how many rows are left
    """
    left = 0
    for j in range(order.size):
        i = order[j]
        v, amount, holder = rows[i]["vault"], rows[i]["amount"], rows[i]["account"]
        if v < 0 or v >= n or table.status[v] == NO_VAULT:
            rows[i]["status"] = UNKNOWN
        elif amount <= 0:
            rows[i]["status"] = AMOUNT
        elif books.balances[table.fraction[v], holder] < amount:
            rows[i]["status"] = FUNDS
        elif table.status[v] != ENDED:
            left += 1
        else:
            pot, supply = table.pot[v], table.supply[v]
            cash = muldiv(books.balances[USD_ASSET, pot], amount, supply)
            move(books, table.fraction[v], holder, table.account[v], amount, BURN)
            pay(books, USD_ASSET, pot, holder, cash, END_OF_LIFE)
            table.supply[v] = supply - amount
            rows[i]["status"], rows[i]["filled"] = DONE, cash
    return left


@kernel
def find_fault(books: Any, table: Any, n: int, registered: Any, fault: Any) -> None:
    """First broken law of a vault.

    Args:
        fault: out, (law, vault, promised, there); law 0 none, 1 more GH/s promised than registered, 2 supply is not
            what the issuer owes, 3 dust negative or not in the pot
    """
    fault[0] = 0
    for v in range(n):
        status = table.status[v]
        if status == NO_VAULT:
            continue
        a = table.account[v]
        there = registered[a] if a < registered.size else 0
        issued = -books.balances[table.fraction[v], a]
        if status in (OFFERED, LIVE) and table.ghs[v] > there:
            fault[0], fault[1], fault[2], fault[3] = 1, v, table.ghs[v], there
            return
        if issued != table.supply[v]:
            fault[0], fault[1], fault[2], fault[3] = 2, v, table.supply[v], issued
            return
        in_pot = books.balances[BTC_ASSET, table.pot[v]]
        if table.dust[v] < 0 or table.dust[v] > in_pot:
            fault[0], fault[1], fault[2], fault[3] = 3, v, table.dust[v], in_pot
            return
