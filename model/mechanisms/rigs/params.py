"""What agents may ask of the rig market, its parameters, and what they see of it."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.mechanisms.rigs.investment import running_cost
from model.mechanisms.rigs.rules import InvestmentRules, RuleParams
from model.mechanisms.rigs.running import Tariff
from model.params import param


class OrderRigs(Action):
    """Order new rigs for a site: pay `usd` at once; `limit` is the most per TH/s with its site, 0 for any [base units]."""

    fields = ("site", "usd", "limit")
    phase = "order_rigs"


class SellRigs(Action):
    """Sell registered GH/s at resale value; `limit` is the least USD in all [base units]."""

    fields = ("ghs", "limit")
    phase = "order_rigs"


class RigsParams(RuleParams):
    """Parameters of rigs, makers and invoices."""

    haircut: float = param(0.10, "1", "lost in a resale", ge=0, le=1, live=True, source="dealers' spread, assumption")
    bins: int = param(
        20, "sites", "power-price bins of the rest of the network", ge=2, le=200, source="5 to 100 score alike"
    )
    burn_in_weeks: int = param(
        52, "weeks", "burn-in on observed hashrate before the start", ge=26, le=200, source="26 to 104 score alike"
    )
    miners_start: Literal["drawn", "burn_in"] = param(
        "drawn",
        "",
        "rigs of miners at the start: two vintages each, drawn from the network's running rigs, with their part of its orders, "
        "beside their own cash; or the fleet, orders and purse that each would have after a burn-in of these very miners",
    )
    frontier: Literal["table", "catalogue", "trend"] = param(
        "table",
        "",
        "best rig on sale: table (Cambridge index, held after its end), catalogue (newest machines released) or trend",
        source="CBECI lower bound; scenarios/data/rigs.csv",
    )
    frontier_trend: float = param(0.30, "log/year", "fall of J/TH under 'trend'", ge=0, le=2, source="real: .27-.34")


class RigsView(NamedTuple):
    """What strategies see of rigs.

    Attributes:
        price: USD/TH of a new rig
        site_cost: USD/TH of its site
        efficiency: J/TH of rigs now shipping
        hashprice, hashprice_mean: USD/TH/day, yesterday's and the mean by which rigs are valued
        attraction: log points by which outside money finds mining attractive
        registered, running: GH/s by account
        bill: USD base units of power invoiced this tick, by account
        site: newest site by account, -1 for none
        sites: columns by site
        mark: USD/TH at which a rig like those shipping resells
        rules: parameters of the investment rules
        tariff: today's factor on power prices, and the tax on power
        median_power: what a kWh costs the median site today [USD/kWh]
    """

    price: float
    site_cost: float
    efficiency: float
    hashprice: float
    hashprice_mean: float
    attraction: float
    registered: NDArray[np.int64]
    running: NDArray[np.int64]
    bill: NDArray[np.int64]
    site: NDArray[np.int64]
    sites: Any
    mark: float
    rules: InvestmentRules
    tariff: Tariff
    median_power: float

    def all_in_cost(self, accounts: NDArray[np.int64], power_price: NDArray[np.float64]) -> list[float]:
        """What a rig like those shipping costs to run at accounts' newest sites, overhead in [USD/TH/day].

        Args:
            power_price: their own, before the day's factor and taxes [USD/kWh]
        """
        sites, all_in = self.site[accounts], self.rules.overhead * self.rules.pue
        multiples = all_in * np.where(sites >= 0, self.sites.cooling[sites], 1.0)
        pairs = zip(self.tariff.paid(power_price).tolist(), multiples.tolist(), strict=True)
        return [float(running_cost(price, self.efficiency, multiple)) for price, multiple in pairs]
