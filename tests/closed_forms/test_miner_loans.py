"""Loans of miners at their weekly review: how much, against what, how they are paid back, when collateral is added."""

import math
from typing import Any

import numpy as np
import pytest

from agents.miners.loans import Borrowing, Credit, review_loans
from model.ledger import USD_ASSET
from model.mechanisms.rigs.fleet import Fleet
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import Tariff
from model.units import TOKEN, USD

RULES = InvestmentRules.of()
WHO, FRACTION, PLEDGE = 3, 5, 6
PER_TH, HASHPRICE, J_PER_TH, PRICE = 43.0, 0.2, 30.0, 2.0  # USD/TH, USD/TH/day, J/TH, USD a fraction
VALUE = 10.0 * 30.4 * (HASHPRICE - 0.024 * 0.045 * J_PER_TH * 1.23 * 1.05)
INVESTED = (1.0 - math.exp(-1.0 / 8.0)) / (1.0 + (VALUE / PER_TH) ** -4.0)  # of the room for loans


def reviewed(
    cash: float, fractions: float, debt: float = 0.0, collateral: float = 0.0, rate: float = 0.1, pool: float = 10_000.0
) -> list[list[Any]]:
    """Pledges, loans, orders, repayments and releases of a miner with 100 TH/s [USD, fractions]."""
    traits = {
        "power_price": 0.045, "payback_limit": 10.0, "working_cash": 0.1, "loan_share": 0.8, "loan_rate": 0.2,
        "loan_weeks": 50.0, "loan_health": 1.2,
    }  # fmt: skip
    own = Borrowing(**{name: np.array([value]) for name, value in traits.items()})
    fleet = Fleet(1)
    fleet.reserve_accounts(4)
    fleet.add_sites(np.array([WHO]), np.array([0.045]))
    balances = np.zeros((7, 4), np.int64)
    balances[USD_ASSET, WHO], balances[FRACTION, WHO] = cash * USD, fractions * TOKEN
    of = [np.full(4, amount) for amount in (debt, collateral, collateral, 1.5)]
    yes, one = np.ones(1, np.bool_), np.ones(1, np.int64)
    credit = Credit(0.5, 0.75, rate, pool, np.array([PRICE]), yes, yes, 10**15 * one, PLEDGE * one, *of)
    rows = [np.zeros(shape, np.int64) for shape in ((1, 5), (1, 4), (1, 6), (1, 4), (1, 5))]
    counts = review_loans(
        np.array([0]), np.array([WHO]), own, 0, credit, balances, FRACTION * one, -one, 1, np.full(4, 100_000),
        np.zeros(4, np.int64), fleet.sites, PER_TH, J_PER_TH, HASHPRICE, RULES, Tariff(), np.zeros(1, np.int64),
        np.zeros(1), tuple(rows),
    )  # fmt: skip
    amount = (2, 1, 2, 1, 2)  # columns
    return [(m[:n, k] / USD).tolist() for m, n, k in zip(rows, counts, amount, strict=True)]


@pytest.mark.parametrize(("pool", "room"), [(10_000.0, 800.0), (1_000.0, 250.0)])
def test_a_miner_borrows_for_rigs_and_what_working_capital_lacks_within_his_part_and_the_pools(
    pool: float, room: float
) -> None:
    """A thousand fractions of 2 USD bear .8 of .5 of their worth, or a quarter of the pool's cash; he lacks 130 USD."""
    pledged, borrowed, ordered, repaid, released = reviewed(300.0, 1_000.0, pool=pool)
    loan = room * INVESTED + min(130.0, room - room * INVESTED)
    assert borrowed == pytest.approx([loan], abs=1e-5)
    assert ordered == pytest.approx([0.98 * room * INVESTED], abs=1e-5)
    assert pledged == pytest.approx([loan / 0.4 / PRICE], rel=2e-3)
    assert repaid == released == []


def test_debts_are_paid_back_in_weeks_and_as_cash_allows_where_the_rate_is_too_high() -> None:
    assert reviewed(100.0, 0.0, 600.0, 1_000.0) == [[], [], [], pytest.approx([12.0], abs=1e-5), []]
    assert reviewed(100.0, 0.0, 600.0, 1_000.0, rate=0.3)[3] == pytest.approx([98.0], abs=1e-5)


def test_collateral_is_added_below_the_miners_own_health_and_what_it_cannot_cover_is_repaid() -> None:
    """600 of debt at 1.2 over .75 need 960 of collateral: sixty are lacking, thirty fractions; with ten, forty are."""
    pledged, borrowed, _, repaid, _ = reviewed(100.0, 100.0, 600.0, 900.0)
    assert pledged == pytest.approx([30.0], rel=2e-3) and borrowed == []
    assert repaid == pytest.approx([12.0], abs=1e-5)
    pledged, _, _, repaid, _ = reviewed(100.0, 10.0, 600.0, 900.0)
    assert pledged == [10.0]
    assert repaid == pytest.approx([40.0 * 0.75], abs=1e-5)
