"""Renters: the kind, and miners without rigs who bid what they expect hashpower to earn.

A bid is expected hashprice times (1 + conviction), less the market's fee; conviction is what he believes beyond today's
hashprice after pool fees. Without conviction nobody bids more than mining pays.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from agents.costs import click_of
from agents.halvings import halved
from model.actions import BUY, SELL, Action, Row
from model.jit import helper, maker
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.rental import BidHashpower, BuyTokens, RedeemTokens, RepriceBid, payable
from model.mechanisms.rental.table import BTC_PRICED, ENDS, HERE, ISSUER, LEFT, NUMBER, OWNER, PRICE, TERM, USD_PRICED
from model.sheaf import Sheaf
from model.streams import u01, uniforms
from model.units import BTC, HOURS_PER_DAY, PPM, TH_PER_PH, TOKEN, USD
from model.view import MarketView

WORTH_A_CHANGE = 0.01  # of the price; smaller changes nobody troubles about
SMALLEST_BUDGET = 20.0  # USD
ANY = -1.0  # a market takes both kinds of orders
TAKEN = {"standard": 0.0, "fixed": 1.0}  # one that takes but one
UNHEARD_OF = 1_000_000_000_000_000_000  # GH/s that nobody could be sold


class RenterTraits(Traits):
    """Traits of all renters."""

    cash: Any = trait({"lognormal": {"median": 20_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
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
    """Change dollars above a reserve into coins and fill it up from them, or all coins into dollars, by his currency."""
    dollars, coins = (int(market.balances[a, agent.account]) for a in (USD_ASSET, BTC_ASSET))
    if int(agent.coin_priced) == USD_PRICED:
        if coins / BTC * market.bitcoin.sell_price > SMALLEST_BUDGET:
            yield TradeCoins.row(agent.account, side=SELL, amount=coins)
    elif dollars > 2 * reserve * USD:
        yield TradeCoins.row(agent.account, side=BUY, amount=int(dollars - reserve * USD))
    elif (refill := min(coins, _refill(dollars, reserve * USD, market.bitcoin.sell_price))) > 0:
        yield TradeCoins.row(agent.account, side=SELL, amount=refill)


@helper(types.int64(types.float64, types.float64, types.float64))
def _refill(dollars, reserve, sells_at):
    """Satoshi that fill up a reserve of which less than half is left, 0 before [USD base units; USD per coin]."""
    return np.int64(math.ceil((reserve - dollars) / USD / sells_at * BTC)) if 2 * dollars < reserve else 0


def own_price(satoshi: float, currency: int, market: MarketView) -> int:
    """A price of satoshi per PH/s and day in a currency [base units]."""
    if currency == USD_PRICED:
        satoshi = satoshi / BTC * float(market.bitcoin.price) * USD
    return max(1, int(satoshi))


@helper(types.int64(types.float64, types.boolean, types.float64), from_python=False)
def _in_own(satoshi, in_coins, coin):
    """`own_price` on numbers, at a coin's price [USD]."""
    return np.int64(max(1.0, satoshi if in_coins else satoshi / BTC * coin * USD))


@helper(types.boolean(types.float64, types.float64, types.float64, types.float64))
def worth_a_change(old, new, budget, click):
    """Whether an order's new price differs so much that it is worth a transaction, by the dollars that are left of it."""
    gap = abs(new - old)
    return gap > WORTH_A_CHANGE * old and gap * budget > click * old


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


class Wishes(Sheaf):
    """Traits of all renters, float64[slot]."""

    conviction: Any
    order_share: Any
    order_days: Any
    coin_priced: Any
    fixed_share: Any
    fixed_hours: Any
    certainty: Any
    pocket: Any


