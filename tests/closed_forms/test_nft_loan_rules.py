"""Loans against NFTs and rigs by hand: interest of a tick, shares, floors, schedules, offers that lapse, opening loans."""

import math
from typing import Any

import numpy as np
import pytest

from model.actions import Status
from model.mechanisms.nft_loans import (
    AcceptNote,
    BidAuction,
    BorrowOnNft,
    BorrowOnRigs,
    DepositLoans,
    OfferNote,
    RedeemNft,
    RepayNft,
    RepayRigs,
    WithdrawLoans,
)
from model.mechanisms.nft_loans.floor import FloorOracle
from model.mechanisms.nft_market import AcceptOffer, BuyNft, ListNft, OfferFor
from model.units import USD
from tests.credit_house import CreditHouse

DONE, LIMIT, CLOSED, NOT_ALLOWED = (int(s) for s in (Status.DONE, Status.LIMIT, Status.CLOSED, Status.NOT_ALLOWED))
FREE = {"base_rate": 0.0, "slope1": 0.0, "slope2": 0.0}


def lent(deposit: int, loan: int, hours: int = 24, **rules: Any) -> tuple[CreditHouse, int]:
    """A pool of the first person's dollars, and a loan of the second's on a floor of 100,000."""
    h = CreditHouse(hours, **rules)
    n = h.mint(1)
    h.act(DepositLoans(h.people[0], desk=0, amount=deposit * USD))
    h.step()
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=loan * USD)) == [(DONE, loan * USD)]
    return h, n


@pytest.mark.parametrize("hours", [6, 24])
@pytest.mark.parametrize(
    ("deposit", "rate"), [(100_000, 0.03 + 0.08 * 0.40 / 0.65), (50_000, 0.03 + 0.08 + 1.00 * 0.15 / 0.35)]
)
def test_interest_of_a_tick_and_what_the_reserve_keeps(deposit: int, rate: float, hours: int) -> None:
    h, n = lent(deposit, 40_000, hours, base_rate=0.03)
    pool, view = h.loans.pool, h.loans.view().pool
    assert view.borrow_rate == pytest.approx(rate)
    assert view.supply_rate == pytest.approx(rate * 40_000 / deposit * 0.7)
    h.step()
    interest = int(h.loans.loans.table.debt[n]) - 40_000 * USD
    assert interest == math.ceil(40_000 * USD * (rate * hours / 8_760)) == pool.interest
    assert (pool.reserve, pool.claims) == (int(interest * 0.3), deposit * USD + interest - int(interest * 0.3))
    assert h.ledger.value[pool.deposit] == pytest.approx(pool.claims / (deposit * USD) / USD)


