"""Raiders: what a toe-hold costs counts, a target is kept until it is opened, the rest is sold; and who answers them."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from agents.counter_bidders import Stakes, answer
from agents.raid_plans import Crowd, best_plan, carried
from agents.raid_targets import RESERVE as BY_RESERVE
from agents.raid_targets import SHOTGUN, TENDER, UNLOCK, Aims, Prey, choose
from agents.raiders import sell_rest
from agents.sheet import FEE, NAV, PRICE, RESERVE, ROWS
from model.actions import SELL
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import Phase
from model.units import TOKEN, USD
from tests.sheet_house import seen_of

SUPPLY = 10_000 * TOKEN
WHO = 0
FIRST_FRACTION = 1


def aims(**given: float) -> Aims:
    """One raider, who believes that all sleep."""
    values = {
        "toehold": 0.05, "least_share": 0.1, "most_share": 0.9, "resale": 0.85, "least_gain": 0.02, "sleepiness": 0.0,
        "crowd_spread": 0.2, "rest": 14.0, "attempts": 20.0, "harvest": 50.0, "impact": 0.1, "tried": 0.0,
        "last_try": -1e6, "target": -1.0, **given,
    }  # fmt: skip
    return Aims(*(np.array([values[name]]) for name in Aims._fields))


def chosen(
    own: Aims, price: list[float], held: list[float] | None = None, cash: float = 1e6, answer: int = SHOTGUN, **more
):
    """Vault that a raider goes for, with fractions to lock and the offer for one; all are worth 100 USD a fraction."""
    n = len(price)
    balances = np.zeros((FIRST_FRACTION + n, 1), np.int64)
    balances[USD_ASSET, WHO] = int(cash * USD)
    balances[FIRST_FRACTION:, WHO] = (np.array(held or [0.0] * n) * TOKEN).astype(np.int64)
    columns = {
        "value": np.full(n, 100.0), "price": np.array(price), "fraction": np.arange(FIRST_FRACTION, FIRST_FRACTION + n),
        "allowed": np.ones(n, np.bool_), "design": np.zeros(n, np.int64), "supply": np.full(n, SUPPLY),
        "threshold": np.full(n, 0.5), "least_stake": np.zeros(n, np.int64), "least_bid": np.zeros(n, np.int64),
        "holders": np.full(n, 50), "window": np.full(n, 14.0),
    } | more  # fmt: skip
    out, offers = np.empty((2, 1), np.int64), np.empty(1)
    account, slots = np.array([WHO]), np.array([0])
    choose(slots, account, own, balances, Prey(**columns), np.array([answer]), 1.0, out, offers)
    return int(out[0, 0]), int(out[1, 0]), float(offers[0])


def test_the_price_of_a_toehold_counts_until_it_is_held():
    """A twentieth at 20 times the value costs .05 (20 - .85) of the whole, more than the .7125 that the buy-out gains."""
    assert chosen(aims(), [100.0]) == (0, SUPPLY // 20, pytest.approx(10.0))
    assert chosen(aims(), [2_000.0])[0] == -1
    assert chosen(aims(), [2_000.0], held=[500.0])[0] == 0
    assert chosen(aims(), [400.0, 100.0])[0] == 1
    assert chosen(aims(), [80.0, 10.0])[0] == 0  # below resale value all cost the same


def test_nobody_goes_for_a_toehold_that_nobody_sells_or_that_he_cannot_pay():
    assert chosen(aims(), [0.0])[0] == -1
    assert chosen(aims(), [0.0], held=[500.0])[0] == 0
    assert chosen(aims(), [100.0], cash=110_000.0)[0] == -1
    assert chosen(aims(), [100.0], cash=110_000.0, held=[500.0])[0] == 0


def test_a_target_is_kept_while_it_is_allowed_and_pays():
    supply = np.array([SUPPLY, 2 * SUPPLY])
    assert chosen(aims(), [100.0, 100.0], supply=supply)[0] == 1
    assert chosen(aims(target=0.0), [100.0, 100.0], supply=supply)[0] == 0
    assert chosen(aims(target=0.0), [100.0, 100.0], supply=supply, allowed=np.array([False, True]))[0] == 1
    assert chosen(aims(target=0.0), [2_000.0, 100.0], supply=supply)[0] == 1
    weak = {"resale": 0.11, "least_gain": 0.02}
    assert chosen(aims(**weak), [10.0])[0] == -1
    assert chosen(aims(target=0.0, **weak), [10.0])[0] == 0


def test_votes_for_an_own_offer_need_a_toehold_and_bids_of_a_reserve_do_not():
    alone = aims(toehold=0.4)
    low = np.array([0.3])
    assert chosen(alone, [2_000.0], answer=BY_RESERVE, threshold=low)[0] == -1
    assert chosen(alone, [100.0], answer=BY_RESERVE, threshold=low)[:2] == (0, SUPPLY * 2 // 5)
    bid = np.array([500_000 * USD])
    assert chosen(alone, [2_000.0], answer=BY_RESERVE, threshold=low, least_bid=bid)[:2] == (0, 0)
    assert chosen(aims(sleepiness=1.0, crowd_spread=0.5), [100.0], answer=TENDER, threshold=np.array([0.9]))[0] == -1


def test_a_bid_without_an_end_counts_on_those_who_look_within_his_rest():
    """A tenth looks each day and all find it good enough: .77 have in two weeks, above the threshold of .5, and .1 in a day."""
    patient = {"sleepiness": 0.1, "least_share": 1.2, "most_share": 1.2, "resale": 1.5, "crowd_spread": 0.01}
    asked = {"answer": UNLOCK, "window": np.array([math.inf]), "cash": 2e6}
    assert chosen(aims(**patient), [100.0], **asked) == (0, 0, pytest.approx(120.0))
    assert chosen(aims(**patient, rest=1.0), [100.0], **asked)[0] == -1


@pytest.mark.parametrize(("price", "sold"), [(84.0, False), (86.0, True), (200.0, True)])
def test_fractions_of_other_vaults_are_sold_where_the_market_pays_resale_value(price, sold):
    """At an impact of a tenth he sells a twentieth of the pool's fractions at once."""
    facts = np.zeros((ROWS, 4))
    facts[NAV], facts[PRICE], facts[FEE], facts[RESERVE] = 100.0, price, 0.0, 1_000.0
    balances = np.full((FIRST_FRACTION + 4, 1), 300 * TOKEN)
    live, phase, rows = np.array([True, True, True, False]), np.array([0, 1, 0, 0]), np.empty((4, 7), np.int64)
    fraction = np.arange(FIRST_FRACTION, FIRST_FRACTION + 4)
    n = sell_rest(np.array([0]), np.array([WHO]), aims(target=0.0), balances, fraction, live, facts, phase, 1.0, rows)
    assert rows[:n, :5].tolist() == ([[WHO, 2, SELL, 50 * TOKEN, 1]] if sold else [])
    dear = sell_rest(
        np.array([0]), np.array([WHO]), aims(target=0.0), balances, fraction, live, facts, phase, 1e6, rows
    )
    assert dear == 0


