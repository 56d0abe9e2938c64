"""The loyal: they stake for points, or for a part of the platform's fees, stay, and buy from the shop.

Points count units and time, not dollars, so a point is cheapest where the staked unit is. What the loyal buy they keep,
or list on the market of whole NFTs.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, Strategy, Traits, trait
from agents.farm_figures import CLICKS, DEPTH, DOLLARS, ENTERED, POINTS, UNIT, figures_of, pools_of
from agents.farm_orders import MOST_TO_ENTER, WIDTH, batches, enter_all, quotes_of
from agents.farming import GOLDEN, cash_of, waiting
from agents.sheet import CLICK
from agents.vault_sheet import sheet_of
from model.actions import Action, Bundle
from model.jit import kernel
from model.mechanisms.farms import STAKABLE, BuyFromShop, Harvest
from model.mechanisms.nft_market import ListNft
from model.streams import u01
from model.units import DAYS_PER_WEEK, USD
from model.view import MarketView

FOR_POINTS, FOR_DOLLARS = 0, 1
CAN_BE_BOUGHT = np.isin(np.arange(len(STAKABLE)), ENTERED)


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


@kernel
def _size(
    accounts: Any, farm: Any, claim: Any, asset: Any, unit: Any, depth: Any, balances: Any, cash: Any, click: float,
    devotion: Any, commitment: Any, largest_share: Any, smallest: Any, staked: Any, usd: Any,
) -> None:  # fmt: skip
    """What each has staked with his farm, and enters it with [USD base units], -1 to stake what is at hand, 0 for nothing.

    Args:
        accounts, farm, cash: of the cohort [USD]
        claim, asset, unit, depth: of all farms; the last two in USD, of a base unit and of the pool where it is bought
        devotion, commitment, largest_share, smallest: traits of the cohort
    """
    for k in range(accounts.size):
        f, who = farm[k], accounts[k]
        staked[k] = balances[claim[f], who] if claim[f] >= 0 else 0
        has = unit[f] * staked[k]
        gap = min(devotion[k] * (has + cash[k]) - has, commitment[k] * (cash[k] - CLICKS * click))
        gap = min(gap, largest_share[k] * depth[f])
        if gap > max(smallest[k], 0.1 * has):
            usd[k] = int(gap * USD)
        else:
            usd[k] = -1 if balances[asset[f], who] * unit[f] > 2.0 * click else 0


@kernel
def _to_list(
    slots: Any, account: Any, flips: Any, markup: Any, key: Any, owner: Any, artist: Any, appraisal: Any, price: Any,
    rows: Any,
) -> int:  # fmt: skip
    """Rows of `ListNft`: pieces that some of the loyal have bought and would sell, and ask nothing for yet.

    Args:
        flips, markup: traits by slot
        key: of the lasting draws that say which pieces are sold
        owner, artist, appraisal, price: by NFT; the last is asked for it, NaN if nothing
    """
    found = 0
    for n in range(owner.size):
        if owner[n] < 0 or artist[n] == owner[n] or price[n] == price[n]:
            continue
        for slot in slots:
            if account[slot] == owner[n] and u01(key, n, 0) < flips[slot]:
                asked = np.int64(appraisal[n] * (1.0 + markup[slot]) * USD)
                if asked > 0:
                    rows[found, 0], rows[found, 1], rows[found, 2] = account[slot], n, asked
                    found += 1
    return found


class Loyal(Strategy):
    """Stakes for points where a point is cheapest, or for fees, never sells a stake, and buys from the shop."""

    serves = "yield_farmer"
    name = "loyal"
    Traits = LoyalTraits

    def open(self) -> None:
        """Key of the draws of pieces for sale."""
        self.key = self.population.market.streams.key("pieces for sale", self.population.table.kind)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Purchases from the shop, stakes, and listings."""
        if not market.has("farms"):
            return
        farms = market.farms
        if farms.item_left.size:
            yield from self._buy(cohort, market, cash_of(market, cohort.account))
        if np.count_nonzero(farms.pays):  # anything but tokens
            yield from self._stake(cohort, market, farms)
        yield from self._list(cohort, market)

    def _stake(self, cohort: Cohort, market: MarketView, farms: Any) -> Iterable[Action | Bundle]:
        """Purchases of what each one's farm takes, stakes, and claims of fees."""
        sheet = sheet_of(self.population.market).look()
        figures, cash = figures_of(market, sheet.venues.figures), cash_of(market, cohort.account)
        farm, pays = self._farms(farms, figures[UNIT], cohort.draw("farms of the loyal"))
        if farm.size:
            staked, usd = np.empty((2, len(cohort)), np.int64)
            _size(
                cohort.account, farm, farms.claim, farms.asset, figures[UNIT], figures[DEPTH], market.balances, cash,
                float(sheet.scalars[CLICK]), cohort.devotion, cohort.commitment, cohort.largest_share, cohort.smallest,
                staked, usd,
            )  # fmt: skip
            rows = np.empty((MOST_TO_ENTER * len(cohort), WIDTH), np.int64)
            quotes = quotes_of(sheet.venues.figures, pools_of(market), float(farms.fee))
            n = enter_all(
                cohort.account, farm, usd, cohort.slippage, farms.kind, farms.vault, sheet.fraction,
                market.balances, quotes, rows,
            )  # fmt: skip
            yield from batches(rows[:n], sheet.venues)
            due = (staked > 0) & ((market.day + cohort.account) % DAYS_PER_WEEK == 0)
            if pays == DOLLARS and due.any():
                yield Harvest(cohort.account[due], farm=farm[due])

    @staticmethod
    def _farms(farms: Any, unit: NDArray[np.float64], mood: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
        """Each one's farm: whose points are cheapest to his mind, or else the one that shares most fees; and what it pays.

        Nothing where there are neither.
        """
        usable = CAN_BE_BOUGHT[farms.kind] & (farms.open > 0) & (unit > 0.0)
        points = np.flatnonzero(usable & (farms.pays == POINTS))
        if points.size:
            liked = 0.5 + np.modf((points + 1) * GOLDEN * (1.0 + mood[:, None]))[0]
            return points[np.argmin(unit[points] * liked, axis=1)], POINTS
        fees = np.flatnonzero(usable & (farms.pays == DOLLARS))
        if fees.size == 0:
            return fees, DOLLARS
        return np.full(mood.size, fees[np.argmax(farms.reward_usd[fees])]), DOLLARS

    @staticmethod
    def _buy(cohort: Cohort, market: MarketView, cash: NDArray[np.float64]) -> Iterable[Action]:
        """The dearest piece that their points buy; now and then one for dollars."""
        farms = market.farms
        there, rows = farms.item_left > 0, []
        waits = waiting(market, cohort.account)[farms.pays == POINTS].sum(axis=0)
        points = market.balances[farms.points, cohort.account] + waits
        draw, taste = cohort.draw("taste of the loyal"), cohort.taste
        for k, account in enumerate(cohort.account.tolist()):
            within = np.flatnonzero(there & (farms.item_points > 0) & (farms.item_points <= points[k]))
            if within.size:
                item = within[np.argmax(farms.item_points[within])]
                rows.append((account, item, FOR_POINTS, farms.item_points[item], 0, 0))
            if draw[k] >= taste[k]:
                continue
            within = np.flatnonzero(there & (farms.item_price > 0) & (farms.item_price <= 0.2 * cash[k] * USD))
            if within.size:
                item = within[int(draw[k] / taste[k] * within.size)]
                rows.append((account, item, FOR_DOLLARS, farms.item_price[item], 0, 0))
        if rows:
            yield BuyFromShop.of_rows(rows)

    def _list(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """Ask a price for some of the pieces bought yesterday or earlier."""
        if not (market.has("nft_market") and market.has("nfts")):
            return
        nfts, population = market.nfts, self.population
        rows = np.zeros((nfts.n, ListNft.width), np.int64)
        n = _to_list(
            cohort.slots, population.account, population.columns["flips"], population.columns["markup"], self.key,
            nfts.owner, nfts.artist, nfts.appraisal, market.nft_market.price, rows,
        )  # fmt: skip
        if n:
            yield ListNft.of_rows(rows[:n])
