"""What keeps prices near net asset value: `python -m experiments.premium`."""

import pytest

from experiments.premium import pairs, points
from experiments.premium.supply import STILL, cells, point
from experiments.statistics import estimated_gap
from model import Scenario


def test_redemption_in_kind_keeps_prices_near_value():
    scenario = Scenario.load("baseline").override({"clock.ticks": 120})
    found = list(pairs(scenario, (1, 2)))
    assert all(pair.within.mispricing < pair.without.mispricing for pair in found)


def test_scarce_fractions_are_dear_and_plenty_are_cheap():
    scenario = Scenario.load("baseline")
    scarce, plenty = (point(scenario, STILL, 2, th, 1) for th in (20_000.0, 135_000.0))
    assert scarce.supply < 0.1 < 0.3 < plenty.supply
    assert scarce.premium > 0.4 > 0.0 > plenty.premium


@pytest.mark.slow
def test_redemption_over_pairs():
    found = list(pairs(Scenario.load("baseline"), range(1, 13)))
    without, within = ([getattr(pair, side).mispricing for pair in found] for side in ("without", "within"))
    assert estimated_gap(without, within, "mispricing").high < 0.0


@pytest.mark.slow
def test_premium_falls_with_supply():
    means = cells(list(points(Scenario.load("baseline"), (1, 2, 3))))
    for coin in {cell.coin for cell in means}:
        for vaults in {cell.vaults for cell in means}:
            line = [cell for cell in means if (cell.coin, cell.vaults) == (coin, vaults)]
            assert [c.supply for c in line] == sorted(c.supply for c in line)
            assert [c.premium for c in line] == sorted((c.premium for c in line), reverse=True)
