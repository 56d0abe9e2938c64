"""Floors go by collection: what others make, ask or offer elsewhere leaves the floor of a piece where it is."""

from typing import Any

import numpy as np
import pytest

from agents.nft_floors import come_across
from agents.nft_traders import Limits, ask_and_offer
from model import Marketplace, Scenario
from model.actions import Status
from model.mechanisms.nft_loans import AcceptNote, BidAuction, BorrowOnNft, DepositLoans, OfferNote
from model.mechanisms.nft_market import AcceptOffer, Delist, ListNft, OfferFor
from model.mechanisms.nfts import MintNft
from model.nft_kind import NftKind
from model.streams import Streams
from model.units import USD
from tests.credit_house import CreditHouse

DONE, CLOSED, NOT_ALLOWED = int(Status.DONE), int(Status.CLOSED), int(Status.NOT_ALLOWED)
COLLECTIBLE = int(NftKind.COLLECTIBLE)


def lent(**rules: Any) -> tuple[CreditHouse, int]:
    """A pool of 200,000 USD and a piece of 100,000 that is free."""
    h = CreditHouse(base_rate=0.0, slope1=0.0, slope2=0.0, **rules)
    n = h.mint(1)
    h.act(DepositLoans(h.people[0], desk=0, amount=200_000 * USD))
    h.step()
    return h, n


def test_a_collection_is_one_makers_works_of_a_kind_or_a_series() -> None:
    h = CreditHouse()
    mine, again, art = (h.nfts.mint(h.people[0], kind, 1.0) for kind in (COLLECTIBLE, COLLECTIBLE, NftKind.ART))
    others, card, more = (
        h.nfts.mint(h.people[1], COLLECTIBLE, 1.0),
        h.mint(0, series="cards"),
        h.mint(2, series="cards"),
    )
    of = h.nfts.collection[: h.nfts.n].tolist()
    assert of[mine] == of[again] and of[card] == of[more]
    assert len({of[n] for n in (mine, art, others, card)}) == h.nfts.collections == 4
    assert h.nfts.kinds[:4].tolist() == [COLLECTIBLE, NftKind.ART, COLLECTIBLE, COLLECTIBLE]


def test_what_a_run_opens_with_is_one_collection_and_each_item_of_a_shop_another() -> None:
    with Marketplace("unifty", rng=1, clock__ticks=1) as market:
        nfts, names = market.mechanisms["nfts"], [item.name for item in market.mechanisms["farms"].params.shop]
        owners = market.populations["nft_owner"].account[: market.populations["nft_owner"].size]
        opening = set(nfts.collection[np.isin(nfts.owner, owners)].tolist())
        stock = [set(nfts.collection[pieces].tolist()) for pieces in market.mechanisms["farms"].shop.stock if pieces]
        assert len(opening) == 1 and all(len(each) == 1 for each in stock)
        assert len(opening.union(*stock)) == 1 + len(stock) == len(names)  # prints are one work in editions


def test_a_stranger_who_mints_a_cheap_piece_ruins_no_loan() -> None:
    h, n = lent()
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=40_000 * USD))[0][0] == DONE
    ((status, cheap),) = h.act(MintNft(h.people[3], kind=COLLECTIBLE, appraisal=USD))
    h.step(30)
    assert status == DONE and h.loans.loans.floor(cheap) == USD
    assert h.loans.loans.floor(n) == 100_000 * USD and h.loans.loans.health(n) > 1.0
    assert h.act(BidAuction(h.people[3], nft=n, price=95_000 * USD))[0][0] == CLOSED


def test_an_offer_for_a_collection_takes_no_piece_of_another() -> None:
    h, dear = lent()
    cheap = h.mint(2, 20.0, series="cards")
    of = int(h.nfts.collection[dear])
    h.act(OfferFor(h.people[3], collection=of, nft=-1, price=90_000 * USD))
    note = OfferNote(h.people[3], collection=of, nft=-1, principal=30_000 * USD, repayment=31_000 * USD, days=9, form=0)
    ((_, number),) = h.act(note)
    assert h.act(AcceptOffer(h.people[2], nft=cheap, limit=1))[0][0] == CLOSED
    assert h.act(AcceptNote(h.people[2], nft=cheap, offer=number))[0][0] == NOT_ALLOWED
    assert h.act(AcceptNote(h.people[1], nft=dear, offer=number))[0][0] == DONE
    for free in (-1, h.nfts.collections):
        assert h.act(OfferFor(h.people[3], collection=free, nft=-1, price=USD))[0][0] == int(Status.UNKNOWN)