def test_a_later_deposit_buys_shares_at_what_they_are_worth() -> None:
    h, _ = lent(100_000, 40_000, base_rate=10.0)
    h.step(10)
    pool = h.loans.pool
    shares, claims = pool.shares, pool.claims
    assert claims > 1.05 * shares
    assert h.act(DepositLoans(h.people[2], desk=0, amount=1_000 * USD)) == [(DONE, 1_000 * USD * shares // claims)]
    assert pool.claims * shares // pool.shares == pytest.approx(claims, abs=2)


def test_what_was_taken_out_within_a_day_is_a_part_of_what_was_there() -> None:
    h, _ = lent(100_000, 10_000, 12, **FREE)
    h.act(WithdrawLoans(h.people[0], desk=0, shares=20_000 * USD))
    for part in (0.2, 0.2, 0.0):
        assert h.loans.view().pool.withdrawn == pytest.approx(part)
        h.step()


def test_the_least_fine_is_in_dollars() -> None:
    """5 % of 4,000 are less than 320."""
    h, n = lent(100_000, 4_000, **FREE)
    h.crash(0.044)
    assert h.act(BidAuction(h.people[1], nft=n, price=4_200 * USD))[0][0] == NOT_ALLOWED
    assert h.act(BidAuction(h.people[2], nft=n, price=4_200 * USD))[0][0] == DONE
    assert h.act(RepayNft(h.people[1], nft=n, amount=USD))[0][0] == int(Status.LOCKED), "in an auction he redeems"
    assert h.act(RedeemNft(h.people[1], nft=n, amount=2_000 * USD))[0][0] == DONE
    assert h.cash(2) == (10**6 + 320) * USD and h.cash(1) == (10**6 + 4_000 - 2_000 - 320) * USD


def test_a_loan_of_before_the_opening_is_of_the_floor_of_its_day_with_interest_since() -> None:
    """.4 of a floor that was twice as high 100 days ago, at a tenth of a per cent a day."""
    h = CreditHouse(nfts={"path": [[-100.0, 2.0], [0.0, 1.0]]}, **FREE)
    n = h.mint(1)
    h.act(DepositLoans(h.people[0], desk=0, amount=200_000 * USD))
    h.loans.loans.endow(h.people[1], n, 0.4, 100.0, 0.365)
    h.step()
    assert h.loans.loans.table.debt[n] == pytest.approx(88_000 * USD, abs=2)
    assert h.cash(1) == 10**6 * USD and h.loans.pool.cash == 120_000 * USD


# -- floors


@pytest.mark.parametrize(("window", "reports"), [(1, (100, 110, 150)), (2, (100, 105, 130)), (3, (100, 105, 120))])
def test_a_floor_is_the_mean_of_its_window(window: int, reports: tuple[float, ...]) -> None:
    oracle = FloorOracle(window, 1.0, 1)
    for seen, reported in zip((100.0, 110.0, 150.0), reports, strict=True):
        oracle.report(np.array([seen]), 10.0)
        assert oracle.price[0] == pytest.approx(reported)


def test_a_floor_moves_by_no_more_than_its_guard_either_way() -> None:
    oracle, reported = FloorOracle(1, 1.0, 1), []
    for seen in (100.0, 10.0, 1_000.0, 97.0):
        oracle.report(np.array([seen]), 0.2)
        reported.append(float(oracle.price[0]))
    assert reported == pytest.approx([100.0, 80.0, 96.0, 97.0])


def test_a_trend_is_by_the_day_and_over_three_days() -> None:
    steady, once = FloorOracle(1, 0.25, 1), FloorOracle(1, 1.0, 1)
    for k in range(20):
        steady.report(np.array([100.0 * 1.01**k]), 10.0)
    assert steady.trend[0] == pytest.approx(math.log(1.01) / 0.25)
    trends = []
    for seen in (100.0, 100.0, 100.0, 200.0, 200.0, 200.0, 200.0):
        once.report(np.array([seen]), 10.0)
        trends.append(float(once.trend[0]))
    assert trends == pytest.approx([0.0, 0.0, 0.0, *[math.log(2.0) / 3.0] * 3, 0.0])


# -- notes


def test_what_is_owed_on_the_books_grows_with_time_in_both_forms() -> None:
    for form in (0, 1):
        h = CreditHouse()
        lender, n = h.people[0], h.mint(1)
        h.step()
        terms = {"principal": 10 * USD, "repayment": 11 * USD, "days": 10, "form": form}
        ((_, number),) = h.act(OfferNote(lender, collection=0, nft=n, **terms))
        h.act(AcceptNote(h.people[1], nft=n, offer=number))
        h.step(5)
        assert h.ledger.balance(h.loans.notes.claim, lender) == 10 * USD + USD // 2


def test_an_offer_to_lend_stands_to_the_end_of_its_last_day_and_is_for_others() -> None:
    h = CreditHouse(offer_days=2.0)
    n = h.mint(1)
    h.step()
    terms = {"collection": 0, "nft": -1, "principal": USD, "repayment": USD, "days": 1, "form": 0}
    ((_, own),) = h.act(OfferNote(h.people[1], **terms))
    assert h.act(AcceptNote(h.people[1], nft=n, offer=own))[0][0] == NOT_ALLOWED
    for days, open_offers in ((2, 1), (1, 0)):
        h.step(days)
        assert len(h.loans.notes.offers) == open_offers
    assert h.cash(1) == 10**6 * USD


# -- rigs


@pytest.mark.parametrize("hours", [6, 24])
def test_a_loan_against_a_part_of_the_rigs(hours: int) -> None:
    h = CreditHouse(hours, rig_rate=0.13)
    h.step()
    h.rigs(100.0, p1=1_000_000)
    h.act(DepositLoans(h.people[0], desk=1, amount=100_000 * USD))
    assert h.act(BorrowOnRigs(h.people[1], ghs=500_000, amount=10**6 * USD)) == [(DONE, 30_000 * USD)]
    h.step()
    interest = int(h.loans.rig_loans.debt[h.people[1]]) - 30_000 * USD
    assert interest == math.ceil(30_000 * USD * (0.13 * hours / 8_760))


def test_who_catches_up_with_the_schedule_starts_his_grace_anew() -> None:
    """60,000 in ten parts, two days of grace: behind on day 1, three parts paid, behind again on day 4, seized on day 6."""
    h = CreditHouse(rig_rate=0.0, rig_days=10.0, grace_days=2.0)
    h.step()
    h.rigs(100.0, p1=1_000_000)
    h.act(DepositLoans(h.people[0], desk=1, amount=100_000 * USD))
    h.act(BorrowOnRigs(h.people[1], ghs=1_000_000, amount=60_000 * USD))
    loans, defaults = h.loans.rig_loans, []
    for day in range(1, 7):
        h.step()
        defaults.append(loans.defaults)
        if day == 1:
            assert loans.arrears(h.people[1]) == 6_000 * USD
            h.act(RepayRigs(h.people[1], amount=18_000 * USD))
    assert defaults == [0, 0, 0, 0, 0, 1]


# -- the market of whole NFTs


def test_limits_of_a_sale_are_what_buyers_pay_and_what_sellers_keep() -> None:
    h = CreditHouse()
    n = h.mint(1)
    h.nfts.royalty[n] = 500
    h.act(ListNft(h.people[1], nft=n, price=1_000 * USD))
    assert h.act(BuyNft(h.people[2], nft=n, limit=1_000 * USD - 1))[0][0] == LIMIT
    h.act(BuyNft(h.people[2], nft=n, limit=1_000 * USD))
    low, high = (OfferFor(h.people[i], collection=0, nft=-1, price=usd * USD) for i, usd in ((0, 1_500), (3, 2_000)))
    h.act(low)
    h.act(high)
    assert h.act(AcceptOffer(h.people[2], nft=n, limit=1_850 * USD + 1))[0][0] == LIMIT
    assert h.act(AcceptOffer(h.people[2], nft=n, limit=1_850 * USD)) == [(DONE, 1_850 * USD)]
    assert h.nfts.owner[n] == h.people[3], "the better offer"
    assert (h.trade.volume, h.trade.royalties, h.trade.last[0]) == (3_000 * USD, 100 * USD, 2_000.0)
    assert h.act(AcceptOffer(h.people[3], nft=n, limit=1_426 * USD))[0][0] == LIMIT
    assert h.act(AcceptOffer(h.people[0], nft=n, limit=1))[0][0] == int(Status.FUNDS)


def test_nobody_takes_his_own_offer_and_offers_lapse_after_their_last_day() -> None:
    h = CreditHouse()
    h.trade.params = h.trade.params.model_copy(update={"offer_days": 2.0})
    n = h.mint(1)
    h.step()
    h.act(OfferFor(h.people[1], collection=0, nft=-1, price=USD))
    assert h.act(AcceptOffer(h.people[1], nft=n, limit=1))[0][0] == CLOSED
    for days, open_offers in ((2, 1), (1, 0)):
        h.step(days)
        assert len(h.trade.offers) == open_offers
    assert h.cash(1) == 10**6 * USD


def test_an_ask_of_who_has_sold_sets_no_floor() -> None:
    h = CreditHouse()
    n = h.mint(1)
    h.act(ListNft(h.people[1], nft=n, price=50 * USD))
    h.step()
    assert h.trade.floor[0] == 50.0
    h.nfts.transfer(n, h.people[2])
    h.step()
    assert np.isnan(h.trade.floor[0])
    assert h.act(BuyNft(h.people[3], nft=n, limit=50 * USD))[0][0] == CLOSED
