"""Compiled loops of the rig market: invoices and their payment, outside money, orders and arrivals."""

import math
from typing import Any

import numpy as np

from model.actions import Status
from model.books import Books, can_pay, pay, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.rigs.investment import rig_value, rig_value_mark, running_cost
from model.units import DAYS_PER_YEAR, GHS_PER_TH, LARGEST_POSTING, USD

DONE, AMOUNT, FUNDS, LIMIT, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.AMOUNT, Status.FUNDS, Status.LIMIT, Status.UNKNOWN)
)
POWER, CAPITAL, DEPARTURE, RIGS, SITE = (
    int(f) for f in (Flow.POWER, Flow.CAPITAL, Flow.DEPARTURE, Flow.RIGS, Flow.SITE)
)
CASH, PAYABLE = USD_ASSET, PAYABLE_ASSET
MOST_OUTSIDE = 1 << 62  # base units; with what somebody has, it stays a whole number that the check of the books sees


@kernel
def outside_money(
    books: Books,
    funded: Any,
    accounts: int,
    running: Any,
    cost: Any,
    hashprice: float,
    attraction: float,
    days: float,
    rules: Any,
    world: int,
) -> Any:
    """Outside investors put money in by own revenue and take profit and idle cash out.

    net = omega revenue attraction - (1 - s) profit - M (1 - e^(-leak t))

    Args:
        funded: accounts that have outside investors, by account
        running: GH/s, cost: USD of power and overhead, by account
        hashprice: USD/TH/day
        attraction: `attractiveness` of new rigs [1]

    Returns:
        an account that more comes to than `MOST_OUTSIDE`, -1 for none, and how much [USD]
    """
    leak = 1.0 - math.exp(-rules.leak * days / DAYS_PER_YEAR)
    for account in range(accounts):
        if not funded[account]:
            continue
        revenue = running[account] / GHS_PER_TH * hashprice * days
        profit = revenue * (1.0 - rules.pool_fee) - cost[account]
        inflow = rules.outside_capital * attraction * revenue - (1.0 - rules.reinvested) * profit
        amount = abs(inflow) * USD
        cash = max(0, books.balances[CASH, account])
        if inflow > 0.0:
            if amount >= MOST_OUTSIDE:
                return account, inflow
            post(books, CASH, world, account, np.int64(amount), CAPITAL)
        else:
            post(books, CASH, account, world, cash if amount >= cash else np.int64(amount), DEPARTURE)
        post(books, CASH, account, world, np.int64(max(0, books.balances[CASH, account]) * leak), DEPARTURE)
    return -1, 0.0


@kernel
def settle_orders(
    books: Books, sites: Any, n_sites: int, rows: Any, order: Any, price: float, efficiency: float, site_cost: float,
    manufacturers: int, utilities: int, world: int, watts: Any,
) -> float:  # fmt: skip
    """Let orders be paid: cash to makers for rigs and to utilities for the site; W ordered by each, into `watts`, and in all.

    The world pays for the orders of a virtual site. A row pays `usd` and gets usd / (P + i e*) TH at today's prices; what is delivered has the J/TH of its day.
    """
    ordered = 0.0
    per_th = price + site_cost * efficiency
    for j in range(order.size):
        i = order[j]
        account, site, usd = rows[i]["account"], rows[i]["site"], rows[i]["usd"]
        if site < 0 or site >= n_sites or sites.owner[site] != account:
            rows[i]["status"] = UNKNOWN
            continue
        if usd <= 0:
            rows[i]["status"] = AMOUNT
            continue
        if rows[i]["limit"] > 0 and per_th * USD > rows[i]["limit"]:
            rows[i]["status"] = LIMIT
            continue
        if sites.virtual[site] and usd < LARGEST_POSTING:
            post(books, CASH, world, account, usd, CAPITAL)
        if not can_pay(books, CASH, account, usd):
            rows[i]["status"] = FUNDS
            continue
        hardware = np.int64(usd * (price / per_th))
        pay(books, CASH, account, manufacturers, hardware, RIGS)
        pay(books, CASH, account, utilities, usd - hardware, SITE)
        th = usd / USD / per_th
        watts[j] = th * efficiency
        ordered += watts[j]
        rows[i]["status"], rows[i]["filled"] = DONE, np.int64(th * GHS_PER_TH)
    return ordered


@kernel
def arrivals(watts: Any, later: Any, sites: Any, n_sites: int, efficiency: float, ghs: Any) -> int:
    """Turn shipped watts into whole GH/s of today's J/TH; what is below one GH/s comes with next week's, `later` [W]."""
    total = 0
    for site in range(n_sites):
        ghs[site] = 0
        if watts[site] > 0.0:
            ghs[site] = np.int64(watts[site] / efficiency * GHS_PER_TH)
            rest = max(0.0, watts[site] - ghs[site] * efficiency / GHS_PER_TH)
            watts[site] = 0.0
            later[site] += rest
            if sites.virtual[site]:
                ghs[site] = 0
            total += ghs[site]
    return total


@kernel
def total_of(values: Any, n: int) -> float:
    """Sum in order."""
    total = 0.0
    for i in range(n):
        total += values[i]
    return total


@kernel
def marks(
    sites: Any,
    rows: Any,
    n: int,
    price: float,
    hashprice: float,
    efficiency: float,
    power: float,
    haircut: float,
    rules: Any,
    worth: Any,
) -> None:
    """Resale value of every account's rigs [USD], into `worth`; hashprice in USD/TH/day, efficiency of rigs shipping, power in USD/kWh."""
    worth[:] = 0.0
    new = rig_value(hashprice, running_cost(power, efficiency, rules.overhead * rules.pue), rules.payback_limit)
    for row in range(n):
        if rows.ghs[row] > 0:
            cost = running_cost(power, rows.efficiency[row], rules.overhead * rules.pue)
            per_th = rig_value_mark(price, rig_value(hashprice, cost, rules.payback_limit), new, haircut)
            worth[sites.owner[rows.site[row]]] += rows.ghs[row] / GHS_PER_TH * per_th


@kernel
def find_fault(ghs: Any, running: Any, n: int) -> int:
    """Law that one of the first n rows breaks, a place in `holders.BROKEN`; 0 for none."""
    negative = wrong = False
    for row in range(n):
        negative |= ghs[row] < 0
        wrong |= not 0.0 <= running[row] <= 1.0
    return 1 if negative else 2 if wrong else 0
