"""The rest of the network as one account: invests by the miners' own rules, or buys what history says it bought."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from model.actions import SELL, Action
from model.errors import ScenarioError
from model.flows import Flow
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import relaxed
from model.mechanisms.rigs.steps import eagerness
from model.units import LARGEST_POSTING, USD, beyond_books
from model.view import MarketView

LARGEST_ORDER = 8_000_000_000_000_000  # base units; above this a posting is refused


class RestTraits(Traits):
    """Traits of the rest of the network; its purse comes from the burn-in."""

    cash: Any = trait(10_000.0, "USD", "cash besides the purse of the burn-in, for transaction fees", low=0)
    attention: Any = trait(1.0, "1/day", "chance to act", low=0, high=1)


class RestOfNetwork(MarketAgent):
    """All miners outside the marketplace."""

    kind = "rest_of_network"
    needs = ("bitcoin", "network", "rigs")
    single = True  # one account however many agents the scenario is scaled to
    strategy = "elastic"
    Traits = RestTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """Take the rest's share of the burned-in network: rigs, orders, purse."""
        market = population.market
        if population.size == 0:
            return
        if population.size > 1:
            raise ScenarioError(
                f"agents.rest_of_network.count = {population.size}: the rest of the network is one account; write 1"
            )
        rigs, network = market.mechanisms["rigs"], market.mechanisms["network"]
        share = (1.0 - network.params.simulated_share) * network.scale
        account = int(population.account[0])
        virtual = network.params.rest != "elastic"
        rigs.add_rest(account, share, virtual)
        if not virtual:
            purse = round(float(np.cumsum(rigs.opening.network.cash)[-1]) * share * USD)
            if purse >= LARGEST_POSTING:
                raise beyond_books(
                    "the purse of the rest of the network", purse / USD, LARGEST_POSTING / USD, "network.difficulty"
                )
            market.ledger.pay(USD_ASSET, market.ledger.world, account, purse, Flow.ENDOWMENT)


class Elastic(Strategy):
    """Sells all coins; once a week commits its purse to rigs, bin by bin, by the payback rule."""

    serves = "rest_of_network"
    name = "elastic"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins, order rigs."""
        own = int(cohort.account[0])
        coins = market.balances.item(BTC_ASSET, own)
        if coins > 0:
            yield TradeCoins.of_rows((own, SELL, coins, 0, 0))
        if not market.new_week:
            return
        rigs = market.rigs
        sites = np.flatnonzero(rigs.sites.owner == own)
        sites = sites[rigs.sites.weight[sites] > 0.0]
        if sites.size == 0:
            return
        eager = eagerness(
            rigs.tariff.paid(rigs.sites.power_price[sites]),
            rigs.sites.payback_limit[sites],
            rigs.hashprice_mean,
            rigs.efficiency,
            rigs.price,
            rigs.rules,
        )
        purse = float(cohort.held(USD_ASSET)[0])
        usd = (purse * relaxed(1.0, rigs.rules.spending_weeks) * eager * rigs.sites.weight[sites]).astype(np.int64)
        usd = np.minimum(usd, LARGEST_ORDER)
        buys = usd > 0
        if buys.any():
            yield OrderRigs(np.full(int(buys.sum()), own), site=sites[buys], usd=usd[buys], limit=0)


class History(Strategy):
    """Once a week orders the rigs that growth and wear of the given hashrate imply; the world pays for a virtual site."""

    serves = "rest_of_network"
    name = "history"

    def open(self) -> None:
        """No hashrate seen yet."""
        self.seen: float = 0.0

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Order what the coming week's hashrate implies."""
        if not market.new_week or not market.has("network"):
            return
        rigs, account = market.rigs, int(cohort.account[0])
        th = market.network.rest_hashrate / 1e12
        before = self.seen if self.seen > 0.0 else th
        self.seen = th
        wanted = max(0.0, th - before) + th * rigs.rules.failures * 7 / 365
        usd = min(int(wanted * (rigs.price + rigs.site_cost) * USD), LARGEST_ORDER)
        site = int(rigs.site[account])
        if usd > 0 and site >= 0:
            yield OrderRigs(np.array([account]), site=site, usd=usd, limit=0)
