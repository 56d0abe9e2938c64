"""Funds: institutions whose clients take all their money back once a loss is more than they bear.

A fund invests by its mandate. At every look it strikes its wealth, and clients hold that against the highest they were ever
told. Once the loss is more than they bear, they redeem. From then on the fund buys nothing: it looks every day and sells what
it has within its notice, an equal part of the rest each day, at whatever venues pay. What that fetches lies with the fund
for its clients, who do not come back.

Sales that follow losses make losses for others [ShleiferVishny1997], and press prices below value [CovalStafford2007].
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Traits, trait
from agents.institutions.desk import batch_row, price_of, slice_to_sell
from agents.institutions.mandate import NO_TARGET, Mandated
from agents.institutions.position import Position
from agents.sheet import CLICK, COIN, PRICE
from model.actions import SELL, Row
from model.mechanisms.bitcoin import TradeCoins
from model.units import BTC, TOKEN

INVESTED = -1.0  # in the column of days of redemption: clients have not redeemed
STATE = {"high_water": 0.0, "redeemed": INVESTED}  # highest wealth struck [USD], day on which clients redeemed


class FundTraits(Traits):
    """What a fund's clients bear, and what they have agreed to."""

    loss_borne: Any = trait(
        {"uniform": {"low": 0.15, "high": 0.35}},
        "1",
        "fall from the highest wealth struck at which clients redeem; 1: they never do",
        source="assumption; managed accounts are commonly stopped after losses of 20 to 30 %",
        low=0.001,
        high=1.0,
    )
    notice: Any = trait(
        {"uniform": {"low": 5.0, "high": 45.0}},
        "days",
        "time within which redeeming clients must have their money",
        source="assumption; listed funds pay within a week, hedge funds ask for notice of 30 to 90 days",
        low=1.0,
        high=3_650.0,
    )


def part_of_rest(days_left: float, dt_days: float) -> float:
    """Part of what is left to sell in this tick, so that equal amounts are sold until the notice ends.

    Args:
        days_left: until then
        dt_days: length of a tick [days]

    >>> [part_of_rest(days, 1.0) for days in (4.0, 2.0, 1.0, 0.0, -3.0)]
    [0.25, 0.5, 1.0, 1.0, 1.0]
    """
    return min(1.0, dt_days / days_left) if days_left > 0.0 else 1.0


class Fund(Mandated):
    """Invests by mandate until clients redeem, then sells all within its notice."""

    name = "fund"
    Traits = FundTraits

    def open(self) -> None:
        """Columns of what clients were told and when they redeemed."""
        super().open()
        for name, fill in STATE.items():
            self.population.add_column(name, fill)

    def _morning(self, own: Position) -> Iterator[Row]:
        since = self._redeemed(own)
        if since == INVESTED:
            yield from super()._morning(own)
        else:
            yield from self._wind_up(own, since + own.trait["notice"] - own.market.tick * own.market.dt_days)

    def _redeemed(self, own: Position) -> float:
        """Strike wealth; day on which clients redeemed, today perhaps."""
        columns, slot = self.population.columns, own.slot
        if columns["redeemed"][slot] == INVESTED:
            columns["high_water"][slot] = high = max(float(columns["high_water"][slot]), own.wealth)
            if own.wealth <= (1.0 - own.trait["loss_borne"]) * high:
                columns["redeemed"][slot] = own.market.tick * own.market.dt_days
        return float(columns["redeemed"][slot])

    def _wind_up(self, own: Position, days_left: float) -> Iterator[Row]:
        """A day's part of each holding; who has more left comes back tomorrow."""
        t, market, slot = own.trait, own.market, own.slot
        click = float(own.scalars[CLICK])
        self.target[slot] = NO_TARGET
        if own.coins * float(own.scalars[COIN]) / BTC > click:
            yield TradeCoins.row(own.account, side=SELL, amount=own.coins)
        part, batch = part_of_rest(days_left, market.dt_days), self._may_post(own)
        for v in map(int, np.flatnonzero(market.vaults.live)):
            price = price_of(market, self.sheet, v)
            if own.held[v] * price <= click:
                continue
            self.population.alert[slot] = True
            if self.sheet.facts[PRICE, v] > 0.0:
                amount = max(part * own.held[v], min(own.held[v], click / t["slippage"] / price))
                row = slice_to_sell(own.account, v, self.sheet, amount, math.inf, t["slippage"])
                self.sales.append((own.account, v, SELL, row.values[3]))
                yield row
            elif batch:
                self.sales.append((own.account, v, SELL, int(own.held[v] * TOKEN)))
                yield batch_row(own.account, v, SELL, own.held[v], price * (1.0 - t["concession"]))
