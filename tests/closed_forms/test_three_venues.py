"""The study of one vault at three venues: its figures are those of the run, and its tables hold them."""

import math

import pytest

from experiments.venues import VENUES, Case, Outcome, beside, by_venue
from experiments.venues import run as replay
from model import Marketplace, Scenario


def test_figures_are_those_of_the_run():
    found = replay(Case(1, 30))
    with Marketplace(Scenario.load("fork_of_venues").override({"clock.ticks": 30}), rng=1) as market:
        summary, seen = market.run().summary(), market.metrics()
    assert found.trades == [summary[f"{venue}.trades"] for venue in VENUES]
    assert sum(found.trades) > 100 and 0.0 < found.failed < 0.5
    apart = (seen["amm.price_median"] / seen["weighted.price_median"]).map(math.log).abs()
    assert found.apart == pytest.approx(apart.median())
    assert found.beyond == pytest.approx((apart > 0.008).mean())


def test_tables_hold_means_and_how_often_the_curve_is_sold_out():
    three = [1.0, 2.0, 3.0]
    runs = [
        Outcome(three, three, three, three, 0.1, 0.01, 0.5, 10.0 * k, k > 0, math.nan if k == 0 else 0.2, 0.0)
        for k in range(3)
    ]
    assert by_venue(runs).rows[0][1:] == tuple(f"{x:.0f} ({x:.0f} to {x:.0f})" for x in three)
    told = dict(beside(runs).rows)
    assert told["runs in which it is sold out in the end"].startswith("2 of 3 (0.09 to 0.99)")
    assert told["a dry curve's price below the constant product's [log]"].startswith("0.20")
    assert told["days on which the curve has next to no fractions left"].startswith("10 (")
