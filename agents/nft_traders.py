"""Those who buy whole NFTs: bidders who want them below the floor, and collectors who buy what they like at it."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Traits, trait
from agents.nft_floors import NOTHING, come_across, comparables, floors
from agents.possessions import NONE
from model.actions import Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import BidAuction
from model.mechanisms.nft_market import BuyNft, ListNft, OfferFor
from model.sheaf import Sheaf
from model.streams import u01, uniforms
from model.units import USD
from model.view import MarketView

BIDDER = 1  # column of an offer
NEAR = 0.01  # part of a price by which an ask may differ before it is changed
SELDOM = 0.01  # looks a day; chances by the day are not raised above those of a look in 100 days


class NftTraderTraits(Traits):
    """Traits of all traders of whole NFTs."""

    cash: Any = trait({"lognormal": {"median": 150_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(0.8, "1/day", "chance to look at the market", low=0.0, high=1.0)


class NftTrader(MarketAgent):
    """Somebody with money for whole NFTs."""

    kind = "nft_trader"
    strategy = "bidder"
    Traits = NftTraderTraits


def _on_auction(market: MarketView) -> list[int]:
    """NFTs for which one can bid."""
    return np.flatnonzero(market.nft_loans.least_bid > 0).tolist()


def _bidders(market: MarketView) -> Any:
    """Who has an offer to buy open."""
    return market.nft_market.offers[:, BIDDER].copy()


def _listed(market: MarketView) -> list[int]:
    """NFTs that are on the market, the cheapest first."""
    price = market.nft_market.price
    listed = np.flatnonzero(~np.isnan(price))
    return listed[np.argsort(price[listed], kind="stable")].tolist()


class BidderTraits(Traits):
    """Traits of bidders."""

    discount: Any = trait(
        0.10, "1", "below the floor at which he buys", low=0.0, high=1.0,
        source="no bids at .95 of the floor, August 2022",
    )  # fmt: skip
    resale: Any = trait(0.02, "1", "below the floor at which he lists what he bought", low=0.0, high=1.0)
    at_once: Any = trait(3.0, "NFTs", "bids in one look", low=1.0, high=1_000.0)


class Limits(Sheaf):
    """Traits of bidders by slot."""

    discount: Any
    resale: Any


@kernel
def ask_and_offer(
    slots: Any, account: Any, own: Limits, balances: Any, floor: Any, sold_for: Any, kind: Any, collection: Any, owner: Any,
    least_bid: Any, highest: Any, borrower: Any, trades: bool, asked: Any, offering: Any, key: Any, listings: Any,
    offers: Any, bidders: Any,
) -> Any:  # fmt: skip
    """Rows of `ListNft`, and of `OfferFor` where nothing is to be had in an auction; how many, and how many may bid.

    Asks are a little below the floor, and never below what he would pay himself by comparable sales: who only asked less
    than others, or than himself, would pull down the floor that he goes by.

    Args:
        floor, sold_for: by collection, what all know and what comparable sales fetch [USD]
        kind, collection, owner: by NFT
        least_bid, highest, borrower: what a bid needs, who bids and who borrows, by NFT; empty without loans
        trades: whether there is a market; asked: by NFT [USD]; offering: accounts of those with an offer open
        key: of the draws of the collection that he offers for
        listings, offers: out; bidders: out, slots of those who can win an auction
    """
    n_listings = n_offers = n_bidders = 0
    for slot in slots:
        who, less, wins = account[slot], 1.0 - own.discount[slot], False
        cash = balances[USD_ASSET, who]
        for n in range(owner.size):
            if trades and owner[n] == who:
                c = collection[n]
                price = max(floor[c] * (1.0 - own.resale[slot]), sold_for[c] * less)
                if price == price and not abs(asked[n] - price) <= NEAR * price:
                    row = listings[n_listings]
                    row[0], row[1], row[2], row[3], row[4] = who, n, np.int64(price * USD), 0, 0
                    n_listings += 1
            if least_bid.size > 0 and least_bid[n] > 0 and highest[n] != who and borrower[n] != who:
                wins |= least_bid[n] <= floor[collection[n]] * less * USD and least_bid[n] <= cash
        if wins:
            bidders[n_bidders] = slot
            n_bidders += 1
        elif trades:
            waits = False
            for i in range(offering.size):
                waits |= offering[i] == who
            first = np.int64(u01(key, slot, 0) * owner.size)
            c = -1 if waits else come_across(first, owner, kind, collection, floor, less, cash / 2 / USD)
            if c >= 0:
                row = offers[n_offers]
                row[0], row[1], row[2], row[3], row[4], row[5] = who, c, -1, np.int64(floor[c] * less * USD), 0, 0
                n_offers += 1
    return n_listings, n_offers, n_bidders


class Bidder(PerAgentStrategy):
    """Bids in auctions the least that wins, never above the floor less his discount; offers as much, and lists what he got.

    He offers for any piece of a collection that he comes across. His asks follow the floor.
    """

    serves = "nft_trader"
    name = "bidder"
    Traits = BidderTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Lists, bids, and offers of those who cannot bid."""
        if not market.has("nfts"):
            return
        population, trades, nfts = self.population, market.has("nft_market"), market.nfts
        loans, of_market, key = (NONE, NONE, NONE), (NOTHING, NONE), market.key("offers", population.table.kind)
        rows = np.empty((nfts.n, ListNft.width), np.int64), np.empty((len(cohort), OfferFor.width), np.int64)
        bidders = np.empty(len(cohort), np.int64)
        if market.has("nft_loans"):
            loans = market.nft_loans.least_bid, market.nft_loans.bidder, market.nft_loans.borrower
        if trades:
            of_market = market.nft_market.price, market.once(_bidders)
        *found, n_bidders = ask_and_offer(
            cohort.slots, population.account, population.columns.of(Limits), market.balances, market.once(floors),
            market.once(comparables), nfts.kind, nfts.collection, nfts.owner, *loans, trades, *of_market, key, *rows, bidders,
        )  # fmt: skip
        for action, matrix, n in zip((ListNft, OfferFor), rows, found, strict=True):
            if n:
                yield action.of_rows(matrix[:n])
        if n_bidders:
            yield from super().decide(Cohort(population, bidders[:n_bidders], cohort.receipts), market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Bid as far as cash goes, a random auction first."""
        cash, bids = int(market.balances[USD_ASSET, agent.account]), 0
        for n, least in self._auctions(agent, market):
            if least <= cash and bids < agent.at_once:
                yield BidAuction.row(agent.account, nft=n, price=least)
                cash, bids = cash - least, bids + 1

    def _auctions(self, agent: Any, market: MarketView) -> list[tuple[int, int]]:
        """NFTs that can be had for less than he pays, in his own random order, with the bid that each needs."""
        view, floor, found = market.nft_loans, market.once(floors), []
        for n in market.once(_on_auction):
            most, least = float(floor[market.nfts.collection[n]]) * (1.0 - agent.discount) * USD, int(view.least_bid[n])
            if least <= most and view.bidder[n] != agent.account and view.borrower[n] != agent.account:
                found.append((n, least))
        if not found:
            return found
        draws = uniforms(market.key("auctions", agent.kind), np.array([n for n, _ in found], np.int64), agent.slot)
        return [found[i] for i in np.argsort(draws, kind="stable")]


class CollectorTraits(Traits):
    """Traits of collectors."""

    appetite: Any = trait(0.02, "1/day", "chance to buy a work that he can pay", low=0.0, high=1.0)
    taste: Any = trait(
        {"normal": {"mean": 0.0, "sd": 0.1}}, "1", "worth of a work to him above the floor", low=-0.9, high=10.0
    )


@kernel
def tempted(slots: Any, attention: Any, appetite: Any, dt_days: float, key: Any, out: Any) -> int:
    """Collectors who want a work today; how many they are.

    Args:
        attention, appetite: traits by slot
        key: of the draws of who does
        out: their slots
    """
    n = 0
    for slot in slots:
        often = max(1.0 / max(attention[slot], SELDOM), dt_days)
        if u01(key, slot, 0) < appetite[slot] * often:
            out[n] = slot
            n += 1
    return n


class Collector(PerAgentStrategy):
    """Now and then buys the cheapest work on the market that is worth its price to him, and keeps it."""

    serves = "nft_trader"
    name = "collector"
    Traits = CollectorTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Those who want a work today."""
        if not market.has("nft_market"):
            return
        population, out = self.population, np.empty(len(cohort), np.int64)
        columns, key = population.columns, market.key("appetite", population.table.kind)
        n = tempted(cohort.slots, columns["attention"], columns["appetite"], market.dt_days, key, out)
        if n:
            yield from super().decide(Cohort(population, out[:n], cohort.receipts), market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Buy the cheapest, or not."""
        for n in market.once(_listed):
            price = float(market.nft_market.price[n])
            if price > agent.cash:
                return
            most = float(market.once(floors)[market.nfts.collection[n]]) * (1.0 + agent.taste)
            if price <= most and market.nfts.owner[n] != agent.account:
                yield BuyNft.row(agent.account, nft=n, limit=int(price * USD) + 1)
                return
