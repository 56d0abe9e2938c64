"""Renters: the kind, and miners without rigs who bid what they expect hashpower to earn.

A bid is expected hashprice times (1 + conviction), less the market's fee; conviction is what he believes beyond today's
hashprice after pool fees. Without conviction nobody bids more than mining pays.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from model.actions import Action, Row
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.rental import BidHashpower, BuyTokens, RedeemTokens, RepriceBid, affordable
from model.mechanisms.rental.table import ENDS, HERE, ISSUER, NUMBER, OWNER, PRICE, TERM, USD_PRICED
from model.units import BTC, HOURS_PER_DAY, TOKEN, USD
from model.view import MarketView

BUY, SELL = 0, 1
PPM = 1_000_000
WORTH_A_CHANGE = 0.01  # of the price; smaller changes are not worth a transaction
SMALLEST_BUDGET = 20.0  # USD
TH_PER_PH = 1_000


class RenterTraits(Traits):
    """Traits of all renters."""

    cash: Any = trait({"lognormal": {"median": 20_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12)
    attention: Any = trait(1.0, "1/day", "chance to look at the market; orders are kept by bots", low=0.0, high=1.0)
    conviction: Any = trait(
        {"normal": {"mean": 0.0, "sd": 0.03}}, "1", "belief in hashprice beyond that of today",
        source="assumption; 0 on average is a market without speculation", low=-0.9, high=10.0,
    )  # fmt: skip
    order_share: Any = trait(0.25, "1", "part of his money that goes into one order", low=0.0, high=1.0)
    order_days: Any = trait(4.0, "days", "for which an order's budget should last", low=0.05, high=365.0)
    coin_priced: Any = trait(
        {"choice": {"values": [0, 1], "weights": [0.3, 0.7]}}, "1", "pays in USD (0) or in coins (1)",
        source="NiceHash prices in BTC", low=0, high=1,
    )  # fmt: skip


class Renter(MarketAgent):
    """Somebody who mines with hired hashpower."""

    kind = "renter"
    strategy = "bullish"
    Traits = RenterTraits


def money(agent: Any, market: MarketView) -> tuple[int, int]:
    """What he can put into orders, in his currency [base units], and the currency."""
    currency = int(agent.coin_priced)
    return int(market.balances[(USD_ASSET, BTC_ASSET)[currency], agent.account]), currency


def keep_currency(agent: Any, market: MarketView, reserve: float) -> Iterable[Row]:
    """Change dollars above a reserve into coins, or all coins into dollars, by his currency."""
    dollars, coins = (int(market.balances[a, agent.account]) for a in (USD_ASSET, BTC_ASSET))
    if int(agent.coin_priced) == USD_PRICED:
        if coins / BTC * market.bitcoin.sell_price > SMALLEST_BUDGET:
            yield TradeCoins.row(agent.account, side=SELL, amount=coins)
    elif dollars > 2 * reserve * USD:
        yield TradeCoins.row(agent.account, side=BUY, amount=int(dollars - reserve * USD))


def own_price(satoshi: float, currency: int, market: MarketView) -> int:
    """A price of satoshi per PH/s and day in a currency [base units]."""
    if currency == USD_PRICED:
        satoshi = satoshi / BTC * float(market.bitcoin.price) * USD
    return max(1, int(satoshi))


class BullishTraits(Traits):
    """Traits of those who mine with hired hashpower."""

    fixed_share: Any = trait(
        0.25, "1", "chance that a new order is one for a fixed term, if that is not too dear", low=0.0, high=1.0
    )
    fixed_hours: Any = trait(
        {"choice": {"values": [24, 72, 168], "weights": [0.5, 0.3, 0.2]}}, "hours", "such a term", low=1, high=8_760
    )
    certainty: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.15}}, "1", "what a fixed price for a term is worth to him, over his bid",
        low=0.0, high=10.0,
    )  # fmt: skip
    pocket: Any = trait(50.0, "USD", "dollars kept for transaction fees", low=0.0, high=1e9)


class Bullish(Strategy):
    """Keeps one standing order at his bid, now and then hires for a fixed term or buys tokens, and mines with all of it."""

    serves = "renter"
    name = "bullish"
    Traits = BullishTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Change money, redeem tokens, reprice or bid."""
        if not market.has("rental"):
            return
        rental, coin = market.rental, float(market.bitcoin.price)
        in_coins = cohort.coin_priced > 0.0
        yield from self._change_money(cohort, market, in_coins)
        worth = rental.fair * (1.0 + cohort.conviction)
        yield from self._tokens(cohort, market, worth)
        bid = worth / (1.0 + rental.fee)
        price = np.maximum(1, np.where(in_coins, bid, bid / BTC * coin * USD)).astype(np.int64)
        place = np.full(market.balances.shape[1], -1)
        place[cohort.account] = np.arange(len(cohort))
        who = place[rental.orders[:, OWNER]]
        orders, who = rental.orders[who >= 0], who[who >= 0]
        far = (orders[:, TERM] == 0) & (np.abs(price[who] - orders[:, PRICE]) > WORTH_A_CHANGE * orders[:, PRICE])
        if far.any():
            yield RepriceBid(cohort.account[who[far]], number=orders[far, NUMBER], price=price[who[far]])
        idle = np.ones(len(cohort), np.bool_)
        idle[who] = False
        yield from self._new_orders(cohort, market, in_coins, bid, price, idle)

    @staticmethod
    def _change_money(cohort: Cohort, market: MarketView, in_coins: NDArray[np.bool_]) -> Iterator[Action]:
        """Dollars above what fees need into coins, or all coins into dollars, by his currency."""
        dollars, coins = cohort.held(USD_ASSET), cohort.held(BTC_ASSET)
        pocket = cohort.pocket * USD
        buys = in_coins & (dollars > 2 * pocket)
        sells = ~in_coins & (coins / BTC * market.bitcoin.sell_price > SMALLEST_BUDGET)
        if buys.any():
            yield TradeCoins(cohort.account[buys], side=BUY, amount=(dollars - pocket)[buys].astype(np.int64))
        if sells.any():
            yield TradeCoins(cohort.account[sells], side=SELL, amount=coins[sells])

    @staticmethod
    def _new_orders(
        cohort: Cohort, market: MarketView, in_coins: NDArray[np.bool_], bid: Any, price: Any, idle: NDArray[np.bool_]
    ) -> Iterator[Action]:
        """Orders of those who have none, standard or, by chance and if it is not too dear, for a term."""
        rental, coin = market.rental, float(market.bitcoin.price)
        funds = np.where(in_coins, cohort.held(BTC_ASSET), cohort.held(USD_ASSET))
        budget = (funds * cohort.order_share).astype(np.int64)
        able = idle & (budget * np.where(in_coins, coin / BTC, 1.0 / USD) >= SMALLEST_BUDGET)
        if not able.any():
            return
        chance = {"standard": 0.0, "fixed": 1.0}.get(rental.taken, cohort.fixed_share)
        most = bid * (1.0 + cohort.certainty)
        fixed = (cohort.draw("renting") < chance) & (rental.quote <= most)
        if rental.taken == "fixed":
            able &= fixed
        ppm, tick = int(rental.fee * PPM) + 1, market.dt_days
        rows = []
        for i in np.flatnonzero(able).tolist():
            hours, at = 0, int(price[i])
            lasting = max(1, int(max(tick, float(cohort.order_days[i])) * HOURS_PER_DAY))
            if fixed[i]:
                hours = lasting = int(cohort.fixed_hours[i])
                at = own_price(float(most[i]), int(in_coins[i]), market)
            ghs = affordable(int(budget[i]), at, lasting, ppm)
            if ghs > 0:
                rows.append((cohort.account[i], ghs, at, budget[i], int(in_coins[i]), hours, HERE, 0, 0))
        if rows:
            yield BidHashpower.of_rows(rows)

    @staticmethod
    def _tokens(cohort: Cohort, market: MarketView, worth: NDArray[np.float64]) -> Iterator[Action]:
        """Redeem tokens at hand, and buy those that cost less than mining with them is worth to him."""
        rental, who = market.rental, cohort.account
        for s in np.flatnonzero(rental.series[:, ISSUER] >= 0).tolist():
            held = cohort.held(int(rental.tokens[s]))
            redeems = (held >= TOKEN // TH_PER_PH) & (who != rental.series[s, ISSUER])
            if redeems.any():
                yield RedeemTokens(who[redeems], series=s, amount=held[redeems])
            asked = rental.asks[rental.asks[:, 0] == s]
            if asked.size == 0:
                continue
            days = max(0, int(rental.series[s, ENDS]) - market.tick) * market.dt_days
            most = worth / TH_PER_PH * days / BTC * market.bitcoin.price * USD
            cash, cheapest = cohort.cash * cohort.order_share, int(asked[:, 2].min())
            buys = (most >= cheapest) & (cash > SMALLEST_BUDGET) & (who != rental.series[s, ISSUER])
            if buys.any():
                amount = (cash * (USD * TOKEN / cheapest)).astype(np.int64)
                yield BuyTokens(who[buys], series=s, amount=amount[buys], limit=most[buys].astype(np.int64))
