"""Raiders: what a toe-hold costs counts, a target is kept until it is opened, and the rest is sold."""

import numpy as np
import pytest

from agents.raid_targets import RESERVE as BY_RESERVE
from agents.raid_targets import SHOTGUN, TENDER, Aims, Prey, choose
from agents.raiders import sell_rest
from agents.sheet import FEE, NAV, PRICE, RESERVE, ROWS
from model.actions import SELL
from model.ledger import USD_ASSET
from model.units import TOKEN, USD

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
