"""Rigs: one fleet of all who mine, one order book of makers, invoices for power, and default when they stay unpaid."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.rigs import investment as rule
from model.mechanisms.rigs import kernels
from model.mechanisms.rigs.fleet import NONE, Fleet
from model.mechanisms.rigs.opening import Opening, burn_in, deal_to_miners, deal_to_rest, quarter_of
from model.mechanisms.rigs.params import OrderRigs, RigsParams, RigsView, SellRigs
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import lose_share, run_rigs
from model.tables import month_series
from model.units import DAYS_PER_WEEK, GHS_PER_TH, TH_PER_PH, USD
from model.view import frozen


class Rigs(Mechanism):
    """The fleet and the rig market.

    Attributes:
        price: USD/TH of a new rig
        shipping: J/TH of rigs now shipping
        hashprice: USD/PH/day as of the last observation; the network sets it
        registered, delivered: GH/s by account, this tick
        bill: USD base units of power used this tick, by account
        power_factor: on every site's power price; the mechanism of power sets it
        rest: account of the rest of the network, -1 if it is given from outside
    """

    key = "rigs"
    Params = RigsParams
    channels = {
        "rig_price": "the price of new rigs [USD/TH]",
        "hashrate": "rigs of the rest of the network that stay (a ban takes some for good)",
    }

    @classmethod
    def room(cls, params: RigsParams) -> tuple[int, int, int]:
        """No assets; the makers' account."""
        return 0, 0, 1

    def __init__(self, market: Any, params: RigsParams) -> None:
        super().__init__(market, params)
        self.rules = InvestmentRules.of(params)
        self.manufacturers = self.ledger.open_account("manufacturers", "manufacturers")
        self.fleet = Fleet(round(params.lag_weeks))
        self.rest = NONE
        self.opening: Opening = burn_in(self.clock, self.rules, params.bins, params.burn_in_weeks)
        net = self.opening.network
        self.log_frontier, self.price, self.shipping = net.log_frontier, net.price, net.shipping
        self.hashprice, self.hashprice_mean = net.hashprice * TH_PER_PH, net.hashprice_mean
        self.capacity, self.ordered, self.arrived = net.capacity, 0.0, 0
        self._best_start = net.shipping / self.rules.frontier_markup
        self._hashrate_shock = 1.0
        self.power_factor = 1.0
        self._month, self._best = "", 0.0
        self.totals, self.bill = np.zeros((2, 0), np.int64), np.zeros(0, np.int64)
        self.cost, self.worth = np.zeros(0), np.zeros(0)
        self.funded = np.zeros(0, np.bool_)
        self._resize()

    def _resize(self) -> None:
        n = self.ledger.books.sector.size
        for name in ("cost", "bill", "funded", "worth"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(n - old.size, old.dtype)]))
        self.totals = np.concatenate([self.totals, np.zeros((2, n - self.totals.shape[1]), np.int64)], axis=1)
        self.fleet.reserve_accounts(n)

    @property
    def registered(self) -> NDArray[np.int64]:
        """GH/s registered, by account, as of this tick's production."""
        return self.totals[0]

    @property
    def delivered(self) -> NDArray[np.int64]:
        """GH/s running, by account."""
        return self.totals[1]

    # -- who has rigs

    def add_fleet(self, owner: int, ghs: int, j_per_th: float, power_usd_per_kwh: float) -> None:
        """Endow an account with running rigs; a vault's rigs are maintained by its operator."""
        if owner >= self.fleet.first_site.size:
            self._resize()
        site = self.fleet.site_of(owner, power_usd_per_kwh, maintained=self._is_vault(owner))
        self.fleet.put(site, ghs, j_per_th, quarter_of(self.clock), 1.0)
        self.totals[0, owner] += ghs

    def _is_vault(self, account: int) -> bool:
        return self.ledger.sectors[self.ledger.books.sector[account]] == "vaults"

    def add_rest(self, account: int, share: float, virtual: bool) -> None:
        """Let an account be the rest of the network: with its rigs and orders, or as a buyer of rigs alone."""
        self.rest = account
        if virtual:
            self.fleet.add_sites(np.array([account]), np.array([self.rules.power_median]), virtual=True)
            return
        deal_to_rest(self.fleet, self.opening, account, share, self.rules)
        self.funded[account] = True
        self._survey()

    def add_miners(
        self,
        accounts: NDArray[np.int64],
        power_price: NDArray[np.float64],
        payback_limit: NDArray[np.float64],
        th: NDArray[np.float64],
    ) -> None:
        """Give miners a site each and rigs by the network's mix; `th` is what each should have running."""
        if accounts.size and int(accounts.max()) >= self.funded.size:
            self._resize()
        key = self.streams.key("vintages", "", self.fleet.n_sites)
        deal_to_miners(self.fleet, self.opening, accounts, power_price, payback_limit, th, key, self.rules)
        self.funded[accounts] = True
        self._survey()

    def outside_rest(self) -> int:
        """GH/s registered to all but the rest of the network, vaults at the start."""
        rest = int(self.totals[0, self.rest]) if self.rest != NONE else 0
        return int(self.totals[0].sum()) - rest

    def transfer(self, source: int, target: int, ghs: int) -> int:
        """Move registered GH/s pro rata over the source's rows, with their J/TH and power price; GH/s moved."""
        if target >= self.fleet.first_site.size:
            self._resize()
        moved = self.fleet.transfer(source, target, ghs, maintained=self._is_vault(target))
        self.totals[0, source] -= moved
        self.totals[0, target] += moved
        return moved

    def held(self, account: int) -> int:
        """GH/s registered to an account now."""
        return self.fleet.held(account)

    def efficiency(self, account: int) -> float:
        """Mean J/TH of an account's rigs; that of rigs now shipping if it has none."""
        mean = self.fleet.mean_efficiency(account)
        return self.shipping if math.isnan(mean) else mean

    def power_price(self, account: int) -> float:
        """Mean USD/kWh of an account's rigs before shocks; the median site's if it has none."""
        mean = self.fleet.mean_power_price(account)
        return self.rules.power_median if math.isnan(mean) else mean

    def running_cost(self, account: int) -> float:
        """USD per TH and day of running an account's rigs."""
        return float(
            rule.running_cost(self.power_price(account) * self.power_factor, self.efficiency(account), self.rules.pue)
        )

    def mark(self, account: int) -> float:
        """USD for which an account's rigs resell."""
        return math.fsum(
            self.fleet.rows.ghs[r] / GHS_PER_TH * self._mark_of(self.fleet.rows.efficiency[r])
            for r in self.fleet.rows_of(account)
        )

    def _mark_of(self, efficiency: float) -> float:
        r = self.rules
        values = [
            rule.rig_value(
                self.hashprice_mean, rule.running_cost(r.power_median, e, r.overhead * r.pue), r.payback_limit
            )
            for e in (efficiency, self.shipping)
        ]
        return float(rule.rig_value_mark(self.price, values[0], values[1], self.params.haircut))

    def sell(self, account: int, ghs: int) -> int:
        """Sell GH/s of an account at resale value to the rest of the network; USD base units paid."""
        have = self.held(account)
        ghs = min(ghs, have)
        if ghs <= 0:
            return 0
        usd = int(self.mark(account) * ghs / have * USD)
        if not self.ledger.move(USD_ASSET, self.buyer, account, usd, Flow.RIGS):
            return 0
        self.take(account, ghs)
        return usd

    @property
    def buyer(self) -> int:
        """Who buys used rigs: the rest of the network, or the makers when that is given from outside."""
        return self.rest if self.rest != NONE and self.funded[self.rest] else self.manufacturers

    def take(self, account: int, ghs: int) -> None:
        """Rigs leave an account: to the rest of the network, or to the scrap yard when that is given from outside."""
        if self.rest != NONE and self.funded[self.rest]:
            self.transfer(account, self.rest, ghs)
            return
        self.fleet.take(account, ghs)
        self.totals[0, account] -= ghs

    # -- the day

    @stage("environment")
    def ship_better(self) -> None:
        """Rigs now shipping follow the best on sale; the rig price follows its buyers."""
        r, days = self.rules, self.clock.dt_days
        self.log_frontier = rule.frontier_step(self.log_frontier, self._best_on_sale(), days, r.frontier_weeks)
        self.shipping = r.frontier_markup * math.exp(self.log_frontier)
        self.price = rule.rig_price_step(self.price, self._price_target(), days, r.price_weeks)
        shock = self.market.shocks["hashrate"]
        if shock != self._hashrate_shock:
            if self.rest != NONE and self.funded[self.rest] and shock < self._hashrate_shock:
                f = self.fleet
                lose_share(f.rows, f.sites, f.n_rows, self.rest, 1.0 - shock / self._hashrate_shock)
            self._hashrate_shock = shock

    def _best_on_sale(self) -> float:
        if self.params.frontier == "trend":
            return self._best_start * math.exp(-self.params.frontier_trend * self.clock.day / 365.0)
        if self._month != (month := f"{self.clock.date:%Y-%m}"):
            self._month, self._best = month, best_rig(month)
        return self._best

    def _price_target(self) -> float:
        r = self.rules
        cost = rule.running_cost(r.power_median, self.shipping, r.overhead * r.pue)
        value = rule.rig_value(self.hashprice_mean, cost, r.payback_limit)
        backlog = kernels.total_of(self.fleet.sites.backlog, self.fleet.n_sites)
        tightness = rule.scarcity(backlog, self.capacity, r.backlog_weeks, r.scarcity_cap)
        target = rule.rig_price_target(
            r.price_floor * self.shipping, value, r.price_share, tightness, r.site_cost * self.shipping
        )
        return float(target) * self.market.shocks["rig_price"]

    @stage("production")
    def run(self) -> None:
        """Rigs run where revenue covers power, and wear."""
        if self.totals.shape[1] != self.ledger.books.sector.size:
            self._resize()
        f, days = self.fleet, self.clock.dt_days
        run_rigs(
            f.sites,
            f.rows,
            f.n_rows,
            self.hashprice / TH_PER_PH,
            self.power_factor,
            days,
            self.rules,
            self.totals,
            self.cost,
        )
        kernels.round_up(self.cost, self.ledger.accounts, self.bill)

    def _survey(self) -> None:
        """Registered and running rigs without letting time pass."""
        f = self.fleet
        run_rigs(
            f.sites,
            f.rows,
            f.n_rows,
            self.hashprice / TH_PER_PH,
            self.power_factor,
            0.0,
            self.rules,
            self.totals,
            self.cost,
        )

    @property
    def attraction(self) -> float:
        """Log points by which outside money finds new rigs attractive."""
        r = self.rules
        power = rule.running_cost(r.outside_power_price, self.shipping, 1.0)
        payback = rule.payback_months(self.price + r.site_cost * self.shipping, self.hashprice_mean, power)
        return float(rule.attractiveness(payback, r.outside_payback, r.outside_cap))

    @stage("accrual")
    def fund(self) -> None:
        """Outside money comes to miners by revenue; profit and idle cash leave."""
        kernels.outside_money(
            self.ledger.books, self.funded, self.ledger.accounts, self.totals[1], self.cost, self.hashprice / TH_PER_PH,
            self.attraction, self.clock.dt_days, self.rules, self.ledger.world,
        )  # fmt: skip

    @stage("observe")
    def look(self) -> None:
        """Hashprice by which rigs are valued."""
        mean = rule.hashprice_mean_step(
            self.hashprice_mean, self.hashprice / TH_PER_PH, self.clock.dt_days, self.rules.hashprice_weeks
        )
        self.hashprice_mean = float(mean)

    def view(self) -> RigsView:
        """What strategies see."""
        return RigsView(
            self.price, self.rules.site_cost * self.shipping, self.shipping, self.hashprice / TH_PER_PH, self.hashprice_mean,
            self.attraction, frozen(self.totals[0]), frozen(self.totals[1]), frozen(self.bill), frozen(self.fleet.first_site),
            self.fleet.sites, self._mark_of(self.shipping), self.rules,
        )  # fmt: skip

    @settles(OrderRigs)
    def take_orders(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Orders are paid and enter the makers' book."""
        f = self.fleet
        self.ordered += kernels.settle_orders(
            self.ledger.books, f.sites, f.n_sites, rows, order, self.price, self.shipping, self.rules.site_cost,
            self.manufacturers, self.ledger.utilities,
        )  # fmt: skip

    @settles(SellRigs)
    def buy_back(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Rigs are sold at resale value."""
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

    @stage("clear")
    def deliver(self) -> None:
        """Once a week makers ship and what was shipped weeks ago starts to run."""
        if not self.clock.new_week:
            return
        f, r = self.fleet, self.rules
        week = self.clock.tick // (7 * self.clock.per_day)
        if week % 13 == 0:
            f.compact()
        slot, ghs = week % f.pipeline.shape[0], np.empty(f.n_sites, np.int64)
        self.arrived = int(kernels.arrivals(f.pipeline[slot], f.sites, f.n_sites, self.shipping, ghs))
        got = np.flatnonzero(ghs)
        if got.size:
            full = np.ones(got.size)
            f.add_rows(got, ghs[got], full * self.shipping, np.full(got.size, quarter_of(self.clock)), full)
        backlog = f.sites.backlog[: f.n_sites]
        total = kernels.total_of(f.sites.backlog, f.n_sites)
        self.capacity = float(
            rule.capacity_step(self.capacity, total, DAYS_PER_WEEK, r.backlog_weeks, r.capacity_rise, r.capacity_fall)
        )
        f.pipeline[slot, : f.n_sites] = rule.ship(backlog, self.capacity, DAYS_PER_WEEK, r)

    # -- accounts of the world

    def real_assets(self) -> dict[str, dict[str, float]]:
        """Rigs at resale value by sector [USD]."""
        f, ledger = self.fleet, self.ledger
        if self.worth.size != ledger.books.sector.size:
            self._resize()
        kernels.marks(
            f.sites,
            f.rows,
            f.n_rows,
            self.price,
            self.hashprice_mean,
            self.shipping,
            self.params.haircut,
            self.rules,
            self.worth,
        )
        by_sector = np.bincount(
            ledger.books.sector[: ledger.accounts], self.worth[: ledger.accounts], len(ledger.sectors)
        )
        return {"rigs": dict(zip(ledger.sectors, by_sector.tolist(), strict=True))}

    def state(self) -> tuple[NDArray[Any], ...]:
        """Fleet, order book and prices."""
        f = self.fleet
        scalars = np.array([self.price, self.log_frontier, self.hashprice_mean, self.capacity])
        rows = (c[: f.n_rows] for c in f.rows)
        sites = (c[: f.n_sites] for c in f.sites)
        return (scalars, *rows, *sites, f.pipeline[:, : f.n_sites])

    def check(self) -> None:
        """No row has fewer than zero rigs or runs more than it has."""
        f = self.fleet
        if f.n_rows and int(f.rows.ghs[: f.n_rows].min()) < 0:
            raise InvariantViolated("rigs: a fleet row has fewer than zero rigs")
        running = f.rows.running[: f.n_rows]
        if f.n_rows and not (float(running.min()) >= 0.0 and float(running.max()) <= 1.0):
            raise InvariantViolated("rigs: a fleet row runs more rigs than it has")


def best_rig(month: str) -> float:
    """J/TH of the best rig on sale in a month; the last known one after the table's end."""
    try:
        return float(month_series("best_rig", "j_per_th", month, month)[0])
    except ValueError:
        return float(month_series("best_rig", "j_per_th", "2024-12", "2024-12")[0])
