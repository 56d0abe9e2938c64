"""Rules of investment against numbers worked out by hand."""

import math

import numpy as np
import pytest

from model.mechanisms.rigs import investment as rule
from model.mechanisms.rigs import steps
from model.mechanisms.rigs.rules import InvestmentRules

RULES = InvestmentRules.of()


def test_gaps_close_by_half_life_and_by_time_constant() -> None:
    assert rule.closed(2.0, 1.0) == pytest.approx(0.75)
    assert rule.relaxed(1.0, 8.0) == pytest.approx(0.11750309741540454)


def test_seven_days_of_diffusion_are_one_week() -> None:
    weekly = rule.frontier_step(math.log(100.0), 25.0, 7.0, 6.0)
    daily = math.log(100.0)
    for _ in range(7):
        daily = rule.frontier_step(daily, 25.0, 1.0, 6.0)
    assert daily == pytest.approx(weekly, rel=1e-14)
    assert math.exp(rule.frontier_step(math.log(100.0), 25.0, 42.0, 6.0)) == pytest.approx(50.0)


def test_running_cost() -> None:
    assert rule.running_cost(0.05, 30.0, 1.0) == pytest.approx(0.036)
    assert rule.running_cost(0.045, 100.0, 1.23 * 1.05) == pytest.approx(0.139482)


def test_half_of_the_rigs_run_at_break_even_and_few_below() -> None:
    assert rule.running_target(0.1, 0.1, 0.05) == 0.5
    assert rule.running_target(0.1 * math.exp(0.1), 0.1, 0.05) == pytest.approx(1.0 / (1.0 + math.exp(-2.0)))
    assert rule.running_target(0.0, 0.1, 0.05) == 0.0
    assert rule.running_target(0.1, 0.0, 0.05) == 1.0
    assert 0.0 <= rule.running_target(1e-300, 1e300, 0.05) <= rule.running_target(1e300, 1e-300, 0.05) <= 1.0


def test_wear() -> None:
    assert rule.survival(1.0, 365.0, 0.08, 1.0) == pytest.approx(math.exp(-0.08))
    assert rule.survival(0.0, 365.0, 0.08, 1.0) == pytest.approx(math.exp(-1.08))


def test_payback() -> None:
    assert rule.payback_months(53.0, 0.2, 0.036) == pytest.approx(53.0 / (30.4 * 0.164))
    assert rule.payback_months(53.0, 0.036, 0.036) == rule.payback_months(53.0, 0.0, 0.036) == rule.NEVER


def test_outside_money_comes_below_the_longest_payback_and_is_capped() -> None:
    assert rule.attractiveness(15.0, 15.0, 2.0) == 0.0
    assert rule.attractiveness(rule.NEVER, 15.0, 2.0) == 0.0
    assert rule.attractiveness(7.5, 15.0, 2.0) == pytest.approx(math.log(2.0))
    assert rule.attractiveness(0.01, 15.0, 2.0) == rule.attractiveness(0.0, 15.0, 2.0) == 2.0


def test_purse() -> None:
    assert rule.cash_step(100.0, 8.0, 2.0, 7.0, 0.7) == pytest.approx(170.0 * math.exp(-0.7 * 7 / 365))
    assert rule.cash_step(100.0, -80.0, 0.0, 7.0, 0.7) == 0.0


def test_value_and_willingness() -> None:
    assert rule.rig_value(0.2, 0.036, 10.0) == pytest.approx(49.856)
    assert rule.willingness(50.0, 50.0, 4.0) == 0.5
    assert rule.willingness(100.0, 50.0, 4.0) == pytest.approx(16.0 / 17.0)
    assert rule.willingness(0.0, 50.0, 4.0) == rule.willingness(-3.0, 50.0, 4.0) == 0.0
    assert rule.willingness(1e-300, 50.0, 4.0) == pytest.approx(0.0)


def test_rig_price() -> None:
    assert rule.scarcity(6.0, 1.0, 6.0, 3.0) == rule.scarcity(1.0, 1.0, 6.0, 3.0) == 1.0
    assert rule.scarcity(12.0, 1.0, 6.0, 3.0) == 2.0
    assert rule.scarcity(100.0, 1.0, 6.0, 3.0) == 3.0
    assert rule.scarcity(100.0, 0.0, 6.0, 3.0) == 1.0
    assert rule.rig_price_target(18.0, 50.0, 0.8, 2.0, 3.0) == 77.0
    assert rule.rig_price_target(18.0, -50.0, 0.8, 2.0, 3.0) == 18.0
    assert rule.rig_price_step(50.0, 50.0, 7.0, 6.0) == 50.0
    assert rule.rig_price_step(10.0, 40.0, 42.0, 6.0) == pytest.approx(10.0 * 4.0 ** (1.0 - math.exp(-1.0)))


