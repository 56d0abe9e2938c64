"""Revenue shares to the last unit: the cap, the term, and who is paid first."""

import math

import pytest

from model.actions import Status
from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.rental import BidHashpower, BuyTokens, IssueTokens, OfferHashpower, RedeemTokens
from model.mechanisms.revenue_shares import (
    BuyRevenueShare,
    OfferRevenueShare,
    days_to_repay,
    due,
    present_value,
    share_for,
)
from model.mechanisms.revenue_shares.table import OFFERED, PHASE, REPAID, RUNNING
from model.units import BTC, TOKEN, USD
from tests.rental_house import PH, RentalHouse

COMPANY, FIRST, SECOND = 0, 2, 3
HUGE = 2**62


def house(**terms):
    return RentalHouse(revenue_shares={"capacity": 2, **terms})


def shares(market):
    return market.market.mechanisms["revenue_shares"]


def offered(market, share_ppm=100_000, amount=1_000 * USD, cap_bps=15_000, days=365):
    """The company offers; the two investors fill the offer, one three times as much as the other."""
    company, one, two = (market.people[i] for i in (COMPANY, FIRST, SECOND))
    done = market.act(
        OfferRevenueShare(company, share_ppm=share_ppm, amount=amount, cap_bps=cap_bps, days=days),
    )
    number = done[0][1]
    done += market.act(BuyRevenueShare(one, number=number, amount=amount * 3 // 4))
    return done + market.act(BuyRevenueShare(two, number=number, amount=HUGE))


def daily(market):
    """Revenue of the company in the last tick [USD base units]."""
    return int(shares(market).revenue[market.people[COMPANY]])


def daily_of(market, account):
    """Revenue of an account in the last tick [USD base units]."""
    return int(shares(market).revenue[account])


def test_cap_and_term_in_whole_units():
    assert due(20_000 * USD, 100_000, 150_000 * USD) == 2_000 * USD
    assert due(999_999, 1, HUGE) == 0  # rounded down: the company never owes a part of a unit
    assert due(20_000 * USD, 100_000, 700) == 700
    assert due(-5, 100_000, 700) == 0


def test_a_share_of_a_tenth_repays_one_and_a_half_times_in_75_days():
    assert days_to_repay(100_000, 1.5, 0.10, 20_000) == 75.0
    assert share_for(100_000, 1.5, 75.0, 20_000) == 0.10
    assert days_to_repay(100_000, 1.5, 0.10, 0.0) == math.inf
    assert days_to_repay(100_000, 1.5, 0.10, 20_000, fall=10.0) == math.inf  # 10 a year: 73,000 USD are all that comes


def test_worth_is_the_annuity_until_cap_or_term():
    assert present_value(2_000.0, 150_000.0, 365.0, 0.0) == 150_000.0
    assert present_value(2_000.0, 150_000.0, 30.0, 0.0) == 60_000.0
    hand = 2_000.0 * 365.0 / 0.2 * (1.0 - math.exp(-0.2 * 75.0 / 365.0))
    assert present_value(2_000.0, 150_000.0, 365.0, 0.2) == pytest.approx(hand, rel=1e-12)


def test_cap_ends_the_share_to_the_unit():
    market = house()
    market.step()
    assert [status for status, _ in offered(market, amount=10_000 * USD)] == [Status.DONE] * 3
    before = [market.cash(i) for i in (FIRST, SECOND)]
    market.step()  # the money comes together
    row, cap, paid = shares(market).rows[0], 15_000 * USD, 0
    while row[PHASE] == RUNNING:
        assert row[REPAID] == paid
        market.step()
        paid = min(cap, paid + daily(market) // 10)
    assert paid == cap and market.market.clock.tick > 15
    got = [market.cash(i) - b for i, b in zip((FIRST, SECOND), before, strict=True)]
    assert cap - 2 <= sum(got) <= cap
    assert abs(got[0] - cap * 3 // 4) <= 2


def test_term_ends_the_share_after_so_many_payments():
    market = house()
    market.step()
    offered(market, amount=100_000 * USD, days=5)
    before = market.cash(FIRST) + market.cash(SECOND)
    market.step()
    paid = 0
    for _ in range(5):
        assert shares(market).rows[0][PHASE] == RUNNING
        market.step()
        paid += daily(market) // 10
    assert shares(market).rows[0][PHASE] != RUNNING
    assert paid - 2 <= market.cash(FIRST) + market.cash(SECOND) - before <= paid


def test_an_offer_that_is_not_full_is_paid_back():
    market = house(offer_days=3.0)
    market.step()
    company, one = market.people[COMPANY], market.people[FIRST]
    before = market.cash(FIRST)
    market.act(OfferRevenueShare(company, share_ppm=100_000, amount=1_000 * USD, cap_bps=15_000, days=365))
    market.act(BuyRevenueShare(one, number=0, amount=400 * USD))
    assert market.cash(FIRST) == before - 400 * USD
    market.step(2)
    assert shares(market).rows[0][PHASE] == OFFERED
    market.step(2)
    assert shares(market).rows[0][PHASE] not in (OFFERED, RUNNING)
    assert market.cash(FIRST) == before


def test_power_is_paid_first_and_who_stays_behind_defaults():
    market = house(grace_days=3.0)
    market.step()
    offered(market)
    market.step()
    company, ledger = market.people[COMPANY], market.ledger
    for asset in (USD_ASSET, BTC_ASSET):
        ledger.pay(asset, company, ledger.world, ledger.balance(asset, company), Flow.DEPARTURE)
    ledger.pay(PAYABLE_ASSET, ledger.utilities, company, 10**9 * USD, Flow.POWER)  # more than he will ever earn
    repaid = int(shares(market).rows[0][REPAID])
    market.step(4)
    house_ = shares(market)
    assert house_.rows[0][PHASE] != RUNNING
    events = [e for e in market.market.journal.events if e[1] == "revenue share default"]
    assert len(events) == 1 and ledger.balance(BTC_ASSET, company) < BTC
    assert repaid == 0 and ledger.outstanding(int(house_.assets[0])) == 0


def test_foolish_offers_are_refused():
    market = house(most_share=0.3)
    market.step()
    company, stranger = market.people[COMPANY], market.people[SECOND]
    ask = {"share_ppm": 100_000, "amount": 1_000 * USD, "cap_bps": 15_000, "days": 365}
    assert market.act(OfferRevenueShare(stranger, **ask))[0][0] == Status.NOT_ALLOWED
    for change, status in (
        ({"share_ppm": 0}, Status.AMOUNT), ({"share_ppm": -(2**63)}, Status.AMOUNT), ({"amount": 2**63 - 1}, Status.AMOUNT),
        ({"cap_bps": 9_999}, Status.LIMIT), ({"cap_bps": 2**62}, Status.LIMIT), ({"days": 0}, Status.LIMIT),
        ({"share_ppm": 300_001}, Status.NOT_ALLOWED),
    ):  # fmt: skip
        assert market.act(OfferRevenueShare(company, **{**ask, **change}))[0][0] == status
    assert market.act(OfferRevenueShare(company, **ask))[0] == (Status.DONE, 0)
    assert market.act(BuyRevenueShare(company, number=0, amount=USD))[0][0] == Status.NOT_ALLOWED
    assert market.act(BuyRevenueShare(stranger, number=2**62, amount=USD))[0][0] == Status.UNKNOWN
    assert market.act(BuyRevenueShare(stranger, number=0, amount=-5))[0][0] == Status.AMOUNT


def test_rented_hashpower_is_no_revenue_and_who_owns_nothing_cannot_offer():
    market = RentalHouse(ph=(100, 10), rental={}, revenue_shares={})
    seller, company, stranger = market.people[:3]
    price = int(market.rental.th_price * 1_000 * USD)
    own = daily_of(market, company)
    for who in (company, stranger):
        bid = {"ghs": 20 * PH, "price": price, "budget": 40 * 20 * price, "currency": 0, "hours": 0, "use": 0}
        market.act(
            OfferHashpower(seller, ghs=50 * PH, floor=price * 9 // 10, currency=0, hours=0),
            BidHashpower(who, **bid),
        )
    market.step(2)
    assert market.work(1) == pytest.approx(3 * market.running(1), rel=1e-3) and market.work(2) == 20 * PH
    assert daily_of(market, company) == pytest.approx(own, rel=0.02)
    assert daily_of(market, stranger) == 0
    terms = {"share_ppm": 100_000, "amount": 100 * USD, "cap_bps": 15_000, "days": 365}
    assert market.act(OfferRevenueShare(stranger, **terms))[0][0] == Status.NOT_ALLOWED
    assert market.act(OfferRevenueShare(company, **terms))[0][0] == Status.DONE


def test_rent_from_a_friend_at_any_price_makes_the_mean_no_larger_than_mining():
    """Half of the rigs let for a day at two hundred times what they mine: it is due in full, and the mean does not rise."""
    market = RentalHouse(ph=(1,), rental={}, revenue_shares={})
    company, friend = market.people[COMPANY], market.people[1]
    market.step()
    before, price = float(shares(market).mean[company]), int(400_000 * market.rental.th_price * USD)
    bid = {"price": price, "budget": 900_000 * USD, "currency": 0, "hours": 0, "use": 0}
    market.act(
        OfferHashpower(company, ghs=PH // 2, floor=1, currency=0, hours=0), BidHashpower(friend, ghs=PH // 2, **bid)
    )
    market.step(2)
    assert daily_of(market, company) > 90 * before * USD
    assert float(shares(market).mean[company]) == pytest.approx(before, rel=0.01)


@pytest.mark.parametrize("hours", [24, 4])
def test_hashpower_sold_by_tokens_is_revenue_of_the_next_tick(hours):
    """The first sale counts, once, when the next tick is reckoned; what a holder resells for is not the issuer's."""
    market = RentalHouse(hours=hours, ph=(100,), rental={"token_series": 1}, revenue_shares={})
    issuer, buyer = market.people[COMPANY], market.people[FIRST]
    market.step()
    before, mean = daily(market), float(shares(market).mean[issuer])
    market.act(IssueTokens(issuer, ghs=10 * PH, hours=480, price=USD))
    market.market.settlement.submit(BuyTokens([buyer], series=0, amount=10_000 * TOKEN, limit=USD))
    market.step()
    assert daily(market) == pytest.approx(before, rel=0.03)
    market.act(RedeemTokens(buyer, series=0, amount=10_000 * TOKEN))
    market.step()
    assert daily(market) == pytest.approx(0.9 * before + 10_000 * USD, rel=0.03)
    assert daily_of(market, buyer) == 0
    market.step()
    assert daily(market) == pytest.approx(0.9 * before, rel=0.03)
    assert float(shares(market).mean[issuer]) <= 1.01 * mean
