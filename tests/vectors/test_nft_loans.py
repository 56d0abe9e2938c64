"""Numbers of MECHANISMS section 11, digit for digit, through the rules and through the market."""

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
    RepayNote,
    first_bid,
    health,
    note_owed,
    recovered,
    redeemed,
)
from model.mechanisms.nft_market import AcceptOffer, BuyNft, ListNft, OfferFor, sale
from model.rates import kinked_rate
from model.units import USD
from tests.credit_house import CreditHouse

DONE, LIMIT, CLOSED, AMOUNT = (int(s) for s in (Status.DONE, Status.LIMIT, Status.CLOSED, Status.AMOUNT))


def test_rates() -> None:
    assert kinked_rate(0.325, 0.0, 0.08, 1.0, 0.65) == 0.04
    assert round(kinked_rate(0.8, 0.0, 0.08, 1.0, 0.65), 5) == 0.50857
    assert kinked_rate(0.0, 0.03, 0.08, 1.0, 0.65) == 0.03
    assert kinked_rate(0.0, 0.20, 0.08, 1.0, 0.65) == 0.20


def test_ten_at_eleven_for_thirty_days_repaid_on_day_twelve() -> None:
    assert note_owed(10 * USD, 11 * USD, 12, 30, True) == 10 * USD + 400_000
    assert note_owed(10 * USD, 11 * USD, 12, 30, False) == 11 * USD


@pytest.mark.parametrize("hours", [1, 4, 24])
@pytest.mark.parametrize(("form", "interest"), [(1, 400_000), (0, 1_000_000)])
def test_the_same_in_a_market(form: int, interest: int, hours: int) -> None:
    h = CreditHouse(hours)
    lender, borrower = h.people[0], h.people[1]
    n = h.mint(1)
    h.step()
    offer = OfferNote(
        lender, collection=h.nfts.collection[n], nft=-1, principal=10 * USD, repayment=11 * USD, days=30, form=form
    )
    ((status, number),) = h.act(offer)
    assert status == DONE
    assert h.act(AcceptNote(borrower, nft=n, offer=number)) == [(DONE, 10 * USD)]
    assert h.cash(1) == 10**6 * USD + 10 * USD
    h.step(12 * 24 // hours)
    assert h.act(RepayNote(borrower, nft=n)) == [(DONE, 10 * USD + interest)]
    assert h.cash(0) == 10**6 * USD + interest
    assert h.nfts.owner[n] == borrower


def test_a_note_that_is_not_repaid_gives_the_lender_the_nft_without_any_oracle() -> None:
    h = CreditHouse()
    n = h.mint(1)
    h.step()
    offer = OfferNote(h.people[0], collection=0, nft=n, principal=10 * USD, repayment=11 * USD, days=30, form=0)
    ((_, number),) = h.act(offer)
    h.act(AcceptNote(h.people[1], nft=n, offer=number))
    h.crash(0.0001)
    h.step(29)
    assert h.nfts.owner[n] == h.loans.escrow
    h.step()
    assert h.nfts.owner[n] == h.people[0]
    assert h.loans.notes.defaults == 1


def test_old_rules_of_a_first_bid() -> None:
    assert first_bid(90, 100, 1.0, 0.95) == 95
    assert first_bid(98, 100, 1.0, 0.95) == 98
    assert first_bid(72, 100, 1.0, 0.0) == 72
    assert redeemed(1_000, 0.50, 0.90) == (500, 900)
    assert health(100.0, 0.90, 90.0) == 1.0
    assert health(100.0, 0.70, 72.0) < 1.0


def pledged(**rules: float) -> tuple[CreditHouse, int]:
    """A loan of 40,000 on a floor of 100,000, from a pool of 200,000."""
    h = CreditHouse(4, base_rate=0.0, slope1=0.0, slope2=0.0, **rules)
    n = h.mint(1)
    h.step()
    h.act(DepositLoans(h.people[0], desk=0, amount=200_000 * USD))
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=40_001 * USD))[0][0] == LIMIT
    assert h.act(BorrowOnNft(h.people[1], nft=n, amount=40_000 * USD))[0][0] == DONE
    return h, n