def test_a_threshold_is_carried_by_the_own_part_and_those_who_look():
    """Half of 100 others look, all find it good enough: .2 and half of .8, with a spread of .8 .05."""
    crowd, sure = Crowd(0.5, 100, 0.2), 100.0
    for threshold in (0.5, 0.6, 0.65):
        expected = NormalDist(0.6, 0.04).cdf(threshold)
        assert carried(sure, 0.2, threshold, crowd, 1.0) == pytest.approx(1.0 - expected)
    assert carried(sure, 1.0, 0.9, crowd, 1.0) == 1.0 and carried(sure, 0.0, 0.9, Crowd(0.0, 100, 0.2), 1.0) == 0.0


def test_who_can_be_bought_out_at_his_own_price_reckons_with_it():
    """One offer, at value: ten people of whom half look and half of those want more block it, and buy him out below resale."""
    crowd = Crowd(0.5, 10, 0.2)
    chance = 0.75**10
    plan = best_plan(True, 0.3, 0.0, 1.0, crowd, 1.0, 1.0, 1.5)
    assert plan == (1.0, pytest.approx(chance), pytest.approx(chance * 0.7 * 0.5 - (1.0 - chance) * 0.3 * 0.5))
    tender = best_plan(False, 0.3, 0.4, 1.0, crowd, 1.0, 1.0, 1.5)
    assert tender.gain == pytest.approx(tender.chance * 0.7 * 0.5)


def countered(phase, price=50.0, need=1_000.0, cash=2_000.0, part=0.5, margin=0.2, opener=7):
    """Dollars with which a counter-bidder answers a buy-out of 100 fractions worth 100 USD each: to counter, and to bid."""
    own = Stakes(*(np.array([{"margin": margin, "part": part}.get(name, 0.0)]) for name in Stakes._fields))
    facts, one, none = np.zeros((ROWS, 1)), np.zeros(1, np.int64), np.zeros(0, np.int64)
    facts[NAV] = 100.0
    balances = np.zeros((FIRST_FRACTION + 1, 1), np.int64)
    balances[USD_ASSET] = int(cash * USD)
    rows = np.zeros((1, 7), np.int64), np.zeros((1, 5), np.int64), np.zeros((1, 5), np.int64)
    *_, n_counters, n_bids = answer(
        one, one, own, balances, (0.0, none, none), seen_of(facts, [FIRST_FRACTION]), np.ones(1, np.bool_),
        (
            np.array([int(phase)]), np.array([price]), np.array([int(need * USD)]), np.array([opener]),
            np.array([100 * TOKEN]),
        ),
        one.copy(), rows,
    )  # fmt: skip
    return [float(matrix[0, 2]) / USD if n else 0.0 for matrix, n in zip(rows[1:], (n_counters, n_bids), strict=True)]


@pytest.mark.parametrize(
    ("given", "pays"),
    [
        ({}, 1_000.0),
        ({"need": 400.0}, 400.0),
        ({"part": 0.2}, 400.0),
        ({"price": 79.0}, 1_000.0),
        ({"price": 81.0}, 0.0),
        ({"opener": 0}, 0.0),
    ],
)
def test_he_counters_offers_below_value_by_his_margin_with_a_part_of_his_cash(given, pays):
    assert countered(Phase.COUNTER, **given) == [pays, 0.0]


@pytest.mark.parametrize(
    ("need", "cash", "bids"), [(7_900.0, 1e5, True), (8_100.0, 1e5, False), (7_900.0, 7_800.0, False)]
)
def test_he_bids_up_to_value_less_his_margin(need, cash, bids):
    assert countered(Phase.AUCTION, need=need, cash=cash) == [0.0, need if bids else 0.0]
