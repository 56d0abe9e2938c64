"""Buy-outs in a market: sleeping holders, pauses, collateral, pools, income of locked fractions, and the agents' part."""

import numpy as np
import pytest

from agents.raid_plans import Crowd, best_plan, carried, unblocked
from experiments import sleeping_holders as study
from experiments.statistics import clopper_pearson
from model import Marketplace, Scenario
from model.actions import Status
from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.amm import RemoveLiquidity, Swap
from model.mechanisms.buyouts import CounterBuyout, OpenBuyout, success_probability
from model.mechanisms.lending import Borrow, Pledge, Release, StandBy
from model.mechanisms.lending.table import LOST
from model.mechanisms.vaults import Redeem, Stake, Unstake
from tests.buyout_house import COLLECTIBLE, RIGS, BuyoutHouse
from tests.vault_house import WHOLE

PRESETS = ("niftex_v1", "niftex_v2", "fractional_art", "tessera", "unicly")
STRESS = (
    "sleeping_holders",
    "wealthy_raider",
    "quorum_lock",
    "sole_voter",
    "instant_unlock",
    "pause_blocks_liquidation",
)


def opened(design, **given):
    """A house in which the second agent has opened a buy-out of the collectible at 1 USD a fraction."""
    house = BuyoutHouse(design, **given)
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    assert house.buyouts.is_open(COLLECTIBLE)
    return house


@pytest.mark.parametrize(("design", "pauses", "status"), [
    ("niftex_v1", "design", Status.CLOSED), ("niftex_v2", "design", Status.DONE), ("niftex_v1", "never", Status.DONE),
    ("niftex_v2", "always", Status.CLOSED),
])  # fmt: skip
def test_only_paused_fractions_stand_still(design, pauses, status):
    house = opened(design, pools=True, pauses=pauses)
    seller = house.agents[2]
    for action in (
        Swap(seller, vault=COLLECTIBLE, side=1, amount=WHOLE, limit=0),
        Pledge(seller, vault=COLLECTIBLE, amount=WHOLE),
    ):
        assert house.do(action)[0] == status
    assert house.do(Swap(seller, vault=RIGS, side=1, amount=WHOLE, limit=0))[0] == Status.DONE
    assert house.do(Redeem(seller, vault=COLLECTIBLE, amount=WHOLE))[0] == Status.CLOSED


@pytest.mark.parametrize("design", ["niftex_v1", "niftex_v2", "tender_pool"])
@pytest.mark.parametrize("blocked", [False, True])
def test_an_offer_that_can_be_answered_takes_no_collateral(design, blocked):
    house = BuyoutHouse(design, lend=2_000.0)
    borrower, raider = house.agents[2], house.agents[1]
    house.do(Pledge(borrower, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=300 * WHOLE))
    house.next_day()
    house.do(StandBy(raider, capital=10_000 * WHOLE, least=0))
    before = house.cash(raider)
    opened = house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=100 * WHOLE, usd=WHOLE))
    assert opened[0] == Status.DONE
    if blocked:
        need = house.buyouts.design_of(COLLECTIBLE).need(COLLECTIBLE)
        assert house.do(CounterBuyout(house.agents[3], vault=COLLECTIBLE, usd=need))[0] in (Status.DONE, Status.CLOSED)
    house.next_day()
    house.evening()
    assert house.lending.liquidations == []
    assert house.lending.collateral_value[borrower] == pytest.approx(1_200.0)
    assert house.held(COLLECTIBLE, raider) <= 200 * WHOLE and house.cash(raider) <= before + WHOLE


def test_new_loans_count_no_more_than_a_standing_offer():
    house = BuyoutHouse("niftex_v2", lend=2_000.0)
    borrower = house.agents[2]
    house.do(Pledge(borrower, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=80 * WHOLE))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    house.next_day()
    assert house.lending.backing[borrower] == pytest.approx(200.0) and house.lending.health[borrower] > 1.0
    assert house.do(Borrow(borrower, amount=30 * WHOLE))[0] == Status.NOT_ALLOWED
    assert house.do(Release(borrower, vault=COLLECTIBLE, amount=50 * WHOLE))[0] == Status.NOT_ALLOWED
    assert house.do(Borrow(borrower, amount=15 * WHOLE))[0] == Status.DONE


