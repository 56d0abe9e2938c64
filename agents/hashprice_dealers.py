"""Dealers in hashprice: they take the other side of miners' forwards, for a spread, as far as their margin goes.

A dealer expects the mean hashprice of a term of T years, in dollars as in coins, to be h e^(−g T / 2): hashprice falls as
difficulty grows by g a year, and with the subsidy once that halves. He buys below that by his spread and sells above it,
leans against what he holds, and follows margin calls.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from agents.costs import click_of
from agents.halvings import halved
from model.actions import BUY, Action
from model.jit import maker
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.forwards import CancelForward, OrderForward, PostMargin
from model.mechanisms.forwards.table import CURRENCY, GHS, LIMIT, NUMBER, OWNER, SIDE, TENOR
from model.sheaf import Sheaf
from model.units import BTC, DAYS_PER_YEAR, GHS_PER_PH, LARGEST_POSTING, USD
from model.view import MarketView

LONG_SIDE, SHORT_SIDE = 0, 1
QUOTES = 8.0  # of a currency that his money must back at once, with room for limits above the index


class HashpriceDealerTraits(Traits):
    """Traits of dealers."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 0.5}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(1.0, "1/day", "chance to look at the market", low=0.0, high=1.0)
    growth: Any = trait(
        {"normal": {"mean": 0.25, "sd": 0.05}}, "1/year", "expected fall of hashprice by growth of difficulty",
        source="assumption; miners expect .20 with .15", low=-2.0, high=5.0,
    )  # fmt: skip
    dealer_spread: Any = trait(
        {"uniform": {"low": 0.02, "high": 0.06}}, "1", "distance of his bid and his offer from what he expects",
        low=0.0, high=1.0,
    )  # fmt: skip
    quote_share: Any = trait(0.1, "1", "part of his cash that backs one quote", low=0.0, high=1.0)
    lean: Any = trait(0.1, "1", "by which he lowers both quotes when all his cash is long hashprice", low=0.0, high=1.0)
    coin_share: Any = trait(
        0.3, "1", "part of his cash that he keeps as coins for coin-settled forwards", low=0.0, high=1.0
    )


class HashpriceDealer(MarketAgent):
    """Somebody who trades hashprice with miners, on his own account."""

    kind = "hashprice_dealer"
    strategy = "make_market"
    Traits = HashpriceDealerTraits


class Book(Sheaf):
    """Traits of all dealers, float64[slot]."""

    growth: Any
    dealer_spread: Any
    quote_share: Any
    lean: Any
    coin_share: Any


