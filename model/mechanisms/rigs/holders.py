"""Who has rigs: endowments, transfers between owners, resale value and used-rig sales."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.rigs import investment as rule
from model.mechanisms.rigs import kernels
from model.mechanisms.rigs.catalogue import described
from model.mechanisms.rigs.fleet import NONE, Fleet
from model.mechanisms.rigs.opening import Opening, burn_in, deal_burned_in, deal_to_miners, deal_to_rest, quarter_of
from model.mechanisms.rigs.params import RigsParams
from model.mechanisms.rigs.placement import Placement
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import Meter, Parts, Tariff
from model.units import GHS_PER_TH, TH_PER_PH, USD, base_units
from model.view import Aliases

BROKEN = ("", "a fleet row has fewer than zero rigs", "a fleet row runs more rigs than it has")


class Holders(Mechanism):
    """Who has rigs: endowments, transfers, resale and marks.

    Attributes:
        price: USD/TH of a new rig; asked: the same before shocks
        shipping: J/TH of rigs now shipping
        hashprice: USD/PH/day as of the last observation; the network sets it
        unshipped: orders that makers left after their last shipment [W]; the rig price follows it
        registered, delivered: GH/s by account, this tick
        bill: USD base units of power used this tick, by account
        tariff: factor and tax on every site's power price; the mechanism of power sets it
        meter: tax, credits and energy of this tick
        placement: says where new sites are and by which contract they buy power; the mechanism of power may set it
        rest: account of the rest of the network, -1 if it is given from outside
    """

    Params = RigsParams

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
        self.asked = self.price
        self.hashprice, self.hashprice_mean = net.hashprice * TH_PER_PH, net.hashprice_mean
        self.capacity, self.ordered, self.arrived = net.capacity, 0.0, 0
        self.unshipped = 0.0
        self._best_start = net.shipping / self.rules.frontier_markup
        self._hashrate_shock = 1.0
        self.tariff, self.placement = Tariff(), Placement()
        self.registered_ghs = self.running_ghs = 0
        self._month, self._best, self._parts = (0, 0), 0.0, Parts()
        self.totals, self.bill, self.aliases = np.zeros((2, 0), np.int64), np.zeros(0, np.int64), Aliases()
        self.cost, self.worth = np.zeros(0), np.zeros(0)
        self.funded = np.zeros(0, np.bool_)
        self._resize()

    def _resize(self) -> None:
        n = self.ledger.books.sector.size
        for name in ("cost", "bill", "funded", "worth"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(n - old.size, old.dtype)]))
        self.totals = np.concatenate([self.totals, np.zeros((2, n - self.totals.shape[1]), np.int64)], axis=1)
        self.meter = Meter.of(n)
        self.fleet.reserve_accounts(n)

    @property
    def median_power(self) -> float:
        """What a kWh costs the median site today [USD/kWh]."""
        return float(self.tariff.paid(self.rules.power_median))

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
        price = float(self.placement.prices(np.array([owner]), np.array([power_usd_per_kwh]))[0])
        site = self.fleet.site_of(owner, price, maintained=self._is_vault(owner))
        self.placement.settle(np.array([site]))
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
        self.placement.settle(deal_to_rest(self.fleet, self.opening, account, share, self.rules))
        self.funded[account] = True
        self._survey()

    def add_miners(
        self,
        accounts: NDArray[np.int64],
        power_price: NDArray[np.float64],
        payback_limit: NDArray[np.float64],
        th: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Give miners a site each and rigs by `miners_start`; `th` is what each should have running.

        Returns:
            the power price of each where it settles [USD/kWh]
        """
        if accounts.size and int(accounts.max()) >= self.funded.size:
            self._resize()
        power_price = self.placement.prices(accounts, power_price)
        if self.params.miners_start == "burn_in":
            purse = deal_burned_in(self.fleet, self.opening, accounts, power_price, payback_limit, th, self.rules)
            usd = base_units(purse, USD, "cash of miners after the burn-in")
            self.ledger.move_many(USD_ASSET, np.full(usd.size, self.ledger.world), accounts, usd, Flow.ENDOWMENT)
        else:
            key = self.streams.key("vintages", "", self.fleet.n_sites)
            deal_to_miners(self.fleet, self.opening, accounts, power_price, payback_limit, th, key, self.rules)
        self.placement.settle(self.fleet.first_site[accounts])
        self.funded[accounts] = True
        self._survey()
        return power_price

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

    def machines(self, account: int) -> str:
        """What an account's rigs stand for in the catalogue: number and model."""
        return described(self.held(account), self.efficiency(account), f"{self.clock.date:%Y-%m}")

    def running_cost(self, account: int) -> float:
        """USD per TH and day of running an account's rigs, with the tax on power."""
        price = self.fleet.mean_power_price(account, today=True)
        price = self.rules.power_median if math.isnan(price) else price
        return float(rule.running_cost(self.tariff.paid(price), self.efficiency(account), self.rules.pue))

    def mark(self, account: int) -> float:
        """USD for which an account's rigs resell."""
        return math.fsum(
            self.fleet.rows.ghs[r] / GHS_PER_TH * self._mark_of(self.fleet.rows.efficiency[r])
            for r in self.fleet.rows_of(account)
        )

    def _mark_of(self, efficiency: float) -> float:
        r = self.rules

        def worth(of: float) -> float:
            cost = rule.running_cost(self.median_power, of, r.overhead * r.pue)
            return float(rule.rig_value(self.hashprice_mean, cost, r.payback_limit))

        new = worth(self.shipping)
        own = new if efficiency == self.shipping else worth(efficiency)
        return float(rule.rig_value_mark(self.price, own, new, self.params.haircut))

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
            self.median_power,
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
        scalars = np.array([self.asked, self.log_frontier, self.hashprice_mean, self.capacity, self.unshipped])
        rows = (c[: f.n_rows] for c in f.rows)
        sites = (c[: f.n_sites] for c in f.sites)
        return (scalars, *rows, *sites, *f.book.waiting(), f.pipeline[:, : f.n_sites])

    def check(self) -> None:
        """No row has fewer than zero rigs or runs more than it has."""
        fault = kernels.find_fault(self.fleet.rows.ghs, self.fleet.rows.running, self.fleet.n_rows)
        if fault:
            raise InvariantViolated(f"rigs: {BROKEN[fault]}")
