"""Rigs: one fleet of all who mine, one order book of makers, and a rig price that follows its buyers."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.mechanism import settles, stage
from model.mechanisms.rigs import investment as rule
from model.mechanisms.rigs import kernels
from model.mechanisms.rigs.catalogue import best_released, best_rig
from model.mechanisms.rigs.holders import Holders
from model.mechanisms.rigs.opening import quarter_of
from model.mechanisms.rigs.params import OrderRigs, RigsView, SellRigs
from model.mechanisms.rigs.rules import LOWEST_PRICE
from model.mechanisms.rigs.running import lose_share, run_rigs
from model.units import DAYS_PER_WEEK, GHS_PER_TH, TH_PER_PH, USD, beyond_books


class Rigs(Holders):
    """The fleet and the rig market."""

    key = "rigs"
    channels = {
        "rig_price": "the price of new rigs [USD/TH]",
        "hashrate": "rigs outside vaults that stay (a ban takes some for good)",
    }

    # -- the day

    @stage("environment")
    def ship_better(self) -> None:
        """Rigs now shipping follow the best on sale."""
        r, days = self.rules, self.clock.dt_days
        self.log_frontier = rule.frontier_step(self.log_frontier, self._best_on_sale(), days, r.frontier_weeks)
        self.shipping = r.frontier_markup * math.exp(self.log_frontier)

    @stage("environment")
    def deliver(self) -> None:
        """Once a week makers ship last week's orders, and what was shipped weeks ago starts to run."""
        if not self.clock.new_week:
            return
        f, r = self.fleet, self.rules
        week, weeks = self.clock.tick // (7 * self.clock.per_day), f.pipeline.shape[0]
        if week % 13 == 0:
            f.compact()
        if week > 0:
            backlog, total = f.sites.backlog[: f.n_sites], self.backlog
            self.capacity = float(
                rule.capacity_step(
                    self.capacity, total, DAYS_PER_WEEK, r.backlog_weeks, r.capacity_rise, r.capacity_fall
                )
            )
            watts = rule.shipment(total, self.capacity, DAYS_PER_WEEK, r.backlog_weeks)
            f.book.ship(watts, backlog, f.pipeline[(week - 1) % weeks, : f.n_sites])
        self.unshipped = self.backlog
        ghs = np.empty(f.n_sites, np.int64)
        coming, later = f.pipeline[week % weeks], f.pipeline[(week + 1) % weeks]
        self.arrived = int(kernels.arrivals(coming, later, f.sites, f.n_sites, self.shipping, ghs))
        got = np.flatnonzero(ghs)
        if got.size:
            full = np.ones(got.size)
            f.add_rows(got, ghs[got], full * self.shipping, np.full(got.size, quarter_of(self.clock)), full)

    @stage("environment")
    def reprice(self) -> None:
        """The rig price follows what rigs are worth and how many orders makers had to leave unshipped."""
        self.asked = rule.rig_price_step(self.asked, self._price_target(), self.clock.dt_days, self.rules.price_weeks)
        self.price = max(LOWEST_PRICE, self.asked * self.market.shocks["rig_price"])

    @stage("environment")
    def lose(self) -> None:
        """A share of the rigs outside vaults is lost for good where a shock says so."""
        shock = min(1.0, self.market.shocks["hashrate"])
        if shock < self._hashrate_shock:
            lose_share(self.fleet.rows, self.fleet.sites, self.fleet.n_rows, 1.0 - shock / self._hashrate_shock)
        self._hashrate_shock = shock

    def _best_on_sale(self) -> float:
        if self.params.frontier == "trend":
            return self._best_start * math.exp(-self.params.frontier_trend * self.clock.day / 365.0)
        day = self.clock.date
        if self._month != (month := (day.year, day.month)):
            best_of = best_rig if self.params.frontier == "table" else best_released
            self._month, self._best = month, best_of(f"{day:%Y-%m}")
        return self._best

    def _price_target(self) -> float:
        r = self.rules
        cost = rule.running_cost(self.median_power, self.shipping, r.overhead * r.pue)
        value = rule.rig_value(self.hashprice_mean, cost, r.payback_limit)
        tightness = rule.scarcity(self.unshipped, self.capacity, r.backlog_weeks, r.scarcity_cap)
        target = rule.rig_price_target(
            r.price_floor * self.shipping, value, r.price_share, tightness, r.site_cost * self.shipping
        )
        return max(LOWEST_PRICE, float(target))

    @property
    def backlog(self) -> float:
        """Rigs ordered and not yet shipped [W]."""
        return float(kernels.total_of(self.fleet.sites.backlog, self.fleet.n_sites))

    @stage("production")
    def run(self) -> None:
        """Rigs run where revenue covers power, and wear."""
        if self.totals.shape[1] != self.ledger.books.sector.size:
            self._resize()
        self.registered_ghs, self.running_ghs = self._run(self.clock.dt_days, self.ledger.accounts)

    def _survey(self) -> None:
        """Registered and running rigs without letting time pass."""
        self._run(0.0, 0)

    def _run(self, days: float, billed: int) -> tuple[int, int]:
        f = self.fleet
        sites, rows, rules = self._parts.taken(f.sites, f.rows, self.rules)
        registered, running = run_rigs(
            sites, rows, f.n_rows, self.hashprice / TH_PER_PH, self.tariff, days, rules, self.totals, self.cost, self.meter,
            billed, self.bill,
        )  # fmt: skip
        return int(registered), int(running)

    @property
    def attraction(self) -> float:
        """Log points by which outside money finds new rigs attractive."""
        r = self.rules
        power = rule.running_cost(self.tariff.paid(r.outside_power_price), self.shipping, 1.0)
        payback = rule.payback_months(self.price + r.site_cost * self.shipping, self.hashprice_mean, power)
        return float(rule.attractiveness(payback, r.outside_payback, r.outside_cap))

    @stage("accrual")
    def fund(self) -> None:
        """Outside money comes to miners by revenue; profit and idle cash leave."""
        beyond, usd = kernels.outside_money(
            self.ledger.books, self.funded, self.ledger.accounts, self.totals[1], self.cost, self.hashprice / TH_PER_PH,
            self.attraction, self.clock.dt_days, self.rules, self.ledger.world,
        )  # fmt: skip
        if beyond >= 0:
            what = f"outside money for account {beyond} ({self.ledger.name(beyond)})"
            raise beyond_books(
                what, usd, kernels.MOST_OUTSIDE / USD, "shocks of price, bitcoin.price or rigs.outside_capital"
            )

    @stage("observe")
    def look(self) -> None:
        """Hashprice by which rigs are valued."""
        mean = rule.hashprice_mean_step(
            self.hashprice_mean, self.hashprice / TH_PER_PH, self.clock.dt_days, self.rules.hashprice_weeks
        )
        self.hashprice_mean = float(mean)

    def view(self) -> RigsView:
        """What strategies see."""
        totals, bill, first_site = self.aliases.of(self.totals, self.bill, self.fleet.first_site)
        return RigsView(
            self.price, self.rules.site_cost * self.shipping, self.shipping, self.hashprice / TH_PER_PH, self.hashprice_mean,
            self.attraction, totals[0], totals[1], bill, first_site,
            self.fleet.sites, self._mark_of(self.shipping), self.rules, self.tariff, self.median_power,
        )  # fmt: skip

    @settles(OrderRigs)
    def take_orders(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Orders are paid and enter the makers' book."""
        f = self.fleet
        if self.ledger.books.logging[0] != 0:  # an order cannot be taken back from a bundle
            rows["status"][order] = Status.NOT_ALLOWED
            return
        watts = np.zeros(order.size)
        self.ordered += kernels.settle_orders(
            self.ledger.books, f.sites, f.n_sites, rows, order, self.price, self.shipping, self.rules.site_cost,
            self.manufacturers, self.ledger.utilities, self.ledger.world, watts,
        )  # fmt: skip
        f.book.add(rows["site"][order], watts, self.clock.tick, f.sites.backlog)

    @property
    def per_th(self) -> float:
        """USD/TH of a new rig with its site."""
        return float(self.price + self.rules.site_cost * self.shipping)

    def order(self, owner: int, usd: int, power_price: float) -> int:
        """Order rigs for an account that does not act itself, such as a club's vault; GH/s at today's price."""
        self.add_fleet(owner, 0, self.shipping, power_price)
        batch = OrderRigs(owner, site=int(self.fleet.first_site[owner]), usd=usd, limit=0)
        self.take_orders(batch.rows, np.zeros(1, np.int64))
        return int(batch.rows["filled"][0])

    def on_order(self, owner: int) -> int:
        """Whole GH/s that an account has ordered and not yet received, at the J/TH of rigs now shipping."""
        f = self.fleet
        watts = [f.sites.backlog.item(site) + math.fsum(f.pipeline[:, site].tolist()) for site in f.sites_of(owner)]
        return sum(int(w / self.shipping * GHS_PER_TH) for w in watts)  # a site's rest below a unit may never come

    @settles(SellRigs)
    def buy_back(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rigs are sold at resale value."""
        if self.ledger.books.logging[0] != 0:  # what left in a bundle could not be taken back
            rows["status"][order] = Status.NOT_ALLOWED
            return
        for i in order:
            account, ghs, limit = (int(rows[i][name]) for name in ("account", "ghs", "limit"))
            have = self.held(account)
            if ghs <= 0 or have < ghs:
                rows[i]["status"] = Status.AMOUNT if ghs <= 0 else Status.FUNDS
            elif int(self.mark(account) * ghs / have * USD) < max(1, limit):
                rows[i]["status"] = Status.LIMIT
            else:
                paid = self.sell(account, ghs)
                rows[i]["status"], rows[i]["filled"] = (Status.DONE, paid) if paid else (Status.DEPTH, 0)
