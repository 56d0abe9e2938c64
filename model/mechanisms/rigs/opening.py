"""The first morning: a burn-in of the whole network on observed hashrate, dealt out to miners and the rest."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.clock import Clock
from model.errors import ScenarioError
from model.jit import kernel, maker
from model.mechanisms.rigs.aggregate import Network, Sites, bins
from model.mechanisms.rigs.fleet import Fleet
from model.mechanisms.rigs.investment import running_cost, running_target
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.weeks import Weeks, window
from model.streams import u01
from model.units import GHS_PER_TH

BEFORE = -1  # when orders were made that are older than the run: they are served first, pro rata


class Opening(NamedTuple):
    """State of the whole network after its burn-in.

    Attributes:
        network: bins of power price x vintages, purses, order book, makers
        quarter: calendar quarter of each vintage
        hashrate: TH/s running
    """

    network: Network
    quarter: NDArray[np.int64]
    hashrate: float


def quarter_of(clock: Clock) -> int:
    """Calendar quarter of today, counted from year 0."""
    return clock.date.year * 4 + (clock.date.month - 1) // 3


def burn_in(clock: Clock, rules: InvestmentRules, n_bins: int, weeks: int) -> Opening:
    """Run the aggregate network on observed hashrate up to the start of the run.

    Raises:
        ScenarioError: the real tables do not reach from `weeks` before the start to the start
    """
    start = f"{clock.start:%Y-%m}"
    try:
        whole = window(start, weeks)
    except (ScenarioError, IndexError):
        raise ScenarioError(
            f"clock.start = {start!r}: rigs need {weeks} weeks of real figures before the start; choose 2015-03 to 2024-12"
        ) from None
    cut = (column[:weeks] for column in whole[:4])
    before = Weeks(*cut, burn_in=whole.burn_in, first_day=whole.first_day)  # type: ignore[misc, arg-type]
    network = burned_in(bins(rules, n_bins), rules, before)
    vintages = network.efficiency.size
    quarter = quarter_of(clock) - np.arange(vintages, dtype=np.int64)[::-1]
    return Opening(network, quarter, network.hashrate)


def burned_in(sites: Sites, rules: InvestmentRules, weeks: Weeks) -> Network:
    """The network of these sites at the end of the weeks."""
    network = Network(sites, rules, weeks)
    for t in range(weeks.burn_in):
        network.week(t)
    return network


def deal_to_rest(
    fleet: Fleet, opening: Opening, account: int, share: float, rules: InvestmentRules
) -> NDArray[np.int64]:
    """Give the rest of the network its share of every bin and vintage, of orders and of shipments under way; its sites."""
    net = opening.network
    n = net.sites.power_price.size
    sites = fleet.add_sites(
        np.full(n, account), net.sites.power_price, funded=True, weight=1.0 / n, payback_limit=rules.payback_limit
    )
    _deal(fleet, net, opening.quarter, sites, share)
    return sites


def _deal(fleet: Fleet, net: Network, quarters: NDArray[np.int64], sites: NDArray[np.int64], share: float) -> None:
    """Put a share of a network's rigs, orders and shipments on sites of the fleet, each on its own."""
    _deal_orders(fleet, net, sites, lambda watts: watts * share)
    for v, quarter in enumerate(quarters):
        rows = net.first_row + v
        ghs = (net.fleet[rows] * share * GHS_PER_TH).astype(np.int64)
        efficiency = np.full(sites.size, net.efficiency[v])
        fleet.add_rows(sites, ghs, efficiency, np.full(sites.size, quarter), net.running[rows])


def _deal_orders(
    fleet: Fleet, net: Network, sites: NDArray[np.int64], dealt: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    """Put on sites of the fleet what `dealt` makes of a network's orders, and of the shipments of each week [W by site]."""
    fleet.book.add(sites, dealt(net.backlog), BEFORE, fleet.sites.backlog)
    weeks = fleet.pipeline.shape[0]
    for week in range(weeks):
        fleet.pipeline[week, sites] = dealt(net.pipeline[(net.weeks.burn_in + week) % weeks])


def deal_burned_in(
    fleet: Fleet,
    opening: Opening,
    accounts: NDArray[np.int64],
    power_price: NDArray[np.float64],
    payback_limit: NDArray[np.float64],
    th: NDArray[np.float64],
    rules: InvestmentRules,
) -> NDArray[np.float64]:
    """Give each miner the rigs, orders and shipments of a burn-in in which these miners are the network.

    Args:
        th: TH/s running that each has in proportion at the first week of the burn-in, and all have together at its end

    Returns:
        the purse of each [USD]
    """
    sites = fleet.add_sites(accounts, power_price, funded=True, payback_limit=payback_limit)
    total = float(np.cumsum(th)[-1])
    if total <= 0.0:
        return np.zeros(th.size)
    net = burned_in(
        Sites(power_price.copy(), payback_limit.copy(), th / total, pooled=False), rules, opening.network.weeks
    )
    share = total / net.hashrate
    _deal(fleet, net, opening.quarter, sites, share)
    return net.cash * share


def deal_to_miners(
    fleet: Fleet,
    opening: Opening,
    accounts: NDArray[np.int64],
    power_price: NDArray[np.float64],
    payback_limit: NDArray[np.float64],
    th: NDArray[np.float64],
    key: np.uint64,
    rules: InvestmentRules,
) -> NDArray[np.int64]:
    """Give each miner a site, rigs of two vintages, drawn by the network's own mix of running rigs, and his part of its orders.

    What the network has on order and under way is dealt by the hashrate that each has of it.

    Args:
        th: TH/s that each miner should have running
        key: stream of the draws of vintage
    """
    net = opening.network
    sites = fleet.add_sites(accounts, power_price, funded=True, payback_limit=payback_limit)
    vintages = net.efficiency.size
    mix = np.zeros(vintages)
    _mix(net.fleet, net.running, net.vintage, mix)
    for k in range(2):
        vintage, running = _drawn(key, k, mix, power_price, net.efficiency, net.hashprice, rules)
        ghs = (th * 0.5 * GHS_PER_TH / np.maximum(running, 0.1)).astype(np.int64)
        fleet.add_rows(sites, ghs, net.efficiency[vintage], opening.quarter[vintage], running)
    part = th / net.hashrate
    _deal_orders(fleet, net, sites, lambda watts: math.fsum(watts.tolist()) * part)
    return sites


@kernel
def _mix(fleet: Any, running: Any, vintage: Any, mix: Any) -> None:
    """Cumulative share of running TH by vintage."""
    total = 0.0
    for row in range(fleet.size):
        mix[vintage[row]] += fleet[row] * running[row]
        total += fleet[row] * running[row]
    for v in range(1, mix.size):
        mix[v] += mix[v - 1]
    for v in range(mix.size):
        mix[v] /= total


@maker
def _drawn(key: Any, k: int, mix: Any, power_price: Any, efficiency: Any, hashprice: float, rules: Any) -> Any:
    """A vintage for each miner whose power a rig of it covers (at most 16 tries), and the share that runs."""
    vintage = np.empty(power_price.size, np.int64)
    running = np.empty(power_price.size)
    for i in range(power_price.size):
        for attempt in range(16):
            u, v = u01(key, i, 16 * k + attempt), 0
            while v < mix.size - 1 and u >= mix[v]:
                v += 1
            cost = running_cost(power_price[i], efficiency[v], rules.pue)
            share = running_target(hashprice * (1.0 - rules.pool_fee), cost, rules.switching_width)
            vintage[i], running[i] = v, share
            if share > 0.5:
                break
    return vintage, running
