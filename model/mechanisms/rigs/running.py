"""A tick of the fleet: rows switch on and off, wear, run, and cost power."""

import math
from typing import Any, NamedTuple

import numpy as np

from model.jit import kernel
from model.mechanisms.rigs.investment import closed, running_cost, running_target, survival
from model.sheaf import Sheaf, part_of, sheaf
from model.units import DAYS_PER_WEEK, GHS_PER_TH, LARGEST_POSTING, USD

MOST = float(LARGEST_POSTING)  # a bill, which no posting holds any more


class Tariff(NamedTuple):
    """What utilities and the state ask today, on top of every site's own price and contract.

    Attributes:
        factor: on every site's power price [1]
        tax: of the state on a unit of power [USD/kWh]
        tax_share: of the state on the price of power [1]
        credit: paid for power taken back, over the site's price times `factor` [1]
    """

    factor: float = 1.0
    tax: float = 0.0
    tax_share: float = 0.0
    credit: float = 0.0

    def paid(self, power_price: Any) -> Any:
        """What a kWh costs today where sites' own prices are these [USD/kWh]; see `investment.paid_price`."""
        return power_price * self.factor * (1.0 + self.tax_share) + self.tax


class Meter(Sheaf):
    """What a tick's power is made of.

    Attributes:
        tax: USD of it that is the state's, by account
        credit: USD that utilities owe for power taken back, by account
        energy: kWh drawn, and kWh taken back, of everybody
    """

    tax: Any
    credit: Any
    energy: Any

    @classmethod
    def of(cls, accounts: int) -> "Meter":
        """A meter at zero."""
        return cls(np.zeros(accounts), np.zeros(accounts), np.zeros(2))


# parts of `Sites`, `Rows` and `InvestmentRules` for the kernel
AtSites = sheaf("AtSites", "owner power_price maintained cooling factor curtailed banned")
OfRows = sheaf("OfRows", "site ghs running efficiency worn")
ByRules = sheaf("ByRules", "switching_weeks switching_width pue overhead pool_fee failures scrapping")


class Parts:
    """What a tick of the fleet needs of its columns and rules, taken anew when one of them is another."""

    def __init__(self) -> None:
        self._of: tuple[Any, Any, Any] = (None, None, None)
        self._parts: tuple[Any, Any, Any] = (None, None, None)

    def taken(self, sites: Any, rows: Any, rules: Any) -> tuple[Any, Any, Any]:
        """The parts of these; columns are replaced as a whole when the fleet grows, rules when they change."""
        before = self._of
        if sites is not before[0] or rows is not before[1] or rules is not before[2]:
            self._of = sites, rows, rules
            kinds: tuple[Any, ...] = (AtSites, OfRows, ByRules)
            self._parts = tuple(  # type: ignore[assignment]
                part_of(whole, kind) for kind, whole in zip(kinds, self._of, strict=True)
            )
        return self._parts


@kernel
def run_rigs(
    sites: Any,
    rows: Any,
    n: int,
    hashprice: float,
    tariff: Any,
    days: float,
    rules: Any,
    totals: Any,
    cost: Any,
    meter: Any,
    accounts: int,
    invoices: Any,
) -> Any:
    """Switch, wear and run every row for one tick.

    Rigs run by the price of the day with its tax; a ban keeps a share of them still, and utilities a share of the tick.

    Args:
        sites, rows: `AtSites` and `OfRows` of the fleet, `n` rows in use
        hashprice: USD/TH/day
        tariff: `Tariff` of the day
        days: length of the tick
        rules: `ByRules`
        totals: out, int64[2, account]: GH/s registered and GH/s running
        cost: out, float64[account]: USD of power and its tax, with the site's overhead where the owner bears it
        meter: out, `Meter`
        accounts: how many are billed; invoices: out, their costs rounded up [USD base units]

    Returns:
        GH/s registered and GH/s running of all
    """
    pace = closed(days / DAYS_PER_WEEK, rules.switching_weeks)
    totals[:] = 0
    cost[:] = 0.0
    meter.tax[:] = 0.0
    meter.credit[:] = 0.0
    meter.energy[:] = 0.0
    for row in range(n):
        if rows.ghs[row] == 0:
            continue
        site = rows.site[row]
        owner, pue, efficiency = sites.owner[site], rules.pue * sites.cooling[site], rows.efficiency[row]
        spot = sites.power_price[site] * tariff.factor
        price = spot * sites.factor[site]
        per_th = running_cost(price, efficiency, pue)
        levy = running_cost(price * tariff.tax_share + tariff.tax, efficiency, pue)
        target = running_target(hashprice * (1.0 - rules.pool_fee), per_th + levy, rules.switching_width)
        rows.running[row] += (target - rows.running[row]) * pace
        if not sites.maintained[site]:
            rows.worn[row] += rows.ghs[row] * (1.0 - survival(rows.running[row], days, rules.failures, rules.scrapping))
            gone = min(rows.ghs[row], np.int64(rows.worn[row]))
            rows.worn[row] -= gone
            rows.ghs[row] -= gone
        ready = rows.ghs[row] * rows.running[row] * (1.0 - sites.banned[site])
        on = np.int64(ready * (1.0 - sites.curtailed[site]))
        totals[0, owner] += rows.ghs[row]
        totals[1, owner] += on
        bill = on / GHS_PER_TH * per_th * days
        tax = on / GHS_PER_TH * levy * days
        cost[owner] += (bill if sites.maintained[site] else bill * rules.overhead) + tax
        meter.tax[owner] += tax
        kwh = running_cost(1.0, efficiency, pue) * days / GHS_PER_TH
        meter.energy[0] += on * kwh
        if sites.curtailed[site] > 0.0:
            still = ready * sites.curtailed[site] * kwh
            meter.energy[1] += still
            meter.credit[owner] += still * spot * tariff.credit
    registered = running = 0
    for owner in range(totals.shape[1]):
        registered += totals[0, owner]
        running += totals[1, owner]
    for owner in range(accounts):
        invoices[owner] = math.ceil(min(cost[owner] * USD, MOST)) if cost[owner] > 0.0 else 0
    return registered, running


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
