"""Which farm a mercenary enters and which he leaves, and what farms pay on a dollar."""

from typing import Any

import numpy as np
import pytest

from agents import farming
from agents.farm_figures import CLICKS, DEPOSIT, DEPTH, DOLLARS, ENTRY, FIGURES, MORE, PAID, UNIT
from agents.farm_orders import MOST_TO_ENTER, STAKE, UNSTAKE, WIDTH, Quotes
from agents.sheet import ROWS
from agents.yield_farmers import Wishes, _choose
from model.ledger import USD_ASSET
from model.mechanisms.farms import Stakes
from model.units import DAYS_PER_YEAR, USD
from tests.sheet_house import seen_of

FARMS, CASH, CLICK, FEE = 2, 1_004.0, 1.0, 0.01
DEPOSITS, CLAIMS = USD_ASSET + 1, USD_ASSET + 2  # and one asset of claims for each farm
STAKED, PAYS, EARNS = 1_000.0, 500.0, 0.03  # USD, USD a year, and what a deposit earns besides a year
WISHES = {"hurdle": 0.05, "margin": 0.0, "sees": 1.0, "stay": 73.0, "commitment": 0.5, "largest_share": 1.0, "slippage": 0.05, "smallest": 20.0}  # fmt: skip
MONEY = 0.5 * (CASH - CLICKS * CLICK)
NET = PAYS / (STAKED + MONEY) + EARNS - (2.0 * FEE + CLICKS * CLICK / MONEY) * DAYS_PER_YEAR / 73.0


def stakes(kind: int = DEPOSIT, is_open: tuple[int, int] = (1, 1)) -> Stakes:
    """Two farms that take deposits and pay dollars."""
    columns: dict[str, Any] = {name: np.full(FARMS, -1) for name in Stakes._fields}
    columns |= {
        "kind": np.full(FARMS, kind), "vault": np.array([0, 1]), "asset": np.full(FARMS, DEPOSITS),
        "claim": CLAIMS + np.arange(FARMS), "open": np.array(is_open, np.int64), "pays": np.full(FARMS, DOLLARS),
        "staked_usd": np.full(FARMS, STAKED), "reward_usd": np.array([3.0, 8.0]),
    }  # fmt: skip
    return Stakes(**columns)


def chooses(paid: tuple[float, float], staked: int = 0, **wishes: float) -> tuple[list[int], list[int]]:
    """Farms that he enters and leaves, who has so much staked in the second."""
    own = Wishes(**{name: np.array([value]) for name, value in (WISHES | wishes).items()})
    balances = np.zeros((CLAIMS + FARMS, 1), np.int64)
    balances[USD_ASSET], balances[CLAIMS + 1] = CASH * USD, staked
    figures = np.zeros((FIGURES, FARMS))
    figures[UNIT], figures[PAID], figures[MORE], figures[DEPTH], figures[ENTRY] = 1.0 / USD, paid, EARNS, 1e6, FEE
    rows, one = np.zeros((5 * FARMS + MOST_TO_ENTER + 3, WIDTH), np.int64), np.zeros(1, np.int64)
    sheet = seen_of(np.zeros((ROWS, FARMS)), np.full(FARMS, USD_ASSET), click=CLICK)
    quotes = Quotes(np.zeros((4, FARMS)), np.zeros((2, 5)), np.array([0.003]))
    n = _choose(
        0, 1, one, one, np.zeros(1, np.bool_), own, np.uint64(3), 1, balances, sheet, one, np.zeros((1, 1), np.int64),
        DEPOSITS, -1, stakes(), figures, quotes,
        (np.empty(len(balances), np.int64), *np.empty((2, FARMS), np.int64), np.empty(FARMS, np.bool_)), rows,
    )  # fmt: skip
    return [int(r[2]) for r in rows[:n] if r[0] == STAKE], [int(r[2]) for r in rows[:n] if r[0] == UNSTAKE]


def test_a_farm_is_judged_by_what_it_pays_after_his_own_money_less_all_costs() -> None:
    """A third of what it pays goes to him, less the way in and out and four transactions, spread over 73 days."""
    assert chooses((PAYS, 0.0), hurdle=NET - 1e-9) == ([0], [])
    assert chooses((PAYS, 0.0), hurdle=NET + 1e-9) == ([], [])
    assert chooses((PAYS, PAYS + 1.0))[0] == [1]


def test_he_leaves_for_a_farm_that_pays_better_by_what_moving_costs() -> None:
    """His own pays .13 a year and the other NET."""
    mine = (PAYS, 100.0)
    least = NET / 0.13 - 1.0
    assert chooses(mine, staked=1_000 * USD, margin=least - 1e-6) == ([0], [1])
    assert chooses(mine, staked=1_000 * USD, margin=least + 1e-6) == ([0], [])
    assert chooses(mine, staked=1_000 * USD, hurdle=0.14, margin=100.0)[1] == [1]


def test_farms_that_are_open_add_what_a_dollar_earns_in_them_a_day() -> None:
    paid = np.zeros(FARMS)
    farming._yields(DEPOSIT, stakes(is_open=(1, 0)), paid)
    assert paid.tolist() == pytest.approx([0.003, 0.0])
