"""Retail investors: the kind, its default strategy, and the reference net asset value taken from holders."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents import social
from agents.base import Cohort, MarketAgent, Population, Strategy
from agents.beliefs import Typical
from agents.reference import ReferenceValue
from agents.retail.decision import Circle, decide
from agents.retail.portfolio import AHEAD
from agents.retail.traits import STATE, RetailColumns, RetailTraits
from agents.staking import staked, unstaked
from agents.vault_sheet import VaultSheet, sheet_of
from model.actions import Action, Bundle, Trade
from model.jit import kernel
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Subscribe
from model.mechanisms.vaults import Redeem
from model.sheaf import Lasting
from model.view import MarketView


@kernel
def _startle(
    asset: int, before: float, move: float, threshold: Any, account: Any, balances: Any, alert: Any, n: int
) -> None:
    """Let holders look for whom the day's move of this fraction has just become large."""
    for slot in range(n):
        if before < threshold[slot] <= move and balances[asset, account[slot]] > 0:
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
            sheet.typical = Typical(
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
        least = population.columns.least("startle", len(population))
        if sheet.moved >= least:
            for v, before, move in sheet.moves(least):
                for asset in (int(sheet.fraction[v]), int(sheet.stake[v]), int(sheet.pledge[v])):
                    if asset >= 0:
                        _startle(
                            asset,
                            before,
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
    needs = ("vaults",)
    claims = True

    def open(self) -> None:
        """Keys of lasting opinions, and the sheet of vaults."""
        market = self.population.market
        self.sheet: VaultSheet = sheet_of(market)
        self.opinions = market.streams.key("opinion", self.population.table.kind)
        self.social = market.mechanisms.get("social")
        self.nobody = (np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_))
        self._circle: Lasting[Circle] = Lasting(Circle)

    def circle(self) -> Circle:
        """Whom they know, and how moods and rumours spread."""
        known, p, links = self.social, self.sheet.params, self.nobody
        if known is not None:
            links = known.indptr, known.indices, known.sentiment, known.heard
        return self._circle.of(*links, p.imitation, p.sentiment_days, p.elation, p.word_of_mouth)

    def columns(self) -> RetailColumns:
        """The population's columns as one tuple."""
        return self.population.columns.of(RetailColumns)

    def state(self) -> Iterable[NDArray[np.float64]]:
        """What the sheet remembers: trends, variances, profits of both rules."""
        return (np.nan_to_num(self.sheet.facts), np.nan_to_num(self.sheet.scalars))

    def wealth(self, cohort: Cohort) -> NDArray[np.float64]:
        """What they size positions by, by account [USD]."""
        wealth: NDArray[np.float64] = self.population.market.wealth
        return wealth

    def traded(self, market: MarketView, trades: NDArray[np.int64], n: int) -> Iterable[Action | Bundle]:
        """Hand in the first n trades (account, vault, side, amount, limit, status, filled)."""
        return self.sheet.venues.route(trades, n)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Purchases and sales of fractions, subscriptions, and sales of income coins."""
        population, sheet, n = self.population, self.sheet.look(), len(cohort)
        looks = int(population.columns.most("considered", population.size))
        trades, offers, sales, claims = rows = tuple(
            np.empty((most, action.width), np.int64)
            for most, action in ((n * looks, Trade), (n * looks, Subscribe), (n, TradeCoins), (n * looks, Redeem))
        )
        count = np.empty(4, np.int64)
        self.known = np.empty(sheet.fraction.size), np.empty(4)  # ln(income / cost), and discounts
        decide(
            cohort.slots,
            population.account,
            population.alert,
            population.columns.table,
            self.columns(),
            market.balances,
            self.wealth(cohort),
            sheet.seen,
            sheet.open_vaults,
            sheet.on_offer,
            self.circle(),
            market.key("decision", population.table.kind),
            self.opinions,
            market.tick * market.dt_days,
            rows,
            count,
            (np.empty(n), np.empty((AHEAD, looks + 1), np.int64), *self.known),
        )
        n_trades, n_offers, n_sales, n_claims = count.tolist()
        if n_sales:
            yield TradeCoins.of_rows(sales[:n_sales])
        if n_offers:
            yield Subscribe.of_rows(offers[:n_offers])
        if n_claims:
            yield Redeem.of_rows(claims[:n_claims])
        yield from self.traded(market, trades, n_trades)
        yield from unstaked(market, trades, n_trades, claims, n_claims)
        yield from staked(market, cohort.account, trades, n_trades)
