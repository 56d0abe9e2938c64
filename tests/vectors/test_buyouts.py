"""Buy-outs digit for digit: vectors of the five designs, and of the odds of a sleeping crowd."""

import math

import pytest

from model.actions import Status
from model.mechanisms import buyouts as b
from model.mechanisms.buyouts import (
    BidBuyout,
    CounterBuyout,
    OpenBuyout,
    Phase,
    TenderFractions,
    VoteBuyout,
    WithdrawBid,
)
from model.mechanisms.vaults import Redeem, VaultStatus
from tests.buyout_house import COLLECTIBLE, RIGS, BuyoutHouse
from tests.vault_house import WHOLE

DONE = Status.DONE


def test_shotgun_prices_and_counters():
    assert b.shotgun_price(10_000, 1_000, 9) == pytest.approx(0.001, abs=1e-15)
    assert b.shotgun_counter(10_000, 1_000, 9) == pytest.approx(1, abs=1e-12)
    assert b.shotgun_counter(10_000, 100, 9.9) == pytest.approx(0.1, abs=1e-12)
    assert b.shotgun_deposit(10, 2, 0.001) == pytest.approx(0.008, abs=1e-15)
    assert b.weighted_reserve([50, 50], [1, 2]) == 1.5


@pytest.mark.parametrize(("p", "chance"), [(0.001, 0.227), (0.005, 0.724), (0.02, 0.9944)])
def test_odds_that_somebody_among_257_wakes(p, chance):
    assert b.block_probability([p] * 257) == pytest.approx(chance, abs=5e-4)
    assert b.block_probability([p] * 257) == pytest.approx(1 - (1 - p) ** 257, rel=1e-12)
    assert b.wake_probability(b.attention_for(p, 14), 14) == pytest.approx(p, rel=1e-12)


def test_the_counter_of_niftex_v1_in_the_market():
    """1,000 fractions for 6,000: 100 locked, 900 offered for .90 USD, so .10 USD blocks."""
    house = BuyoutHouse("niftex_v1")
    raider, holder = house.agents[0], house.agents[1]
    assert house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900_000)) == (DONE, 900_000)
    assert house.buyouts.table.price[COLLECTIBLE] == 1_000
    assert house.buyouts.table.due[COLLECTIBLE] == 100_000
    assert house.do(CounterBuyout(holder, vault=COLLECTIBLE, usd=100_001))[0] == Status.DEPTH
    assert house.do(CounterBuyout(holder, vault=COLLECTIBLE, usd=100_000)) == (DONE, 100_000)
    before = house.cash(raider)
    house.next_day()
    assert house.cash(raider) - before == 900_000 + 100_000  # his offer, and his fractions at his own price
    assert house.held(COLLECTIBLE, holder) == 300 * WHOLE
    assert not house.buyouts.is_open(COLLECTIBLE)
    assert not house.vaults.paused.any()


def test_the_deposit_of_niftex_v2_in_the_market():
    house = BuyoutHouse("niftex_v2", vaults={"supply": 10}, agents=5)
    raider, other = house.agents[0], house.agents[1]
    assert house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=2 * WHOLE, usd=8_000)) == (DONE, 8_000)
    assert house.buyouts.table.price[COLLECTIBLE] == 1_000
    assert house.do(CounterBuyout(other, vault=COLLECTIBLE, usd=1_000)) == (DONE, 1_000)
    assert house.escrow(COLLECTIBLE) == (9_000, 1 * WHOLE)  # price x (supply - locked)
    assert house.do(CounterBuyout(other, vault=COLLECTIBLE, usd=1_001))[0] == Status.DEPTH
    before = house.cash(raider)
    assert house.do(CounterBuyout(other, vault=COLLECTIBLE, usd=1_000)) == (DONE, 1_000)
    house.next_day()
    assert house.cash(raider) - before == 10_000  # the whole deposit


