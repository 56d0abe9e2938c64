"""Liquidators: bots with own capital whose standing orders repay bad debts for a bonus; they sell what they seize.

A seizure of x fractions for x / (1 + b) of their price, sold into a pool of R fractions at a fee f, pays while x / R is
below a bound (`model.mechanisms.lending.collateral_cap`). So a bot commits no more capital than what the pools of all
pledged vaults together would take without a loss, its unsold fractions taken off: in thin markets nobody liquidates.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numba import types

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from agents.quotes import amount_out
from agents.rows import claim, put_two, sell_coins, trade
from agents.sheet import CLAIM, CLICK, COIN, FEE, PRICE, RESERVE, RESERVE_USD, Seen
from agents.vault_sheet import sheet_of
from model.actions import SELL, Action, Bundle, Trade
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.lending import StandBy
from model.mechanisms.lending.formulas import collateral_cap
from model.mechanisms.vaults import Redeem
from model.sheaf import Sheaf
from model.units import TOKEN, USD
from model.view import MarketView


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


class LiquidatorColumns(Sheaf):
    """Traits and state by slot, float64[slot]."""

    commitment: Any
    least_profit: Any
    impact: Any
    slippage: Any
    renewal: Any
    harvest: Any
    ordered: Any  # capital of the standing order [USD]


@helper(types.float64(types.float64, types.float64))
def most_sold(depth, moves):
    """Most fractions that a constant-product pool takes in before its price has fallen by a part.

    x = R (1 / sqrt(1 - m) - 1), for a pool of R + x fractions has R^2 / (R + x)^2 of its price left.

    Args:
        depth: fractions of the pool before, R
        moves: part of the price, m in [0, 1)

    >>> round(most_sold(100.0, 0.19), 6)
    11.111111
    """
    return depth * (1.0 / math.sqrt(1.0 - moves) - 1.0)


@kernel
def _decide(
    slots: Any, account: Any, own: LiquidatorColumns, balances: Any, seen: Seen, days: float, pledged: Any,
    bonus: float, rows: Any,
) -> Any:  # fmt: skip
    """Fill rows of standing orders, sales, claims on ended vaults and sales of coins; how many of each.

    Args:
        days: length of the tick
        pledged: fractions, by vault; bonus: of liquidators
    """
    orders, trades, claims, sales = rows
    fraction, facts, coin, click = seen.fraction, seen.facts, seen.scalars[COIN], seen.scalars[CLICK]
    sellable = 0.0  # debts whose collateral the pools take without a loss to a liquidator [USD]
    for v in range(fraction.size):
        if pledged[v] > 0:
            most = min(collateral_cap(facts[FEE, v], bonus) * facts[RESERVE, v], pledged[v] / TOKEN)
            sellable += most * facts[PRICE, v] / (1.0 + bonus)
    n_orders = n_trades = n_claims = n_sales = 0
    for slot in slots:
        who = account[slot]
        cash, unsold = balances[USD_ASSET, who] / USD, 0.0
        n_sales = sell_coins(sales, n_sales, who, balances[BTC_ASSET, who], coin, own.harvest[slot])
        moves = min(0.9, own.impact[slot] * days)
        for v in range(fraction.size):
            held = balances[fraction[v], who] if fraction[v] >= 0 else 0
            if held == 0:
                continue
            if facts[CLAIM, v] > 0.0:
                n_claims = claim(claims, n_claims, who, v, held)
                continue
            price, depth = facts[PRICE, v], facts[RESERVE, v]
            unsold += held / TOKEN * price
            sold = min(held / TOKEN, most_sold(depth, moves))
            if price <= 0.0 or sold * price <= 2.0 * click:
                continue
            got = amount_out(sold, depth, facts[RESERVE_USD, v], facts[FEE, v])
            least = int(got * USD * (1.0 - own.slippage[slot]))
            n_trades = trade(trades, n_trades, who, v, SELL, min(held, int(sold * TOKEN + 0.5)), least)
        capital = min(own.commitment[slot] * cash, max(0.0, sellable - unsold))
        if abs(capital - own.ordered[slot]) > own.renewal[slot] * max(capital, own.ordered[slot]) and cash > click:
            least = int((own.least_profit[slot] + 2.0 * click) * USD)
            n_orders = put_two(orders, n_orders, who, int(capital * USD), least)
            own.ordered[slot] = capital
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


BATCHES = (StandBy, Trade, Redeem, TradeCoins)


class StandsBy(Strategy):
    """Keeps a standing order for as much as it can sell again, and sells what it seized from the next day on."""

    serves = "liquidator"
    name = "stand_by"
    claims = True

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Standing orders, sales of fractions and coins, claims on ended vaults."""
        if not market.has("lending"):
            return
        population, n = self.population, len(cohort)
        sheet = sheet_of(population.market).look()
        size = sheet.fraction.size
        rows = (n, n * size, n * size, n)
        matrices = [np.empty((most, action.width), np.int64) for most, action in zip(rows, BATCHES, strict=True)]
        counts = _decide(
            cohort.slots, population.account, population.columns.of(LiquidatorColumns), market.balances, sheet.seen,
            market.dt_days, market.lending.pledged, float(market.lending.bonus), tuple(matrices),
        )  # fmt: skip
        for action, matrix, found in zip(BATCHES, matrices, counts, strict=True):
            if action is Trade:
                yield from sheet.venues.route(matrix, int(found))
            elif found:
                yield action.of_rows(matrix[:found])
