"""A tick of the fleet: rows switch on and off, wear, run, and cost power."""

from typing import Any

import numpy as np

from model.jit import kernel
from model.mechanisms.rigs.investment import closed, running_cost, running_target, survival
from model.units import DAYS_PER_WEEK, GHS_PER_TH


@kernel
def run_rigs(
    sites: Any, rows: Any, n: int, hashprice: float, power: float, days: float, rules: Any, totals: Any, cost: Any
) -> None:
    """Switch, wear and run every row for one tick.

    Args:
        sites, rows: the fleet, `n` rows in use
        hashprice: USD/TH/day
        power: factor on every site's power price
        days: length of the tick
        rules: `InvestmentRules`
        totals: out, int64[2, account]: GH/s registered and GH/s running
        cost: out, float64[account]: USD of power, with the site's overhead where the owner bears it
    """
    pace = closed(days / DAYS_PER_WEEK, rules.switching_weeks)
    totals[:] = 0
    cost[:] = 0.0
    for row in range(n):
        if rows.ghs[row] == 0:
            continue
        site = rows.site[row]
        owner = sites.owner[site]
        per_th = running_cost(sites.power_price[site] * power, rows.efficiency[row], rules.pue)
        target = running_target(hashprice * (1.0 - rules.pool_fee), per_th, rules.switching_width)
        rows.running[row] += (target - rows.running[row]) * pace
        if not sites.maintained[site]:
            rows.worn[row] += rows.ghs[row] * (1.0 - survival(rows.running[row], days, rules.failures, rules.scrapping))
            gone = min(rows.ghs[row], np.int64(rows.worn[row]))
            rows.worn[row] -= gone
            rows.ghs[row] -= gone
        on = np.int64(rows.ghs[row] * rows.running[row])
        totals[0, owner] += rows.ghs[row]
        totals[1, owner] += on
        bill = on / GHS_PER_TH * per_th * days
        cost[owner] += bill if sites.maintained[site] else bill * rules.overhead


@kernel
def lose_share(rows: Any, sites: Any, n: int, share: float) -> int:
    """Take a share of every rig that no vault has away for good (a ban, a fire); GH/s gone."""
    gone = 0
    for row in range(n):
        if rows.ghs[row] > 0 and not sites.maintained[rows.site[row]]:
            rows.worn[row] += rows.ghs[row] * share
            lost = min(rows.ghs[row], np.int64(rows.worn[row]))
            rows.worn[row] -= lost
            rows.ghs[row] -= lost
            gone += lost
    return gone