def test_a_final_offer_turns_collateral_into_cash_and_the_pool_bears_the_rest():
    house = BuyoutHouse("niftex_v2", lend=2_000.0)
    borrower = house.agents[2]
    house.do(Pledge(borrower, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=300 * WHOLE))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    house.next_day(7)
    assert house.lending.owed_by(borrower) == 0 and house.lending.collateral_value[borrower] == 0.0
    assert sum(house.lending.desk.sums[LOST]) == pytest.approx(100 * WHOLE, abs=2 * WHOLE)


def test_pledged_fractions_of_a_vault_that_is_bought_out_repay_the_debt_first():
    house = BuyoutHouse("niftex_v2", lend=2_000.0)
    borrower = house.agents[2]
    house.do(Pledge(borrower, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=150 * WHOLE))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    cash = house.cash(borrower)
    house.next_day(6)
    assert house.lending.owed_by(borrower) == 0
    assert house.cash(borrower) - cash == pytest.approx(50 * WHOLE, abs=0.2 * WHOLE)  # less a few days' interest


def test_staked_and_pooled_fractions_claim_after_a_buyout():
    house = BuyoutHouse("niftex_v2", pools=True, vaults={"eligibility": "staked_only"})
    creator, raider, staker = house.agents[:3]
    house.do(Stake(staker, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(OpenBuyout(raider, vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    house.next_day(6)
    shares = house.ledger.balance(int(house.amm.share[COLLECTIBLE]), creator)
    assert house.do(RemoveLiquidity(creator, vault=COLLECTIBLE, shares=shares, limit=0))[0] == Status.DONE
    assert house.do(Unstake(staker, vault=COLLECTIBLE, amount=200 * WHOLE))[0] == Status.DONE
    for who in (creator, staker):
        held = house.held(COLLECTIBLE, who)
        assert house.do(Redeem(who, vault=COLLECTIBLE, amount=held)) == (Status.DONE, held)  # 1 USD each


def test_income_of_locked_fractions_is_the_sellers():
    house = BuyoutHouse("niftex_v2", vaults={"service_fee": 0.0})
    proposer, holder = house.agents[1], house.agents[2]
    house.do(OpenBuyout(proposer, vault=RIGS, fractions=100 * WHOLE, usd=900 * WHOLE))
    house.evening()
    house.mine(RIGS, 1_000_000)
    house.morning()
    assert abs(house.earned(proposer) - 200_000) <= 1  # 100 locked and 100 at hand, of 1,000
    assert abs(house.earned(holder) - 200_000) <= 1
    assert house.ledger.balance(BTC_ASSET, int(house.buyouts.table.account[RIGS])) == 0


@pytest.mark.parametrize("blocks", [False, True])
def test_a_pause_may_stop_liquidators_too(blocks):
    house = BuyoutHouse("niftex_v1", lend=2_000.0, pause_blocks_liquidation=blocks)
    borrower, liquidator = house.agents[2], house.agents[3]
    house.do(Pledge(borrower, vault=COLLECTIBLE, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=500 * WHOLE))
    house.do(StandBy(liquidator, capital=5_000 * WHOLE, least=0))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=2_000 * WHOLE))
    house.oracle.price[:] = 3.0
    house.next_day()
    house.evening()
    assert bool(house.lending.liquidations) != blocks


def test_holders_share_the_proposers_fractions_by_what_they_paid():
    house = opened("niftex_v1")
    a, b = house.agents[2:4]
    house.do(CounterBuyout(a, vault=COLLECTIBLE, usd=75 * WHOLE))
    house.do(CounterBuyout(b, vault=COLLECTIBLE, usd=25 * WHOLE))
    house.evening()
    assert house.held(COLLECTIBLE, a) == 275 * WHOLE
    assert house.held(COLLECTIBLE, b) == 225 * WHOLE


@pytest.mark.parametrize("staked", [0, 200])
def test_who_holds_staked_fractions_alone_may_counter(staked):
    house = BuyoutHouse("niftex_v1", vaults={"eligibility": "staked_only"})
    holder, other = house.agents[2:4]
    house.do(Stake(holder, vault=COLLECTIBLE, amount=staked * WHOLE))
    house.give(COLLECTIBLE, 2, 3, house.held(COLLECTIBLE, holder))
    house.do(OpenBuyout(house.agents[1], vault=COLLECTIBLE, fractions=100 * WHOLE, usd=900 * WHOLE))
    answers = [house.do(CounterBuyout(who, vault=COLLECTIBLE, usd=WHOLE))[0] for who in (holder, other)]
    assert answers == [Status.DONE if staked else Status.NOT_ALLOWED, Status.DONE]


def test_the_winner_takes_over_bills_above_the_cash_of_the_vault():
    house = opened("niftex_v2", timed_days=1.0)
    ledger, winner, vault = house.ledger, house.agents[1], int(house.vaults.account[COLLECTIBLE])
    house.next_day()
    ledger.pay(USD_ASSET, ledger.world, vault, 3 * WHOLE, Flow.TRANSFER)
    ledger.pay(PAYABLE_ASSET, ledger.utilities, vault, 10 * WHOLE, Flow.POWER)
    house.evening()
    assert house.nfts.owner[0] == winner
    assert [ledger.balance(PAYABLE_ASSET, account) for account in (winner, vault)] == [7 * WHOLE, 3 * WHOLE]


def test_a_sleeping_crowd_is_worth_a_low_offer_and_a_waking_one_a_fair_price():
    asleep, awake = Crowd(1e-5, 200, 0.2), Crowd(0.05, 200, 0.2)
    low = best_plan(True, 0.01, 0.0, 14.0, asleep, 0.05, 1.0, 0.9)
    high = best_plan(True, 0.01, 0.0, 14.0, awake, 0.05, 1.0, 0.9)
    assert low.share == pytest.approx(0.05)
    assert low.gain > 0.7
    assert high.gain < 0.01
    assert unblocked(0.02, Crowd(0.001, 257, 0.2), 1.0) == pytest.approx(success_probability([0.001] * 257), abs=1e-6)
    assert carried(1.2, 0.0, 0.5, Crowd(0.001, 200, 0.2), 6.0) < 0.01
    assert carried(1.2, 0.3, 0.5, Crowd(0.3, 200, 0.2), 6.0) > 0.99


@pytest.mark.parametrize("dimmed", [1.0, 0.1])
def test_the_replay_runs_as_the_formula_says(dimmed):
    """A dead interface is a shock to attention: a tenth of ten times the attention is the same crowd."""
    found = [study.replay(study.Case(0.02, 1.0, seed, dimmed)) for seed in range(1, 16)]
    assert all(outcome.holders == 257 for outcome in found)
    assert found[0].offered == pytest.approx(10.0, abs=1e-3)
    interval = clopper_pearson(sum(outcome.won for outcome in found), len(found))
    assert interval.low <= success_probability([0.02] * 257) <= interval.high


@pytest.mark.slow
@pytest.mark.parametrize(("block", "cash"), [(0.001, 1.0), (0.02, 1.0), (0.001, 0.5)])
def test_two_hundred_seeds_of_the_replay_contain_the_formula(block, cash):
    found = [study.replay(case) for case in study.cases(200, [(block, cash)])]
    interval = clopper_pearson(sum(outcome.won for outcome in found), len(found))
    assert interval.low <= success_probability([block] * 257) <= interval.high


@pytest.mark.parametrize("name", [*PRESETS, *STRESS])
def test_scenarios_say_what_they_ask(name):
    scenario = Scenario.load(name)
    assert scenario.question.endswith("?")
    assert scenario.sources
    assert "buyouts" in scenario.mechanisms


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_agents_open_and_answer_buyouts_in_every_preset(name):
    with Marketplace(name, rng=1, clock__ticks=120) as market:
        market.run()
        market.check()
        assert market.summary()["buyouts.opened"] > 0
        done = {a.__name__: int(t[Status.DONE]) for a, t in market.settlement.outcomes.items()}
        answers = sum(done[name] for name in ("CounterBuyout", "BidBuyout", "TenderFractions", "VoteBuyout"))
        assert answers > 0
        held = market.ledger.books.balances[:, : market.ledger.accounts]
        assert np.all(held.sum(axis=1) == 0)


@pytest.mark.parametrize("design", ["niftex_v1", "niftex_v2", "tender_pool"])
def test_a_price_that_no_posting_pays_for_all_fractions_is_refused(design):
    house = BuyoutHouse(design)
    me, other, fraction = house.agents[0], house.agents[1], int(house.vaults.fraction[COLLECTIBLE])
    for agent in house.agents[1:]:
        house.ledger.pay(fraction, agent, me, house.ledger.balance(fraction, agent), Flow.TRANSFER)
    house.ledger.pay(fraction, me, other, 1, Flow.TRANSFER)
    own = house.ledger.balance(fraction, me)
    answer = house.do(OpenBuyout(me, vault=COLLECTIBLE, fractions=own, usd=10_000 * WHOLE))
    assert answer[0] is Status.AMOUNT
    house.buyouts.view()