def test_unblocked_shotguns_leave_a_claim_for_ever():
    house = BuyoutHouse("niftex_v2")
    raider, holder = house.agents[0], house.agents[1]
    house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=10 * WHOLE, usd=990_000))
    house.next_day(6)
    assert house.nfts.owner[0] == raider
    assert house.vaults.status[COLLECTIBLE] == VaultStatus.ENDED
    house.next_day(400)
    assert house.do(Redeem(holder, vault=COLLECTIBLE, amount=200 * WHOLE)) == (DONE, 200_000)


def test_least_stake_of_niftex_v2_is_a_hundredth():
    house = BuyoutHouse("niftex_v2")
    raider = house.agents[0]
    ask = {"vault": COLLECTIBLE, "usd": 990_000}
    assert house.do(OpenBuyout(raider, fractions=10 * WHOLE - 1, **ask))[0] == Status.NOT_ALLOWED
    assert house.do(OpenBuyout(raider, fractions=10 * WHOLE, **ask))[0] == DONE


def test_the_reserve_auction_step_by_step():
    """50 at 1 and 50 at 2 make 1.5; 3 days; steps of .05; a bid on the last day makes it a tick longer."""
    house = BuyoutHouse("reserve_auction")
    one, two, three, _, bidder = house.agents
    vote = {"vault": COLLECTIBLE}
    assert house.do(VoteBuyout(one, amount=1_000 * WHOLE, **vote))[0] == DONE
    assert house.do(OpenBuyout(bidder, fractions=0, usd=1_000 * WHOLE, **vote))[0] == Status.NOT_ALLOWED  # .20 < quorum
    assert house.do(VoteBuyout(two, amount=199 * WHOLE, **vote))[0] == Status.LIMIT
    assert house.do(VoteBuyout(two, amount=5_001 * WHOLE, **vote))[0] == Status.LIMIT
    assert house.do(VoteBuyout(two, amount=2_000 * WHOLE, **vote))[0] == DONE
    assert house.buyouts.design_of(COLLECTIBLE).least_bid(COLLECTIBLE) == 1_500 * WHOLE
    assert house.do(OpenBuyout(bidder, fractions=0, usd=1_500 * WHOLE - 1, **vote))[0] == Status.LIMIT
    assert house.do(OpenBuyout(bidder, fractions=0, usd=1_500 * WHOLE, **vote))[0] == DONE
    assert house.do(VoteBuyout(three, amount=1_500 * WHOLE, **vote))[0] == Status.CLOSED
    house.next_day(3)
    cash = house.cash(bidder)
    assert house.do(BidBuyout(three, usd=1_575 * WHOLE - 1, **vote))[0] == Status.LIMIT
    assert house.do(BidBuyout(three, usd=1_575 * WHOLE, **vote))[0] == DONE
    assert house.cash(bidder) - cash == 1_500 * WHOLE  # paid back at once
    house.evening()
    assert house.buyouts.is_open(COLLECTIBLE)
    house.evening()
    assert house.nfts.owner[0] == three
    assert house.do(Redeem(two, amount=200 * WHOLE, **vote)) == (DONE, 315 * WHOLE)


def test_curators_are_paid_in_new_fractions():
    house = BuyoutHouse("reserve_auction", curator_fee=0.1)
    creator, supply = house.agents[0], int(house.vaults.supply[COLLECTIBLE])
    held = house.held(COLLECTIBLE, creator)
    house.next_day(10)
    made = int(house.vaults.supply[COLLECTIBLE]) - supply
    assert made == house.held(COLLECTIBLE, creator) - held
    assert made / supply == pytest.approx(0.1 * 10 / 365, rel=0.1)


