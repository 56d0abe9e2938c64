"""The whole network under the miners' rules: sites x vintages, week by week, on real revenue and best-rig J/TH alone.

During a burn-in the fleet is held to observed hashrate (a shortfall is booked as new rigs, a surplus scales the fleet
down); afterwards the model never sees hashrate again. One loop serves both readings of a site: bins of power price
that share one purse, and miners each with their own.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel, maker
from model.mechanisms.rigs import investment as rule
from model.mechanisms.rigs import steps
from model.mechanisms.rigs.order_book import OrderBook
from model.mechanisms.rigs.rules import LOWEST_PRICE, InvestmentRules
from model.mechanisms.rigs.weeks import Weeks
from model.streams import Streams, normal, normal_quantile, u01

Floats = NDArray[np.float64]

DAYS = 7.0
VINTAGE_WEEKS = 13
CAPACITY_WEEKS = 8  # burn-in: makers can deliver at least the mean of so many weeks
FIRST_FLEET_AGE = 1.2  # J/TH of the fleet at the first week of burn-in over that of rigs then shipping


class Sites(NamedTuple):
    """Those who mine: arrays by site."""

    power_price: Floats  # USD/kWh
    payback_limit: Floats  # months
    weight: Floats  # share of the network at the start, sums to 1
    pooled: bool  # one purse for all, or one each


class Path(NamedTuple):
    """What a run leaves, by week."""

    hashrate: Floats  # TH/s running
    rig_price: Floats  # USD/TH
    efficiency: Floats  # J/TH of rigs shipping
    capacity: Floats  # W/week of makers
    cash: Floats  # USD


@maker
def _quantiles(median: Any, sigma: Any, n: Any) -> Any:
    out = np.empty(n)
    for i in range(n):
        out[i] = median * math.exp(sigma * normal_quantile((i + 0.5) / n))
    return out


@maker
def _drawn_sites(key: Any, n: Any, median: Any, sigma: Any, shortest: Any, longest: Any, tail: Any) -> Any:
    power, limit, weight = np.empty(n), np.empty(n), np.empty(n)
    total = 0.0
    for i in range(n):
        power[i] = median * math.exp(sigma * normal(key, i, 0))
        limit[i] = shortest + (longest - shortest) * u01(key, i, 1)
        weight[i] = math.exp(-math.log(1.0 - u01(key, i, 2)) / tail)
        total += weight[i]
    for i in range(n):
        weight[i] /= total
    return power, limit, weight


def bins(rules: InvestmentRules, n: int = 20) -> Sites:
    """Sites as n bins of equal weight, at the quantiles of the lognormal power price, with one purse."""
    power = _quantiles(rules.power_median, rules.power_sigma, n)
    return Sites(power, np.full(n, rules.payback_limit), np.full(n, 1.0 / n), pooled=True)


def miners(rules: InvestmentRules, n: int = 400, seed: int = 1, tail: float = 1.5) -> Sites:
    """Sites as n drawn miners: Pareto sizes, lognormal power price, payback limit X (1 ± .2), a purse each."""
    key = Streams(seed).key("backtest")
    spread = 0.2 * rules.payback_limit
    low, high = rules.payback_limit - spread, rules.payback_limit + spread
    power, limit, weight = _drawn_sites(key, n, rules.power_median, rules.power_sigma, low, high, tail)
    return Sites(power, limit, weight, pooled=False)


@kernel
def _pool(cash: Any, weight: Any) -> Any:
    """Share one purse by weight; returns its content."""
    total = 0.0
    for s in range(cash.size):
        total += cash[s]
    for s in range(cash.size):
        cash[s] = total * weight[s]
    return total


@kernel
def _total(values: Any) -> Any:
    total = 0.0
    for i in range(values.size):
        total += values[i]
    return total


@maker
def _shares(weight: Any, eager: Any) -> Any:
    """Who buys: weight times willingness, normalised; by weight alone if nobody is willing."""
    total = 0.0
    for s in range(weight.size):
        total += weight[s] * eager[s]
    return weight * eager / total if total > 1e-6 else weight.copy()


class Network:
    """State of the fleet, the purses and the rig market, advanced a week at a time."""

    def __init__(self, sites: Sites, rules: InvestmentRules, weeks: Weeks) -> None:
        n, vintages = sites.power_price.size, len(weeks.revenue) // VINTAGE_WEEKS + 1
        self.sites, self.rules, self.weeks = sites, rules, weeks
        self.site = np.repeat(np.arange(n), vintages)
        self.vintage = np.tile(np.arange(vintages), n)
        self.first_row = np.arange(n) * vintages
        self.fleet, self.running = np.zeros(n * vintages), np.ones(n * vintages)
        self.efficiency = np.ones(vintages)
        self.cash, self.backlog, self.book = np.zeros(n), np.zeros(n), OrderBook()
        self.pipeline = np.zeros((round(rules.lag_weeks), n))
        self.capacity = self.delivered_mean = 0.0
        self.log_frontier = math.log(weeks.best[0])
        self.shipping = rules.frontier_markup * weeks.best[0]
        self.hashprice = weeks.revenue[0] / weeks.observed[0]
        self.hashprice_mean = self.hashprice
        self.price = self._price_target()
        self.fleet[self.first_row] = weeks.observed[0] * sites.weight
        self.efficiency[0] = FIRST_FLEET_AGE * self.shipping

    def week(self, t: int) -> None:
        """One week: frontier, arrivals, removal, switching and wear, burn-in, money, price, orders, makers."""
        r, sites = self.rules, self.sites
        self.log_frontier = rule.frontier_step(self.log_frontier, self.weeks.best[t], DAYS, r.frontier_weeks)
        self.shipping = r.frontier_markup * math.exp(self.log_frontier)
        slot = t % len(self.pipeline)
        delivered = _total(self.pipeline[slot])
        self._install(t, self.pipeline[slot] / self.shipping)
        if self.weeks.removed[t] > 0.0:
            self.fleet *= 1.0 - self.weeks.removed[t]
        hashprice = self.weeks.revenue[t] / steps.network_hashrate(self.fleet, self.running)
        steps.switch_and_wear(
            self.fleet, self.running, self.site, self.vintage, sites.power_price, self.efficiency, hashprice, DAYS, r
        )
        if t < self.weeks.burn_in:
            self._hold_to_observed(t, delivered)
        self.hashrate = steps.network_hashrate(self.fleet, self.running)
        self.hashprice = self.weeks.revenue[t] / self.hashrate
        self.hashprice_mean = rule.hashprice_mean_step(self.hashprice_mean, self.hashprice, DAYS, r.hashprice_weeks)
        self._money()
        self.price = rule.rig_price_step(self.price, self._price_target(), DAYS, r.price_weeks)
        cost = self.price + r.site_cost * self.shipping
        ordered = steps.spend(self.cash, self._eagerness(), DAYS, r) / cost * self.shipping
        self.book.add(np.arange(ordered.size), ordered, t, self.backlog)
        total = _total(self.backlog)
        self.capacity = rule.capacity_step(
            self.capacity, total, DAYS, r.backlog_weeks, r.capacity_rise, r.capacity_fall
        )
        self.pipeline[slot] = 0.0
        self.book.ship(rule.shipment(total, self.capacity, DAYS, r.backlog_weeks), self.backlog, self.pipeline[slot])

    def _install(self, t: int, th: Floats) -> None:
        """Put new rigs into the vintage of this week; its J/TH is the mean of its rigs."""
        vintage = t // VINTAGE_WEEKS
        rows = self.first_row + vintage
        before, added = _total(self.fleet[rows]), _total(th)
        if added > 0.0:
            old = self.efficiency[vintage]
            self.efficiency[vintage] = (before * old + added * self.shipping) / (before + added)
            steps.install(self.fleet, self.running, rows, th)

    def _hold_to_observed(self, t: int, delivered: float) -> None:
        gap = self.weeks.observed[t] - steps.network_hashrate(self.fleet, self.running)
        if gap > 0.0:
            self._install(t, gap * _shares(self.sites.weight, self._eagerness()))
            delivered += gap * self.shipping
        else:
            self.fleet *= self.weeks.observed[t] / (self.weeks.observed[t] - gap)
        self.delivered_mean += (delivered - self.delivered_mean) * rule.relaxed(1.0, CAPACITY_WEEKS)
        self.capacity = max(self.capacity, self.delivered_mean)

    def _money(self) -> None:
        r, sites = self.rules, self.sites
        power = rule.running_cost(r.outside_power_price, self.shipping, 1.0)
        payback = rule.payback_months(self.price + r.site_cost * self.shipping, self.hashprice_mean, power)
        steps.fund(
            self.cash,
            self.fleet,
            self.running,
            self.site,
            self.vintage,
            sites.power_price,
            self.efficiency,
            self.hashprice,
            payback,
            DAYS,
            r,
        )
        if sites.pooled:
            _pool(self.cash, sites.weight)

    def _eagerness(self) -> Floats:
        power, limit = self.sites.power_price, self.sites.payback_limit
        eager: Floats = steps.eagerness(power, limit, self.hashprice_mean, self.shipping, self.price, self.rules)
        return eager

    def _price_target(self) -> float:
        r = self.rules
        cost = rule.running_cost(r.power_median, self.shipping, r.overhead * r.pue)
        value = rule.rig_value(self.hashprice_mean, cost, r.payback_limit)
        tightness = rule.scarcity(_total(self.backlog), self.capacity, r.backlog_weeks, r.scarcity_cap)
        floor, site = r.price_floor * self.shipping, r.site_cost * self.shipping
        return max(LOWEST_PRICE, float(rule.rig_price_target(floor, value, r.price_share, tightness, site)))


def simulate(sites: Sites, rules: InvestmentRules, weeks: Weeks) -> Path:
    """Run the rules over all weeks, the burn-in first."""
    network = Network(sites, rules, weeks)
    path = np.empty((5, len(weeks.revenue)))
    for t in range(len(weeks.revenue)):
        network.week(t)
        path[:, t] = (network.hashrate, network.price, network.shipping, network.capacity, _total(network.cash))
    return Path(*path)