@maker
def _rent(
    slots: Any, account: Any, own: Wishes, balances: Any, coin: float, sells_at: float, click: float, orders: Any, fair: int,
    left: Any, quote: int, fee: float, chance: float, days: float, key: Any, coins: Any, changes: Any, bids: Any,
) -> Any:  # fmt: skip
    """Money changed, prices of own orders followed, and orders of those who have none.

    Dollars above what fees need become coins, which fill that up again, or all coins dollars, by each one's currency. A
    new order is standard or, by chance and if it is not too dear, for a term.

    Args:
        coin, sells_at: price of a coin, and what one fetches [USD]; click: fees of a transaction [USD]
        orders, fair, quote, fee: see `RentalView`
        left: of hashprice over each one's term, by slot, see `halved`
        chance: that an order is for a term, below 0 as each one likes; above 1/2 the market takes no other
        days: length of a tick
        key: of the draws of a term
        coins, changes, bids: out, rows of `TradeCoins`, `RepriceBid` and `BidHashpower`

    Returns:
        how many rows of each
    """
    n_coins = n_changes = n_bids = 0
    place = np.full(balances.shape[1], -1)
    price = np.empty(slots.size, np.int64)
    for side in (BUY, SELL):
        for slot in slots:
            who = account[slot]
            dollars, held, pocket = balances[USD_ASSET, who], balances[BTC_ASSET, who], own.pocket[slot] * USD
            in_coins, amount = own.coin_priced[slot] > 0.0, np.int64(0)
            if side == BUY and in_coins and dollars > 2 * pocket:
                amount = np.int64(dollars - pocket)
            elif side == SELL and not in_coins and held / BTC * sells_at > SMALLEST_BUDGET:
                amount = held
            elif side == SELL and in_coins:
                amount = min(held, _refill(dollars, pocket, sells_at))
            if amount <= 0:
                continue
            coins[n_coins, 0], coins[n_coins, 1], coins[n_coins, 2] = who, side, amount
            n_coins += 1
    for i in range(slots.size):
        slot = slots[i]
        place[account[slot]] = i
        price[i] = _in_own(fair * (1.0 + own.conviction[slot]) / (1.0 + fee), own.coin_priced[slot] > 0.0, coin)
    waits = np.zeros(slots.size, np.bool_)
    for o in range(orders.shape[0]):
        row = orders[o]
        i = place[row[OWNER]]
        if i < 0:
            continue
        waits[i] = True
        unit = coin / BTC if own.coin_priced[slots[i]] > 0.0 else 1.0 / USD
        if row[TERM] == 0 and worth_a_change(row[PRICE], price[i], row[LEFT] * unit, click):
            changes[n_changes, 0], changes[n_changes, 1], changes[n_changes, 2] = row[OWNER], row[NUMBER], price[i]
            n_changes += 1
    ppm = np.int64(fee * PPM) + 1
    for i in range(slots.size):
        slot = slots[i]
        who, in_coins = account[slot], own.coin_priced[slot] > 0.0
        budget = np.int64(balances[BTC_ASSET if in_coins else USD_ASSET, who] * own.order_share[slot])
        if waits[i] or not budget * (coin / BTC if in_coins else 1.0 / USD) >= SMALLEST_BUDGET:
            continue
        most = fair * (1.0 + own.conviction[slot]) / (1.0 + fee) * (1.0 + own.certainty[slot]) * left[slot]
        likely = own.fixed_share[slot] if chance < 0.0 else chance
        fixed = u01(key, slot, 0) < likely and quote <= most
        if chance > 0.5 and not fixed:
            continue
        hours, at = np.int64(0), price[i]
        lasting = max(1, np.int64(max(days, own.order_days[slot]) * HOURS_PER_DAY))
        if fixed:
            hours = lasting = np.int64(own.fixed_hours[slot])
            at = _in_own(most, in_coins, coin)
        ghs = payable(budget, at, lasting, ppm, UNHEARD_OF)
        if ghs > 0:
            row = bids[n_bids]
            row[0], row[1], row[2], row[3], row[4] = who, ghs, at, budget, BTC_PRICED if in_coins else USD_PRICED
            row[5], row[6] = hours, HERE
            n_bids += 1
    return n_coins, n_changes, n_bids