def test_an_ask_bounds_a_floor_from_above_alone() -> None:
    h, n = lent(floor="market")
    bait, c = h.mint(2), int(h.nfts.collection[n])
    for asked, reported in ((10_000_000, 100_000), (95_000, 95_000), (10_000_000, 100_000)):
        h.act(ListNft(h.people[2], nft=bait, price=asked * USD))
        h.step()
        assert h.loans.oracle.price[c] == pytest.approx(reported)
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=40_001 * USD))[0][0] == int(Status.LIMIT)


def test_nothing_is_lent_on_a_floor_that_nobody_asks_while_auctions_go_on() -> None:
    h, n = lent(floor="market")
    other = h.mint(2)
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=USD))[0][0] == CLOSED
    h.act(ListNft(h.people[2], nft=other, price=100_000 * USD))
    h.step()
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=40_000 * USD))[0][0] == DONE
    h.act(Delist(h.people[2], nft=other))
    h.step()
    view, c = h.loans.view(), int(h.nfts.collection[n])
    assert not view.fresh[c] and view.floor[c] == 100_000.0
    assert h.act(BorrowOnNft(h.people[2], nft=other, amount=USD))[0][0] == CLOSED
    h.loans.oracle.price[c] = 44_000.0  # reported last
    assert h.act(BidAuction(h.people[3], nft=n, price=41_800 * USD))[0][0] == DONE


def test_bidders_who_undercut_one_another_stop_at_what_they_would_pay() -> None:
    """Two of them, the cheaper ask is the floor, comparable sales stand still at 100: neither asks less than 90."""
    own, key = Limits(discount=np.full(2, 0.1), resale=np.full(2, 0.02)), Streams(1).key("offers", "nft_trader")
    slots, none = np.arange(2), np.zeros(0, np.int64)
    listings, offers = np.zeros((2, 5), np.int64), np.zeros((2, 7), np.int64)
    asked, zeros, lowest = np.full(2, np.nan), np.zeros(2, np.int64), []
    for _ in range(60):
        floor = np.array([np.fmin(100.0, np.fmin.reduce(asked))])
        n, _, _ = ask_and_offer(
            slots, slots, own, np.zeros((2, 2), np.int64), floor, np.full(1, 100.0), zeros, zeros, slots, none, none,
            none, True, asked, none, key, listings, offers, none,
        )  # fmt: skip
        for row in listings[:n]:
            asked[row[1]] = row[2] / USD
        lowest.append(float(asked.min()))
    assert lowest[0] == 98.0 and min(lowest) == lowest[-1] and 90.0 <= min(lowest) < 91.0


def test_asks_do_not_pull_the_floor_down_while_comparable_sales_stand_still() -> None:
    small = dict.fromkeys(("miner", "retail_investor", "liquidity_provider", "arbitrageur"), 1)
    still = {"nfts.weekly_sd": 0.0, "nfts.anchor_sd": 0.0, "agents.creator.count": 0, "nft_loans.floor": "market"}
    counts = {f"agents.{kind}.count": n for kind, n in small.items()}
    with Marketplace(Scenario.load("unifty").override({"clock.ticks": 60, **counts, **still}), rng=1) as market:
        market.run()
        trade, nfts = market.mechanisms["nft_market"], market.mechanisms["nfts"]
        listed = np.flatnonzero(trade._listed())
        assert listed.size > 3
        sold_for = {c: nfts.anchor[(nfts.collection == c) & (nfts.owner >= 0)].min() for c in nfts.collection[listed]}
        assert all(trade.asked[n] / USD >= 0.9 * sold_for[nfts.collection[n]] - 0.01 for n in listed)


def test_who_comes_across_a_piece_offers_for_its_collection_if_he_can_pay() -> None:
    kind = np.array([COLLECTIBLE, NftKind.ART, COLLECTIBLE, COLLECTIBLE])
    owner, collection = np.array([5, 5, 5, -1]), np.array([0, 1, 2, 2])
    floor = np.array([500.0, 9.0, 20.0])
    found = [
        come_across(first, owner, kind, collection, floor, 0.9, most)
        for most in (1e3, 100.0, 1.0)
        for first in range(4)
    ]
    assert found == [0, 2, 2, 0, 2, 2, 2, 2, -1, -1, -1, -1]
