"""Makers sell fractions that they kept where the market pays what they ask, no more than it bears, and never below."""

import numpy as np
import pytest

from agents.makers import MOST, _alarmed, dear
from agents.sheet import FEE, NAV, PRICE, RESERVE, RESERVE_USD, ROWS
from experiments.fit_coin.series import autocorrelation
from experiments.price_moves import Case, watched
from model import Marketplace, Scenario
from model.actions import SELL
from model.units import TOKEN, USD
from tests.sheet_house import seen_of

FRACTION, STAKE, WHO = 5, 6, 3
DEPTH, VALUE, FEES = 1_000.0, 2.0, 0.01


def rows_of(
    price: float, asks: float, held: float, *, staked: float = 0.0, click: float = 0.0, farmed: float = 0.0,
    out: bool = False, nav: float = VALUE,
) -> tuple[list[list[int]], bool]:  # fmt: skip
    """Sales of one maker in one vault, and whether it suits him no more."""
    facts = np.zeros((ROWS, 1))
    facts[PRICE], facts[NAV], facts[RESERVE], facts[RESERVE_USD], facts[FEE] = price, nav, DEPTH, DEPTH * price, FEES
    balances = np.zeros((8, 8), np.int64)
    balances[FRACTION, WHO], balances[STAKE, WHO] = held * TOKEN, staked * TOKEN
    unsuited, rows = np.full((1, 1), out), np.empty((1, 7), np.int64)
    n = dear(
        np.array([WHO]), np.array([0]), np.array([asks]), balances, seen_of(facts, [FRACTION], click=click),
        np.array([STAKE]), np.array([True]), np.array([farmed]), unsuited, rows,
    )  # fmt: skip
    return rows[:n].tolist(), bool(unsuited[0, 0])


def test_he_sells_where_the_price_less_the_fee_is_above_what_he_asks() -> None:
    edge = 1.2 * VALUE / (1.0 - FEES)
    assert rows_of(edge * 0.999, 1.2, 10.0) == ([], False)
    ((who, vault, side, amount, limit, *_),), unsuited = rows_of(edge * 1.2, 1.2, 10.0)
    assert (who, vault, side, amount) == (WHO, 0, SELL, 10 * TOKEN) and unsuited
    assert limit == pytest.approx(10.0 * 1.2 * VALUE * USD, abs=1)


def test_at_a_look_he_sells_no_more_than_the_pool_bears_nor_below_what_he_asks() -> None:
    ((*_, amount, _, _, _),), _ = rows_of(100.0, 1.0, 500.0)
    assert amount == pytest.approx(MOST * DEPTH * TOKEN, abs=1)
    edge = VALUE / (1.0 - FEES)
    ((*_, amount, _, _, _),), _ = rows_of(edge * 1.02, 1.0, 500.0)
    sold = amount / TOKEN
    after = DEPTH * edge * 1.02 * DEPTH / (DEPTH + sold) ** 2
    assert after == pytest.approx(edge, rel=1e-8)


def test_staked_fractions_count_and_farms_raise_what_he_asks() -> None:
    ((*_, amount, _, _, _),), _ = rows_of(10.0, 1.0, 3.0, staked=4.0)
    assert amount == 7 * TOKEN
    assert rows_of(10.0, 1.0, 3.0, farmed=0.7)[0]
    assert rows_of(10.0, 1.0, 3.0, farmed=0.8) == ([], False)
    assert rows_of(10.0, 1.0, 3.0, farmed=1.0) == ([], False)


def test_what_brings_less_than_its_transaction_or_suits_him_no_more_is_left() -> None:
    assert rows_of(10.0, 1.0, 1.0, click=9.0)[0]
    assert rows_of(10.0, 1.0, 1.0, click=9.9) == ([], False)
    assert rows_of(10.0, 1.0, 1.0, out=True) == ([], True)


def test_what_is_worth_nothing_he_sells_at_any_price() -> None:
    ((*_, amount, limit, _, _),), _ = rows_of(0.5, 1.5, 500.0, nav=0.0)
    assert amount == pytest.approx(MOST * DEPTH * TOKEN, abs=1) and limit == 0


@pytest.mark.parametrize(("price", "held", "looks"), [(3.0, 5, True), (3.0, 0, False), (2.4, 5, False)])
def test_a_maker_looks_where_his_own_vault_fetches_what_he_asks(price: float, held: int, looks: bool) -> None:
    facts = np.zeros((ROWS, 1))
    facts[PRICE], facts[NAV], facts[FEE] = price, VALUE, FEES
    balances, alert = np.zeros((8, 8), np.int64), np.zeros(4, np.bool_)
    balances[FRACTION, WHO + 1], balances[FRACTION, WHO] = held, 5  # the maker's and another's
    _alarmed(
        np.array([WHO + 1]), np.array([True]), np.arange(WHO - 1, WHO + 3), 4, np.full(4, 1.2), balances,
        seen_of(facts, [FRACTION]), np.array([STAKE]), np.zeros(1), alert,
    )  # fmt: skip
    assert alert.tolist() == [False, False, looks, False]


def test_fractions_do_not_move_in_a_rhythm_of_seven_days() -> None:
    days = watched(Case("baseline", 1))
    returns = np.abs(np.diff(np.log(days.price), axis=0)).T
    memory = [float(np.median(autocorrelation(returns, lag))) for lag in range(4, 18)]
    weekly, others = [memory[lag - 4] for lag in (7, 14)], [memory[lag - 4] for lag in (5, 6, 8, 9, 13, 15, 16)]
    assert max(weekly) < max(others) + 0.03


def kept_by_miners(asks: float) -> tuple[float, float]:
    """Part of all fractions that miners have after a quarter, and the median price of a fraction over net asset value."""
    values = {"agents.miner.asks": asks, "agents.miner.tokenise_rate": 0.0, "agents.retail_investor.cash": 20_000.0}
    with Marketplace(Scenario.load("baseline").override({**values, "clock.ticks": 90}), rng=4) as market:
        summary = market.run().summary()
        vaults, miners = market.view.vaults, market.populations["miner"].account
        market.check()
        held = market.ledger.books.balances[vaults.fraction[vaults.live]][:, miners]
        return float(held.sum() / vaults.supply[vaults.live].sum()), summary["fractions.premium"]


def test_makers_who_ask_less_keep_fewer_and_bring_prices_nearer_to_value() -> None:
    kept, premium = kept_by_miners(1e6)
    assert kept > 0.09  # a tenth is kept of vaults of the first morning
    sold, nearer = kept_by_miners(1.0)
    assert sold < 0.7 * kept
    assert abs(nearer) < abs(premium)