class Bullish(Strategy):
    """Keeps one standing order at his bid, now and then hires for a fixed term or buys tokens, and mines with all of it."""

    serves = "renter"
    name = "bullish"
    Traits = BullishTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Change money, redeem tokens, reprice or bid."""
        if not market.has("rental"):
            return
        rental, population, n = market.rental, self.population, len(cohort)
        rows = (np.zeros((n, 5), np.int64), np.zeros((rental.orders.shape[0], 5), np.int64), np.zeros((n, 9), np.int64))
        count = _rent(
            cohort.slots, population.account, population.columns.of(Wishes),
            market.balances, float(market.bitcoin.price), float(market.bitcoin.sell_price), click_of(market), rental.orders,
            rental.fair, halved(market, population.columns["fixed_hours"] / HOURS_PER_DAY), rental.quote, float(rental.fee),
            TAKEN.get(rental.taken, ANY), market.dt_days,
            market.key("renting", population.table.kind), *rows,
        )  # fmt: skip
        coins, tokens, spent = rows[0][: count[0]], list[Action](), np.zeros(n)
        living = np.flatnonzero(rental.series[:, ISSUER] >= 0).tolist() if rental.series.size else ()
        if living:
            turns = np.argsort(uniforms(market.key("tokens to rent", population.table.kind), cohort.slots, 0))
            tokens = list(self._tokens(living, cohort, market, rental.fair * (1.0 + cohort.conviction), turns, spent))
            coins = self._paid(cohort, market, coins, spent)
        if coins.shape[0]:
            yield TradeCoins.of_rows(coins)
        yield from tokens
        for action, found, n_found in zip((RepriceBid, BidHashpower), rows[1:], count[1:], strict=True):
            if n_found:
                yield action.of_rows(found[:n_found])

    @staticmethod
    def _tokens(
        living: Sequence[int],
        cohort: Cohort,
        market: MarketView,
        worth: NDArray[np.float64],
        turns: NDArray[np.int64],
        spent: NDArray[np.float64],
    ) -> Iterator[Action]:
        """Redeem tokens at hand, and buy those that cost less than mining with them is worth to him.

        Renters come one after another, by `turns`, and who finds all tokens sold orders none. Tokens cost dollars; who
        pays in coins counts them to what he can spend. `spent` becomes the dollars needed.
        """
        rental, who = market.rental, cohort.account
        coins = np.where(cohort.coin_priced > 0.0, cohort.held(BTC_ASSET) / BTC, 0.0) * market.bitcoin.sell_price
        for s in living:
            held = cohort.held(int(rental.tokens[s]))
            redeems = (held >= TOKEN // TH_PER_PH) & (who != rental.series[s, ISSUER])
            if redeems.any():
                yield RedeemTokens(who[redeems], series=s, amount=held[redeems])
            asked = rental.asks[rental.asks[:, 0] == s]
            days = (int(rental.series[s, ENDS]) - market.tick) * market.dt_days
            if asked.size == 0 or days <= 0.0:
                continue
            left = float(halved(market, [days])[0])
            most = worth / TH_PER_PH * days * left / BTC * market.bitcoin.price * USD
            cheapest, there = int(asked[:, 2].min()), float((asked[:, 2] / USD) @ (asked[:, 3] / TOKEN))
            budget = (cohort.cash + coins) * cohort.order_share
            buys = (most >= cheapest) & (budget > SMALLEST_BUDGET) & (who != rental.series[s, ISSUER])
            wanted = np.where(buys, budget, 0.0)[turns]
            buys[turns] &= np.cumsum(wanted) - wanted < there
            if buys.any():
                spent[buys] += np.minimum(budget, there)[buys]
                amount = (budget * (USD * TOKEN / cheapest)).astype(np.int64)
                yield BuyTokens(who[buys], series=s, amount=amount[buys], limit=most[buys].astype(np.int64))

    @staticmethod
    def _paid(
        cohort: Cohort, market: MarketView, coins: NDArray[np.int64], spent: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Rows of `TradeCoins` that leave the dollars that tokens cost: none buys coins with them, and some sell coins."""
        lack = spent - np.maximum(0.0, cohort.cash - cohort.pocket)
        sells = (cohort.coin_priced > 0.0) & (spent > 0.0) & (lack > 0.0)
        needed = np.ceil(lack[sells] / market.bitcoin.sell_price * BTC)
        spare = cohort.held(BTC_ASSET)[sells] * (1.0 - cohort.order_share[sells])  # the rest for an order
        sales = np.zeros((needed.size, TradeCoins.width), np.int64)
        sales[:, 0], sales[:, 1], sales[:, 2] = cohort.account[sells], SELL, np.minimum(needed, spare)
        stays = ~((coins[:, 1] == BUY) & np.isin(coins[:, 0], cohort.account[spent > 0.0]))
        return np.concatenate([coins[stays], sales[sales[:, 2] > 0]])
