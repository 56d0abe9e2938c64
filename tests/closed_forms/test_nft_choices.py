"""Choices of owners, traders and lenders of whole NFTs by hand: one agent, a few pieces, one answer."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.nft_floors import floors
from agents.nft_lenders import NoteLender
from agents.nft_owners import Borrower
from agents.nft_traders import Bidder, Collector
from model.mechanisms.nft_loans import BidAuction, OfferNote, RedeemNft, RepayNft
from model.mechanisms.nft_market import BuyNft
from model.nft_kind import NftKind
from model.streams import Streams
from model.units import USD

ME, OTHER = 1, 2
NAN = float("nan")


class Seen(SimpleNamespace):
    """A view of three collectibles of one collection, whose comparable sales fetch 100 USD."""

    def __init__(self, cash: float = 0.0, **views: Any) -> None:
        nfts = SimpleNamespace(
            n=3, owner=np.full(3, OTHER), anchor=np.full(3, 100.0), collection=np.zeros(3, np.int64), kinds=np.full(1, 1),
            kind=np.full(3, int(NftKind.COLLECTIBLE)),
        )  # fmt: skip
        money = np.array([[0, int(cash * USD), 0]])
        super().__init__(nfts=nfts, balances=money, **{name: SimpleNamespace(**view) for name, view in views.items()})

    def has(self, name: str) -> bool:
        return hasattr(self, name)

    def once(self, make: Callable[[Any], Any]) -> Any:
        return make(self)

    def key(self, stream: str, population: str) -> Any:
        return Streams(1).key(stream, population)


def agent(**traits: float) -> Any:
    return SimpleNamespace(account=ME, slot=0, kind="somebody", **traits)


def of(kind: Any) -> Any:
    """A strategy without a population."""
    return kind.__new__(kind)


@pytest.mark.parametrize(
    ("reported", "asked", "known"),
    [(90.0, 80.0, 90.0), (NAN, 80.0, 80.0), (NAN, 120.0, 100.0), (NAN, NAN, 100.0), (130.0, NAN, 130.0)],
)
def test_a_floor_is_the_report_or_the_lower_of_asks_and_comparable_sales(
    reported: float, asked: float, known: float
) -> None:
    views = {"nft_loans": {"floor": np.array([reported])}, "nft_market": {"floor": np.array([asked])}}
    assert floors(Seen(**views)).tolist() == [known]  # type: ignore[arg-type]


# -- owners


def guarded(
    floor: float = 100.0, health: float = 1.02, bidder: int = -1, rate: float = 0.1, cash: int = 1_000
) -> tuple[Any, int] | None:
    """What an owner of a piece that he holds for a tenth more does for a loan of 80, and what that costs him [USD]."""
    loans = {
        "debt": [80 * USD], "bidder": [bidder], "health": [health], "fine": [4 * USD], "floor": [floor], "redeem_low": 0.5,
        "pool": SimpleNamespace(borrow_rate=rate),
    }  # fmt: skip
    me = agent(attachment=0.1, alarm=1.05, target=1.2, dear=0.5)
    found = list(of(Borrower)._guard(me, 0, Seen(nft_loans=loans), cash * USD))
    assert len(found) <= 1 and all(row.values[2] >= cost - 4 * USD for row, cost in found)
    return (found[0][0].action, found[0][1] // USD) if found else None


def test_an_owner_repays_up_to_his_target_while_the_piece_is_worth_it_to_him() -> None:
    assert guarded() == (RepayNft, 12), "from 1.02 to 1.2"
    assert guarded(cash=5) == (RepayNft, 5)
    assert guarded(health=1.06) is None
    assert guarded(health=1.06, rate=0.6) == (RepayNft, 80), "too dear"
    assert guarded(floor=73.0) == (RepayNft, 12) and guarded(floor=72.0) is None, "his tenth counts"


def test_an_owner_redeems_what_is_worth_the_debt_and_the_fine() -> None:
    assert guarded(bidder=OTHER) == (RedeemNft, 44)
    assert guarded(bidder=OTHER, cash=43) is None
    assert guarded(bidder=OTHER, floor=77.0) == (RedeemNft, 44) and guarded(bidder=OTHER, floor=76.0) is None


def test_an_owner_takes_the_offer_that_is_cheapest_by_the_year() -> None:
    """5 % for 20 days are dearer than 6 % for 30; an own offer, one for another piece or collection are none."""
    rows = [
        (3, OTHER, 0, -1, 100, 105, 20, 0), (4, OTHER, 0, 0, 100, 106, 30, 0), (5, ME, 0, -1, 100, 100, 30, 0),
        (6, OTHER, 0, 1, 100, 100, 30, 0), (7, OTHER, 1, -1, 100, 100, 30, 0),
    ]  # fmt: skip
    seen: Any = Seen(nft_loans={"offers": np.array(rows)})
    assert Borrower._cheapest(0, 0, ME, seen) == (4, pytest.approx(0.06 * 365 / 30))
    assert Borrower._cheapest(2, 0, ME, seen) == (3, pytest.approx(0.05 * 365 / 20))


# -- traders


def test_a_bidder_bids_the_least_as_far_as_cash_goes_below_his_discount() -> None:
    loans = {
        "least_bid": np.array([40, 44, 46]) * USD,
        "bidder": [-1, -1, -1],
        "borrower": [OTHER] * 3,
        "floor": np.array([50.0]),
    }

    def bids(cash: float, **changed: Any) -> list[tuple[int, int]]:
        rows = list(of(Bidder).decide_one(agent(discount=0.1, at_once=3.0), Seen(cash, nft_loans=loans | changed)))
        assert all(row.action is BidAuction for row in rows)
        return sorted((row.values[1], row.values[2] // USD) for row in rows)

    assert bids(90.0) == [(0, 40), (1, 44)], "46 is above .9 of the floor"
    assert len(bids(83.0)) == 1
    assert bids(39.0) == []
    assert bids(90.0, bidder=[ME, -1, -1]) == [(1, 44)] and bids(90.0, borrower=[OTHER, ME, OTHER]) == [(0, 40)]


def test_a_collector_buys_the_cheapest_that_is_worth_its_price_to_him() -> None:
    def bought(taste: float, cash: float = 1_000.0, price: Any = (30.0, 20.0, NAN), **owned: Any) -> list[Any]:
        seen: Any = Seen(
            nft_loans={"floor": np.array([25.0])}, nft_market={"price": np.array(price), "floor": np.array([20.0])}
        )
        seen.nfts.owner = np.array(owned.get("owner", [OTHER] * 3))
        rows = list(of(Collector).decide_one(SimpleNamespace(account=ME, taste=taste, cash=cash), seen))
        assert all(row.action is BuyNft for row in rows)
        return [row.values[1:3] for row in rows]

    assert bought(0.0) == [(1, 20 * USD + 1)]
    assert bought(-0.25) == [] and bought(0.0, cash=19.0) == []
    assert bought(0.1, owner=[OTHER, ME, OTHER]) == [] and bought(0.25, owner=[OTHER, ME, OTHER]) == [(0, 30 * USD + 1)]


# -- lenders for a term


def test_a_note_lender_offers_a_part_of_the_floor_at_his_rate_for_the_term() -> None:
    me = agent(note_share=0.35, note_days=73.0, note_rate=0.5, note_form=1.0)
    loans = {"offers": np.zeros((0, 8), np.int64), "floor": np.array([1_000.0])}
    (row,) = of(NoteLender).decide_one(me, Seen(400.0, nft_loans=loans))
    offered = dict(zip(OfferNote.fields, row.values[1:], strict=False))
    assert offered == {
        "collection": 0, "nft": -1, "principal": 350 * USD, "repayment": 385 * USD, "days": 73, "form": 1
    }  # fmt: skip
    assert list(of(NoteLender).decide_one(me, Seen(349.0, nft_loans=loans))) == []
    loans["offers"] = np.array([[0, ME, 0, -1, 1, 1, 1, 1]])
    assert list(of(NoteLender).decide_one(me, Seen(400.0, nft_loans=loans))) == [], "one stands open"