def test_makers() -> None:
    assert rule.shipment(12.0, 1.0, 7.0, 6.0) == 1.0
    assert rule.shipment(3.0, 1.0, 7.0, 6.0) == 0.5
    assert rule.shipment(3.0, 1.0, 1.0, 6.0) == pytest.approx(0.5 / 7.0)
    assert rule.shipment(0.0, 1.0, 7.0, 6.0) == 0.0
    year = 365.0
    assert rule.capacity_step(1.0, 600.0, year, 6.0, 1.2, 0.7) == pytest.approx(math.exp(1.2))
    assert rule.capacity_step(1.0, 0.0, year, 6.0, 1.2, 0.7) == pytest.approx(math.exp(-0.7))
    assert rule.capacity_step(1.0, 6.0, year, 6.0, 1.2, 0.7) == 1.0
    assert rule.capacity_step(0.0, 6.0, year, 6.0, 1.2, 0.7) == 1.0


def test_mark() -> None:
    assert rule.rig_value_mark(50.0, 20.0, 40.0, 0.1) == pytest.approx(22.5)
    assert rule.rig_value_mark(50.0, -20.0, 40.0, 0.1) == 0.0
    assert rule.rig_value_mark(50.0, 20.0, 0.0, 0.1) == 0.0
    assert rule.rig_value_mark(50.0, 60.0, 1e-9, 0.0) == 50.0


@pytest.mark.parametrize("better", [1.01, 2.0, 10.0])
def test_monotone(better: float) -> None:
    assert rule.running_target(0.1 * better, 0.1, 0.05) >= rule.running_target(0.1, 0.1, 0.05)
    assert rule.running_cost(0.05, 30.0 * better, 1.0) > rule.running_cost(0.05, 30.0, 1.0)
    assert rule.payback_months(53.0, 0.2 * better, 0.036) < rule.payback_months(53.0, 0.2, 0.036)
    assert rule.willingness(50.0 * better, 50.0, 4.0) > rule.willingness(50.0, 50.0, 4.0)
    assert rule.willingness(50.0, 50.0 * better, 4.0) < rule.willingness(50.0, 50.0, 4.0)
    assert rule.rig_price_step(10.0, 10.0 * better, 7.0, 6.0) > 10.0
    assert rule.shipment(3.0 * better, 1.0, 7.0, 6.0) > rule.shipment(3.0, 1.0, 7.0, 6.0)


def test_rows_switch_wear_and_earn_for_their_own_site() -> None:
    fleet, running = np.array([100.0, 100.0, 0.0]), np.ones(3)
    site, vintage = np.array([0, 1, 1]), np.array([0, 0, 1])
    power, efficiency = np.array([0.03, 0.08]), np.array([60.0, 30.0])
    steps.switch_and_wear(fleet, running, site, vintage, power, efficiency, 0.1, 7.0, RULES)
    assert running[0] == pytest.approx(1.0)
    assert running[1] == pytest.approx(0.5, abs=0.01)
    assert running[2] == 1.0
    assert fleet[2] == 0.0
    assert fleet[1] < fleet[0] < 100.0
    cash = np.zeros(2)
    fleet[:], running[:] = (100.0, 100.0, 0.0), (1.0, 0.0, 1.0)
    steps.fund(cash, fleet, running, site, vintage, power, efficiency, 0.1, 15.0, 7.0, RULES)
    profit = 100.0 * (0.098 - 0.024 * 0.03 * 60.0 * 1.23 * 1.05)
    assert cash == pytest.approx([0.8 * profit * 7.0 * math.exp(-0.7 * 7 / 365), 0.0])


def test_orders_take_cash() -> None:
    cash = np.array([800.0, 800.0])
    spent = steps.spend(cash, np.array([0.5, 0.0]), 7.0, RULES)
    assert spent == pytest.approx([400.0 * (1.0 - math.exp(-1.0 / 8.0)), 0.0])
    assert cash + spent == pytest.approx([800.0, 800.0])


def test_each_site_is_as_willing_as_its_own_power_price_and_limit_allow() -> None:
    power, limit = np.array([0.03, 0.045, 0.045, 5.0]), np.array([10.0, 10.0, 12.0, 10.0])
    eager = steps.eagerness(power, limit, 0.2, 30.0, 40.0, RULES)
    value = 10.0 * 30.4 * (0.2 - 0.024 * 0.045 * 30.0 * 1.23 * 1.05)
    assert eager[1] == pytest.approx(1.0 / (1.0 + (value / 43.0) ** -4))
    assert eager[0] > eager[1]
    assert eager[2] > eager[1]
    assert eager[3] == 0.0


def test_new_rigs_run() -> None:
    fleet, running = np.array([10.0, 0.0]), np.array([0.5, 1.0])
    steps.install(fleet, running, np.array([0]), np.array([10.0]))
    assert fleet.tolist() == [20.0, 0.0]
    assert running.tolist() == [0.75, 1.0]
    assert steps.network_hashrate(fleet, running) == 15.0
