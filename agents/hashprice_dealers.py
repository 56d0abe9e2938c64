"""Dealers in hashprice: they take the other side of miners' forwards, for a spread, as far as their margin goes.

A dealer expects the mean hashprice of a term of T years to be h e^(−g T / 2): hashprice falls as difficulty grows by g
a year. He buys below that by his spread and sells above it, leans against what he holds, and follows margin calls.
"""

import math
from collections.abc import Iterable
from typing import Any

from agents.base import MarketAgent, PerAgentStrategy, Traits, trait
from model.actions import Row
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.forwards import OrderForward, PostMargin, notional
from model.mechanisms.forwards.table import CURRENCY, GHS, OWNER, SIDE, TENOR
from model.mechanisms.rental import GHS_PER_PH
from model.units import BTC, DAYS_PER_YEAR, USD
from model.view import MarketView

LONG_SIDE, SHORT_SIDE = 0, 1
QUOTES = 8.0  # of a currency that his money must back at once, with room for limits above the index
BUY = 0


class HashpriceDealerTraits(Traits):
    """Traits of dealers."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 0.5}}, "USD", "cash at the start", low=0.0, high=1e12)
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


class MakeMarket(PerAgentStrategy):
    """Quotes both sides of every term in both currencies, while his money lasts."""

    serves = "hashprice_dealer"
    name = "make_market"

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Coins once, margin first, then quotes."""
        if not market.has("forwards") or market.forwards.hashprice <= 0.0:
            return
        view, account, coins = market.forwards, agent.account, agent.coins
        price = float(market.bitcoin.price)
        if coins == 0.0 and view.margin[1, account] == 0 and agent.coin_share > 0.0:
            yield TradeCoins.row(account, side=BUY, amount=int(agent.cash * agent.coin_share * USD))
            return
        funds = [agent.cash, coins * price]
        units = (1.0 / USD, price / BTC)
        for currency in range(2):
            called = min(int(view.called[currency, account]), int(market.balances[currency, account]))
            if called > 0:
                yield PostMargin.row(account, amount=called, currency=currency)
                funds[currency] -= called * units[currency]
        own = view.orders[view.orders[:, OWNER] == account]
        standing = {(int(o[SIDE]), int(o[TENOR]), int(o[CURRENCY])) for o in own if o[GHS] > 0}
        spare = math.fsum(funds)
        backed = math.fsum(float(view.margin[c, account]) * units[c] for c in range(2))
        long, short = float(view.long[account]), float(view.short[account])
        tilt = (long - short) / max(1.0, long + short)
        skew = 1.0 - agent.lean * tilt * backed / max(1.0, backed + spare)
        for tenor, days in enumerate(view.tenors):
            fair = view.hashprice * math.exp(-agent.growth * days / DAYS_PER_YEAR / 2.0) * skew
            for currency in range(2):
                money = min(agent.quote_share * (spare + backed), funds[currency] / QUOTES)
                ghs = int(money / view.margin_rates[currency] / notional(1.0, days, view.hashprice) * GHS_PER_PH)
                for side, sign in ((LONG_SIDE, -1.0), (SHORT_SIDE, 1.0)):
                    if ghs <= 0 or (side, tenor, currency) in standing:
                        continue
                    limit = int(fair * (1.0 + sign * agent.dealer_spread) * USD)
                    yield OrderForward.row(
                        account, side=side, ghs=ghs, limit=max(1, limit), tenor=tenor, currency=currency
                    )  # fmt: skip
