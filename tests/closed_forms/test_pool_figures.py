"""Figures of mining pools: those of plain sums over the pools."""

import math

import numpy as np
import pytest

from model.metrics.payout import (
    EARNED,
    FEE,
    FIGURES,
    HERFINDAHL,
    LARGEST,
    LEAST,
    MOST,
    PAID,
    RESERVE,
    RUINED,
    measure,
)


def figures(hashrate, fee, alive, operator, coins, paid, earned, worked, network):
    out = np.empty(FIGURES)
    whole = (np.array(column, np.int64) for column in (operator, coins, paid))
    measure(
        np.array(hashrate, float), np.array(fee, float), np.array(alive, bool), *whole, np.array(earned, np.int64),
        np.array(worked, float), network, out,
    )  # fmt: skip
    return out


def test_pools_are_weighed_by_their_work():
    out = figures(
        [10.0, 30.0], [0.01, 0.03], [True, False], [2, 0], [5, 100, 7], [3, 4, 5, 100], [9, 44, 8], [10.0, 40.0, 8.0], 100.0
    )  # fmt: skip
    assert out[[PAID, RESERVE, RUINED]].tolist() == [12.0, 12.0, 1.0]
    assert out[[HERFINDAHL, LARGEST]].tolist() == pytest.approx([0.01 + 0.09, 0.3])
    assert out[FEE] == pytest.approx(0.025)
    assert out[[EARNED, LEAST, MOST]].tolist() == pytest.approx([53.0 / 50.0, 0.9, 1.1])


def test_without_work_nothing_can_be_said_about_pay():
    out = figures([0.0], [0.01], [True], [0], [0], [0, 0, 0], [0, 0], [0.0, 0.0], 1.0)
    assert all(math.isnan(out[place]) for place in (FEE, EARNED, LEAST, MOST))
