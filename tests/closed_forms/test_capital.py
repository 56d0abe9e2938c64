"""What partners get: the internal rate of return, and both worlds of the study."""

import math

import numpy as np
import pytest

from experiments.capital import Case, internal_rate, scenario_of, table
from experiments.capital import run as replay


def test_the_rate_of_one_payment_and_of_a_loan_paid_back_daily():
    flows = np.zeros(366)
    flows[0], flows[365] = -100.0, 110.0
    assert internal_rate(flows, 1.0) == pytest.approx(0.10, abs=1e-12)
    daily = np.full(101, 1.5)
    daily[0] = -100.0
    rate = internal_rate(daily, 1.0)
    worth = math.fsum(1.5 * (1.0 + rate) ** (-day / 365.0) for day in range(1, 101))
    assert worth == pytest.approx(100.0, rel=1e-9)


def test_there_is_no_rate_where_nobody_gets_anything():
    assert math.isnan(internal_rate(np.zeros(10), 1.0))
    assert math.isnan(internal_rate(np.array([-5.0, -5.0]), 1.0))


def test_without_partners_their_share_goes_to_the_strategy_that_follows():
    with_them, without = (scenario_of(Case(1, side)).agents["miner"].shares for side in (True, False))
    assert list(without) == list(with_them)[1:]
    assert without["payback"] == pytest.approx(with_them["equity_partner"] + with_them["payback"])


def test_the_same_miners_are_followed_in_both_worlds():
    found = [(case, replay(case)) for case in (Case(2, True, 150), Case(2, False, 150))]
    assert found[0][1].raised > 0.0 == found[1][1].raised and math.isnan(found[1][1].rate)
    assert found[0][1].theirs != found[1][1].theirs
    assert len(table(found).rows) == 6
