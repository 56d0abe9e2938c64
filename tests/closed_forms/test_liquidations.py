"""The table of `python -m experiments.liquidations`: the formula and a market's pool agree at every price."""

import pytest

from experiments.liquidations import PRICES, STARTS, compared, sheet


def test_formula_and_pool_agree_and_bad_debt_starts_at_787_50() -> None:
    assert STARTS == 787.50 and (PRICES[0], PRICES[-1]) == (1_000.0, 300.0)
    found = compared((1_000.0, 900.0, 800.0, STARTS, 787.0, 300.0))
    for _, formula, pool in found:
        assert tuple(pool) == pytest.approx(tuple(formula), abs=2e-6)
    assert [formula.lost > 0.0 for _, formula, _ in found] == [False, False, False, False, True, True]
    rows = {row[0].split()[0]: row for row in sheet(found).rows}
    assert rows["900.00"][2:8] == ("3,750.00", "4.3750", "5.6250", "3,750.00", "1.11375", "0.00")
    assert "bad debt" in rows["787.50"][0]
