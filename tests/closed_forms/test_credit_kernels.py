"""Figures of loans and the choice of a liquidator: compiled, they say what sorting and whole numbers of any size say."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.mechanisms.lending.figures import (
    BORROWERS,
    FIGURES,
    LARGEST_DEBT,
    LEAST,
    MEDIAN,
    RISK_10,
    TENTH,
    figures_of,
)
from model.mechanisms.lending.formulas import PRICE
from model.mechanisms.lending.liquidations import Orders, first_serving
from model.mechanisms.lending.table import empty_desk
from model.units import INDEX

SHARES = {LEAST: 0.0, TENTH: 0.1, MEDIAN: 0.5}
NO_VAULTS = np.zeros(0, np.int64)


def measured(debt: NDArray[np.float64], health: NDArray[np.float64]) -> NDArray[np.float64]:
    """Figures of a market without vaults and deposits."""
    desk, _ = empty_desk(0, debt.size)
    out, work = np.empty(FIGURES), np.empty((2, debt.size))
    figures_of(
        np.zeros((1, debt.size), np.int64), desk._replace(pool=0, debt=0, deposit=0), debt, health, np.zeros(debt.size),
        debt.size, np.zeros(0, np.bool_), NO_VAULTS, NO_VAULTS, np.zeros(1), work[0], work[1], out,
    )  # fmt: skip
    return out


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 12)), max_size=60))
def test_quantiles_of_health_are_those_of_debts_in_order(loans: list[tuple[int, int]]) -> None:
    debt = np.array([float(owed) for owed, _ in loans])
    health = np.array([level / 8.0 if owed else math.inf for owed, level in loans])
    found = measured(debt, health)
    owing = np.flatnonzero(debt > 0.0)
    owing = owing[np.argsort(health[owing], kind="stable")]
    assert found[BORROWERS] == owing.size
    below = np.cumsum(debt[owing])
    for place, share in SHARES.items():
        if owing.size:
            first = int(np.searchsorted(below, share * below[-1], side="left"))
            assert found[place] == health[owing[first]]
        else:
            assert math.isnan(found[place])
    if owing.size:
        assert found[LARGEST_DEBT] == pytest.approx(debt.max() / debt.sum())
        assert found[RISK_10] == pytest.approx(debt[health < 1.0 / 0.9].sum() / debt.sum())


def by_whole_numbers(
    orders: Orders, usd: Any, account: int, pledged: int, worth: int, most: int, bonus: int, cut: int, price: int
) -> tuple[int, ...]:
    """The same choice, in numbers of any size."""
    everything = -(-worth * INDEX // (INDEX + bonus))
    for k, (who, capital, least) in enumerate(zip(*(column.tolist() for column in orders), strict=True)):
        money = min(capital, int(usd[who]))
        repaid = min(most, everything, money * INDEX // (INDEX + cut))
        to_fund = -(-repaid * cut // INDEX)
        if repaid <= 0 or repaid + to_fund > money or who == account:
            continue
        seized_worth = min(worth, repaid * (INDEX + bonus) // INDEX)
        seized = pledged if repaid == everything else min(pledged, seized_worth * PRICE // price)
        if seized > 0 and seized_worth - repaid - to_fund >= least:
            return k, repaid, to_fund, seized, seized_worth
    return -1, 0, 0, 0, 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10**12), st.integers(0, 10**9)), max_size=5),
    st.lists(st.integers(0, 10**12), min_size=5, max_size=5),
    st.integers(1, 10**12),
    st.integers(1, 10**11),
    st.integers(1, 10**12),
    st.integers(0, INDEX // 5),
    st.integers(0, INDEX // 20),
)
def test_the_first_order_that_pays_serves(
    orders: list[tuple[int, int, int]], usd: list[int], pledged: int, dollars: int, most: int, bonus: int, cut: int
) -> None:
    columns = Orders(*(np.array([order[k] for order in orders], np.int64) for k in range(3)))
    price = min(10**15, max(1, dollars * PRICE // pledged))  # a base unit of fractions is worth a dollar at most
    asked = 0, pledged, pledged * price // PRICE, most, bonus, cut, price
    if asked[2] == 0:
        return
    money = np.array(usd, np.int64)
    found = first_serving(money, columns, *asked)
    assert tuple(int(number) for number in found) == by_whole_numbers(columns, money, *asked)
