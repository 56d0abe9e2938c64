"""Liquidators: bots with own capital whose standing orders repay bad debts for a bonus; they sell what they seize.

A seizure of x fractions for x / (1 + b) of their price, sold into a pool of R fractions at a fee f, pays while x / R is
below a bound (`model.mechanisms.lending.collateral_cap`). So a bot commits no more capital than what the pools of all
pledged vaults together would take without a loss, its unsold fractions taken off: in thin markets nobody liquidates.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from agents.rows import unsettled
from agents.sheet import CLAIM, CLICK, COIN, FEE, PRICE, RESERVE, RESERVE_USD, sheet_of
from model.actions import Action, Bundle
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.lending import StandBy
from model.mechanisms.lending.formulas import collateral_cap
from model.mechanisms.vaults import Redeem
from model.units import BTC, TOKEN, USD
from model.view import MarketView

SELL = 1


class LiquidatorTraits(Traits):
    """Columns drawn once for each liquidator."""

    cash: Any = trait(
        {"lognormal": {"median": 25_000.0, "sigma": 0.7}},
        "USD",
        "own capital",
        source="assumption",
        low=1.0,
        high=1e9,
    )
    attention: Any = trait(1.0, "1/day", "bots look at every tick", low=0.0, high=1.0)
    commitment: Any = trait(0.8, "1", "part of cash in the standing order, the rest for fees", low=0.0, high=1.0)
    least_profit: Any = trait(
        {"uniform": {"low": 0.5, "high": 5.0}}, "USD", "least profit of one liquidation", low=0.0, high=1e6
    )
    impact: Any = trait(
        {"uniform": {"low": 0.02, "high": 0.06}},
        "1",
        "most by which a day's sale of seized fractions may move the price",
        source="assumption; bonuses of .05-.15 pay for it",
        low=1e-6,
        high=0.9,
    )
    slippage: Any = trait(0.05, "1", "worst price accepted against the quote", low=0.0, high=1.0)
    renewal: Any = trait(0.1, "1", "change of capital at which the order is given anew", low=0.0, high=1.0)
    harvest: Any = trait(50.0, "USD", "income coins worth this much are sold", low=0.0, high=1e9)


@kernel
def _decide(
    slots: Any, account: Any, balances: Any, fraction: Any, facts: Any, coin: float, click: float, days: float,
    pledged: Any, bonus: float,
    commitment: Any, least_profit: Any, impact: Any, slippage: Any, renewal: Any, harvest: Any, ordered: Any,
    orders: Any, trades: Any, claims: Any, sales: Any,
) -> Any:  # fmt: skip
    """Fill rows of standing orders, sales, claims on ended vaults and sales of coins; how many of each.

    Args:
        pledged: fractions, by vault; bonus: of liquidators
    """
    sellable = 0.0  # debts whose collateral the pools take without a loss to a liquidator [USD]
    for v in range(fraction.size):
        if pledged[v] > 0:
            most = min(collateral_cap(facts[FEE, v], bonus) * facts[RESERVE, v], pledged[v] / TOKEN)
            sellable += most * facts[PRICE, v] / (1.0 + bonus)
    n_orders = n_trades = n_claims = n_sales = 0
    for slot in slots:
        who = account[slot]
        cash, coins, unsold = balances[USD_ASSET, who] / USD, balances[BTC_ASSET, who], 0.0
        if coins > 0 and coins * coin / BTC >= harvest[slot]:
            sales[n_sales, 0], sales[n_sales, 1], sales[n_sales, 2] = who, SELL, coins
            n_sales += 1
        moves = min(0.9, impact[slot] * days)
        for v in range(fraction.size):
            held = balances[fraction[v], who] if fraction[v] >= 0 else 0
            if held == 0:
                continue
            if facts[CLAIM, v] > 0.0:
                claims[n_claims, 0], claims[n_claims, 1], claims[n_claims, 2] = who, v, held
                n_claims += 1
                continue
            price, depth = facts[PRICE, v], facts[RESERVE, v]
            unsold += held / TOKEN * price
            sold = min(held / TOKEN, depth * moves / (1.0 - moves))
            if price <= 0.0 or sold * price <= 2.0 * click:
                continue
            net = sold * (1.0 - facts[FEE, v])
            trades[n_trades, 0], trades[n_trades, 1], trades[n_trades, 2] = who, v, SELL
            trades[n_trades, 3] = min(held, int(sold * TOKEN + 0.5))
            trades[n_trades, 4] = int(facts[RESERVE_USD, v] * net / (depth + net) * USD * (1.0 - slippage[slot]))
            n_trades += 1
        capital = min(commitment[slot] * cash, max(0.0, sellable - unsold))
        if abs(capital - ordered[slot]) > renewal[slot] * max(capital, ordered[slot]) and cash > click:
            orders[n_orders, 0], orders[n_orders, 1] = who, int(capital * USD)
            orders[n_orders, 2] = int((least_profit[slot] + 2.0 * click) * USD)
            ordered[slot] = capital
            n_orders += 1
    unsettled(orders, n_orders)
    unsettled(trades, n_trades)
    unsettled(claims, n_claims)
    unsettled(sales, n_sales)
    return n_orders, n_trades, n_claims, n_sales


class Liquidator(MarketAgent):
    """A bot that stands ready to repay bad debts for a bonus."""

    kind = "liquidator"
    strategy = "stand_by"
    Traits = LiquidatorTraits
    reacts = False  # bots do what they were made for

    @classmethod
    def open(cls, population: Population) -> None:
        """What each has ordered so far [USD]."""
        population.add_column("ordered")


OWN = (*tuple(LiquidatorTraits.model_fields)[2:], "ordered")
BATCHES = (StandBy, None, Redeem, TradeCoins)


class StandsBy(Strategy):
    """Keeps a standing order for as much as it can sell again, and sells what it seized from the next day on."""

    serves = "liquidator"
    name = "stand_by"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Standing orders, sales of fractions and coins, claims on ended vaults."""
        if not market.has("lending"):
            return
        population, n = self.population, len(cohort)
        sheet = sheet_of(population.market).look()
        size = sheet.fraction.size
        orders, trades = np.empty((n, 5), np.int64), np.empty((n * size, 7), np.int64)
        claims, sales = np.empty((n * size, 5), np.int64), np.empty((n, 5), np.int64)
        counts = _decide(
            cohort.slots, population.account, market.balances, sheet.fraction, sheet.facts, float(sheet.scalars[COIN]),
            float(sheet.scalars[CLICK]), market.dt_days, market.lending.pledged, float(market.lending.bonus),
            *(population.columns[name] for name in OWN), orders, trades, claims, sales,
        )  # fmt: skip
        for action, matrix, found in zip(BATCHES, (orders, trades, claims, sales), counts, strict=True):
            if action is None:
                yield from sheet.venues.route(matrix, int(found))
            elif found:
                yield action.of_rows(matrix[:found])
