"""Arbitrage between the market and open buy-outs: a strategy of arbitrageurs, on top of the gaps that all close.

Fractions in escrow that can be bought at the offered price are sold at once where the market pays more, since buy-outs
are settled before swaps. Fractions below an offer are bought to be tendered, or, on the last day of an offer that nobody
has blocked, to claim its price.
"""

import math
from collections.abc import Iterable

import numpy as np

from agents.arbitrageurs import CloseGaps
from agents.base import Cohort
from agents.bot_orders import optimal_purchase, optimal_sale
from agents.sheet import CLICK, FEE, PRICE, RESERVE, RESERVE_USD
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import COUNTERED, CounterBuyout, Phase, TenderFractions, cost_of
from model.streams import uniforms
from model.units import TOKEN, USD
from model.view import MarketView

PIECEWISE = ("niftex_v2", "tender_pool")  # fractions are handed over at once


class OfferGaps(CloseGaps):
    """Closes the gaps of `close_gaps`, and those between offers and the market."""

    name = "offer_gaps"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Everything else, then buy-outs."""
        yield from super().decide(cohort, market)
        if not market.has("buyouts") or market.buyouts.n_open == 0:
            return
        key = market.key("haste in buy-outs", self.population.table.kind)
        for v in np.flatnonzero(market.buyouts.phase != Phase.NONE).tolist():
            tries = uniforms(key, cohort.slots, v) < 1.0 - (1.0 - cohort.haste) ** market.dt_days
            for i in np.flatnonzero(tries).tolist():
                yield from self._close(cohort, i, v, market)

    def _close(self, cohort: Cohort, i: int, v: int, market: MarketView) -> Iterable[Action]:
        """One bot and one buy-out."""
        seen, facts = market.buyouts, sheet_of(self.population.market).look().facts
        account, phase, offer = int(cohort.account[i]), Phase(int(seen.phase[v])), float(seen.price[v])
        price, depth, usd, fee = (float(facts[row, v]) for row in (PRICE, RESERVE, RESERVE_USD, FEE))
        if account == seen.opener[v] or price <= 0.0 or usd <= 0.0 or offer <= 0.0:
            return
        click = float(sheet_of(self.population.market).scalars[CLICK])
        keep, least = 1.0 - float(cohort.margin[i]), float(cohort.least_profit[i])
        cash = int(market.balances[USD_ASSET, account] * float(cohort.stake[i]) - math.ceil(2.0 * click * USD))
        held = int(market.balances[market.vaults.fraction[v], account])
        buys = phase in COUNTERED and seen.places[seen.design[v]] in PIECEWISE
        if buys and price * (1.0 - fee) * keep > offer:
            yield from self._out_of_escrow(account, v, market, cash, offer, depth, usd, fee, keep, least + 2.0 * click)
            return
        if phase == Phase.TENDER and held > 0 and offer * keep > price * (1.0 - fee):
            yield TenderFractions(account, vault=v, amount=held)
        last = phase == Phase.COUNTER and seen.days_left[v] <= market.dt_days
        if (phase == Phase.TENDER or last) and not seen.paused[v] and price < offer * keep:
            paid = min(optimal_purchase(usd, depth, fee, offer * keep), cash / USD)
            got = depth * paid * (1.0 - fee) / (usd + paid * (1.0 - fee)) if paid > 0.0 else 0.0
            if paid > 0.0 and got * offer - paid >= least + click:
                worst = int(got * TOKEN * (1.0 - float(cohort.slippage[i])))
                yield from self._swap(account, v, BUY, int(paid * USD), worst)

    def _out_of_escrow(
        self, account: int, v: int, market: MarketView, cash: int, offer: float, depth: float, usd: float, fee: float,
        keep: float, least: float,
    ) -> Iterable[Action]:  # fmt: skip
        """Buy fractions in escrow at the offered price and sell them on the market within the tick."""
        seen = market.buyouts
        size = max(0.0, optimal_sale(usd, depth, fee, offer / keep))
        most = min(int(size * TOKEN), int(seen.locked[v]))
        pays = min(cost_of(most, int(offer * USD)), cash, int(seen.need[v]))
        sold = min(most, int(pays / USD / offer * TOKEN)) - 1
        if pays <= 0 or sold <= 0:
            return
        y = sold / TOKEN * (1.0 - fee)
        if usd * y / (depth + y) - pays / USD < least:
            return
        yield CounterBuyout(account, vault=v, usd=pays)
        yield from self._swap(account, v, SELL, sold, pays)

    def _swap(self, account: int, v: int, side: int, amount: int, limit: int) -> Iterable[Action]:
        rows = np.array([[account, v, side, amount, limit, 0, 0]], np.int64)
        yield from sheet_of(self.population.market).venues.route(rows, 1)
