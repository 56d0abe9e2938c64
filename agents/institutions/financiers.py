"""Financiers: institutions that buy shares of miners' revenue.

An offer is worth what its share of the company's mean revenue pays until cap or term, under the revenue's expected fall g,
its halving with the coin's subsidy, and chance of default d, at the own required return r (`present_value` at r + d). It is
bought when that beats the money by a margin, until what he has of an offer is his part of that and his cash, so that no
company has too much of it.
"""

import math
from collections.abc import Iterable
from typing import Any

from agents.base import PerAgentStrategy, Traits, trait
from agents.halvings import next_halving
from model.actions import Row
from model.mechanisms.revenue_shares import BuyRevenueShare, present_value
from model.mechanisms.revenue_shares.table import ASKED, CAP_BPS, ISSUER, OFFERED, PHASE, RAISED, SHARE, TERM
from model.units import BPS, DAYS_PER_YEAR, PPM, USD
from model.view import MarketView

SMALLEST = 10.0  # USD


class FinancierTraits(Traits):
    """Traits of financiers."""

    share_return: Any = trait(
        {"uniform": {"low": 0.10, "high": 0.25}}, "1/year", "required return", low=0.0, high=10.0,
        source="assumption; venture debt and private credit ask 10 to 20 %",
    )  # fmt: skip
    share_default: Any = trait(
        0.05, "1/year", "expected chance that a company fails", low=0.0, high=10.0,
        source="assumption; speculative-grade defaults are 4 % a year on average",
    )  # fmt: skip
    share_fall: Any = trait(
        {"normal": {"mean": 0.10, "sd": 0.10}}, "1/year", "expected fall of a miner's revenue", low=-1.0, high=5.0,
        source="assumption; growth of difficulty less that of the fleet",
    )  # fmt: skip
    share_margin: Any = trait(0.05, "1", "worth above the money from which on he buys", low=0.0, high=10.0)
    share_part: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.25}}, "1", "part of his cash in one offer at most", low=0.001, high=1.0
    )


def worth(daily: float, cap: float, days: float, rate: float, fall: float, halving: float, left: float) -> float:
    """Present value of a share of revenue that drops to a part on a day of the term [USD].

    Args:
        daily, cap, days, rate, fall: as in `present_value`
        halving: days until revenue drops; left: part of it that is left then

    >>> worth(100.0, 15_000.0, 200.0, 0.0, 0.0, 100.0, 0.5)
    15000.0
    >>> worth(100.0, 15_000.0, 150.0, 0.0, 0.0, 100.0, 0.5)
    12500.0
    """
    first = min(days, halving)
    paid = present_value(daily, cap, first, 0.0, fall)
    then = daily * left * math.exp(-fall * first / DAYS_PER_YEAR)
    later = present_value(then, cap - paid, days - first, rate, fall)
    return present_value(daily, cap, first, rate, fall) + math.exp(-rate * first / DAYS_PER_YEAR) * later


class Financier(PerAgentStrategy):
    """Buys every offer that is worth more than it costs, as far as his limits go."""

    serves = "institution"
    name = "financier"
    Traits = FinancierTraits

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Purchases of today, in the order of the offers."""
        if not market.has("revenue_shares"):
            return
        view, cash = market.revenue_shares, agent.cash
        for number, row in enumerate(view.rows.tolist()):
            left = (row[ASKED] - row[RAISED]) / USD
            if row[PHASE] != OFFERED or left <= 0.0 or cash < SMALLEST:
                continue
            asked, daily = row[ASKED] / USD, float(view.revenue[row[ISSUER]]) * row[SHARE] / PPM
            days = row[TERM] * market.dt_days
            rate = agent.share_return + agent.share_default
            value = worth(daily, asked * row[CAP_BPS] / BPS, days, rate, agent.share_fall, *next_halving(market))
            if value < asked * (1.0 + agent.share_margin):
                continue
            has = int(market.balances[view.assets[number], agent.account]) / USD
            money = min(agent.share_part * (cash + has) - has, left, cash)
            if money >= min(SMALLEST, left):
                cash -= money
                yield BuyRevenueShare.row(agent.account, number=number, amount=int(money * USD))
