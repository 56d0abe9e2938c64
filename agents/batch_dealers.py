"""Dealers between pools and the batch auction: arbitrageurs who buy where fractions are cheap to serve large bids.

A dealer buys in a vault's pool up to the price at which the dearest bid left over by the last batch still pays fee,
margin and one night's risk, and offers what he holds in the next batch; what nobody takes there he sells back.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import PerAgentStrategy, Traits, trait
from agents.bot_orders import optimal_purchase
from agents.possessions import coins_sold
from agents.quotes import amount_out
from agents.sheet import CLICK, FEE, PRICE, RESERVE, RESERVE_USD
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle, Row
from model.mechanisms.auction import BatchOrder
from model.units import TOKEN, USD
from model.view import MarketView

COLUMNS = 7  # account, vault, side, amount, limit, status, filled


class DealerTraits(Traits):
    """What a dealer needs to know about himself."""

    edge: Any = trait(
        0.01, "1", "least gain over cost of a round trip, fees paid",
        source="assumption; half-spreads of block dealers .5-2 %", low=0.0, high=1.0,
    )  # fmt: skip
    inventory: Any = trait(0.2, "1", "most of his cash put into one vault a day", low=0.0, high=1.0)
    patience: Any = trait(0.1, "1/day", "part of an unsold holding given back to the pool", low=0.0, high=1.0)
    least_sold: Any = trait(100.0, "USD", "least of it at once, or the whole holding", low=0.0, high=1e9)


class BatchDealer(PerAgentStrategy):
    """Buys in pools what batches ask for, and offers it there.

    Coins that he earns meanwhile are sold.
    """

    serves = "arbitrageur"
    name = "batch_dealer"
    Traits = DealerTraits

    def decide(self, cohort: Any, market: MarketView) -> Iterable[Action | Bundle]:
        """Trades at the best venues, and orders for the next batches."""
        if not (market.has("auction") and market.has("vaults")):
            return
        population = self.population
        self.sheet = sheet_of(population.market).look()
        follows = population.strategy == population.strategies.index(self)
        self.dealers = int(np.count_nonzero(follows & population.alive))
        self.trades: list[tuple[int, ...]] = []
        yield from super().decide(cohort, market)
        rows = np.array(self.trades, np.int64).reshape(-1, COLUMNS)
        yield from self.sheet.venues.route(rows, len(self.trades))

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Sales of income coins and offers of what he holds; purchases and sales in pools go to `trades`."""
        yield from coins_sold(agent, market)
        facts, auction = self.sheet.facts, market.auction
        cash, click, worst = agent.cash, float(self.sheet.scalars[CLICK]), 1.0 - agent.slippage
        for v in map(int, np.flatnonzero(market.vaults.live)):
            held = agent.held(int(self.sheet.fraction[v]))
            price, fee = float(facts[PRICE, v]), float(facts[FEE, v])
            if price <= 0.0 or cash < 3.0 * click:
                continue
            usd, depth = float(facts[RESERVE_USD, v]), float(facts[RESERVE, v])
            bid = float(auction.best_bid[v]) * (1.0 - auction.fee) / (1.0 + agent.edge)
            wanted = bid > price / (1.0 - fee)
            if wanted:
                spend = min(optimal_purchase(usd, depth, fee, bid) / self.dealers, agent.inventory * cash)
                got = amount_out(spend, usd, depth, fee)
                if got * bid - spend > 2.0 * click:
                    self.trades.append((agent.account, v, BUY, int(spend * USD), int(got * TOKEN * worst), 0, 0))
                    cash -= spend + click
            if held / TOKEN * price <= 2.0 * click:
                continue
            yield BatchOrder.row(
                agent.account, vault=v, side=SELL, quantity=held, price=int(price * (1.0 + agent.edge) * USD)
            )
            if not wanted:
                sold = max(agent.patience * market.dt_days * held, min(held, agent.least_sold * TOKEN / price)) / TOKEN
                got = amount_out(sold, depth, usd, fee)
                self.trades.append((agent.account, v, SELL, int(sold * TOKEN), int(got * worst * USD), 0, 0))
