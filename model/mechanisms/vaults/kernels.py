"""Compiled loops over all vaults: income in, bills and operator paid, the rest shared among holders."""

import math
from typing import Any

from numba import types

from model.books import pay, raise_index
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults.formulas import maintenance
from model.nft_kind import NftKind
from model.units import BTC, GHS_PER_TH, TOKEN, USD
from model.vault_status import ENDED, LIVE, NO_VAULT, OFFERED

RIG, CONTRACT, CLUB = int(NftKind.RIG), int(NftKind.HASHPOWER_CONTRACT), int(NftKind.CLUB)
BASKET = int(NftKind.BASKET)
ADVANCED, ABSORBED, CARRIED = range(3)  # who bears a shortfall: the operator for a time, or for good, or nobody yet
_i = types.int64
INCOME, SERVICE_FEE, LOAN, REPAYMENT = (int(f) for f in (Flow.INCOME, Flow.SERVICE_FEE, Flow.LOAN, Flow.REPAYMENT))
END_OF_LIFE = int(Flow.END_OF_LIFE)


@helper(types.boolean(_i))
def mines(kind):
    """Whether a vault of this kind has rigs."""
    return kind in (RIG, CONTRACT, CLUB)


@kernel
def take_stock(
    books: Any, table: Any, n: int, received: Any, rent: Any, changed: Any, bill: Any, delivered: Any, fee: float,
    discount: float, days: float, operator: int, advance: int,
) -> int:  # fmt: skip
    """What rig vaults were paid and owe for this tick, and the USD that each vault must raise for power, operator and advances.

    Rebates are paid by the operator at once.

    Args:
        table: the vaults, the first n in use
        received: satoshi paid by mining pools this tick, by account
        rent, changed: the same paid by renters, and got for their dollars
        bill: USD base units of power invoiced this tick, by account
        delivered: GH/s running this tick, by account
        fee: operator's service fee [USD/TH/day]
        discount: on power and service, borne by the operator
        days: length of the tick
        operator, advance: account that advances, and asset of what it is owed

    Returns:
        how many vaults must raise something
    """
    needy = 0
    for v in range(n):
        if table.status[v] == NO_VAULT or not mines(table.kind[v]):
            continue
        a = table.account[v]
        th = delivered[a] / GHS_PER_TH if a < delivered.size else 0.0
        table.gross[v] = (received[a] if a < received.size else 0) + (rent[a] + changed[a] if a < rent.size else 0)
        table.power[v] = bill[a] if a < bill.size else 0
        cost = maintenance(float(table.power[v]), fee * th * days * USD, discount)
        table.fee[v] = int(math.ceil(cost)) - table.power[v]
        if th > 0.0:
            table.cost_per_th[v] = cost / (USD * th * days)
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
    shortfall: int,
    to_all: bool,
    coin_price: float,
    weight: float,
    days: float,
    day_ends: bool,
) -> None:
    """Pay the operator, take or repay advances, and share the coins that are left.

    The vault keeps the USD of its open power bills, which are paid in `clear`. While fractions are in escrow their
    income is the seller's, and so is what comes late for an offering that failed. Every satoshi in the pot is owed to
    holders, or is dust that joins the next income.

    Args:
        operator, advance: account that advances, and asset of what it is owed
        shortfall: whether losses are ADVANCED by the operator, ABSORBED by him, or CARRIED by the vault as unpaid bills
        to_all: all fractions earn; otherwise coins wait in the pot as dust until they are shared by the rule
        coin_price: USD for which a coin is sold
        weight: of today in smoothed income
        days: length of the tick; day_ends: whether it is the last of its day
    """
    for v in range(n):
        status = table.status[v]
        table.live[v] = status == LIVE
        table.net_income[v] = 0
        a, due = table.account[v], table.fee[v]
        if status == NO_VAULT:
            for asset in (BTC_ASSET, USD_ASSET):
                pay(books, asset, a, table.creator[v], books.balances[asset, a], INCOME)
            continue
        owed = books.balances[PAYABLE_ASSET, a]
        if due > 0:
            paid = min(due, max(0, books.balances[USD_ASSET, a] - owed))
            pay(books, USD_ASSET, a, operator, paid, SERVICE_FEE)
            if paid < due and shortfall != ABSORBED:
                pay(books, advance, operator, a, due - paid, SERVICE_FEE)
        lack = min(owed - books.balances[USD_ASSET, a], books.balances[USD_ASSET, operator])
        if lack > 0 and status != ENDED and shortfall != CARRIED:
            pay(books, USD_ASSET, operator, a, lack, SERVICE_FEE if shortfall == ABSORBED else LOAN)
            if shortfall == ADVANCED:
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
                table.dust[v] = amount - (raise_index(books, table.line[v], amount, supply) if to_all else 0)
            table.net_income[v] = coins
        if not mines(table.kind[v]):
            continue
        charged = table.power[v] + table.fee[v]
        table.cost[v] = int(math.ceil(charged / USD / coin_price * BTC)) if charged > 0 else 0
        if supply > 0:
            whole = supply / TOKEN
            earned = (table.gross[v] / BTC * coin_price - charged / USD) / whole / days
            table.today[v] += earned * days
            if day_ends:
                table.losing[v] = table.losing[v] + 1.0 if table.today[v] <= 0.0 and table.ghs[v] > 0 else 0.0
                table.today[v] = 0.0
            table.income[v] = earned if table.seen[v] == 0 else table.income[v] + (earned - table.income[v]) * weight
            table.seen[v] = 1
            table.th_per_fraction[v] = table.ghs[v] / GHS_PER_TH / whole
            table.cost_per_fraction[v] = table.cost_per_th[v] * table.th_per_fraction[v]
        else:
            table.income[v] = table.th_per_fraction[v] = table.cost_per_fraction[v] = 0.0


