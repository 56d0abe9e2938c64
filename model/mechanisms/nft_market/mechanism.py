"""The market of whole NFTs: owners list and accept, buyers buy and bid, artists get their royalty."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status, columns_of
from model.errors import InvariantViolated
from model.escrow import ROOM, CashEscrow
from model.flows import Flow
from model.jit import kernel
from model.ledger import NONE, USD_ASSET
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.nft_market.formulas import Split, sale
from model.mechanisms.nft_market.looks import BIDDER, COLLECTION, NFT, NUMBER, PRICE, UNTIL, Board, Listed, look
from model.mechanisms.nft_market.public import (
    AcceptOffer,
    BuyNft,
    CancelOffer,
    Delist,
    ListNft,
    NftMarketParams,
    NftMarketView,
    OfferFor,
)
from model.nft_kind import WORDS, NftKind
from model.units import LARGEST_POSTING, USD
from model.view import frozen


@kernel
def find_floors(asked: Any, seller: Any, owner: Any, collection: Any, floor: Any) -> None:
    """Lowest price asked by collection [USD], NaN for none, into `floor`; of NFTs that their sellers still own."""
    floor[:] = np.nan
    for n in range(asked.size):
        if asked[n] > 0 and seller[n] == owner[n]:
            price = asked[n] / USD
            if not price >= floor[collection[n]]:
                floor[collection[n]] = price


@kernel
def judge(offers: Any, asked: Any) -> Any:
    """What open offers pay [USD base units], and how many NFTs are asked a negative price for."""
    paid = negative = 0
    for k in range(offers.shape[0]):
        paid += offers[k, PRICE]
    for price in asked:
        negative += price < 0
    return paid, negative


class NftMarket(Mechanism):
    """Listings stay with their owners and hold while they own; offers pay into escrow.

    Attributes:
        escrow: that holds the dollars of open offers
        asked: price asked by NFT [USD base units], 0 for none; `seller` is who asked
        offers: rows of open offers: number, bidder, collection, NFT or -1, price [USD base units], last tick
        floor: lowest price asked by collection [USD], NaN for none
        last: price of the last sale by collection [USD], NaN for none
        sales, volume, royalties: of this tick; NFTs, USD base units
    """

    key = "nft_market"
    needs = ("nfts",)
    Params = NftMarketParams
    nfts: Any

    @classmethod
    def room(cls, params: NftMarketParams) -> tuple[int, int, int]:
        """The escrow."""
        return ROOM

    def __init__(self, market: Any, params: NftMarketParams) -> None:
        super().__init__(market, params)
        self.escrow = CashEscrow(self.ledger, "venues", "escrow of offers for NFTs")
        size = self.nfts.owner.size
        self.asked, self.seller = np.zeros(size, np.int64), np.full(size, NONE, np.int64)
        self.offers, self.next = np.zeros((0, 6), np.int64), 0
        self.floor, self.last = np.full(size, np.nan), np.full(size, np.nan)
        self.sales = self.volume = self.royalties = 0
        self.listed = Listed(self.asked, self.seller, self.nfts.owner, self.nfts.collection)
        self.board, self.floors = Board(size), (frozen(self.floor), frozen(self.last))

    # -- the day

    @stage("environment")
    def lapse(self) -> None:
        """Offers for NFTs that are too old go back to their bidders."""
        self.sales = self.volume = self.royalties = 0
        old = self.offers[:, UNTIL] < self.clock.tick
        if not old.nonzero()[0].size:
            return
        for offer in self.offers[old]:
            self._refund(offer)
        self.offers = self.offers[~old]

    @stage("observe")
    def look(self) -> None:
        """Floors: the lowest price asked for a piece of each collection by somebody who owns it."""
        find_floors(self.asked, self.seller, self.nfts.owner, self.nfts.collection, self.floor)

    def _listed(self) -> NDArray[np.bool_]:
        """NFTs on the market: their sellers still own them."""
        listed: NDArray[np.bool_] = (self.asked > 0) & (self.seller == self.nfts.owner)
        return listed

    # -- listings and offers

    @settles(ListNft)
    def settle_listings(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Owners ask a price for a whole NFT."""
        for i in order:
            account, n, price = (int(rows[i][name]) for name in ("account", "nft", "price"))
            status = self._mine(account, n) if 0 < price < LARGEST_POSTING else Status.AMOUNT
            if status == Status.DONE:
                self.asked[n], self.seller[n] = price, account
            rows[i]["status"] = status

    @settles(Delist)
    def settle_delistings(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Owners take their NFTs off the market."""
        for i in order:
            account, n = int(rows[i]["account"]), int(rows[i]["nft"])
            status = self._mine(account, n)
            if status == Status.DONE:
                self.asked[n] = 0
            rows[i]["status"] = status

    @settles(OfferFor)
    def settle_offers(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Buyers bid for one NFT or for any of a collection, and pay into escrow."""
        until = max(0, self.clock.tick) + self.clock.ticks_of(self.params.offer_days)
        made: list[tuple[int, ...]] = []
        asked = columns_of(rows)[order, :-2].tolist()
        for i, (account, c, n, price) in zip(order.tolist(), asked, strict=True):
            status = self._biddable(c, n, price, self.offers.shape[0] + len(made))
            if status == Status.DONE and not self.escrow.take(account, price, Flow.TRADE):
                status = Status.FUNDS
            if status == Status.DONE:
                c = int(self.nfts.collection[n]) if n >= 0 else c
                made.append((self.next, account, c, n, price, until))
                rows[i]["filled"], self.next = self.next, self.next + 1
            rows[i]["status"] = status
        if made:
            self.offers = np.concatenate([self.offers, np.array(made, np.int64)])

    def _biddable(self, collection: int, n: int, price: int, offers: int) -> Status:
        if self.ledger.books.logging[0] != 0:  # offers cannot be taken back from a bundle
            return Status.NOT_ALLOWED
        if not 0 < price < LARGEST_POSTING:
            return Status.AMOUNT
        if not (0 <= n < self.nfts.n or (n == NONE and 0 <= collection < self.nfts.collections)):
            return Status.UNKNOWN
        return Status.DONE if offers < self.params.most_offers else Status.DEPTH

    @settles(CancelOffer)
    def settle_cancellations(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Bidders take offers back."""
        for i in order:
            account, number = int(rows[i]["account"]), int(rows[i]["offer"])
            found = np.flatnonzero((self.offers[:, NUMBER] == number) & (self.offers[:, BIDDER] == account))
            if found.size == 0 or self.ledger.books.logging[0] != 0:
                rows[i]["status"] = Status.UNKNOWN if found.size == 0 else Status.NOT_ALLOWED
                continue
            offer = self.offers[found[0]]
            self._refund(offer)
            rows[i]["status"], rows[i]["filled"] = Status.DONE, offer[PRICE]
            self.offers = np.delete(self.offers, found[0], axis=0)

    def _refund(self, offer: NDArray[np.int64]) -> None:
        bidder = int(offer[BIDDER])
        self.escrow.spend(bidder, bidder, int(offer[PRICE]), Flow.REFUND)

    def _mine(self, account: int, n: int) -> Status:
        if not 0 <= n < self.nfts.n:
            return Status.UNKNOWN
        if self.ledger.books.logging[0] != 0:
            return Status.NOT_ALLOWED
        return Status.DONE if self.nfts.owner[n] == account else Status.FUNDS

    # -- sales

    def split(self, n: int, price: int) -> Split:
        """What seller, artist and platform get of a price for an NFT [USD base units]."""
        nfts, p = self.nfts, self.params
        royalty = int(nfts.royalty[n]) if p.royalties and nfts.artist[n] != nfts.owner[n] else 0
        return sale(price, royalty, p.fee_bps)

    @settles(BuyNft)
    def settle_purchases(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Listed NFTs are bought; the artist gets his royalty and the platform its fee."""
        for i in order:
            account, n, limit = (int(rows[i][name]) for name in ("account", "nft", "limit"))
            status, price = self._buyable(account, n, limit)
            if status == Status.DONE:
                self._sell(n, account, price, partial(self.ledger.pay, USD_ASSET, account))
                rows[i]["filled"] = price
            rows[i]["status"] = status

    def _buyable(self, account: int, n: int, limit: int) -> tuple[Status, int]:
        if not 0 <= n < self.nfts.n:
            return Status.UNKNOWN, 0
        if self.ledger.books.logging[0] != 0 or self.nfts.owner[n] == account:
            return Status.NOT_ALLOWED, 0
        price = int(self.asked[n])
        if price <= 0 or self.seller[n] != self.nfts.owner[n]:
            return Status.CLOSED, 0
        if price > limit:
            return Status.LIMIT, 0
        return (Status.DONE if self.ledger.balance(USD_ASSET, account) >= price else Status.FUNDS), price

    @settles(AcceptOffer)
    def settle_acceptances(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Owners sell to the best offer for their NFT or its collection."""
        for i in order:
            account, n, limit = (int(rows[i][name]) for name in ("account", "nft", "limit"))
            status = self._mine(account, n)
            if status == Status.DONE:
                status, best = self._best(account, n, limit)
                if status == Status.DONE:
                    offer = self.offers[best].copy()
                    self.offers = np.delete(self.offers, best, axis=0)
                    bidder = int(offer[BIDDER])
                    rows[i]["filled"] = self._sell(n, bidder, int(offer[PRICE]), partial(self.escrow.spend, bidder))
            rows[i]["status"] = status

    def _best(self, account: int, n: int, limit: int) -> tuple[Status, int]:
        """Place of the best offer of somebody else, the oldest among equals."""
        o = self.offers
        fits = (o[:, NFT] == n) | ((o[:, NFT] == NONE) & (o[:, COLLECTION] == self.nfts.collection[n]))
        places = np.flatnonzero(fits & (o[:, BIDDER] != account))
        if places.size == 0:
            return Status.CLOSED, NONE
        best = int(places[np.argmax(o[places, PRICE])])
        kept = self.split(n, int(o[best, PRICE])).seller
        return (Status.DONE if kept >= max(1, limit) else Status.LIMIT), best

    def _sell(self, n: int, buyer: int, price: int, pay: Callable[[int, int, Flow], None]) -> int:
        """Pay seller, artist and platform and hand the NFT over; what the seller keeps.

        Args:
            pay: pays somebody so much out of what the buyer has, or of what he put into escrow
        """
        nfts, parts = self.nfts, self.split(n, price)
        seller = int(nfts.owner[n])
        pay(seller, parts.seller, Flow.TRADE)
        pay(int(nfts.artist[n]), parts.artist, Flow.ROYALTY)
        pay(self.market.platform, parts.platform, Flow.MARKET_FEE)
        nfts.transfer(n, buyer)
        self.asked[n], kind = 0, NftKind(int(nfts.kind[n]))
        self.last[nfts.collection[n]] = price / USD
        self.sales, self.volume, self.royalties = self.sales + 1, self.volume + price, self.royalties + parts.artist
        text = f"{WORDS[kind]} {n} changed hands for {price / USD:,.0f} USD, royalty {parts.artist / USD:,.0f}"
        self.journal.event("nft trade", text, account=seller, amount=price / USD)
        return parts.seller

    # -- looks and laws

    def view(self) -> NftMarketView:
        """What strategies see."""
        return look(self)

    def state(self) -> Iterable[NDArray[Any]]:
        """Listings, offers and floors."""
        return self.asked, self.seller, self.offers, self.floor, self.last

    def check(self) -> None:
        """Escrow holds exactly what open offers pay, and nobody asks a negative price."""
        owed, negative = judge(self.offers, self.asked)
        if wrong := self.escrow.differs(owed):
            raise InvariantViolated(f"nft_market: {wrong}")
        if negative:
            raise InvariantViolated("nft_market: an NFT is listed below zero")
