"""Rigs at sites: switching, wear, power, orders; and the makers who price and ship them."""

from collections import deque
from math import exp, log
from typing import Any

MONTH, YEAR, WEEK = 30.4, 365.0, 7.0
KWH = 0.024  # of a watt in a day


class Rig:
    """Rigs of one vintage at one site; `th` is what is left of them."""

    __slots__ = ("efficiency", "log_cost", "quarter", "running", "th", "unit_cost")

    def __init__(self, th: float, efficiency: float, running: float, quarter: int, unit_cost: float) -> None:
        self.th, self.efficiency, self.running, self.quarter = th, efficiency, running, quarter
        self.unit_cost = unit_cost  # USD/TH/day of power, with the site's own use
        self.log_cost = log(unit_cost)

    def split(self, part: float) -> "Rig":
        """Take a share of these rigs away."""
        taken = Rig(self.th * part, self.efficiency, self.running, self.quarter, self.unit_cost)
        self.th -= taken.th
        return taken

    def join(self, th: float, efficiency: float) -> None:
        """Add new rigs of the same vintage."""
        whole = self.th + th
        self.efficiency = (self.efficiency * self.th + efficiency * th) / whole
        self.unit_cost *= (self.th + th * efficiency / self.efficiency) / whole
        self.running = (self.running * self.th + th) / whole
        self.th, self.log_cost = whole, log(self.unit_cost)


def run_rows(
    rigs: list[Rig], log_net: float, pace: float, width: float, failures: float, scrapping: float
) -> tuple[float, float, float]:
    """Rows switch on or off, wear and run for a day: TH/s there, TH/s running, USD of power.

    `log_net` is the log of hashprice after the pool's fee.
    """
    th = on = bill = 0.0
    for rig in rigs:
        running = rig.running
        running += (1.0 / (1.0 + exp(min(700.0, (rig.log_cost - log_net) / width))) - running) * pace
        rig.running = running
        rig.th = left = rig.th * exp(-failures - scrapping * (1.0 - running))
        working = left * running
        th += left
        on += working
        bill += working * rig.unit_cost
    return th, on, bill


def take_share(rigs: list[Rig], part: float) -> list[Rig]:
    """Take the same share of every row; the rows taken."""
    return [rig.split(part) for rig in rigs]


class Site:
    """A place with one power price: rigs, orders and shipments under way [W]."""

    def __init__(self, power_price: float, payback_limit: float, weeks: int, rules: Any) -> None:
        self.power_price, self.payback_limit = power_price, payback_limit
        self.unit = KWH * power_price * rules.pue  # USD/day for one watt of rigs
        self.rigs: list[Rig] = []
        self.backlog = 0.0
        self.pipeline = [0.0] * weeks
        self.th = self.on = self.bill = 0.0

    def eagerness(self, market: "RigMarket") -> float:
        """Willingness to buy the rigs now shipping, 0 to 1."""
        value = self.payback_limit * MONTH * (market.hashprice - self.unit * market.overhead * market.shipping)
        return 1.0 / (1.0 + (value / market.all_in) ** -market.slope) if value > 0.0 else 0.0

    def order(self, usd: float, market: "RigMarket") -> None:
        """Paid orders enter the book."""
        watts = usd / market.all_in * market.shipping
        self.backlog += watts
        market.backlog += watts
        market.book.append([(self, watts)])

    def receive(self, week: int, market: "RigMarket", quarter: int) -> None:
        """What was shipped weeks ago starts to run."""
        arrives = week % len(self.pipeline)
        watts = self.pipeline[arrives]
        if watts > 0.0:
            th, shipping = watts / market.shipping, market.shipping
            self.pipeline[arrives] = 0.0
            if self.rigs and self.rigs[-1].quarter == quarter:
                self.rigs[-1].join(th, shipping)
            else:
                self.rigs.append(Rig(th, shipping, 1.0, quarter, self.unit * shipping))


class RigMarket:
    """Makers: the best rig on sale, the price of rigs, the order book and capacity; parameters are the scenario's."""

    def __init__(self, rules: Any, opening: Any, haircut: float) -> None:
        net = opening.network
        self.rules, self.overhead, self.slope = rules, rules.overhead, rules.willingness_slope
        self.log_frontier, self.price, self.shipping = net.log_frontier, net.price, net.shipping
        self.hashprice, self.capacity = net.hashprice_mean, net.capacity
        self.haircut, self.backlog, self.unshipped = haircut, 0.0, 0.0
        self.book: deque[list[tuple[Site, float]]] = deque()  # what sites ordered at one time [W], oldest first
        self.reckon()

    def reckon(self) -> None:
        """Figures that every buyer uses today."""
        r = self.rules
        self.site_cost = r.site_cost * self.shipping
        self.all_in = self.price + self.site_cost
        self.new_value = self.value(self.shipping)
        self.new_cost = KWH * r.power_median * self.shipping * r.overhead * r.pue
        reference = MONTH * (self.hashprice - KWH * r.outside_power_price * self.shipping)
        payback = self.all_in / reference if reference > 0.0 else 1e9
        self.attraction = min(r.outside_cap, max(0.0, log(r.outside_payback / payback)))

    def value(self, efficiency: float) -> float:
        """What a rig is worth at the median site [USD/TH]."""
        r = self.rules
        return r.payback_limit * MONTH * (self.hashprice - KWH * r.power_median * efficiency * r.overhead * r.pue)

    def resale(self, efficiency: float) -> float:
        """What a used rig fetches [USD/TH]."""
        if self.new_value <= 0.0:
            return 0.0
        share = max(0.0, self.value(efficiency)) / self.new_value
        return self.price * min(1.0, share) * (1.0 - self.haircut)

    def improve(self, best: float) -> None:
        """Rigs now shipping follow the best on sale."""
        r = self.rules
        self.log_frontier += (log(best) - self.log_frontier) * (1.0 - 0.5 ** (1.0 / WEEK / r.frontier_weeks))
        self.shipping = r.frontier_markup * exp(self.log_frontier)

    def reprice(self) -> None:
        """The price follows what rigs are worth and the orders that makers had to leave."""
        r = self.rules
        full = max(1.0, min(r.scarcity_cap, self.unshipped / (r.backlog_weeks * self.capacity)))
        target = max(
            r.price_floor * self.shipping,
            r.price_share * self.value(self.shipping) * full - r.site_cost * self.shipping,
        )
        self.price *= exp(log(target / self.price) * (1.0 - exp(-1.0 / WEEK / r.price_weeks)))

    def ship(self, week: int) -> None:
        """Makers ship the oldest orders; their capacity follows orders."""
        r, years = self.rules, WEEK / YEAR
        load = self.backlog / (r.backlog_weeks * self.capacity)
        gap = log(load) if load > 0.0 else -r.capacity_fall * years
        self.capacity *= exp(max(-r.capacity_fall * years, min(r.capacity_rise * years, gap)))
        left = min(self.backlog, self.capacity, self.backlog / r.backlog_weeks)
        while self.book and left > 0.0:
            orders = self.book.popleft()
            together = sum(watts for _, watts in orders)
            part = min(1.0, left / together)
            for site, watts in orders:
                site.pipeline[week % len(site.pipeline)] += part * watts
                site.backlog = max(0.0, site.backlog - part * watts)
            self.backlog = max(0.0, self.backlog - part * together)
            left -= together
            if part < 1.0:
                self.book.appendleft([(site, (1.0 - part) * watts) for site, watts in orders])
