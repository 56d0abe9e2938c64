"""Arbitrage between venues: buy a fraction where it is cheap and sell it where it is dear, in one bundle.

Paying x at a venue with balances U, F and fee f, and selling what it brings at another with U', F', f', returns

    A x / (B + C x),   A = (1 - f)(1 - f') U' F,   B = U F',   C = (1 - f)(F' + (1 - f') F)

so that x* = (sqrt(A B) - B) / C earns most                                     [AngerisChitra2020, section 3, composed].

The sale is of no more than the purchase brings at worst; what it brought beyond that is sold on the next day.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import MarketAgent, PerAgentStrategy
from agents.quotes import amount_out
from agents.sheet import CLICK, COIN, FEE, PRICE, RESERVE, RESERVE_USD
from agents.vault_sheet import VaultSheet, sheet_of
from agents.venues import Venues
from model.actions import BUY, SELL, Action, Bundle, Row
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.streams import u01
from model.units import TOKEN, USD
from model.view import MarketView


def best_round_trip(
    cheap: tuple[float, float, float], dear: tuple[float, float, float], budget: float = math.inf
) -> tuple[float, float, float]:
    """Dollars to pay at the cheap venue, fractions they bring, and dollars these bring at the dear one; zeros if none.

    Args:
        cheap, dear: dollars, fractions and fee of each venue
        budget: most dollars paid

    >>> [round(x, 6) for x in best_round_trip((100.0, 100.0, 0.0), (144.0, 100.0, 0.0))]
    [10.0, 9.090909, 12.0]
    """
    (usd, fractions, fee), (usd_there, fractions_there, fee_there) = cheap, dear
    kept, kept_there = 1.0 - fee, 1.0 - fee_there
    a, b = kept * kept_there * usd_there * fractions, usd * fractions_there
    c = kept * (fractions_there + kept_there * fractions)
    paid = min((math.sqrt(a * b) - b) / c, budget)
    if paid <= 0.0:
        return 0.0, 0.0, 0.0
    got = amount_out(paid, usd, fractions, fee)
    return paid, got, amount_out(got, fractions_there, usd_there, fee_there)


class CrossVenue(PerAgentStrategy):
    """Closes gaps between venues of the same vault by bundles of two swaps; never keeps a position on purpose."""

    serves = "arbitrageur"
    name = "cross_venue"

    def decide_one(self, agent: MarketAgent, market: MarketView) -> Iterable[Action | Bundle | Row]:
        """What earlier bundles left is sold; a bundle for each vault whose gap outweighs costs and the own least profit."""
        sheet = sheet_of(self.population.market).look()
        venues, cost = sheet.venues, 2.0 * float(sheet.scalars[CLICK])
        yield from self._sales(agent, sheet, cost)
        if len(venues.keys) < 2:
            return
        key: Any = market.key("haste", agent.kind)
        cash = agent.held(USD_ASSET) / USD - cost
        tries = self.population.market.clock.per_tick(agent.haste)
        for v in range(sheet.fraction.size):
            if u01(key, agent.slot, v) >= tries:
                continue
            bundle, spent = self._bundle(agent, venues, v, min(agent.stake * cash, cash), cost)
            if bundle is not None:
                cash -= spent + cost
                yield bundle

    def _sales(self, agent: MarketAgent, sheet: VaultSheet, least: float) -> Iterable[Action | Row]:
        """Sales of income coins above the own harvest, and of fractions worth more than the least [USD]."""
        if agent.held(BTC_ASSET) and agent.coins * sheet.scalars[COIN] >= agent.harvest:
            yield TradeCoins.row(agent.account, side=SELL, amount=agent.held(BTC_ASSET))
        rows = []
        for v, fraction in enumerate(sheet.fraction.tolist()):
            held = agent.held(fraction) if fraction >= 0 else 0
            if held / TOKEN * sheet.facts[PRICE, v] > least:
                usd, depth, fee = (float(sheet.facts[row, v]) for row in (RESERVE_USD, RESERVE, FEE))
                got = amount_out(held / TOKEN, depth, usd, fee) * (1.0 - agent.slippage)
                rows.append((agent.account, v, SELL, held, int(got * USD), 0, 0))
        yield from sheet.venues.route(np.array(rows, np.int64), len(rows))

    def _seen(self, venues: Venues, k: int, v: int) -> tuple[float, float, float]:
        """Dollars, fractions and fee of a venue."""
        return venues.usd[k, v] / USD, venues.fractions[k, v] / TOKEN, float(venues.fee[k])

    def _bundle(
        self, agent: MarketAgent, venues: Venues, v: int, budget: float, cost: float
    ) -> tuple[Bundle | None, float]:
        """The best pair of venues for one vault, and the dollars it takes."""
        best, profit = None, agent.least_profit + cost
        for near in range(len(venues.keys)):
            for far in range(len(venues.keys)):
                if near == far or min(venues.usd[near, v], venues.usd[far, v]) <= 0.0:
                    continue
                paid, got, back = best_round_trip(self._seen(venues, near, v), self._seen(venues, far, v), budget)
                fits = got * TOKEN <= min(venues.most[BUY, near, v], venues.most[SELL, far, v])
                sure = back * (1.0 - agent.slippage) - paid
                if fits and sure > profit:
                    best, profit = (near, far, paid, got), sure
        if best is None:
            return None, 0.0
        near, far, paid, got = best
        fractions = int(got * TOKEN * (1.0 - agent.slippage))
        least = int((paid + cost) * USD)
        if fractions <= 0:
            return None, 0.0
        buy = venues.actions[near](agent.account, vault=v, side=BUY, amount=int(paid * USD), limit=fractions)
        sell = venues.actions[far](agent.account, vault=v, side=SELL, amount=fractions, limit=least)
        return Bundle([buy, sell]), paid
