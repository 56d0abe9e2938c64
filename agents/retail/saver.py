"""The same simple rule twice: for a whole cohort at once, and in plain Python for one agent. Both give equal runs.

A saver who wakes looks at one vault of all that trade, drawn anew. If its income pays back the price within the time
he accepts, he spends a fixed part of his cash on it. Start from `SaverOneByOne` when you write your first strategy.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Strategy, Traits, trait
from model.actions import BUY, Action, Bundle, Row
from model.mechanisms.amm import Swap
from model.streams import uniforms
from model.units import DAYS_PER_YEAR, USD
from model.view import MarketView


class SaverTraits(Traits):
    """What a saver needs to know about himself."""

    saved: Any = trait(0.2, "1", "part of cash spent when a vault pays back in time", low=0.0, high=1.0)
    payback: Any = trait(
        {"uniform": {"low": 1.0, "high": 4.0}},
        "years",
        "longest time in which income may repay the price",
        low=0.0,
        high=100.0,
    )


class Saver(Strategy):
    """Buys a drawn vault whose income repays its price in time: columns."""

    serves = "retail_investor"
    name = "saver"
    needs = ("amm", "vaults")
    Traits = SaverTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One swap for everybody who finds the vault he looks at cheap."""
        trading = np.flatnonzero(market.amm.price > 0)
        if trading.size:
            vault = trading[(cohort.draw("saver") * trading.size).astype(np.int64)]
            spend = (cohort.held(0) * cohort.saved).astype(np.int64)
            yearly = market.vaults.income[vault] * DAYS_PER_YEAR
            buys = (market.amm.price[vault] <= yearly * cohort.payback) & (spend >= USD)
            yield Swap(cohort.account[buys], vault=vault[buys], side=BUY, amount=spend[buys], limit=1)


class SaverOneByOne(PerAgentStrategy):
    """Buys a drawn vault whose income repays its price in time: plain Python, one agent at a time."""

    serves = "retail_investor"
    name = "saver_one_by_one"
    needs = ("amm", "vaults")
    Traits = SaverTraits

    def decide_one(self, agent: MarketAgent, market: MarketView) -> Iterable[Row]:
        """A swap if the vault he looks at is cheap."""
        trading = [v for v, price in enumerate(market.amm.price) if price > 0]
        if not trading:
            return
        draw = uniforms(market.key("saver", agent.kind), np.array([agent.slot]), 0)[0]
        vault = trading[int(draw * len(trading))]
        spend = int(agent.held(0) * agent.saved)
        yearly = float(market.vaults.income[vault]) * DAYS_PER_YEAR
        if market.amm.price[vault] <= yearly * agent.payback and spend >= USD:
            yield Swap.row(agent.account, vault=vault, side=BUY, amount=spend, limit=1)
