"""Numbers of lending, digit for digit, from the formulas and from the pool at work."""

from typing import Any

import pytest

from model.actions import Bundle, Status
from model.flows import Flow
from model.mechanisms import lending
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release, Repay, StandBy, Supply
from model.mechanisms.lending.kernels import WORTHLESS
from model.mechanisms.lending.table import INDEX_DEPOSIT
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
    house = LendingHouse(price=1_000.0, cash=8_000.0, loan_to_value=0.8, threshold=0.825, bonus=0.05)
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


@pytest.mark.parametrize("hours", [4, 24])
@pytest.mark.parametrize(
    ("rates", "rate"),
    [
        ({"rates": "kinked", "base": 0.1, "slope1": 0.2, "kink": 0.8}, 0.1 + 0.2 * 0.38 / 0.8),
        ({"rates": "jump", "base": 0.1, "multiplier": 0.2, "kink": 0.8}, 0.1 + 0.2 * 0.38),
        ({"rates": "jump", "base": 0.1, "multiplier": 0.2, "jump": 2.0, "kink": 0.2}, 0.1 + 0.2 * 0.2 + 2.0 * 0.18),
    ],
)
def test_a_tick_of_interest(hours: int, rates: dict[str, Any], rate: float) -> None:
    """380 of 1,000 are lent: the rate of the curve in force, for the hours of a tick."""
    house = LendingHouse(cash=1_000.0, hours=hours, **rates)
    pool, borrower = house.lending, house.agents[1]
    house.do(Pledge(borrower, vault=0, amount=200 * WHOLE))
    house.do(Borrow(borrower, amount=380 * WHOLE))
    assert pool.borrow_rate == pytest.approx(rate, rel=1e-8)
    assert pool.supply_rate == pytest.approx(rate * 0.38 * 0.8, rel=1e-8)
    house.next_day()
    interest = 380 * WHOLE * rate * hours / 8_760
    assert pool.owed_by(borrower) - 380 * WHOLE == pytest.approx(interest, abs=2)
    assert pool.reserves == pytest.approx(0.2 * interest, abs=2)


def test_a_repayment_pays_the_interest_first() -> None:
    """300 at 1 % a day: of 5 repaid 3 are interest."""
    house = LendingHouse(cash=1_000.0, base=3.65, slope1=0.0, slope2=0.0)
    pool, borrower = house.lending, house.agents[1]
    house.do(Pledge(borrower, vault=0, amount=100 * WHOLE))
    house.do(Borrow(borrower, amount=300 * WHOLE))
    house.next_day()
    flows = house.ledger.books.flows
    before = [int(flows[kind, 0].sum()) for kind in (Flow.INTEREST, Flow.REPAYMENT)]
    assert house.do(Repay(borrower, amount=5 * WHOLE)) == (Status.DONE, 5 * WHOLE)
    after = [int(flows[kind, 0].sum()) for kind in (Flow.INTEREST, Flow.REPAYMENT)]
    assert [b - a for a, b in zip(before, after, strict=True)] == pytest.approx([3 * WHOLE, 2 * WHOLE], abs=2)
    assert pool.desk.principal[borrower] == pytest.approx(298 * WHOLE, abs=2)
    assert pool.owed_by(borrower) == pytest.approx(298 * WHOLE, abs=2)


def test_a_new_loan_and_a_release_count_fractions_at_no_more_than_a_standing_offer() -> None:
    """100 fractions at 10 with an offer of 5 carry 190 of debt; to go on carrying 100 of it 52.63 must stay."""
    house = LendingHouse(cash=1_000.0)
    pool, borrower = house.lending, house.agents[1]
    house.do(Pledge(borrower, vault=0, amount=100 * WHOLE))
    house.vaults.ceiling[0] = 5.0
    pool.look()
    assert (pool.collateral_value[borrower], pool.backing[borrower]) == (1_000.0, 500.0)
    assert house.do(Borrow(borrower, amount=190 * WHOLE + 1))[0] is Status.NOT_ALLOWED
    assert house.do(Borrow(borrower, amount=100 * WHOLE))[0] is Status.DONE
    assert house.do(Release(borrower, vault=0, amount=48 * WHOLE))[0] is Status.NOT_ALLOWED
    assert house.do(Release(borrower, vault=0, amount=47 * WHOLE))[0] is Status.DONE


def test_a_flash_loan_costs_its_fee_rounded_up() -> None:
    """9 bps of 1,000,001 base units are 900.0009."""
    house = LendingHouse(cash=1_000.0, flash_bps=9)
    who = house.agents[1]
    held = house.cash(who)
    flash = Bundle([FlashBorrow(who, amount=1_000_001), FlashRepay(who, amount=1_000_001)])
    house.act(flash)
    assert flash.status is Status.DONE and held - house.cash(who) == 901
    assert int(flash.actions[1].rows["filled"][0]) == 1_000_902


def test_a_pool_that_has_failed_takes_no_deposits() -> None:
    """Whose index is a millionth of a dollar a share would sell a newcomer's money to the old depositors."""
    house = LendingHouse()
    for index, status in ((WORTHLESS, Status.DONE), (WORTHLESS - 1, Status.CLOSED)):
        house.lending.desk.sums[INDEX_DEPOSIT] = index
        assert house.do(Supply(house.agents[1], amount=1))[0] is status


def test_income_waits_while_less_than_a_ten_thousandth_of_a_vault_is_pledged() -> None:
    """Shared out over a few base units it would exhaust the index."""
    house = LendingHouse()
    pool, who = house.lending, house.agents[1]
    least = house.vaults.supply[0] // 10_000
    house.do(Pledge(who, vault=0, amount=int(least) - 1))
    for more, waits in ((0, True), (1, False)):
        if more:
            house.do(Pledge(who, vault=0, amount=more))
        house.mine(0, 10**9)
        house.next_day()
        assert bool(pool.passing.pending_btc[0] > 10**4) is waits
