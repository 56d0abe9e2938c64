"""What a pump costs and brings: the formulas against exact swaps of a pool, their limits, and the tables of the page."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.manipulation import (
    attack_profit,
    break_even_multiple,
    longest_window,
    multiple_for,
    paying_window,
    pump_cost,
    spot_for,
)
from model.mechanisms.amm import amount_out, price_move_cost
from model.mechanisms.lending import LendingParams, collateral_cap

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "oracle_manipulation.md"
DEEP = 10**13
FLASH = LendingParams().flash_bps / 10_000


@settings(max_examples=200, deadline=None)
@given(m=st.floats(1.01, 100.0), fee=st.sampled_from([0, 30, 100, 300]), taken=st.floats(0.0, 1.5))
def test_cost_of_a_pump_is_that_of_exact_swaps(m: float, fee: int, taken: float) -> None:
    usd = fractions = DEEP
    paid = round(price_move_cost(float(DEEP), m, fee))
    bought = amount_out(paid, usd, fractions, fee)
    usd, fractions = usd + paid, fractions - bought
    assert usd / fractions == pytest.approx(m, rel=1e-6)
    others = round(taken * bought)
    usd, fractions = usd - amount_out(others, fractions, usd, fee), fractions + others
    cost = (paid - amount_out(bought, fractions, usd, fee)) / DEEP
    assert cost == pytest.approx(pump_cost(m, fee, taken), abs=1e-7)


@given(m=st.floats(1.0, 1e4))
def test_limits_without_a_fee(m: float) -> None:
    d = math.sqrt(m) - 1.0
    assert pump_cost(m, 0) == pytest.approx(0.0, abs=1e-9)
    assert pump_cost(m, 0, 1.0) == pytest.approx(2 * d * d / (2 * d + 1), rel=1e-6, abs=1e-9)
    assert multiple_for(price_move_cost(1.0, m, 100), 100) == pytest.approx(m, rel=1e-9)


def test_break_even_at_the_defaults_is_about_two_point_seven() -> None:
    lending = LendingParams()
    assert break_even_multiple(0.25, lending.loan_to_value, 100, FLASH) == pytest.approx(2.72, abs=0.005)
    assert break_even_multiple(0.25, fee_bps=0) == pytest.approx(1 / 0.38)
    for x in (0.05, 0.11, 0.25, 1.0):
        m = break_even_multiple(x, flash_fee=FLASH)
        assert (
            attack_profit(x, 0.99 * m, 0.99 * m, flash_fee=FLASH)
            < 0
            < attack_profit(x, 1.01 * m, 1.01 * m, flash_fee=FLASH)
        )


@given(x=st.floats(0.05, 1.0), m=st.floats(1.5, 50.0), taken=st.floats(0.0, 1.0))
def test_above_the_window_a_pump_does_not_pay_and_below_it_does(x: float, m: float, taken: float) -> None:
    window = paying_window(x, m, taken=taken)
    for factor, sign in ((0.99, 1), (1.01, -1)):
        seen = 1.0 + (m - 1.0) / (window * factor)
        assert spot_for(seen, window * factor) == pytest.approx(m)
        assert sign * attack_profit(x, seen, m, taken=taken) > 0


@given(x=st.floats(0.05, 1.0), capital=st.floats(0.1, 10.0), taken=st.floats(0.0, 1.0), part=st.floats(0.02, 1.0))
def test_no_pump_that_money_can_buy_pays_above_the_longest_window(
    x: float, capital: float, taken: float, part: float
) -> None:
    window = 1.02 * longest_window(x, capital, taken=taken)
    m = 1.0 + (multiple_for(capital) - 1.0) * part
    assert attack_profit(x, 1.0 + (m - 1.0) / window, m, taken=taken) < 0


def rows(heading: str) -> list[list[float]]:
    """Numbers of the table of the page below a heading that starts so."""
    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[float(x) for x in re.findall(r"\d*\.?\d+", re.sub(r"\(.*?\)", "", line))] for line in table]


def test_tables_of_the_page() -> None:
    for x, m in rows("| collateral over"):
        assert m == pytest.approx(break_even_multiple(x, flash_fee=FLASH), abs=0.006)
    for taken, m, money in rows("| others sell"):
        assert m == pytest.approx(break_even_multiple(0.25, taken=taken), abs=0.051)
        assert money == pytest.approx(price_move_cost(1.0, break_even_multiple(0.25, taken=taken), 100), abs=0.006)
    for capital, m, *windows in rows("| own money over R |"):
        assert m == pytest.approx(multiple_for(capital), abs=0.006)
        for taken, window in zip((0.0, 0.1, 0.2, 1.0), windows, strict=True):
            assert window == pytest.approx(longest_window(0.25, capital, taken=taken), abs=0.006)
    assert collateral_cap(0.01, LendingParams().bonus) == pytest.approx(0.11, abs=0.0005)