def test_the_tender_needs_more_than_half():
    house = BuyoutHouse("tender_pool")
    raider, *others = house.agents
    ask = {"vault": COLLECTIBLE}
    house.do(OpenBuyout(raider, fractions=100 * WHOLE, usd=900 * WHOLE, **ask))
    assert house.buyouts.table.phase[COLLECTIBLE] == Phase.TENDER
    for other in others[:2]:
        assert house.do(TenderFractions(other, amount=200 * WHOLE, **ask)) == (DONE, 200 * WHOLE)
    assert house.escrow(COLLECTIBLE) == (500 * WHOLE, 500 * WHOLE)
    house.next_day(3)
    assert house.buyouts.table.phase[COLLECTIBLE] == Phase.REJECTION
    assert house.do(TenderFractions(others[2], amount=WHOLE, **ask))[0] == Status.CLOSED
    house.next_day(2)
    assert house.vaults.status[COLLECTIBLE] == VaultStatus.LIVE  # just half is not enough
    assert house.held(COLLECTIBLE, raider) == 600 * WHOLE  # his 200, and what he paid for


def test_more_than_half_wins_the_tender_and_buying_back_rejects_it():
    for back in (0, 2 * WHOLE):
        house = BuyoutHouse("tender_pool")
        raider, *others = house.agents
        ask = {"vault": COLLECTIBLE}
        house.do(OpenBuyout(raider, fractions=101 * WHOLE, usd=899 * WHOLE, **ask))
        for other in others[:2]:
            house.do(TenderFractions(other, amount=200 * WHOLE, **ask))
        house.next_day(3)
        if back:
            assert house.do(CounterBuyout(others[3], usd=back, **ask))[0] == DONE
        house.next_day(2)
        assert (house.nfts.owner[0] == raider) == (back == 0)


def test_tendered_fractions_are_bought_back_from_the_first_day_to_the_last():
    house = BuyoutHouse("tender_pool")
    raider, seller, buyer, *_ = house.agents
    ask = {"vault": COLLECTIBLE}
    house.do(OpenBuyout(raider, fractions=100 * WHOLE, usd=900 * WHOLE, **ask))
    assert house.do(TenderFractions(seller, amount=50 * WHOLE, **ask)) == (DONE, 50 * WHOLE)
    assert house.do(CounterBuyout(buyer, usd=30 * WHOLE, **ask)) == (DONE, 30 * WHOLE)
    assert house.escrow(COLLECTIBLE) == (880 * WHOLE, 120 * WHOLE)
    house.next_day(2)
    assert house.do(TenderFractions(seller, amount=WHOLE, **ask))[0] == DONE
    house.next_day()
    assert house.do(TenderFractions(seller, amount=WHOLE, **ask))[0] == Status.CLOSED
    house.next_day()
    assert house.do(CounterBuyout(buyer, usd=WHOLE, **ask))[0] == DONE
    house.next_day()
    assert house.do(CounterBuyout(buyer, usd=WHOLE, **ask))[0] == Status.CLOSED


def test_unlocking_at_once_or_after_a_delay():
    for hours, ticks in ((0.0, 1), (72.0, 4)):
        house = BuyoutHouse("unlock_vote", unlock_delay_hours=hours)
        bidder, *others = house.agents
        ask = {"vault": COLLECTIBLE}
        assert house.do(OpenBuyout(bidder, fractions=0, usd=7, **ask))[0] == DONE
        assert house.do(BidBuyout(others[3], usd=7, **ask))[0] == Status.LIMIT
        assert house.do(BidBuyout(others[3], usd=8, **ask))[0] == DONE
        for other in others[:2]:
            house.do(VoteBuyout(other, amount=200 * WHOLE, **ask))
        house.next_day(3)
        assert house.buyouts.is_open(COLLECTIBLE)
        house.do(VoteBuyout(others[2], amount=100 * WHOLE, **ask))
        house.next_day(ticks - 1)
        assert house.buyouts.is_open(COLLECTIBLE)
        house.evening()
        assert house.nfts.owner[0] == others[3]
        assert house.held(COLLECTIBLE, others[0]) == 200 * WHOLE  # votes are given back, and claim


