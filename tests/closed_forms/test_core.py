"""Small parts of the core against hand-computed figures."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model.clock import Clock, ClockParams, StopWhen
from model.distributions import Distribution
from model.draws import student
from model.errors import nearest
from model.mechanisms.lending.kernels import up
from model.scenario import largest_remainder
from model.scenario_files import lay_over
from model.schedule import Shock, Shocks, too_large_together
from model.streams import Streams, normals, uniforms
from model.units import isqrt_product, muldiv, product_gap

SLOTS = np.arange(20_000, dtype=np.int64)


@given(st.integers(0, 2**62), st.integers(0, 2**62), st.integers(1, 2**62))
def test_muldiv_is_exact(a: int, b: int, c: int) -> None:
    exact = a * b // c
    assert muldiv(a, b, c) == (exact if exact < 2**63 else 2**63 - 1)


@given(st.integers(0, 2**62), st.integers(0, 2**62))
def test_square_root_of_a_product_is_exact(a: int, b: int) -> None:
    root = int(isqrt_product(a, b))
    assert root * root <= a * b < (root + 1) ** 2


@given(st.integers(1, 400), st.integers(10**12, 10**13), st.integers(-2, 2), st.sampled_from([10**12, 10**9, 10**6]))
def test_what_is_left_of_a_product_is_exact_where_a_word_ends(words: int, b: int, aside: int, c: int) -> None:
    """A product just beyond 2^63 words, its whole part just below: a rule that trusts signs takes what is left for negative."""
    a = words * 2**63 // b + aside
    assert up(a, b, c) == -(-a * b // c)
    assert product_gap(a, b, a * b // c, c) == a * b % c


def test_a_debt_whose_product_just_leaves_a_word_is_rounded_up() -> None:
    assert up(9_223_340, 1_000_003_542_626, 10**12) == 9_223_373


def test_a_key_is_the_same_in_its_tick_before_and_after() -> None:
    turned, still = Streams(7), Streams(7)
    turned.key("old")
    for tick in (0, 1, 5, 400):
        turned.turn(tick)
        for asked in (tick, 0, tick + 1):
            for name in ("old", f"new in {tick}"):
                assert turned.key(name, "someone", asked) == still.key(name, "someone", asked)


def test_uniform_and_normal_draws_have_their_moments() -> None:
    streams = Streams(11)
    u = uniforms(streams.key("u"), SLOTS, 0)
    z = normals(streams.key("z"), SLOTS, 0)
    assert abs(u.mean() - 0.5) < 0.01
    assert abs(u.var() - 1 / 12) < 0.003
    assert abs(z.mean()) < 0.03
    assert abs(z.std() - 1.0) < 0.02
    assert u.min() >= 0.0
    assert u.max() < 1.0


def test_draws_depend_on_seed_stream_population_tick_slot_and_k_alone() -> None:
    one, other = Streams(1), Streams(2)
    base = uniforms(one.key("s", "p", 3), SLOTS[:50], 0)
    assert np.array_equal(base, uniforms(Streams(1).key("s", "p", 3), SLOTS[:50], 0))
    assert np.array_equal(base[:10], uniforms(one.key("s", "p", 3), SLOTS[:10], 0))
    different = (other.key("s", "p", 3), one.key("t", "p", 3), one.key("s", "q", 3), one.key("s", "p", 4))
    for key in different:
        assert not np.any(base == uniforms(key, SLOTS[:50], 0))
    assert not np.any(base == uniforms(one.key("s", "p", 3), SLOTS[:50], 1))


@pytest.mark.parametrize(
    ("form", "mean"),
    [
        (5.0, 5.0),
        ({"uniform": {"low": 2, "high": 4}}, 3.0),
        ({"normal": {"mean": 1.5, "sd": 0.2}}, 1.5),
        ({"lognormal": {"median": 10, "sigma": 0.5}}, 10 * np.exp(0.125)),
        ({"pareto": {"minimum": 1, "alpha": 4}}, 4 / 3),
        ({"choice": {"values": [0, 1], "weights": [1, 3]}}, 0.75),
    ],
)
def test_distributions_have_their_mean(form: object, mean: float) -> None:
    drawn = Distribution.model_validate(form).sample(Streams(3).key("d"), SLOTS)
    assert drawn.mean() == pytest.approx(mean, rel=0.02)


def test_a_normal_is_cut_at_its_bounds() -> None:
    form = {"normal": {"mean": 0.0, "sd": 1.0, "low": -0.5, "high": 1.0}}
    drawn = Distribution.model_validate(form).sample(Streams(3).key("d"), SLOTS)
    assert (drawn.min(), drawn.max()) == (-0.5, 1.0)
    assert np.mean(drawn == 1.0) == pytest.approx(0.1587, abs=0.02)


@pytest.mark.parametrize("degrees", [3.5, 6.0])
def test_heavy_tailed_draws_have_variance_one_and_the_quartiles_of_students_law(degrees: float) -> None:
    """Quartiles of a t law of variance 1 are t(.75) sqrt((n - 2) / n)."""
    key = Streams(3).key("t")
    drawn = np.array([student(key, slot, 0, degrees) for slot in range(20_000)])
    quartile = float(stats.t.ppf(0.75, degrees)) * np.sqrt((degrees - 2.0) / degrees)
    assert np.quantile(drawn, [0.25, 0.75]) == pytest.approx([-quartile, quartile], rel=0.05)


@pytest.mark.parametrize(
    "form",
    [
        {"uniform": {"low": 2, "high": 1}},
        {"lognormal": {"median": -1, "sigma": 1}},
        {},
        True,
        {"choice": {"values": []}},
    ],
)
def test_distributions_refuse_nonsense(form: object) -> None:
    with pytest.raises(ValueError):
        Distribution.model_validate(form)


def test_clock_counts_days_and_months() -> None:
    clock = Clock(ClockParams(start="2024-02-28", hours_per_tick=6, ticks=100))
    clock.tick = 4
    assert clock.date == date(2024, 2, 29)
    assert clock.new_day
    assert clock.ticks_of(1.1) == 5
    clock.tick = 5
    assert not clock.new_day
    assert clock.per_tick(0.5) == pytest.approx(1 - 0.5**0.25)


def test_shock_shapes() -> None:
    start = date(2023, 1, 1)
    ramp = Shock(channel="price", size=-0.5, day=10, days=5, shape="ramp", source="x")
    assert [ramp.factor(d, start, 1.0) for d in (9, 10, 14, 400)] == [1.0, 0.9, 0.5, 0.5]
    assert [ramp.factor(d, start, 0.5) for d in (9.5, 10, 10.5, 12, 14.5)] == pytest.approx([1.0, 0.95, 0.9, 0.75, 0.5])
    pulse = Shock(channel="price", size=1.0, date=date(2023, 1, 3), days=2, shape="pulse", source="x")
    assert [pulse.factor(d, start, 1.0) for d in (1, 2, 3, 4)] == [1.0, 2.0, 2.0, 1.0]


@pytest.mark.parametrize(("begins", "days"), [(3.25, 0.5), (3.5, 1.0), (3.75, 2.5), (3.0, 0.25)])
def test_a_shock_that_fits_no_ticks_acts_as_long_as_it_says_whatever_their_length(begins: float, days: float) -> None:
    pulse = Shock(channel="price", size=0.8, day=begins, days=days, shape="pulse", source="x")
    step = Shock(channel="price", size=0.8, day=begins, lasts=days, source="x")
    for length in (1.0, 0.5, 1 / 6):
        ticks = range(round(8 / length))
        for shock in (pulse, step):
            acted = sum(shock.factor(k * length, date(2023, 1, 1), length) - 1.0 for k in ticks)
            assert acted * length == pytest.approx(0.8 * days)


def test_a_clock_rounds_whole_hours_up_to_ticks_and_knows_the_ends_of_days() -> None:
    clock = Clock(ClockParams(hours_per_tick=6, ticks=100))
    assert [clock.ticks_of(days) for days in (0.0, 0.25, 0.26, 0.3, 1.0, 1.05)] == [1, 1, 1, 2, 4, 5]
    ends = []
    for clock.tick in range(8):
        ends.append(clock.day_ends)
    assert ends == [False, False, False, True] * 2


def test_shocks_on_one_channel_multiply_and_end_when_they_have_lasted() -> None:
    clock, start = Clock(ClockParams(ticks=20)), date(2023, 1, 1)
    half = Shock(channel="price", size=-0.5, day=2, lasts=3, source="x")
    more = Shock(channel="price", size=0.2, day=4, source="x")
    assert [half.factor(d, start, 1.0) for d in (1.0, 2.0, 4.0, 5.0)] == [1.0, 0.5, 0.5, 1.0]
    shocks, journal, found = Shocks((half, more), clock), SimpleNamespace(event=lambda *_, **__: None), []
    for clock.tick in range(7):
        shocks.refresh(journal)  # type: ignore[arg-type]
        found.append(shocks["price"])
    assert found == pytest.approx([1.0, 1.0, 0.5, 0.5, 0.6, 1.2, 1.2])
    assert shocks["power_price"] == 1.0


@pytest.mark.parametrize("hours", [1, 24])
def test_shocks_at_once_do_no_more_than_the_largest_shock_alone(hours: int) -> None:
    clock = Clock(ClockParams(ticks=30 * 24 // hours, hours_per_tick=hours))

    def told(*rows: dict[str, Any]) -> list[str]:
        return too_large_together([Shock(channel="price", source="x", **row) for row in rows], clock)

    largest, half = {"size": 1_000.0, "day": 3.0}, {"size": -0.5, "day": 2.0}
    assert told(largest) == told(largest, half) == told({**largest, "lasts": 2.0}, {**largest, "day": 5.0}) == []
    assert told(largest, half, {"size": 0.9, "day": 9.0}) == []
    assert told(largest, {**largest, "day": 30.0}) == []  # after the run
    (said,) = told({**half, "lasts": 8.0}, largest, {"size": 0.9, "day": 9.0})
    assert said.startswith(
        "shocks rows 2, 3: channel = 'price': together they multiply it by 1,901.9 on day 10, allowed up to 1,001;"
    )
    ramp = {"size": 1.0, "day": 4.0, "days": 10.0, "shape": "ramp"}
    assert len(told(largest, ramp)) == 1
    assert told({**largest, "lasts": 1.0}, ramp) == []
    rise, fall = ({"size": size, "day": 0.0, "days": 29.0, "shape": "ramp"} for size in (100.0, -1.0))
    assert len(told({"size": 100.0, "day": 0.0}, rise, fall)) == 1  # 2,600 in the middle, less than 800 at either end


@pytest.mark.parametrize("hours", [1, 6, 12, 24])
def test_what_is_settled_once_a_day_takes_the_days_mean_of_a_shock_within_it(hours: int) -> None:
    clock = Clock(ClockParams(ticks=200, hours_per_tick=hours))
    shocks = Shocks((Shock(channel="price", size=9.0, day=3.25, days=0.5, shape="pulse", source="x"),), clock)
    for tick in range(5 * clock.per_day):
        clock.tick = tick
        assert shocks.of_day("price") == pytest.approx(5.5 if clock.day == 3 else 1.0)


@pytest.mark.parametrize("hours", [1, 4, 6, 24])
@pytest.mark.parametrize("first", [0, 7, 1_001])
def test_a_pulse_lasts_as_many_ticks_as_it_says(hours, first):
    begins, days = first * hours / 24, 7 * hours / 24
    pulse = Shock(channel="price", size=1.0, day=begins, days=days, shape="pulse", source="x")
    acting = [tick for tick in range(1_100) if pulse.factor(tick * (hours / 24), date(2023, 1, 1), hours / 24) != 1.0]
    assert acting == list(range(first, first + 7))


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 900), min_size=1), st.integers(6, 5_000))
def test_scaled_counts_add_up_and_leave_no_kind_empty(counts: dict[str, int], n: int) -> None:
    scaled = largest_remainder(counts, n)
    assert sum(scaled.values()) == n
    assert min(scaled.values()) >= 1


def test_tables_merge_arrays_replace_shocks_append() -> None:
    base = {
        "amm": {"fee_bps": 30, "twap": 3},
        "sources": ["a"],
        "shocks": [1],
        "agents": {"m": {"strategy": {"x": 1.0}}},
    }
    own = {"amm": {"fee_bps": 50}, "sources": ["b"], "shocks": [2], "agents": {"m": {"strategy": {"y": 1.0}}}}
    merged = lay_over(base, own)
    assert merged["amm"] == {"fee_bps": 50, "twap": 3}
    assert merged["sources"] == ["b"]
    assert merged["shocks"] == [1, 2]
    assert merged["agents"]["m"]["strategy"] == {"y": 1.0}


def test_a_condition_to_stop_at_replaces_the_parents_as_a_whole() -> None:
    base = {"clock": {"ticks": 9, "stop_when": {"metric": "bitcoin.price", "below": 1.0}}}
    own = {"clock": {"stop_when": {"metric": "bitcoin.price", "above": 2.0}}}
    merged = lay_over(base, own)["clock"]
    assert merged == {"ticks": 9, "stop_when": {"metric": "bitcoin.price", "above": 2.0}}
    assert ClockParams.model_validate(merged).stop_when == StopWhen(metric="bitcoin.price", above=2.0)


def test_nearest_name_is_offered() -> None:
    assert nearest("loan_toval", ["loan_to_value", "base"]) == ", did you mean 'loan_to_value'?"
    assert "known" in nearest("zzz", ["loan_to_value"])
