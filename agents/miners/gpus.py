"""Miners with graphics cards: a second coin brings them coins and dollars until its merge; then the cards are sold.

The cards run while they pay (`model.mechanisms.gpu_coin`). Mined coins are sold like those of the first coin, by the
treasury policy, and what comes in goes where other cash goes: into bills and new rigs. When mining of the coin has
ended, each owner waits for his own number of days and sells his cards for what used cards fetch by then.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, trait
from agents.costs import click_of
from agents.miners.mining import SELL_ALL
from agents.miners.payback import Payback, PaybackTraits
from model.actions import SELL, Action
from model.mechanisms.gpu_coin import SellGpus, TradeGpuCoins
from model.units import BTC, USD
from model.view import MarketView

SMALLEST_SALE = 1.0  # USD of coins


class GpuTraits(PaybackTraits):
    """Traits of miners with graphics cards."""

    gpu_mhs: Any = trait(
        {"lognormal": {"median": 1_000.0, "sigma": 1.2}}, "MH/s", "cards at the start", low=0.0, high=1e9,
        source="assumption: ten cards of 97 MH/s, RTX 3080",
    )  # fmt: skip
    gpu_joules: Any = trait(
        {"uniform": {"low": 1.5, "high": 2.75}}, "J/MH", "of the cards", low=0.1, high=1e4,
        source="RTX 3080: 1.5 and 2.3 in two unsourced tables; RTX 3090: 330 W for 120 MH/s, Tom's Hardware 2022-09-15",
    )  # fmt: skip
    gpu_power_price: Any = trait(
        {"lognormal": {"median": 0.10, "sigma": 0.35}}, "USD/kWh", "power price of the cards, at home", low=0.005,
        high=1.0, source="Tom's Hardware 2022-09-15 reckons with .10",
    )  # fmt: skip
    gpu_hold_share: Any = trait(
        0.3, "1", "part of the second coin that treasury policies 1 and 2 keep", low=0.0, high=1.0
    )
    gpu_patience: Any = trait(
        {"uniform": {"low": 0.0, "high": 60.0}}, "days", "time after the end of mining until he sells his cards",
        low=0.0, high=3_650.0,
    )  # fmt: skip


class MineGpu(Payback):
    """Invests by payback; mines the second coin with graphics cards, and sells them when that is over."""

    name = "mine_gpu"
    Traits = GpuTraits

    def open(self) -> None:
        """Cards of the first morning."""
        super().open()
        population = self.population
        population.add_column("gpu_kept")  # base units of the second coin held back from sales
        house: Any = population.market.mechanisms.get("gpu_coin")
        if house is None:
            return
        own = np.flatnonzero(population.strategy[: population.size] == population.strategies.index(self))
        columns = population.columns
        house.add(
            population.account[own], columns["gpu_mhs"][own].astype(np.int64), columns["gpu_joules"][own],
            columns["gpu_power_price"][own],
        )  # fmt: skip

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do; coins and cards for sale."""
        yield from super().decide(cohort, market)
        if not market.has("gpu_coin") or not market.new_day:
            return
        view = market.gpu_coin
        held = cohort.held(view.asset)
        back = np.minimum(held, cohort.gpu_kept.astype(np.int64))
        part = np.where(cohort.treasury == SELL_ALL, 0.0, cohort.gpu_hold_share)
        sold = ((held - back) * (1.0 - part)).astype(np.int64)
        sold = np.where(cohort.treasury == SELL_ALL, held, sold)
        pays = cohort.cash >= click_of(market)
        sells = pays & (sold * view.price / BTC >= SMALLEST_SALE)
        cohort.write("gpu_kept", (held - np.where(sells, sold, 0)).astype(np.float64))
        if sells.any():
            yield TradeGpuCoins(cohort.account[sells], side=SELL, amount=sold[sells])
        cards = view.mhs[cohort.account]
        leave = pays & (cards > 0) & (-view.days_left >= cohort.gpu_patience)
        if not view.mined and leave.any() and int(view.resale * USD) > 0:
            yield SellGpus(cohort.account[leave], mhs=cards[leave])
