"""Price processes beyond the random walk: jumps, regimes, blocks of the past; their mean, spread and messages."""

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.fit_coin import simulate, write_prices
from model import Marketplace, Scenario
from model.errors import ScenarioError
from model.mechanisms.bitcoin import BitcoinParams
from model.mechanisms.bitcoin.processes import processes
from model.mechanisms.bitcoin.processes.bootstrap import price_returns, standardised, week_spreads
from model.mechanisms.bitcoin.processes.regimes import pick, stationary

RANDOM = ["gbm", "jump_diffusion", "garch", "regimes", "bootstrap"]
Own = Callable[[str], dict[str, Any]]
JUMPY = {"jump_rate": 0.5, "jump_mean": -0.6, "jump_sd": 0.8}


def write(path: Path, prices: list[float]) -> Path:
    first = date(2020, 1, 1).toordinal()
    dates = [date.fromordinal(first + i).isoformat() for i in range(len(prices))]
    return write_prices(path, {"date": dates, "price_usd": [f"{price}" for price in prices]})


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven years of prices that bootstrap plays, simulated by garch."""
    returns = simulate("garch", 2557, [1], nu=30.0)[0]
    prices = 10_000.0 * np.exp(np.append(0.0, np.cumsum(returns)))
    return write(tmp_path_factory.mktemp("past") / "prices.csv", prices.tolist())


@pytest.fixture(scope="module")
def own(past: Path) -> Own:
    """What a process needs besides its defaults."""
    return lambda process: {"file": str(past)} if process == "bootstrap" else {}


def market(days: int = 30, hours: int = 24, seed: int = 1, folder: Path = Path(), **coin: Any) -> Marketplace:
    clock = {"ticks": days * 24 // hours, "hours_per_tick": hours, "start": "2023-01"}
    tables = {"clock": clock, "bitcoin": {"price": 20_000.0, **coin}}
    return Marketplace(Scenario.from_tables(tables, "test", folder=folder), rng=seed)


def ticks(days: int = 30, hours: int = 24, **coin: Any) -> np.ndarray:
    """Prices after each tick."""
    m, prices = market(days, hours, **coin), []
    while m.running:
        m.step()
        prices.append(m.mechanisms["bitcoin"].price)
    return np.array(prices)


@pytest.mark.parametrize("hours", [1, 4, 6, 12])
@pytest.mark.parametrize("process", RANDOM)
def test_daily_closes_are_the_same_for_ticks_of_any_length(process: str, hours: int, own: Own) -> None:
    fine, coarse = (ticks(12, h, process=process, **own(process)) for h in (hours, 24))
    assert fine[24 // hours - 1 :: 24 // hours] == pytest.approx(coarse, rel=1e-12)


@pytest.mark.parametrize("process", RANDOM)
def test_drift_and_volatility_mean_the_same_in_every_process(process: str, own: Own) -> None:
    quiet = {"nu": 30.0} if process == "garch" else {}
    r = simulate(process, 3000, range(1, 9), volatility=0.5, drift=1.0, **quiet, **own(process))
    assert math.sqrt(r.var() * 365) == pytest.approx(0.5, rel=0.05)
    assert r.mean() * 365 == pytest.approx(1.0, abs=4 * 0.5 / math.sqrt(r.size / 365))


@pytest.mark.parametrize("process", RANDOM)
def test_twice_the_volatility_gives_twice_the_returns(process: str, own: Own) -> None:
    once, twice = (simulate(process, 50, [1], volatility=v, drift=0.0, **own(process))[0] for v in (0.4, 0.8))
    assert twice == pytest.approx(2 * once)


def test_no_day_of_garch_is_larger_than_its_largest() -> None:
    """The bound leaves all days before the first that meets it, and the price a mean that many paths agree on."""
    loose, tight = (simulate("garch", 2557, range(1, 5), drift=0.0, largest=x) for x in (1000.0, 5.0))
    sd = 0.69 / math.sqrt(365)
    assert np.abs(loose).max() > 6 * sd and np.abs(tight).max() == pytest.approx(5 * sd)
    for one, other in zip(loose, tight, strict=True):
        first = int(np.argmax(np.abs(one) > 5 * sd))
        assert other[:first] == pytest.approx(one[:first]) and np.abs(other[first]) <= np.abs(one[first])
    ends = np.exp(simulate("garch", 90, range(1, 1501), drift=0.0).sum(axis=1))
    assert ends.mean() == pytest.approx(1.06, abs=0.06)


@pytest.mark.parametrize("process", RANDOM)
def test_the_spread_within_a_day_has_the_variance_of_days(process: str, own: Own) -> None:
    r = np.diff(np.log(ticks(700, 4, process=process, drift=0.0, nu=30.0, **own(process))))
    assert r.std() * math.sqrt(365 * 6) == pytest.approx(0.69, rel=0.15)
    assert abs(np.corrcoef(r[1:], r[:-1])[0, 1]) < 0.07


def test_moments_of_jumps_are_mertons() -> None:
    r = simulate("jump_diffusion", 4000, range(1, 9), drift=0.0, volatility=1.0, **JUMPY) * math.sqrt(365)
    rate, m, s = 0.5, -0.6, 0.8
    z = r - r.mean()
    assert (z**3).mean() == pytest.approx(rate * (m**3 + 3 * m * s * s), rel=0.12)
    assert (z**4).mean() - 3 == pytest.approx(rate * (m**4 + 6 * m * m * s * s + 3 * s**4), rel=0.15)


def test_a_jump_happens_within_one_tick() -> None:
    few: dict[str, Any] = {"process": "jump_diffusion", "jump_rate": 0.05, "jump_mean": -4.0, "jump_sd": 0.0}
    m, moves, days = market(120, 1, **few), [], []
    coin = m.mechanisms["bitcoin"]
    while m.running:
        m.step()
        moves.append(coin.log_return * math.sqrt(365) / 0.69)
        days += [jump.moment for jump in coin.today.jumps] if m.clock.new_day else []
    assert len(days) >= 2
    assert np.sum(np.array(moves) < -3.0) == len(days)
    assert np.sum(np.abs(moves) > 1.5) == len(days)


def test_without_jumps_it_is_the_random_walk() -> None:
    none = {"jump_rate": 0.0, "jump_mean": 0.0, "jump_sd": 0.0}
    assert simulate("jump_diffusion", 50, [3], **none) == pytest.approx(simulate("gbm", 50, [3]))


def test_one_regime_is_the_random_walk() -> None:
    one = {"regime_volatility": [0.2], "regime_drift": [5.0], "regime_moves": [[1.0]]}
    assert simulate("regimes", 50, [3], **one) == pytest.approx(simulate("gbm", 50, [3]))


def test_stationary_law_is_left_as_it_is() -> None:
    moves = BitcoinParams().regime_moves
    law = np.array(stationary(moves))
    assert law @ np.array(moves) == pytest.approx(law) and law.sum() == pytest.approx(1)
    assert stationary([[1.0, 0.0], [0.1, 0.9]]) == [1.0, 0.0]
    assert [pick([0.5, 0.5], u) for u in (0.0, 0.49, 0.5, 0.9999999)] == [0, 0, 1, 1]


def test_regimes_last_as_long_as_their_chances_say() -> None:
    two: dict[str, Any] = {
        "regime_volatility": [0.2, 2.0],
        "regime_drift": [0.0, 0.0],
        "regime_moves": [[0.9, 0.1], [0.3, 0.7]],
    }
    m = market(4000, process="regimes", **two)
    coin, found = m.mechanisms["bitcoin"], []
    for day in range(4000):
        m.clock.tick = day
        coin.move_price()
        found.append(coin.process.regime)
    states = np.array(found)
    assert states.mean() == pytest.approx(0.25, abs=0.04)
    assert (states[1:][states[:-1] == 1] == 0).mean() == pytest.approx(0.3, abs=0.04)


def test_bootstrap_plays_the_past_in_blocks(past: Path) -> None:
    m = market(4000, process="bootstrap", drift=0.0, file=str(past))
    coin, shapes, places, moves = m.mechanisms["bitcoin"], np.array(standardised(price_returns(past))), [], []
    for day in range(4000):
        m.clock.tick = day
        before = coin.x
        coin.move_price()
        places.append(coin.process.place)
        moves.append(coin.x - before)
    assert moves == pytest.approx(0.69 / math.sqrt(365) * shapes[places], abs=1e-9)
    broken = (np.array(places[:-1]) + 1) % shapes.size != places[1:]
    assert broken.sum() == pytest.approx(4000 / 85, abs=21)
    assert math.sqrt(np.mean(np.square(week_spreads(shapes.tolist())))) == pytest.approx(1)


def test_bootstrap_of_a_users_file(tmp_path: Path) -> None:
    write(tmp_path / "p.csv", [100.0 * 1.1 ** (i % 2) for i in range(101)])
    prices = ticks(40, process="bootstrap", file="p.csv", folder=tmp_path, block_days=1000.0, drift=0.0)
    moves = np.diff(np.log(prices)) * math.sqrt(365) / 0.69
    assert np.abs(moves) == pytest.approx(np.ones(39), rel=0.02)
    assert moves[1:] == pytest.approx(-moves[:-1], rel=0.03)


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ([100.0 + i % 7 for i in range(60)], "rows of prices: 60; bootstrap wants at least 61 days"),
        ([100.0] * 80, "bootstrap wants prices that vary"),
        ([100.0] * 70 + [-4.0], "'-4.0' is no positive number"),
    ],
)
def test_a_file_that_bootstrap_cannot_use(tmp_path: Path, prices: list[float], message: str) -> None:
    write(tmp_path / "p.csv", prices)
    with pytest.raises(ScenarioError, match=message) as caught:
        market(process="bootstrap", file="p.csv", folder=tmp_path)
    assert "\n" not in str(caught.value) and "bitcoin" in str(caught.value)


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"process": "walk"}, "'bootstrap', 'constant', 'csv', 'garch', 'gbm', 'history', 'jump_diffusion'"),
    ({"process": "gbm", "file": "p.csv"}, 'take process = "bootstrap" or "csv"'),
    ({"process": "jump_diffusion", "jump_rate": 3.0}, "more variance than a day has"),
    ({"process": "regimes", "regime_drift": [0.0]}, "one value and one row of chances for each regime"),
    ({"process": "regimes", "regime_volatility": [0.0] * 4}, "none below 0 and one above 0"),
    ({"process": "regimes", "regime_moves": [[0.5] * 4] * 4}, "row 1 .* sum to 1"),
    ({"process": "regimes", "regime_moves": np.eye(4).tolist()}, "row 4 leads back to no earlier regime"),
    (
        {"process": "bootstrap"},
        'process = "bootstrap" plays prices of yours; give file, a CSV with header date,price_usd',
    ),
    ({"process": "csv"}, 'process = "csv" plays prices of yours; give file'),
    ({"process": "bootstrap", "block_days": 0.5}, "bitcoin.block_days = 0.5: .* allowed 1 to 1000"),
    ({"impact": -1.0}, "bitcoin.impact = -1"),
]


@pytest.mark.parametrize(("coin", "message"), FAULTY, ids=lambda item: str(item)[:40])
def test_faulty_parameters_are_named(coin: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        market(**coin)
    assert "\n" not in str(caught.value)


def test_other_processes_do_not_look_at_parameters_that_are_not_theirs() -> None:
    assert market(process="gbm", jump_rate=3.0).mechanisms["bitcoin"].price == 20_000


def test_every_process_is_found_with_its_meaning() -> None:
    assert set(RANDOM) | {"constant", "history", "months", "csv"} == set(processes())
    meaning = str(BitcoinParams.model_fields["process"].description)
    assert all(f"{name}: " in meaning for name in processes())


@pytest.mark.parametrize("process", RANDOM)
def test_the_same_seed_gives_the_same_path(process: str, own: Own) -> None:
    once, again, other = (simulate(process, 30, [seed], **own(process)) for seed in (5, 5, 6))
    assert (once == again).all() and (once != other).all()
