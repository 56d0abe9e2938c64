"""Those who buy whole NFTs: bidders who want them below the floor, and collectors who buy what they like at it."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Traits, trait
from agents.possessions import nfts_by_owner
from model.actions import Action, Bundle, Row
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import BidAuction
from model.mechanisms.nft_market import BuyNft, ListNft, OfferFor
from model.nft_kind import NftKind
from model.streams import uniforms
from model.units import USD
from model.view import MarketView

COLLECTIBLE = int(NftKind.COLLECTIBLE)
BIDDER = 1  # column of an offer
SELDOM = 0.01  # looks a day; chances by the day are not raised above those of a look in 100 days


class NftTraderTraits(Traits):
    """Traits of all traders of whole NFTs."""

    cash: Any = trait(
        {"lognormal": {"median": 150_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12
    )
    attention: Any = trait(0.8, "1/day", "chance to look at the market", low=0.0, high=1.0)


class NftTrader(MarketAgent):
    """Somebody with money for whole NFTs."""

    kind = "nft_trader"
    strategy = "bidder"
    Traits = NftTraderTraits


def floor_of(kind: int, market: MarketView) -> float:
    """The floor that all know [USD]: the loans' report, else the market's, else the cheapest comparable sale; NaN for none."""
    known = market.once(_floors)
    if kind not in known:
        known[kind] = _floor(kind, market)
    return known[kind]


def _floors(_: MarketView) -> dict[int, float]:
    """Floors by kind, as they are asked for."""
    return {}


def _floor(kind: int, market: MarketView) -> float:
    for key in ("nft_loans", "nft_market"):
        if market.has(key):
            floor = float(getattr(market, key).floor[kind])
            if not math.isnan(floor):
                return floor
    nfts = market.nfts
    known = nfts.anchor[(nfts.kind == kind) & (nfts.owner >= 0)]
    return float(known.min()) if known.size else math.nan


def _on_auction(market: MarketView) -> list[int]:
    """NFTs for which one can bid."""
    return np.flatnonzero(market.nft_loans.least_bid > 0).tolist()


def _bidders(market: MarketView) -> set[int]:
    """Who has an offer to buy open."""
    return set(market.nft_market.offers[:, BIDDER].tolist())


class BidderTraits(Traits):
    """Traits of bidders."""

    discount: Any = trait(
        0.10, "1", "below the floor at which he buys", low=0.0, high=1.0,
        source="no bids at .95 of the floor, August 2022",
    )  # fmt: skip
    resale: Any = trait(0.02, "1", "below the floor at which he lists what he bought", low=0.0, high=1.0)
    at_once: Any = trait(3.0, "NFTs", "bids in one look", low=1.0, high=1_000.0)


class Bidder(PerAgentStrategy):
    """Bids in auctions the least that wins, never above the floor less his discount; offers as much, and lists what he got."""

    serves = "nft_trader"
    name = "bidder"
    Traits = BidderTraits

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """List, then bid as far as cash goes, a random auction first."""
        if not market.has("nfts"):
            return
        nfts, account = market.nfts, agent.account
        cash = int(market.balances[USD_ASSET, account])
        if market.has("nft_market"):
            for n in market.once(nfts_by_owner).get(account, ()):
                asked, floor = float(market.nft_market.price[n]), floor_of(int(nfts.kind[n]), market)
                price = floor * (1.0 - agent.resale)
                if not math.isnan(price) and not asked <= price:
                    yield ListNft.row(account, nft=n, price=int(price * USD))
        bids = 0
        if market.has("nft_loans"):
            for n, least in self._auctions(agent, market):
                if least <= cash and bids < agent.at_once:
                    yield BidAuction.row(account, nft=n, price=least)
                    cash, bids = cash - least, bids + 1
        if not bids and market.has("nft_market") and account not in market.once(_bidders):
            price = floor_of(COLLECTIBLE, market) * (1.0 - agent.discount)
            if 0.0 < price * USD <= cash / 2:
                yield OfferFor.row(account, kind=COLLECTIBLE, nft=-1, price=int(price * USD))

    def _auctions(self, agent: Any, market: MarketView) -> list[tuple[int, int]]:
        """NFTs that can be had for less than he pays, in his own random order, with the bid that each needs."""
        view, found = market.nft_loans, []
        for n in market.once(_on_auction):
            most, least = (
                floor_of(int(market.nfts.kind[n]), market) * (1.0 - agent.discount) * USD,
                int(view.least_bid[n]),
            )
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


class Collector(PerAgentStrategy):
    """Now and then buys the cheapest work on the market if it is worth its price to him, and keeps it."""

    serves = "nft_trader"
    name = "collector"
    Traits = CollectorTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Those who want a work today."""
        if not market.has("nft_market"):
            return
        often = np.maximum(1.0 / np.maximum(cohort.attention, SELDOM), market.dt_days)
        wants = cohort.draw("appetite") < cohort.appetite * often
        if wants.any():
            yield from super().decide(Cohort(self.population, cohort.slots[wants], cohort.receipts), market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Buy the cheapest, or not."""
        price = market.nft_market.price
        for n in np.argsort(np.where(np.isnan(price), np.inf, price), kind="stable").tolist():
            most = floor_of(int(market.nfts.kind[n]), market) * (1.0 + agent.taste)
            if math.isnan(price[n]) or price[n] > min(most, agent.cash):
                return
            if market.nfts.owner[n] != agent.account:
                yield BuyNft.row(agent.account, nft=n, limit=int(price[n] * USD) + 1)
                return