@kernel
def share_others(
    books: Any, table: Any, others: Any, earns: Any, start: int, ready: int, to_all: bool, coin_price: float, weight: float,
    days: float, day_ends: bool, nft_income: Any,
) -> int:  # fmt: skip
    """Coins and dollars of vaults without rigs, above what they owe, go to their pots and, if all earn, to all.

    Then what a whole fraction earns a day is smoothed; a standing charge counts with its sign. A vault for which
    something must be made or collected first ends the loop, and the next call begins with it.

    Args:
        others: vaults without rigs
        earns: which of them have something to share; found out by the call that starts with 0
        start: place of the first vault; ready: place of the one for which all has been made, -1 for none
        to_all: all fractions earn; otherwise what comes in waits in the pots until it is shared by the rule
        coin_price: USD for which a coin is sold
        weight: of today in smoothed income
        days: length of the tick; day_ends: whether it is the last of its day
        nft_income: USD base units of this tick, by NFT

    Returns:
        place of the vault that ended the loop, or the number of vaults
    """
    if start == 0 and ready != 0:
        for k in range(others.size):
            v = others[k]
            a = table.account[v]
            table.usd_income[v] = 0
            free = books.balances[BTC_ASSET, a] != 0 or books.balances[USD_ASSET, a] > books.balances[PAYABLE_ASSET, a]
            earns[k] = table.status[v] != ENDED and (free or table.kind[v] == BASKET)
    for k in range(start, others.size):
        if not earns[k]:
            continue
        v = others[k]
        a, supply = table.account[v], table.supply[v]
        coins = books.balances[BTC_ASSET, a]
        dollars = max(0, books.balances[USD_ASSET, a] - books.balances[PAYABLE_ASSET, a])
        kept = table.status[v] == OFFERED or supply == 0
        if k != ready and (table.kind[v] == BASKET or (dollars > 0 and not kept and table.usd_line[v] < 0)):
            return k
        table.net_income[v] += coins
        table.usd_income[v] = dollars
        if kept:
            pay(books, BTC_ASSET, a, table.creator[v], coins, INCOME)
            pay(books, USD_ASSET, a, table.creator[v], dollars, INCOME)
            continue
        if coins > 0:
            pay(books, BTC_ASSET, a, table.pot[v], coins, INCOME)
            amount = table.dust[v] + coins
            table.dust[v] = amount - (raise_index(books, table.line[v], amount, supply) if to_all else 0)
        if dollars > 0:
            pay(books, USD_ASSET, a, table.usd_pot[v], dollars, INCOME)
            amount = table.usd_dust[v] + dollars
            table.usd_dust[v] = amount - (raise_index(books, table.usd_line[v], amount, supply) if to_all else 0)
    for v in others:
        if table.status[v] == ENDED:
            continue
        if table.supply[v] == 0:
            table.income[v] = 0.0
            continue
        usd = nft_income[table.nft[v]] if table.nft[v] >= 0 else table.usd_income[v]
        earned = (table.net_income[v] / BTC * coin_price + usd / USD) / (table.supply[v] / TOKEN)
        earned /= days
        table.income[v] += (earned - table.income[v]) * (weight if table.seen[v] != 0 else 1.0)
        table.seen[v] = 1
        table.today[v] += earned * days
        if day_ends:
            table.losing[v] = table.losing[v] + 1.0 if table.today[v] < 0.0 else 0.0
            table.today[v] = 0.0
    return others.size