@maker
def _quote(
    slots: Any, account: Any, own: Book, balances: Any, coin: float, hashprice: float, index: Any, tenors: Any, left: Any,
    rates: Any, orders: Any, margin: Any, called: Any, short: Any, long: Any, click: float, coins: Any, recalls: Any,
    calls: Any, quotes: Any,
) -> Any:  # fmt: skip
    """Coins once, margin first, then quotes of every term in both currencies, of one awake dealer after another.

    He quotes where his spread on the whole contract is more than a transaction costs, and replaces quotes of former days
    at which he would lose by what he expects today.

    Args:
        coin: price [USD]; hashprice: USD per PH/s and day; index: see `ForwardsView`
        tenors: terms [days]; left: of hashprice over each of them, see `halved`; rates: initial margin over notional, by currency
        orders, margin, called, short, long: see `ForwardsView`; click: fees of a transaction [USD]
        coins, recalls, calls, quotes: out, rows of `TradeCoins`, `CancelForward`, `PostMargin` and `OrderForward`

    Returns:
        how many rows of each
    """
    n_coins = n_recalls = n_calls = n_quotes = 0
    funds, standing = np.empty(2), np.empty((2, tenors.size, 2), np.int64)  # the order of each quote, from 1
    newest, older = np.zeros(balances.shape[1], np.int64), np.zeros(orders.shape[0], np.int64)  # orders of each, from 1
    for o in range(orders.shape[0]):
        if orders[o, GHS] > 0:
            older[o], newest[orders[o, OWNER]] = newest[orders[o, OWNER]], o + 1
    for slot in slots:
        who = account[slot]
        funds[0], funds[1] = balances[USD_ASSET, who] / USD, balances[BTC_ASSET, who] / BTC * coin
        if balances[BTC_ASSET, who] == 0 and margin[1, who] == 0 and own.coin_share[slot] > 0.0:
            coins[n_coins, 0], coins[n_coins, 1] = who, BUY
            coins[n_coins, 2] = np.int64(funds[0] * own.coin_share[slot] * USD)
            n_coins += 1
            continue
        for currency in range(2):
            called_now = min(called[currency, who], balances[currency, who])
            if called_now > 0:
                calls[n_calls, 0], calls[n_calls, 1], calls[n_calls, 2] = who, called_now, currency
                n_calls += 1
                funds[currency] -= called_now * (coin / BTC if currency else 1.0 / USD)
        standing[:] = 0
        o = newest[who]
        while o > 0:
            standing[orders[o - 1, SIDE], orders[o - 1, TENOR], orders[o - 1, CURRENCY]] = o
            o = older[o - 1]
        spare = funds[0] + funds[1]
        backed = margin[0, who] * (1.0 / USD) + margin[1, who] * (coin / BTC)
        tilt = (float(long[who]) - float(short[who])) / max(1.0, float(long[who]) + float(short[who]))
        skew = 1.0 - own.lean[slot] * tilt * backed / max(1.0, backed + spare)
        for tenor in range(tenors.size):
            days = tenors[tenor]
            expected = math.exp(-own.growth[slot] * days / DAYS_PER_YEAR / 2.0) * left[tenor] * skew
            for currency in range(2):
                money = min(own.quote_share[slot] * (spare + backed), funds[currency] / QUOTES)
                pays = own.dealer_spread[slot] * money / rates[currency] > click
                ghs = np.int64(min(money / rates[currency] / (days * hashprice) * GHS_PER_PH, LARGEST_POSTING))
                for side in (LONG_SIDE, SHORT_SIDE):
                    sign, o = 1.0 if side == SHORT_SIDE else -1.0, standing[side, tenor, currency]
                    loses = o > 0 and sign * (orders[o - 1, LIMIT] - index[currency] * expected) < 0.0
                    if loses:
                        recalls[n_recalls, 0], recalls[n_recalls, 1] = who, orders[o - 1, NUMBER]
                        n_recalls += 1
                    if not pays or ghs <= 0 or (o > 0 and not loses):
                        continue
                    limit = np.int64(index[currency] * expected * (1.0 + sign * own.dealer_spread[slot]))
                    row = quotes[n_quotes]
                    row[0], row[1], row[2], row[3] = who, side, ghs, max(1, limit)
                    row[4], row[5], row[6], row[7] = tenor, currency, 0, 0
                    n_quotes += 1
    return n_coins, n_recalls, n_calls, n_quotes


class MakeMarket(Strategy):
    """Quotes both sides of every term in both currencies, while his money lasts."""

    serves = "hashprice_dealer"
    name = "make_market"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """Coins once, quotes that have become too good taken back, margin, then quotes."""
        if not market.has("forwards") or market.forwards.hashprice <= 0.0:
            return
        view, population, n = market.forwards, self.population, len(cohort)
        rows = (
            np.zeros((n, TradeCoins.width), np.int64),
            np.zeros((4 * len(view.tenors) * n, CancelForward.width), np.int64),
            np.zeros((2 * n, PostMargin.width), np.int64),
            np.empty((4 * len(view.tenors) * n, OrderForward.width), np.int64),
        )
        count = _quote(
            cohort.slots, population.account, population.columns.of(Book), market.balances,
            float(market.bitcoin.price), view.hashprice, view.index, np.array(view.tenors), halved(market, view.tenors),
            np.array(view.margin_rates), view.orders, view.margin, view.called, view.short, view.long, click_of(market), *rows,
        )  # fmt: skip
        for action, found, n_found in zip(
            (TradeCoins, CancelForward, PostMargin, OrderForward), rows, count, strict=True
        ):
            if n_found:
                yield action.of_rows(found[:n_found])