def test_the_best_bid_may_be_taken_back_after_three_days():
    house = BuyoutHouse("unlock_vote")
    bidder, rival, voter, *_ = house.agents
    ask = {"vault": COLLECTIBLE}
    assert house.do(WithdrawBid(bidder, **ask))[0] == Status.CLOSED
    house.do(OpenBuyout(bidder, fractions=0, usd=7, **ask))
    house.do(VoteBuyout(voter, amount=200 * WHOLE, **ask))
    house.next_day(2)
    house.do(BidBuyout(rival, usd=9, **ask))
    house.next_day(2)
    assert house.do(WithdrawBid(bidder, **ask))[0] == Status.NOT_ALLOWED
    assert house.do(WithdrawBid(rival, **ask))[0] == Status.LOCKED
    assert math.isnan(house.buyouts.view().stood[COLLECTIBLE])
    house.next_day()
    assert house.buyouts.view().stood[COLLECTIBLE] == 3.0
    assert house.do(WithdrawBid(rival, **ask)) == (DONE, 9)
    assert not house.buyouts.is_open(COLLECTIBLE) and house.buyouts.locked(COLLECTIBLE) == 200 * WHOLE
    house.evening()
    assert house.do(OpenBuyout(bidder, fractions=0, usd=7, **ask))[0] == DONE


def test_nobody_takes_a_bid_back_once_votes_have_reached_the_threshold():
    house = BuyoutHouse("unlock_vote", unlock_delay_hours=240.0)
    bidder, *others = house.agents
    ask = {"vault": COLLECTIBLE}
    house.do(OpenBuyout(bidder, fractions=0, usd=7, **ask))
    for other in others[:3]:
        house.do(VoteBuyout(other, amount=200 * WHOLE, **ask))
    house.next_day(4)
    assert house.do(WithdrawBid(bidder, **ask))[0] == Status.CLOSED
    house.do(VoteBuyout(others[0], amount=0, **ask))
    assert house.do(WithdrawBid(bidder, **ask)) == (DONE, 7)


def test_a_threshold_that_is_lost_must_be_held_anew():
    """Reached on the first evening and lost on the second, it is held for three days from the third."""
    house = BuyoutHouse("unlock_vote", unlock_delay_hours=72.0)
    bidder, *others = house.agents
    ask = {"vault": COLLECTIBLE}
    house.do(OpenBuyout(bidder, fractions=0, usd=7, **ask))
    for other in others[:2]:
        house.do(VoteBuyout(other, amount=200 * WHOLE, **ask))
    for amount in (100, 99, 100):
        house.do(VoteBuyout(others[2], amount=amount * WHOLE, **ask))
        house.next_day()
    house.next_day(2)
    assert house.buyouts.is_open(COLLECTIBLE)
    house.evening()
    assert house.nfts.owner[0] == bidder


def test_a_tender_is_decided_when_both_its_times_are_over():
    """Two days to tender and four to buy back, both from the opening."""
    house = BuyoutHouse("tender_pool")
    house.do(OpenBuyout(house.agents[0], vault=COLLECTIBLE, fractions=200 * WHOLE, usd=800 * WHOLE))
    house.next_day(4)
    assert house.buyouts.view().days_left[COLLECTIBLE] == 0.0
    assert house.buyouts.is_open(COLLECTIBLE)
    house.evening()
    assert not house.buyouts.is_open(COLLECTIBLE)


def test_rigs_go_to_the_winner():
    house = BuyoutHouse("niftex_v2")
    raider = house.agents[1]
    before = int(house.rigs.registered[raider])
    house.do(OpenBuyout(raider, vault=RIGS, fractions=100 * WHOLE, usd=900 * WHOLE))
    house.next_day(6)
    assert house.rigs.registered[raider] == before + 30_000
    assert house.rigs.registered[house.vaults.account[RIGS]] == 0