def test_under_the_old_rules_no_bid_below_debt_or_floor_is_possible() -> None:
    h, n = pledged()
    bidder = h.people[2]
    h.crash(0.45)
    assert h.act(BidAuction(bidder, nft=n, price=50_000 * USD))[0][0] == CLOSED  # health 1.0125
    h.crash(0.44)  # health .99: the floor is 44,000, its .95 is 41,800, what bidders pay is 39,600
    assert h.act(BidAuction(bidder, nft=n, price=39_600 * USD))[0][0] == LIMIT
    assert h.act(BidAuction(bidder, nft=n, price=41_799 * USD))[0][0] == LIMIT
    assert h.act(BidAuction(bidder, nft=n, price=41_800 * USD))[0][0] == DONE
    h.step(11)
    assert h.nfts.owner[n] == h.loans.escrow
    h.step(1)  # 48 hours
    assert h.nfts.owner[n] == bidder
    assert h.cash(1) == (10**6 + 40_000 + 1_800) * USD  # what is above the debt is the borrower's


def test_under_the_reform_a_bid_of_the_debt_wins_in_four_hours() -> None:
    h, n = pledged(threshold=0.70, bid_floor_share=0.0, auction_hours=4.0)
    h.crash(0.57)
    assert h.act(BidAuction(h.people[2], nft=n, price=39_999 * USD))[0][0] == LIMIT
    assert h.act(BidAuction(h.people[2], nft=n, price=40_000 * USD))[0][0] == DONE
    h.step(1)
    assert h.nfts.owner[n] == h.people[2]
    assert h.loans.pool.debts == 0


def test_redeeming_costs_half_to_nine_tenths_of_the_debt_and_a_fine_to_the_first_bidder() -> None:
    h, n = pledged()
    h.crash(0.44)
    assert h.act(BidAuction(h.people[2], nft=n, price=41_800 * USD))[0][0] == DONE
    assert h.act(BidAuction(h.people[3], nft=n, price=42_199 * USD))[0][0] == LIMIT  # 1 % of the debt more, at least
    assert h.act(BidAuction(h.people[3], nft=n, price=42_200 * USD))[0][0] == DONE
    for wrong in (19_999, 36_001):
        assert h.act(RedeemNft(h.people[1], nft=n, amount=wrong * USD))[0][0] == AMOUNT
    assert h.act(RedeemNft(h.people[1], nft=n, amount=20_000 * USD))[0][0] == DONE
    assert h.cash(2) == (10**6 + 2_000) * USD  # 5 % of the debt
    assert h.cash(3) == 10**6 * USD
    assert h.loans.loans.table.debt[n] == 20_000 * USD
    assert h.nfts.owner[n] == h.loans.escrow


def test_rigs_of_2022() -> None:
    assert recovered(0.60, 0.85) == pytest.approx(0.25)
    assert recovered(0.60, 0.40) == 1.0
    h = CreditHouse(rig_rate=0.0, rig_form="bullet", rig_days=10.0, grace_days=5.0)
    h.step()
    fleet = h.rigs(100.0, p1=1_000_000)  # 1,000 TH/s, 100,000 USD
    h.act(DepositLoans(h.people[0], desk=1, amount=100_000 * USD))
    assert h.act(BorrowOnRigs(h.people[1], ghs=1_000_000, amount=10**6 * USD)) == [(DONE, 60_000 * USD)]
    fleet.price = 15.0
    h.step(20)
    assert h.loans.rig_loans.recovered / h.loans.rig_loans.seized == pytest.approx(0.25)
    assert h.loans.desk.claims == (100_000 - 45_000) * USD
    assert fleet.held(h.people[1]) == 0


def test_a_sale_pays_seller_artist_and_platform() -> None:
    assert sum(sale(999_999, 777, 250)) == 999_999
    h = CreditHouse()
    n = h.mint(1)
    h.nfts.royalty[n] = 500
    assert h.act(ListNft(h.people[1], nft=n, price=1_000 * USD))[0][0] == DONE
    assert h.act(BuyNft(h.people[2], nft=n, limit=1_000 * USD)) == [(DONE, 1_000 * USD)]
    assert h.cash(1) == (10**6 + 975) * USD  # the artist himself sold
    h.act(OfferFor(h.people[3], collection=h.nfts.collection[n], nft=-1, price=2_000 * USD))
    assert h.act(AcceptOffer(h.people[2], nft=n, limit=1_850 * USD)) == [(DONE, 1_850 * USD)]
    assert h.cash(1) == (10**6 + 975 + 100) * USD
    assert h.nfts.owner[n] == h.people[3]
