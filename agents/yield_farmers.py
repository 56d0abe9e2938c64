"""Yield farmers: mercenaries who go where the reward is and sell it at once, and the loyal who stake for points.

What a farm pays is judged after one's own money has come, for everybody shares the same emission:

    apr = 365 reward / (staked + own) + what the stake earns besides - (cost of entry and exit, transactions) / stay.

A mercenary leaves when what he gets falls below his hurdle, or when another farm is better by what moving costs. He sells
what he harvests on the same day, so that an emission presses on its own price.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from agents.farming import (
    DOLLARS,
    ENTERED,
    GOLDEN,
    PEG,
    PEG_SHARE,
    POINTS,
    REWARD,
    TOKEN_ITSELF,
    TOKENS,
    Orders,
    cash_of,
    depths,
    underlying,
    unit_worth,
    waiting,
)
from agents.sheet import CLICK, sheet_of
from model.actions import Action, Bundle
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView

CLICKS = 4.0  # transactions of coming, harvesting and going
NEVER = -np.inf


class FarmerTraits(Traits):
    """Columns drawn once for each yield farmer."""

    cash: Any = trait(
        {"lognormal": {"median": 5_000.0, "sigma": 1.2}},
        "USD",
        "wealth at the start",
        source="assumption",
        low=1.0,
        high=1e9,
    )
    attention: Any = trait(
        {"uniform": {"low": 0.2, "high": 0.8}}, "1/day", "probability to look at farms on a day", low=0.0, high=1.0
    )
    hurdle: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}}, "1/year", "least return after costs", low=-1.0, high=100.0
    )
    margin: Any = trait(0.5, "1", "part by which another farm must pay more than his own", low=0.0, high=100.0)
    sees: Any = trait(
        0.3, "1", "part of all farms that he looks at when awake; or all would go to the same", low=0.0, high=1.0
    )
    stay: Any = trait(
        {"uniform": {"low": 10.0, "high": 60.0}},
        "days",
        "time over which costs are spread",
        source="assumption",
        low=0.1,
        high=3_650.0,
    )
    commitment: Any = trait(
        {"uniform": {"low": 0.3, "high": 0.9}}, "1", "part of cash put into one farm at once", low=0.0, high=1.0
    )
    largest_share: Any = trait(
        0.03, "1", "purchase at once over the dollars of the pool it is made in", low=0.0, high=10.0
    )
    slippage: Any = trait(0.05, "1", "worst outcome accepted against the quote", low=0.0, high=0.99)
    smallest: Any = trait(20.0, "USD", "smallest purchase", low=0.01, high=1e6)


class YieldFarmer(MarketAgent):
    """Somebody who stakes for rewards."""

    kind = "yield_farmer"
    strategy = "mercenary"
    Traits = FarmerTraits


class Mercenary(Strategy):
    """Goes to the farm that pays him most after costs, harvests and sells at once, and leaves when it pays too little."""

    serves = "yield_farmer"
    name = "mercenary"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Harvests and sales, exits, purchases and stakes."""
        if not market.has("farms"):
            return
        sheet, farms, accounts = sheet_of(self.population.market).look(), market.farms, cohort.account
        orders = Orders(market, sheet.venues)
        unit, click = unit_worth(market, sheet.venues), float(sheet.scalars[CLICK])
        there = np.flatnonzero(farms.claim >= 0)
        stakes = np.zeros((farms.n, accounts.size), np.int64)
        stakes[there] = market.balances[farms.claim[there]][:, accounts]
        waits, cash = waiting(market, accounts), cash_of(market, accounts)
        now = self._rates(market, np.zeros((1, 1)))[:, 0]
        best, net, sums = self._best(cohort, market, cash, stakes, unit, click, sheet)
        for k, account in enumerate(accounts.tolist()):
            orders.slippage = float(cohort.slippage[k])
            mine = np.flatnonzero(stakes[:, k] > 0).tolist()
            rates = {f: now[f] for f in mine}
            floor = cohort.hurdle[k] if best[k] < 0 else max(cohort.hurdle[k], net[k] / (1.0 + cohort.margin[k]))
            left = [f for f in mine if rates[f] < floor and f != best[k] and unit[f] * stakes[f, k] > click]
            tokens = self._harvest(orders, market, k, account, mine, left, waits, click)
            for f in left:
                orders.leave(account, f, int(stakes[f, k]))
            kept, entered = [f for f in mine if f not in left], -1
            if best[k] >= 0 and sums[k] >= cohort.smallest[k]:
                entered = int(best[k])
                orders.enter(account, entered, int(sums[k] * USD))
            self._tidy(orders, market, account, kept, entered, tokens, click)
            self.population.alert[cohort.slots[k]] |= bool(left)
        yield from orders.batches()

    # -- what pays

    @staticmethod
    def _rates(market: MarketView, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each farm pays on a stake once `own` more dollars have come [1/year], float64[farm, own]."""
        farms = market.farms
        reward = np.where((farms.open > 0) & (farms.pays != POINTS), farms.reward_usd, 0.0) * DAYS_PER_YEAR
        rates: NDArray[np.float64] = reward[:, None] / np.maximum(farms.staked_usd[:, None] + own, 1.0)
        return np.where(reward[:, None] > 0.0, rates + underlying(market)[:, None], NEVER)

    def _best(
        self,
        cohort: Cohort,
        market: MarketView,
        cash: NDArray[np.float64],
        stakes: NDArray[np.int64],
        unit: NDArray[np.float64],
        click: float,
        sheet: Any,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Farm to enter, -1 for none, what it pays after costs [1/year], and the dollars for it, by agent."""
        farms = market.farms
        depth, fee = depths(market, sheet.venues)
        own = np.minimum(
            depth[:, None] * cohort.largest_share, cohort.commitment * np.maximum(cash - CLICKS * click, 0.0)
        )
        cost = fee[:, None] * 2.0 + CLICKS * click / np.maximum(own, 1e-9)
        net = self._rates(market, own) - cost * DAYS_PER_YEAR / cohort.stay
        usable = np.isin(farms.kind, ENTERED) & (farms.open > 0) & (unit > 0.0)
        seen = np.modf(np.outer(np.arange(1, farms.n + 1) * GOLDEN, 1.0 + cohort.draw("farms looked at") * farms.n))[0]
        net = np.where(usable[:, None] & (own >= cohort.smallest) & (seen < cohort.sees), net, NEVER)
        best = net.argmax(axis=0)
        columns = np.arange(cash.size)
        return (
            np.where(net[best, columns] >= cohort.hurdle, best, -1),
            net[best, columns],
            own[best, columns],
        )

    # -- what is done

    @staticmethod
    def _harvest(
        orders: Orders,
        market: MarketView,
        k: int,
        account: int,
        mine: list[int],
        left: list[int],
        waits: Any,
        click: float,
    ) -> int:
        """Claim what is worth the transaction; tokens that will be at hand."""
        farms = market.farms
        tokens = int(market.balances[farms.token, account])
        for f in mine:
            if farms.pays[f] == TOKENS and f in left:
                tokens += int(waits[f, k])  # paid with the stake
            elif farms.pays[f] == TOKENS and waits[f, k] / TOKEN * farms.token_price > 2.0 * click:
                orders.harvest(account, f)
                tokens += int(waits[f, k])
            elif farms.pays[f] == DOLLARS and f not in left and (market.day + account) % DAYS_PER_WEEK == 0:
                orders.harvest(account, f)
        return tokens

    @staticmethod
    def _tidy(
        orders: Orders, market: MarketView, account: int, kept: list[int], entered: int, tokens: int, click: float
    ) -> None:
        """Stake what is at hand for a farm he keeps, and sell all else that farms take; tokens first of all."""
        farms = market.farms
        held_on = [entered, *kept] if entered >= 0 else kept
        kinds = {int(farms.kind[f]) for f in held_on}
        worth = tokens / TOKEN * farms.token_price
        if TOKEN_ITSELF not in kinds and worth > 2.0 * click:
            orders.sell_token(account, REWARD, tokens)
        if farms.peg >= 0 and PEG_SHARE not in kinds and (pegged := int(market.balances[farms.peg, account])) > 0:
            orders.sell_token(account, PEG, pegged)
        seen: set[int] = {farms.token}
        for f in held_on:
            asset = int(farms.asset[f])
            if asset not in seen and f != entered and market.balances[asset, account] > 0:
                orders.add_stake(account, f)
            seen.add(asset)
        for f in np.flatnonzero(farms.asset >= 0).tolist():
            asset = int(farms.asset[f])
            if asset not in seen:
                seen.add(asset)
                held = int(market.balances[asset, account])
                if held > 0:
                    orders.dispose(account, int(farms.kind[f]), int(farms.vault[f]), held, False)
