"""The loyal: they stake for points, or for a part of the platform's fees, stay, and buy from the shop.

Points count units and time, not dollars, so a point is cheapest where the staked unit is. What the loyal buy they keep,
or list on the market of whole NFTs.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, Strategy, Traits, trait
from agents.farming import DOLLARS, ENTERED, GOLDEN, POINTS, Orders, cash_of, depths, unit_worth, waiting
from agents.sheet import CLICK, sheet_of
from model.actions import Action, Bundle
from model.mechanisms.farms import BuyFromShop
from model.mechanisms.nft_market import ListNft
from model.units import DAYS_PER_WEEK, USD
from model.view import MarketView

FOR_POINTS, FOR_DOLLARS = 0, 1
NONE = -1


class LoyalTraits(Traits):
    """Further columns of the loyal."""

    devotion: Any = trait(
        {"uniform": {"low": 0.1, "high": 0.6}}, "1", "part of wealth that he wants to have staked", low=0.0, high=1.0
    )
    taste: Any = trait(
        0.03, "1/day", "chance to buy a piece for dollars on a day, where he has them", low=0.0, high=1.0
    )
    flips: Any = trait(0.3, "1", "part of the pieces that he lists on the market of NFTs", low=0.0, high=1.0)
    markup: Any = trait({"uniform": {"low": 0.0, "high": 1.0}}, "1", "asked above the appraisal", low=-0.9, high=100.0)


class Loyal(Strategy):
    """Stakes for points where a point is cheapest, or for fees, never sells a stake, and buys from the shop."""

    serves = "yield_farmer"
    name = "loyal"
    Traits = LoyalTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Stakes, purchases from the shop, and listings."""
        if not market.has("farms"):
            return
        sheet, farms, accounts = sheet_of(self.population.market).look(), market.farms, cohort.account
        orders, click = Orders(market, sheet.venues), float(sheet.scalars[CLICK])
        unit, waits, cash = unit_worth(market, sheet.venues), waiting(market, accounts), cash_of(market, accounts)
        depth, _ = depths(market, sheet.venues)
        draw, mood = cohort.draw("taste of the loyal"), cohort.draw("farms of the loyal")
        for k, account in enumerate(accounts.tolist()):
            orders.slippage = float(cohort.slippage[k])
            self._buy(
                orders,
                market,
                account,
                cash[k],
                int(waits[farms.pays == POINTS, k].sum()),
                float(draw[k]),
                cohort.taste[k],
            )
            chosen, pays = self._farm(market, unit, float(mood[k]))
            if chosen == NONE:
                continue
            staked = market.balances[farms.claim[chosen], account] if farms.claim[chosen] >= 0 else 0
            has = unit[chosen] * staked
            gap = min(cohort.devotion[k] * (has + cash[k]) - has, cohort.commitment[k] * (cash[k] - 4.0 * click))
            gap = min(gap, cohort.largest_share[k] * depth[chosen])
            held = market.balances[farms.asset[chosen], account]
            if gap > max(cohort.smallest[k], 0.1 * has):
                orders.enter(account, chosen, int(gap * USD))
            elif held > 0 and unit[chosen] * held > 2.0 * click:
                orders.add_stake(account, chosen)
            if pays == DOLLARS and staked > 0 and (market.day + account) % DAYS_PER_WEEK == 0:
                orders.harvest(account, chosen)
        self._list(orders, cohort, market)
        yield from orders.batches()

    @staticmethod
    def _farm(market: MarketView, unit: Any, mood: float) -> tuple[int, int]:
        """The farm whose points are cheapest to his mind, or else the one that shares most fees; -1 for none, and what it pays."""
        farms = market.farms
        usable = np.isin(farms.kind, ENTERED) & (farms.open > 0) & (unit > 0.0)
        points = np.flatnonzero(usable & (farms.pays == POINTS))
        if points.size:
            liked = 0.5 + np.modf((points + 1) * GOLDEN * (1.0 + mood))[0]
            return int(points[np.argmin(unit[points] * liked)]), POINTS
        fees = np.flatnonzero(usable & (farms.pays == DOLLARS))
        return (int(fees[np.argmax(farms.reward_usd[fees])]), DOLLARS) if fees.size else (NONE, DOLLARS)

    @staticmethod
    def _buy(
        orders: Orders, market: MarketView, account: int, cash: float, waits: int, draw: float, taste: float
    ) -> None:
        """The dearest piece that his points buy; now and then one for dollars."""
        farms = market.farms
        if farms.item_left.size == 0:
            return
        there = farms.item_left > 0
        points = int(market.balances[farms.points, account]) + waits
        within = np.flatnonzero(there & (farms.item_points > 0) & (farms.item_points <= points))
        if within.size:
            item = int(within[np.argmax(farms.item_points[within])])
            orders.add(BuyFromShop, account, item, FOR_POINTS, int(farms.item_points[item]))
        within = np.flatnonzero(there & (farms.item_price > 0) & (farms.item_price <= 0.2 * cash * USD))
        if within.size and draw < taste:
            item = int(within[int(draw / taste * within.size)])
            orders.add(BuyFromShop, account, item, FOR_DOLLARS, int(farms.item_price[item]))

    def _list(self, orders: Orders, cohort: Cohort, market: MarketView) -> None:
        """Ask a price for some of the pieces bought yesterday or earlier."""
        if not (market.has("nft_market") and market.has("nfts")):
            return
        nfts, asked = market.nfts, market.nft_market.price
        mine = np.flatnonzero(np.isin(nfts.owner, cohort.account) & np.isnan(asked) & (nfts.artist != nfts.owner))
        for n in mine.tolist():
            k = int(np.flatnonzero(cohort.account == nfts.owner[n])[0])
            if n % 100 < 100 * cohort.flips[k]:
                price = int(nfts.appraisal[n] * (1.0 + cohort.markup[k]) * USD)
                if price > 0:
                    orders.add(ListNft, int(nfts.owner[n]), n, price)
