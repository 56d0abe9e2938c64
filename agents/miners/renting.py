"""Miners who rent hashpower out where that pays more than mining, and fix their income by forwards.

Rent is certain, a pool's pay is not, so a miner asks for a little less than he expects to mine: hashprice less his pool's
fee, times (1 − discount). He sells hashprice forward for a part of his rigs, below today's by what certainty is worth
to him, and may bind rigs for a term and sell tokens on them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from agents.base import Cohort, trait
from agents.costs import click_of
from agents.halvings import halved, mined
from agents.miners.payback import Payback, PaybackTraits
from model.actions import Action
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import OrderForward, PostMargin, notional
from model.mechanisms.forwards.table import OWNER
from model.mechanisms.rental import AskForTokens, IssueTokens, OfferHashpower
from model.mechanisms.rental.table import BTC_PRICED, ENDS, ISSUER
from model.sheaf import Sheaf
from model.streams import u01
from model.units import BTC, DAYS_PER_WEEK, GHS_PER_PH, GHS_PER_TH, HOURS_PER_DAY, TH_PER_PH, USD
from model.view import MarketView

SHORT_SIDE = 1
WORTH_A_CHANGE = 0.02  # of floor or size; smaller changes nobody troubles about
PART_OF_MONEY = 0.8  # that goes into margin at most
WORTH_A_HEDGE = 0.1  # of what he wants to have sold forward


class RentTraits(PaybackTraits):
    """Traits of miners who rent out and hedge."""

    rent_share: Any = trait(
        {"uniform": {"low": 0.2, "high": 1.0}}, "1", "part of running rigs that is for rent", low=0.0, high=1.0
    )
    rent_discount: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.06}}, "1", "below expected mining income at which he rents out: rent is certain",
        low=-1.0, high=1.0, source="assumption; a pool's luck and its threshold for payment cost about so much",
    )  # fmt: skip
    rent_hours: Any = trait(
        {"choice": {"values": [0, 24, 168, 720], "weights": [0.3, 0.3, 0.2, 0.2]}}, "hours", "longest term he accepts",
        low=0, high=8_760,
    )  # fmt: skip
    token_rate: Any = trait(0.02, "1/week", "chance to bind rigs for a term and sell tokens on them", low=0.0, high=1.0)
    token_share: Any = trait(0.2, "1", "part of free rigs that he binds so", low=0.01, high=1.0)
    token_days: Any = trait(60.0, "days", "for so long", low=1.0, high=365.0)
    token_discount: Any = trait(
        0.10, "1", "price of tokens below what mining would pay at today's hashprice", low=-1.0, high=1.0,
        source="assumption: growth of difficulty and interest over the term",
    )  # fmt: skip
    hedge_share: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.6}}, "1", "part of rigs whose hashprice he sells forward", low=0.0, high=1.0
    )
    hedge_discount: Any = trait(
        {"uniform": {"low": 0.03, "high": 0.2}}, "1", "below today's hashprice at which he still sells", low=-1.0, high=1.0,
        source="assumption: growth of difficulty over the term, and what certainty is worth",
    )  # fmt: skip
    hedge_coin: Any = trait(
        {"choice": {"values": [0, 1], "weights": [0.7, 0.3]}},
        "1",
        "settles forwards in USD (0) or coins (1)",
        low=0,
        high=1,
    )


class Letting(Sheaf):
    """Columns that say how rigs are rented out, by slot of the population."""

    rent_share: Any
    rent_discount: Any
    rent_hours: Any
    token_rate: Any
    token_share: Any
    token_days: Any
    token_discount: Any


class Hedging(Sheaf):
    """Columns that say what is sold forward, by slot of the population."""

    hedge_share: Any
    hedge_discount: Any
    hedge_coin: Any


@kernel
def let_rigs(
    slots: Any, account: Any, own: Letting, day: int, morning: bool, gross: float, fresh: Any, worn: Any, fee: Any,
    pool_of: Any, running: Any, rental: Any, balances: Any, click: float, key: Any, rows: Any,
) -> Any:  # fmt: skip
    """Standing offers, tokens of a few, and new prices of what is left of own tokens.

    Who mines gets hashprice less his own pool's fee. An offer changes where that is worth more in a week than a
    transaction costs. What is left of tokens gets cheaper as their term runs out.

    Args:
        day: of the run; tokens are issued on a miner's own day of the week
        morning: whether tokens are issued and priced now
        gross: hashprice [satoshi per PH/s and day]
        fresh, worn: what a token mines until its term ends [USD], of new tokens by slot, of living ones by series
        fee: by pool; pool_of, running: by account
        rental: offered, floor and free by account, series and tokens, see `RentalView`
        click: fees of a transaction [satoshi]
        key: of the draws of who issues tokens
        rows: out, of `OfferHashpower`, `IssueTokens` and `AskForTokens`

    Returns:
        how many rows of each
    """
    offered, floor, free, series, tokens = rental
    offers, issues, asks = rows
    n_offers = n_issues = n_asks = 0
    room = False
    for s in range(series.shape[0]):
        room |= series[s, ISSUER] < 0
    for slot in slots:
        who = account[slot]
        pool = pool_of[who]
        net = gross * (1.0 - (fee[pool] if 0 <= pool < fee.size else 0.0))
        least = np.int64(net * (1.0 - own.rent_discount[slot]))
        ghs = np.int64(running[who] * own.rent_share[slot])
        size, price = abs(ghs - offered[who]), abs(least - floor[who])
        worth = (float(size) * least + float(offered[who]) * price) / GHS_PER_PH * DAYS_PER_WEEK
        if (size > WORTH_A_CHANGE * offered[who] or price > WORTH_A_CHANGE * floor[who]) and worth > click:
            row = offers[n_offers]
            row[0], row[1], row[2], row[3], row[4] = who, ghs, least, BTC_PRICED, np.int64(own.rent_hours[slot])
            n_offers += 1
        if not (room and morning and (slot + day) % DAYS_PER_WEEK == 0):
            continue
        ghs = np.int64(free[who] * own.token_share[slot])
        if ghs >= GHS_PER_TH and u01(key, slot, 0) < own.token_rate[slot]:
            row = issues[n_issues]
            row[0], row[1], row[2] = who, ghs, np.int64(own.token_days[slot] * HOURS_PER_DAY)
            row[3] = np.int64(fresh[slot] * (1.0 - own.token_discount[slot]) * USD)
            n_issues += 1
    for s in range(series.shape[0] if morning else 0):
        if series[s, ISSUER] < 0 or worn[s] <= 0.0 or balances[tokens[s], series[s, ISSUER]] <= 0:
            continue
        for slot in slots:
            if account[slot] == series[s, ISSUER]:
                row = asks[n_asks]
                row[0], row[1] = account[slot], s
                row[2] = np.int64(worn[s] * (1.0 - own.token_discount[slot]) * USD)
                n_asks += 1
    return n_offers, n_issues, n_asks


@kernel
def hedge(
    slots: Any, account: Any, own: Hedging, day: int, morning: bool, balances: Any, coin: float, called: Any,
    registered: Any, short: Any, waiting: Any, index: Any, per_ghs: float, rates: Any, tenor: int, rows: Any,
) -> Any:  # fmt: skip
    """Margin calls followed as far as money goes, and forward sales of what is missing from the part to be hedged.

    Args:
        day: of the run; a miner sells on his own day of the week; morning: whether anybody sells now
        coin: price of a coin [USD]
        called, short: see `ForwardsView`; registered: GH/s by account; waiting: rows of open orders
        index: see `ForwardsView`, as far as a halving leaves it; per_ghs: value of a GH/s over the term [USD]
        rates: margin over value by currency; tenor: place of the term
        rows: out, of `PostMargin` and `OrderForward`

    Returns:
        how many rows of each
    """
    margins, sales = rows
    n_margins = n_sales = 0
    for currency in range(2):
        for slot in slots:
            who = account[slot]
            asked = min(called[currency, who], balances[BTC_ASSET if currency else USD_ASSET, who])
            if asked > 0:
                margins[n_margins, 0], margins[n_margins, 1], margins[n_margins, 2] = who, asked, currency
                n_margins += 1
    for slot in slots:
        if not (morning and index[0] > 0 and (slot + day) % DAYS_PER_WEEK == 0):
            continue
        who = account[slot]
        wanted = own.hedge_share[slot] * registered[who]
        in_coins = own.hedge_coin[slot] > 0.0
        funds = balances[BTC_ASSET, who] / BTC * coin if in_coins else balances[USD_ASSET, who] / USD
        rate = rates[1] if in_coins else rates[0]
        ghs = np.int64(min(wanted - short[who], funds * PART_OF_MONEY / (per_ghs * rate)))
        if ghs <= 0 or not ghs > WORTH_A_HEDGE * wanted:
            continue
        waits = False
        for o in range(waiting.shape[0]):
            waits |= waiting[o, OWNER] == who
        if not waits:
            row = sales[n_sales]
            row[0], row[1], row[2] = who, SHORT_SIDE, ghs
            currency = 1 if in_coins else 0
            row[3] = np.int64(index[currency] * (1.0 - own.hedge_discount[slot]))
            row[4], row[5] = tenor, currency
            n_sales += 1
    return n_margins, n_sales


LET: tuple[type[Action], ...] = (OfferHashpower, IssueTokens, AskForTokens)
HEDGED: tuple[type[Action], ...] = (PostMargin, OrderForward)


class RentOut(Payback):
    """Invests by payback; keeps a standing offer of hashpower, and sells hashprice forward once a week."""

    name = "rent_out"
    Traits = RentTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do; offers, tokens, hedges, margin."""
        yield from super().decide(cohort, market)
        if market.has("rental"):
            yield from self._let(cohort, market)
        if market.has("forwards"):
            yield from self._hedge(cohort, market)

    def _let(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Standing offers and tokens."""
        rental, rigs, population, n = market.rental, market.rigs, self.population, len(cohort)
        gross = rigs.hashprice * TH_PER_PH / market.bitcoin.price * BTC
        days = np.maximum(0, rental.series[:, ENDS] - market.tick) * market.dt_days
        shapes = (n, 7), (n, 6), (rental.tokens.size, 5)
        rows = tuple(np.zeros(shape, np.int64) for shape in shapes)
        found = let_rigs(
            cohort.slots, population.account, population.columns.of(Letting), market.day, market.new_day, gross,
            mined(market, population.columns["token_days"]), mined(market, days), market.payout.fee, market.payout.pool_of, rigs.running,
            (rental.offered, rental.floor, rental.free, rental.series, rental.tokens), market.balances,
            click_of(market) / market.bitcoin.price * BTC,
            market.key("tokens of hashpower", population.table.kind), rows,
        )  # fmt: skip
        for action, matrix, n in zip(LET, rows, found, strict=True):
            if n:
                yield action.of_rows(matrix[:n])

    def _hedge(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Margin, and what is sold forward."""
        view, population, n = market.forwards, self.population, len(cohort)
        tenor = market.day // DAYS_PER_WEEK % len(view.tenors)
        left = halved(market, view.tenors)[tenor]
        per_ghs = notional(1.0, view.tenors[tenor], view.hashprice) / GHS_PER_PH
        rows = np.zeros((2 * n, 5), np.int64), np.zeros((n, 8), np.int64)
        found = hedge(
            cohort.slots, population.account, population.columns.of(Hedging), market.day, market.new_day, market.balances,
            market.bitcoin.price, view.called, market.rigs.registered, view.short, view.orders, view.index * left, per_ghs,
            view.margin_rates, tenor, rows,
        )  # fmt: skip
        for action, matrix, n in zip(HEDGED, rows, found, strict=True):
            if n:
                yield action.of_rows(matrix[:n])
