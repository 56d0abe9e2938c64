"""Numbers of lending, digit for digit, from the formulas and from the pool at work."""

import pytest

from model.mechanisms import lending
from model.mechanisms.lending import Borrow, Pledge, StandBy
from tests.lending_house import LendingHouse
from tests.vault_house import WHOLE


def test_jump_rate() -> None:
    rates = [lending.jump_rate(u, 0.10, 0.20, 1.00, 0.90) for u in (0.0, 0.10, 0.90, 1.0)]
    assert rates == pytest.approx([0.10, 0.12, 0.28, 0.38], abs=1e-15)


def test_kinked_rate() -> None:
    assert lending.kinked_rate(0.325, 0.0, 0.08, 1.0, 0.65) == pytest.approx(0.04, abs=1e-15)
    assert round(lending.kinked_rate(0.8, 0.0, 0.08, 1.0, 0.65), 5) == 0.50857


def test_a_liquidation_of_10_weth() -> None:
    """10 WETH against 7,500 at 900, threshold .825, bonus .05."""
    assert lending.health_factor(9_000.0, 7_500.0, 0.825) == 0.99
    repaid, seized, bad = lending.liquidation_outcome(10.0, 900.0, 7_500.0, 0.825, 0.05)
    assert (10.0 - seized, 7_500.0 - repaid, bad) == (5.625, 3_750.0, 0.0)
    assert lending.health_factor(5.625 * 900.0, 3_750.0, 0.825) == 1.11375
    assert lending.liquidation_outcome(10.0, 787.50, 7_500.0, 0.825, 0.05)[2] == 0.0
    assert lending.liquidation_outcome(10.0, 787.49, 7_500.0, 0.825, 0.05)[2] > 0.0


def test_500_of_1000_at_2000() -> None:
    """500 of 1,000 owed, a price of 2,000 and a bonus of .05 seize .2625."""
    repaid, seized, _ = lending.liquidation_outcome(0.55, 2_000.0, 1_000.0, 0.90, 0.05)
    assert (repaid, seized) == (500.0, pytest.approx(0.2625, abs=1e-15))


def test_caps_by_depth() -> None:
    assert round(lending.collateral_cap(0.01, 0.12), 3) == 0.110
    assert round(lending.collateral_cap(0.003, 0.12), 3) == 0.117
    assert lending.collateral_cap(0.2, 0.05) == 0.0


def test_utilisation_and_supply_rate() -> None:
    assert lending.utilisation(25.0, 80.0, 5.0) == 0.80
    assert lending.utilisation(0.0, 0.0, 0.0) == 0.0
    assert lending.supply_rate(0.10, 0.80, 0.20) == pytest.approx(0.064, abs=1e-15)


@pytest.mark.parametrize("price", [900.0, 787.5, 700.0, 300.0])
def test_the_pool_does_what_the_formula_says(price: float) -> None:
    """10 fractions against 7,500 in the pool: the same to the last unit of USD."""
    house = LendingHouse(price=1_000.0, cash=8_000.0, ltv=0.8, threshold=0.825, bonus=0.05)
    borrower, liquidator = house.agents[1], house.agents[2]
    house.do(Pledge(borrower, vault=0, amount=10 * WHOLE))
    house.do(Borrow(borrower, amount=7_500 * WHOLE))
    house.do(StandBy(liquidator, capital=9_000 * WHOLE, least=0))
    house.lending.params = house.lending.params.model_copy(update={"slope1": 0.0, "slope2": 0.0})
    house.next_day(price)
    debt = house.lending.owed_by(borrower) / WHOLE
    assert debt == 7_500.0
    house.evening()
    repaid, seized, bad = lending.liquidation_outcome(10.0, price, debt, 0.825, 0.05)
    done = house.lending.liquidations[0]
    assert done.repaid == pytest.approx(repaid * WHOLE, abs=1)
    assert done.seized == pytest.approx(seized * WHOLE, abs=1)
    assert sum(house.lending.desk.sums[-3:]) == pytest.approx(bad * WHOLE, abs=2)
    assert len(house.lending.liquidations) == 1
    if price == 900.0:
        assert (done.repaid, done.seized) == (3_750 * WHOLE, 4_375_000)
        assert done.after == pytest.approx(1.11375, abs=1e-12)
