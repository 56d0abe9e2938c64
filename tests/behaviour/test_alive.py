"""The market is alive: over ten seeds of the baseline fractions trade, offerings sell, prices stay near values."""

import numpy as np
import pytest

from experiments.alive import LEAST, MOST, Life, lives
from model import Marketplace, Scenario

SEEDS = range(1, 11)


@pytest.fixture(scope="module")
def found() -> list[Life]:
    return lives(Scenario.load("baseline"), SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("sign", LEAST)
def test_signs_of_life_reach_their_bars(found: list[Life], sign: str) -> None:
    assert np.mean([getattr(life, sign) for life in found]) >= LEAST[sign]


@pytest.mark.slow
def test_few_rows_are_rejected(found: list[Life]) -> None:
    assert max(life.rejected for life in found) < MOST["rejected"]


@pytest.mark.slow
def test_every_kind_and_every_action_takes_part(found: list[Life]) -> None:
    for counts in ([life.done for life in found], [life.accepted for life in found]):
        assert all(sum(each[name] for each in counts) > 0 for name in counts[0])


@pytest.mark.slow
def test_providers_enter_and_leave(found: list[Life]) -> None:
    assert min(life.done["AddLiquidity"] for life in found) > 0  # in every run
    assert sum(life.done["RemoveLiquidity"] > 0 for life in found) > len(found) / 2


def test_shares_of_fair_prices_are_nested() -> None:
    with Marketplace("smoke", rng=1, clock__ticks=10) as market:
        frame = market.run().metrics()
    assert (frame["fractions.near_nav"] <= frame["fractions.fair_share"]).all()
    assert frame["fractions.fair_share"].between(0.0, 1.0).all()
