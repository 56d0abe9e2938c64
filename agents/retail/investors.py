"""Retail investors: the kind, its default strategy, and the reference net asset value taken from holders."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents import social
from agents.base import Cohort, MarketAgent, Population, Strategy
from agents.reference import ReferenceValue
from agents.retail.decision import WIDTH, decide
from agents.retail.traits import STATE, RetailColumns, RetailTraits
from agents.sheet import Typical, VaultSheet, sheet_of
from model.actions import Action, Bundle
from model.jit import kernel
from model.mechanisms.amm import Swap
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Subscribe
from model.mechanisms.vaults import Redeem
from model.view import MarketView


@kernel
def _startle(asset: int, move: float, threshold: Any, account: Any, balances: Any, alert: Any, n: int) -> None:
    """Let holders look who find a move of this fraction large."""
    for slot in range(n):
        if move >= threshold[slot] and balances[asset, account[slot]] > 0:
            alert[slot] = True


class RetailInvestor(MarketAgent):
    """Someone with small savings who buys fractions of rigs for their income."""

    kind = "retail_investor"
    strategy = "mean_variance"
    Traits = RetailTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """State columns, acquaintances, the typical investor, and the reference value of fractions."""
        for name, fill in STATE.items():
            population.add_column(name, fill)
        market = population.market
        social.connect(market)
        sheet = sheet_of(market)
        if len(population):
            middle = {name: float(np.median(getattr(population, name))) for name in population.table.traits}
            typical = Typical(
                drift=middle["drift_prior"],
                growth=middle["growth"],
                discount=middle["discount"],
                pull=middle["pull"],
                risk_aversion=middle["risk_aversion"],
                cap=middle["cap"],
                safe=middle["safe"],
                variance=middle["volatility"] ** 2,
                least_variance=middle["least_volatility"] ** 2,
                extrapolation=middle["extrapolation"],
                wear=middle["wear"],
            )
            sheet.represent(typical)
        market.reference_nav = ReferenceValue(population, sheet)

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What attention is multiplied by; rumours and large moves of own holdings make investors look."""
        market = population.market
        sheet = sheet_of(market).look()
        mechanism = market.mechanisms.get("social")
        if mechanism is not None:
            mechanism.reserve()
            social.listen(mechanism.heard, population.account, population.alert, len(population))
        threshold = population.columns["startle"]
        least = float(threshold[: len(population)].min()) if len(population) else math.inf
        if sheet.moved >= least:
            for v, move in sheet.moves(least):
                _startle(
                    int(sheet.fraction[v]),
                    move,
                    threshold,
                    population.account,
                    market.view.balances,
                    population.alert,
                    len(population),
                )
        return market.attention


class MeanVariance(Strategy):
    """Holds fractions in proportion to expected excess return over risk; see `agents.retail.decision`."""

    serves = "retail_investor"
    name = "mean_variance"

    def open(self) -> None:
        """Keys of lasting opinions, and the sheet of vaults."""
        market = self.population.market
        self.sheet: VaultSheet = sheet_of(market)
        self.opinions = market.streams.key("opinion", self.population.table.kind)
        self.social = market.mechanisms.get("social")
        self.nobody = (np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_))
        self._columns: RetailColumns | None = None

    def columns(self) -> RetailColumns:
        """The population's columns as one tuple, made anew when they have grown."""
        columns = self.population.columns
        if self._columns is None or self._columns.cap is not columns["cap"]:
            self._columns = RetailColumns(**{name: columns[name] for name in RetailColumns._fields})
        return self._columns

    def state(self) -> Iterable[NDArray[np.float64]]:
        """What the sheet remembers: trends, variances, profits of both rules."""
        return (np.nan_to_num(self.sheet.facts), np.nan_to_num(self.sheet.scalars))

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Purchases and sales of fractions, subscriptions, and sales of income coins."""
        population, sheet, mechanism = self.population, self.sheet.look(), self.social
        links = self.nobody
        if mechanism is not None:
            links = (mechanism.indptr, mechanism.indices, mechanism.sentiment, mechanism.heard)
        params, n = sheet.params, len(cohort)
        looks = int(population.columns["considered"].max())
        trades, offers = np.zeros((n * looks, WIDTH), np.int64), np.zeros((n * looks, WIDTH - 1), np.int64)
        sales, count = np.zeros((n, WIDTH - 2), np.int64), np.zeros(4, np.int64)
        claims = np.zeros((n * looks, WIDTH - 2), np.int64)
        decide(
            cohort.slots,
            population.account,
            population.alert,
            self.columns(),
            market.balances,
            population.market.wealth,
            sheet.fraction,
            sheet.receipt,
            sheet.open_vaults,
            sheet.facts,
            sheet.scalars,
            *links,
            params.imitation,
            params.sentiment_days,
            params.elation,
            params.word_of_mouth,
            market.key("decision", population.table.kind),
            self.opinions,
            market.tick * market.dt_days,
            trades,
            offers,
            sales,
            claims,
            count,
        )
        if count[2]:
            yield of_matrix(TradeCoins, sales, count[2])
        if count[1]:
            yield of_matrix(Subscribe, offers, count[1])
        if count[3]:
            yield of_matrix(Redeem, claims, count[3])
        if count[0]:
            yield of_matrix(Swap, trades, count[0])


def of_matrix(action: type[Action], matrix: Any, n: int) -> Action:
    """A batch whose columns are those of an int64 matrix, first n rows, without a copy."""
    batch = action.__new__(action)
    batch.rows = matrix[:n].view(action.dtype).reshape(-1)
    return batch
