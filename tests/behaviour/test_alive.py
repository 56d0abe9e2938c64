"""The market is alive: over ten seeds of the baseline fractions trade, offerings sell, prices stay near values."""

import numpy as np
import pytest

from experiments.alive import BARS, Life, lives
from model import Marketplace, Scenario

SEEDS = range(1, 11)


@pytest.fixture(scope="module")
def found() -> list[Life]:
    return lives(Scenario.load("baseline"), SEEDS)


@pytest.mark.slow
def test_fractions_trade_on_most_days(found: list[Life]) -> None:
    assert np.mean([life.traded for life in found]) >= BARS["traded"]


@pytest.mark.slow
def test_offerings_sell(found: list[Life]) -> None:
    assert min(life.sold for life in found) >= BARS["sold"]


@pytest.mark.slow
def test_prices_stay_within_a_factor_of_three_of_values(found: list[Life]) -> None:
    assert np.mean([life.fair for life in found]) >= BARS["fair"]


@pytest.mark.slow
def test_others_than_creators_provide_liquidity_and_miners_order_rigs(found: list[Life]) -> None:
    assert min(life.providers for life in found) > 0.0
    assert min(life.rig_months for life in found) >= 1


def test_shares_of_fair_prices_are_nested() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=10) as market:
        frame = market.run().metrics()
    assert (frame["fractions.near_nav"] <= frame["fractions.fair_share"]).all()
    assert frame["fractions.fair_share"].between(0.0, 1.0).all()
