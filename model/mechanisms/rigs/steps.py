"""The rules of `investment` over arrays of sites and rows: one compiled loop for each step of a week or a day."""

from typing import Any

import numpy as np

from model.jit import kernel, maker
from model.mechanisms.rigs.investment import (
    attractiveness,
    cash_step,
    closed,
    relaxed,
    rig_value,
    running_cost,
    running_target,
    survival,
    willingness,
)
from model.units import DAYS_PER_WEEK


@kernel
def switch_and_wear(
    fleet: Any,
    running: Any,
    site: Any,
    vintage: Any,
    power_price: Any,
    efficiency: Any,
    hashprice: Any,
    days: Any,
    rules: Any,
) -> None:
    """Switch rows on and off and wear them, in place.

    Args:
        fleet: rigs [TH], by row
        running: share of them that runs, by row
        site: index into `power_price`, by row
        vintage: index into `efficiency`, by row
        power_price: c [USD/kWh], by site
        efficiency: e [J/TH], by vintage
        hashprice: h [USD/TH/day]
        days: length of the step
        rules: `InvestmentRules`
    """
    pace = closed(days / DAYS_PER_WEEK, rules.switching_weeks)
    for row in range(fleet.size):
        if fleet[row] > 0.0:
            cost = running_cost(power_price[site[row]], efficiency[vintage[row]], rules.pue)
            target = running_target(hashprice * (1.0 - rules.pool_fee), cost, rules.switching_width)
            running[row] += (target - running[row]) * pace
            fleet[row] *= survival(running[row], days, rules.failures, rules.scrapping)


@kernel
def install(fleet: Any, running: Any, rows: Any, th: Any) -> None:
    """Add new rigs, all running, to one row of each site, in place; rows and th [TH] by site."""
    for s in range(rows.size):
        if th[s] > 0.0:
            row = rows[s]
            running[row] = (fleet[row] * running[row] + th[s]) / (fleet[row] + th[s])
            fleet[row] += th[s]


@kernel
def network_hashrate(fleet: Any, running: Any) -> Any:
    """Hashrate of all rows, summed in order [TH]."""
    total = 0.0
    for row in range(fleet.size):
        total += fleet[row] * running[row]
    return total


@maker
def fund(
    cash: Any,
    fleet: Any,
    running: Any,
    site: Any,
    vintage: Any,
    power_price: Any,
    efficiency: Any,
    hashprice: Any,
    payback: Any,
    days: Any,
    rules: Any,
) -> None:
    """Reinvested profit, outside capital and leak of every site's `cash` M [USD, by site], in place.

    `payback` is the reference `payback_months` of new rigs; all else is as in `switch_and_wear`.
    """
    revenue = np.zeros(cash.size)
    profit = np.zeros(cash.size)
    for row in range(fleet.size):
        s = site[row]
        th = fleet[row] * running[row]
        if th > 0.0:
            cost = running_cost(power_price[s], efficiency[vintage[row]], rules.overhead * rules.pue)
            revenue[s] += th * hashprice
            profit[s] += th * (hashprice * (1.0 - rules.pool_fee) - cost)
    outside = rules.outside_capital * attractiveness(payback, rules.outside_payback, rules.outside_cap)
    for s in range(cash.size):
        cash[s] = cash_step(cash[s], rules.reinvested * profit[s], outside * revenue[s], days, rules.leak)


@maker
def eagerness(power_price: Any, payback_limit: Any, hashprice: Any, efficiency: Any, price: Any, rules: Any) -> Any:
    """`willingness` of every site at today's rig price.

    Sites have a power price c [USD/kWh] and a payback limit X [months]; the market gives the two-week mean of h
    [USD/TH/day], e* [J/TH] and P [USD/TH].
    """
    out = np.empty(power_price.size)
    for s in range(out.size):
        cost = running_cost(power_price[s], efficiency, rules.overhead * rules.pue)
        value = rig_value(hashprice, cost, payback_limit[s])
        out[s] = willingness(value, price + rules.site_cost * efficiency, rules.willingness_slope)
    return out


@maker
def spend(cash: Any, eager: Any, days: Any, rules: Any) -> Any:
    """Cash that each site commits in a step: M (1 - e^(-t/phi)) a [USD]; takes it from `cash`."""
    share = relaxed(days / DAYS_PER_WEEK, rules.spending_weeks)
    out = np.empty(cash.size)
    for s in range(cash.size):
        out[s] = cash[s] * share * eager[s]
        cash[s] -= out[s]
    return out
