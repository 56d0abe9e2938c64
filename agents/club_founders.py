"""Club founders: bots that let buyers order new rigs together when fractions cost more than the rigs behind them.

A founder asks for pledges that pay for rigs at the makers' price and a reserve against its rise, pledges himself, and,
once the fractions are out, opens their pool and sells what he has left: primary rigs against dear fractions.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Traits, trait
from agents.miners import terms
from model.actions import SELL, Action, Bundle, Row
from model.ledger import USD_ASSET
from model.mechanisms.amm import AddLiquidity, Swap
from model.mechanisms.offerings import FoundClub, Subscribe
from model.nft_kind import NftKind
from model.units import GHS_PER_TH, TOKEN, USD
from model.view import MarketView

ANY = 1
CLUB = int(NftKind.CLUB)


class FounderTraits(Traits):
    """What a founder reckons with."""

    reserve: Any = trait(
        0.1, "1", "pledges above the price of rigs, for the fee and a rise until they are ordered", low=0.0, high=2.0
    )
    advantage: Any = trait(
        0.2, "1", "how much dearer fractions must be than their part of new rigs", low=0.0, high=10.0
    )
    pledge: Any = trait(0.2, "1", "part of cash that a founder pledges to his own club", low=0.0, high=1.0)
    daily_sale: Any = trait(0.05, "1", "part of the pool's fractions that a founder sells at once", low=0.0, high=1.0)


class ClubFounder(PerAgentStrategy):
    """Founds a club when fractions are dear, opens the pool of its fractions, and sells his own.

    Attributes:
        clubs: by founder's account, those on offer, and those in circulation of which he has fractions
        fetched: what fractions of rigs fetch today [USD/TH]
    """

    serves = "arbitrageur"
    name = "club_founder"
    Traits = FounderTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """What those do who have a club or see fractions that are dear enough to found one."""
        if not (market.new_day and market.has("offerings") and market.has("amm")):
            return
        vaults, offerings = market.vaults, market.offerings
        self.clubs, waiting = defaultdict(list), set()  # one club at a time is on offer or waits for the makers
        for v in (vaults.kind == CLUB).nonzero()[0].tolist():
            founder, offered, live = vaults.creator.item(v), offerings.open.item(v), vaults.live.item(v)
            if offered or (live and vaults.ghs.item(v) <= 0):
                waiting.add(founder)
            if offered or (live and market.balances.item(vaults.fraction.item(v), founder) >= TOKEN):
                self.clubs[founder].append(v)
        self.fetched = market.once(terms)[0]
        accounts = cohort.account.tolist() if self.clubs or waiting else []
        if self.clubs:
            yield from super().decide(cohort.part([who in self.clubs for who in accounts]), market)
        if offerings.room > 0 and self.fetched > self._least(market):
            yield from self.founded(
                cohort.part([who not in waiting for who in accounts]) if waiting else cohort, market
            )

    def _least(self, market: MarketView) -> float:
        """For what rigs must fetch more, that anybody may found a club [USD/TH]."""
        columns, n = self.population.columns, len(self.population)
        per_th = (market.rigs.price + market.rigs.site_cost) * (1.0 + columns.least("reserve", n))
        return float(per_th * (1.0 + columns.least("advantage", n)))

    def founded(self, founders: Cohort, market: MarketView) -> Iterable[Action]:
        """Clubs of those to whom fractions are dear enough: what they fetch above rigs, reserve and advantage."""
        offerings = market.offerings
        per_th = (market.rigs.price + market.rigs.site_cost) * (1.0 + founders.reserve)
        (tempted,) = (self.fetched > per_th * (1.0 + founders.advantage)).nonzero()
        if tempted.size:
            ghs, supply = offerings.least_ghs, int(offerings.supplies[CLUB])
            price = (ghs / GHS_PER_TH * per_th / supply * USD).astype(np.int64)
            rows = np.zeros((tempted.size, FoundClub.width), np.int64)
            rows[:, 0], rows[:, 1], rows[:, 2] = founders.account[tempted], ghs, price[tempted]
            yield FoundClub.of_rows(rows)

    def decide_one(self, agent: MarketAgent, market: MarketView) -> Iterable[Row]:
        """The next step with each own club."""
        for v in self.clubs[agent.account]:
            if market.offerings.open[v]:
                yield from self._pledge(agent, market, v)
            else:
                yield from self._market(agent, market, v)

    def _pledge(self, agent: MarketAgent, market: MarketView, v: int) -> Iterable[Row]:
        """His own pledge, once: who has receipts of the club has made it."""
        offerings, receipts = market.offerings, market.vaults.receipts.item(v)
        if receipts >= 0 and agent.held(receipts) > 0:
            return
        price = float(offerings.price[v])
        part = int(min(agent.pledge * agent.held(USD_ASSET) / USD / price, offerings.left[v] / TOKEN))
        if part > 0:
            yield Subscribe.row(agent.account, vault=v, fractions=part * TOKEN, limit=int(price * USD + 0.5))

    def _market(self, agent: MarketAgent, market: MarketView, v: int) -> Iterable[Row]:
        amm, daily = market.amm, agent.daily_sale
        held = market.balances.item(market.vaults.fraction.item(v), agent.account)
        if amm.share[v] < 0:
            th = float(market.vaults.th_per_fraction[v] + market.vaults.th_coming[v])
            price = self.fetched * th
            half = held // 2
            usd = min(int(half / TOKEN * price * USD), agent.held(USD_ASSET) // 2)
            if price > 0.0 and usd >= USD:
                fractions = int(usd / USD / price * TOKEN)
                yield AddLiquidity.row(agent.account, vault=v, usd=usd, fractions=fractions, limit=ANY)
            return
        sold = min(held, int(daily * amm.reserve_fraction.item(v)))
        least = amm.price.item(v) * sold / TOKEN * (1.0 - amm.fee) * (1.0 - daily) * (1.0 - agent.slippage)
        if sold > 0:
            yield Swap.row(agent.account, vault=v, side=SELL, amount=sold, limit=int(least * USD))
