"""Miners: run rigs, sell coins, buy rigs by payback from cash, and tokenise rigs when cash falls short."""

from collections.abc import Iterator

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from model.actions import Action
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import eagerness, relaxed
from model.units import GHS_PER_TH, USD
from model.view import MarketView

SELL = 1
DAYS_PER_WEEK = 7
SELL_ALL, HOLD_SHARE, SELL_TO_COVER = 0, 1, 2


class MinerTraits(Traits):
    """Traits of miners."""

    cash: object = trait({"lognormal": {"median": 5000, "sigma": 1.0}}, "USD", "cash at the start", low=0)
    attention: object = trait(1.0, "1/day", "chance to look at the market", source="miners look daily", low=0, high=1)
    size: object = trait(
        {"pareto": {"minimum": 1.0, "alpha": 1.5}},
        "1",
        "relative size of the fleet",
        source="Pareto sizes, trial of the rules",
        low=0,
    )
    power_price: object = trait(
        {"lognormal": {"median": 0.045, "sigma": 0.35}},
        "USD/kWh",
        "own power price",
        source="Cambridge Digital Mining Industry Report 2025: median .045",
        low=0.005,
        high=0.5,
    )
    payback_limit: object = trait(
        {"uniform": {"low": 8, "high": 12}},
        "months",
        "longest static payback at which a rig is bought",
        source="trial",
        low=1,
        high=60,
    )
    treasury: object = trait(
        {"choice": {"values": [0, 1, 2], "weights": [0.6, 0.2, 0.2]}},
        "policy",
        "what happens to mined coins: 0 sell all, 1 hold a share, 2 sell to cover bills",
        low=0,
        high=2,
    )
    hold_share: object = trait(0.3, "1", "share of coins kept under policy 1", low=0, high=1)


class Miner(MarketAgent):
    """A miner: home, mid-size or industrial by the size drawn."""

    kind = "miner"
    strategy = "payback"
    Traits = MinerTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """Deal the simulated share of the network's rigs out by size, less what vaults hold already."""
        market, n = population.market, population.size
        rigs = market.mechanisms.get("rigs")
        if rigs is None or n == 0:
            return
        network = market.mechanisms.get("network")
        share = network.params.simulated_share if network is not None else 1.0
        total = share * rigs.opening.hashrate - rigs.outside_rest() / GHS_PER_TH
        size = population.columns["size"][:n]
        th = max(0.0, total) * size / float(np.cumsum(size)[-1])
        rigs.add_miners(
            population.account[:n], population.columns["power_price"][:n], population.columns["payback_limit"][:n], th
        )


class Mine(Strategy):
    """Mines and sells coins by the treasury policy; never buys rigs."""

    serves = "miner"
    name = "mine"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins."""
        coins = cohort.held(BTC_ASSET)
        policy = cohort.treasury
        sold = np.where(policy == SELL_ALL, coins, 0)
        kept = np.where(policy == HOLD_SHARE, cohort.hold_share, 0.0)
        fresh = market.payout.gross[cohort.account]
        sold = np.where(policy == HOLD_SHARE, np.minimum(coins, (fresh * (1.0 - kept)).astype(np.int64)), sold)
        sellers = sold > 0
        if sellers.any():
            yield TradeCoins(cohort.account[sellers], side=SELL, amount=sold[sellers])


class PaybackTraits(Traits):
    """Traits of miners who invest."""

    tokenise_rate: object = trait(
        0.03, "1/week", "chance to offer fractions in a week in which cash falls short", low=0, high=1
    )
    tokenise_share: object = trait(0.5, "1", "share of own rigs that goes into a vault", low=0.01, high=1)
    keep: object = trait(
        0.2,
        "1",
        "share of the fractions the creator keeps",
        source="MECHANISMS: the creator keeps a share",
        low=0,
        high=0.9,
    )
    markup: object = trait(
        {"uniform": {"low": 1.0, "high": 1.4}}, "1", "offer price over resale value of the rigs", low=0.5, high=5
    )


class Payback(Mine):
    """Sells coins, and once a week commits cash to rigs by the payback rule; short of cash, offers fractions of its rigs."""

    name = "payback"
    Traits = PaybackTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell coins, order rigs, tokenise."""
        yield from super().decide(cohort, market)
        if not market.new_day:
            return
        due = (cohort.slots + market.day) % DAYS_PER_WEEK == 0
        if not due.any():
            return
        rigs = market.rigs
        eager = eagerness(
            cohort.power_price[due],
            cohort.payback_limit[due],
            rigs.hashprice_mean,
            rigs.efficiency,
            rigs.price,
            rigs.rules,
        )
        account = cohort.account[due]
        cash = market.balances[USD_ASSET, account]
        usd = (cash * (relaxed(1.0, rigs.rules.spending_weeks) * eager)).astype(np.int64)
        per_th = rigs.price + rigs.site_cost
        buys = usd > per_th * USD * 0.1
        if buys.any():
            yield OrderRigs(account[buys], site=rigs.site[account[buys]], usd=usd[buys], limit=0)
        if market.has("offerings"):
            yield from self._offer(cohort, due, eager, market)

    def _offer(self, cohort: Cohort, due: np.ndarray, eager: np.ndarray, market: MarketView) -> Iterator[Action]:
        """Offer fractions where willing to buy more rigs than cash allows."""
        rigs, account = market.rigs, cohort.account[due]
        ghs = (rigs.registered[account] * cohort.tokenise_share[due]).astype(np.int64)
        wanted = rigs.registered[account] / GHS_PER_TH * (rigs.price + rigs.site_cost) * USD
        short = market.balances[USD_ASSET, account] < 0.1 * wanted
        draw = cohort.draw("tokenise")[due]
        chosen = short & (eager > 0.5) & (draw < cohort.tokenise_rate[due]) & (ghs >= market.offerings.least_ghs)
        if not chosen.any():
            return
        supply = market.offerings.supply
        price = ghs / GHS_PER_TH * rigs.mark * cohort.markup[due] / supply * USD
        keep = (cohort.keep[due] * 10_000).astype(np.int64)
        yield Tokenise(account[chosen], ghs=ghs[chosen], price=price[chosen].astype(np.int64), keep_bps=keep[chosen])
