"""Miners who rent hashpower out where that pays more than mining, and fix their income by forwards.

Rent is certain, a pool's pay is not, so a miner asks for a little less than he expects to mine: hashprice less his pool's
fee, times (1 − discount). He sells hashprice forward for a part of his rigs, below today's by what certainty is worth
to him, and may bind rigs for a term and sell tokens on them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, trait
from agents.miners.mining import DAYS_PER_WEEK
from agents.miners.payback import Payback, PaybackTraits
from model.actions import Action
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards import OrderForward, PostMargin, notional
from model.mechanisms.forwards.table import OWNER
from model.mechanisms.rental import GHS_PER_PH, AskForTokens, IssueTokens, OfferHashpower
from model.mechanisms.rental.table import BTC_PRICED, ENDS, ISSUER
from model.units import BTC, GHS_PER_TH, HOURS_PER_DAY, TH_PER_PH, USD
from model.view import MarketView

SHORT_SIDE = 1
WORTH_A_CHANGE = 0.02  # of floor or size; smaller changes are not worth a transaction
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


class RentOut(Payback):
    """Invests by payback; keeps a standing offer of hashpower, and sells hashprice forward once a week."""

    name = "rent_out"
    Traits = RentTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do; offers, tokens, hedges, margin."""
        yield from super().decide(cohort, market)
        if market.has("rental"):
            yield from self._offer(cohort, market)
            yield from self._issue(cohort, market)
            yield from self._ask(cohort, market)
        if market.has("forwards"):
            yield from self._answer_calls(cohort, market)
            yield from self._hedge(cohort, market)

    @staticmethod
    def _mining(cohort: Cohort, market: MarketView) -> NDArray[np.float64]:
        """What mining pays each: hashprice less his own pool's fee [satoshi per PH/s and day]."""
        gross = market.rigs.hashprice * TH_PER_PH / market.bitcoin.price * BTC
        fees = np.concatenate([market.payout.fee, np.zeros(2)])
        net: NDArray[np.float64] = gross * (1.0 - fees[market.payout.pool_of[cohort.account]])
        return net

    def _offer(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Standing offers that have changed."""
        rental, who = market.rental, cohort.account
        floor = (self._mining(cohort, market) * (1.0 - cohort.rent_discount)).astype(np.int64)
        ghs = (market.rigs.running[who] * cohort.rent_share).astype(np.int64)
        before, asked = rental.offered[who], rental.floor[who]
        new = (np.abs(ghs - before) > WORTH_A_CHANGE * before) | (np.abs(floor - asked) > WORTH_A_CHANGE * asked)
        if new.any():
            yield OfferHashpower(
                who[new], ghs=ghs[new], floor=floor[new], currency=BTC_PRICED, hours=cohort.rent_hours[new].astype(np.int64)
            )  # fmt: skip

    @staticmethod
    def _issue(cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Tokens of a few."""
        rental = market.rental
        if rental.tokens.size == 0 or not market.new_day or (rental.series[:, ISSUER] >= 0).all():
            return
        due = (cohort.slots + market.day) % DAYS_PER_WEEK == 0
        if not due.any():
            return
        drawn = cohort.draw("tokens of hashpower") < cohort.token_rate
        ghs = (rental.free[cohort.account] * cohort.token_share).astype(np.int64)
        days = cohort.token_days
        price = market.rigs.hashprice * days * (1.0 - cohort.token_discount) * USD
        issue = drawn & due & (ghs >= GHS_PER_TH)
        if issue.any():
            yield IssueTokens(
                cohort.account[issue], ghs=ghs[issue], hours=(days[issue] * HOURS_PER_DAY).astype(np.int64),
                price=price[issue].astype(np.int64),
            )  # fmt: skip

    @staticmethod
    def _ask(cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What is left of own tokens gets cheaper as its term runs out."""
        rental = market.rental
        living = np.flatnonzero(rental.series[:, ISSUER] >= 0)
        if living.size == 0 or not market.new_day:
            return
        place = {who: i for i, who in enumerate(cohort.account.tolist())}
        for s in living.tolist():
            i = place.get(int(rental.series[s, ISSUER]), -1)
            days = (int(rental.series[s, ENDS]) - market.tick) * market.dt_days
            if i >= 0 and days > 0 and market.balances[rental.tokens[s], cohort.account[i]] > 0:
                price = market.rigs.hashprice * days * (1.0 - cohort.token_discount[i]) * USD
                yield AskForTokens(cohort.account[i], series=s, price=int(price))

    @staticmethod
    def _answer_calls(cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Follow margin calls as far as money goes."""
        all_called = market.forwards.called[:, cohort.account]
        if not all_called.any():
            return
        for currency, asset in enumerate((USD_ASSET, BTC_ASSET)):
            called = np.minimum(all_called[currency], cohort.held(asset))
            asked = called > 0
            if asked.any():
                yield PostMargin(cohort.account[asked], amount=called[asked], currency=currency)

    @staticmethod
    def _hedge(cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """Sell forward what is missing from the part of rigs that shall be hedged."""
        view = market.forwards
        if not market.new_day or view.hashprice <= 0.0:
            return
        due = (cohort.slots + market.day) % DAYS_PER_WEEK == 0
        if not due.any():
            return
        who, tenor = cohort.account, market.day // DAYS_PER_WEEK % len(view.tenors)
        wanted = cohort.hedge_share * market.rigs.registered[who]
        lacking = wanted - view.short[who]
        limit = view.hashprice * (1.0 - cohort.hedge_discount)
        per_ghs = notional(1.0, view.tenors[tenor], view.hashprice) / GHS_PER_PH
        in_coins = cohort.hedge_coin > 0
        rate = np.where(in_coins, view.margin_rates[1], view.margin_rates[0])
        funds = np.where(in_coins, cohort.held(BTC_ASSET) / BTC * market.bitcoin.price, cohort.cash)
        ghs = np.minimum(lacking, funds * PART_OF_MONEY / (per_ghs * rate)).astype(np.int64)
        waits = np.zeros(market.balances.shape[1], np.bool_)
        waits[view.orders[:, OWNER]] = True
        sells = due & (ghs > WORTH_A_HEDGE * wanted) & (ghs > 0) & ~waits[who]
        if sells.any():
            yield OrderForward(
                who[sells], side=SHORT_SIDE, ghs=ghs[sells], limit=(limit[sells] * USD).astype(np.int64), tenor=tenor,
                currency=in_coins[sells].astype(np.int64),
            )  # fmt: skip
