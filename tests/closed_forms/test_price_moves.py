"""How prices move: the study's figures of paths whose moments are known, and its command."""

import math

import numpy as np
import pytest

from experiments import price_moves, price_moves_picture
from experiments.price_moves import BURN_IN, HORIZONS, Path, elasticity, half_life, main, moves, of_pool, yearly

DAYS, POOLS = 4_000, 3
DRAWS = np.random.default_rng(7)
STEPS = 0.03 * DRAWS.standard_normal(DAYS)
COIN = np.exp(np.cumsum(STEPS))


def late(days: int) -> np.ndarray:
    """A price that makes a move of the coin in equal parts over so many days, from the morning after on."""
    return np.exp(np.cumsum(np.r_[0.0, np.convolve(STEPS, np.full(days, 1.0 / days))[: DAYS - 1]]))


def path_of(price: np.ndarray, nav: np.ndarray, income: float = 0.0) -> Path:
    """The same in every pool; a fraction earns so much of its price a day."""
    volume, earned = np.abs(np.diff(np.log(price), prepend=0.0)), income * np.roll(price, 1)
    columns = [np.tile(column[:, None], POOLS) for column in (price, nav, volume, earned)]
    return Path(*columns, COIN)


@pytest.mark.parametrize(("days", "expected"), [(1, 1.0), (2, 0.5), (10, 0.1)])
def test_the_part_of_a_move_that_is_made_within_a_day(days: int, expected: float) -> None:
    assert elasticity(late(days), COIN, 1) == pytest.approx(expected, abs=0.02)
    assert elasticity(late(days), COIN, 40) == pytest.approx(1.0 - (days - 1) / 80, abs=0.03)


def test_half_of_a_gap_is_gone_after_its_half_life() -> None:
    gap, kept = np.zeros(DAYS), 0.5 ** (1 / 10)
    for t in range(1, DAYS):
        gap[t] = kept * gap[t - 1] + 0.01 * DRAWS.standard_normal()
    assert half_life(gap) == pytest.approx(10.0, rel=0.25)
    assert math.isnan(half_life(np.tile([1.0, -1.0], 50)))


def test_a_random_walk_varies_alike_over_any_days() -> None:
    for days in (1, 40):
        assert yearly(COIN, days) == pytest.approx(0.03 * math.sqrt(365), rel=0.25)


def test_a_run_is_measured_by_its_pools_and_the_coin_in_the_same_way() -> None:
    price = np.r_[1.0, COIN[:-1]]
    found = moves(path_of(price, 2.0 * price))
    assert found.pools == POOLS
    assert found.fraction == pytest.approx(found.coin, abs=0.03)
    assert found.own["volume"] == pytest.approx(1.0) and found.own["gap"] == pytest.approx(0.0, abs=1e-9)
    assert found.remembers.shape == (2, price_moves.LAGS - 1)
    clustered = np.exp(np.cumsum(STEPS * np.exp(0.5 * np.sin(np.arange(DAYS) / 30))))
    assert moves(path_of(clustered, price)).fraction["acf|r|"] > found.fraction["acf|r|"] + 0.02


def test_who_holds_has_the_change_of_the_price_and_its_income() -> None:
    price = np.full(DAYS, 2.0)
    price[1::2] = 2.2  # up a tenth and down an eleventh
    earned = 0.001 * np.roll(price, 1)
    found = of_pool(price, COIN, np.abs(STEPS), earned, COIN)["holding"]
    assert found == pytest.approx(365 * (0.001 + (0.1 - 1 / 11) / 2), rel=1e-2)


def test_the_picture_is_drawn(tmp_path) -> None:
    path = path_of(late(3), late(5))
    price_moves_picture.draw(path, [moves(path)] * 3, HORIZONS, BURN_IN, tmp_path / "moves.png")
    assert (tmp_path / "moves.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("scenario", "said"), [("smoke", "lasts less than 180 days"), ("bend_2022", "has no "), ("basline", "baseline")]
)
def test_scenarios_that_do_not_suit_it_are_refused(scenario: str, said: str, capsys) -> None:
    assert main(["--scenario", scenario]) == 2
    assert said in capsys.readouterr().err
