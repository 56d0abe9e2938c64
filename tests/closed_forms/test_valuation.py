"""Net asset value and the formulas around it against numbers worked out by hand or by brute force."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents import social
from agents.beliefs import chartist_probability, reversion, sobered, target_weight, trend_step
from agents.bot_orders import optimal_purchase, optimal_sale
from agents.valuation import (
    HALVING_DAYS,
    annuity,
    net_asset_value,
    one_of_many,
    present_value,
    until_halving,
    weighted_median,
)
from model.mechanisms.social import SocialParams
from model.units import LARGEST_POSTING

YEAR = 365.0


def by_sum(income, cost, life, decay, rate, salvage, halving, share, steps=200_000):
    """The same value by adding up a fine grid of days: runs whenever it earns."""
    dt = life / steps
    t = (np.arange(steps) + 0.5) * dt
    factor = np.ones(steps)
    s, when = share, halving
    while when < life:
        factor[t >= when] *= 1.0 - 0.5 * s
        s = 0.5 * s / (1.0 - 0.5 * s)
        when += HALVING_DAYS
    level = income * np.exp(-decay * t) * factor
    runs = level > cost
    end = t[runs][-1] + dt / 2 if runs.any() else 0.0
    return float((np.exp(-rate * t) * np.where(runs, level - cost, 0.0)).sum() * dt + salvage * math.exp(-rate * end))


def test_annuity() -> None:
    assert annuity(0.0, 7.0) == 7.0
    assert annuity(0.1, 10.0) == pytest.approx((1 - math.exp(-1)) / 0.1)
    assert annuity(-0.1, 10.0) == pytest.approx((math.e - 1) / 0.1)


def test_income_falls_until_it_meets_cost() -> None:
    decay, rate = 0.001, 0.0005
    stop = math.log(2) / decay
    expected = 2 * annuity(rate + decay, stop) - annuity(rate, stop) + 5 * math.exp(-rate * stop)
    assert net_asset_value(2, 1, 3650, 0, decay * YEAR, rate * YEAR, 5) == pytest.approx(expected)


def test_short_life_ends_first() -> None:
    assert net_asset_value(2, 1, 100, 0, 0.365, 0) == pytest.approx(2 * annuity(0.001, 100) - 100)


def test_rising_income_runs_to_the_end() -> None:
    assert net_asset_value(2, 1, 100, 0.365, 0, 0) == pytest.approx(2 * annuity(-0.001, 100) - 100)


def test_rising_income_below_cost_starts_later() -> None:
    start = math.log(2) / 0.01
    runs = 100 - start
    expected = annuity(-0.01, runs) - runs
    assert net_asset_value(0.5, 1, 100, 3.65, 0, 0) == pytest.approx(expected)
    assert net_asset_value(0.5, 1, 60, 3.65, 0, 0, salvage=3) == pytest.approx(3.0)  # would start after its life


def test_without_drift_it_runs_always_or_never() -> None:
    assert net_asset_value(2, 1, 100, 0.2, 0.2, 0) == pytest.approx(100)
    assert net_asset_value(0.9, 1, 100, 0.2, 0.2, 0.3, salvage=4) == pytest.approx(4.0)


def test_without_cost_it_runs_to_the_end() -> None:
    expected = annuity(0.5 / YEAR, 1000) + 7 * math.exp(-0.2 * 1000 / YEAR)
    assert net_asset_value(1, 0, 1000, 0, 0.3, 0.2, 7) == pytest.approx(expected)


def test_falling_income_below_cost_is_worth_its_salvage() -> None:
    assert net_asset_value(0.5, 1, 1000, 0, 0.3, 0.2, salvage=9) == pytest.approx(9.0)


def test_who_cannot_redeem_waits_for_the_salvage() -> None:
    waiting = net_asset_value(0.5, 1, 730, 0, 0.3, 0.2, salvage=9, wear=0.4, waits=True)
    assert waiting == pytest.approx(9 * math.exp(-0.6 * 2))


def test_halving_cuts_income_and_may_stop_the_rig() -> None:
    cut = net_asset_value(2, 0, 200, 0, 0, 0, halving=100, subsidy_share=0.9)
    assert cut == pytest.approx(200 + 100 * 2 * 0.55)
    assert net_asset_value(1.5, 1, 200, 0, 0, 0, halving=100, subsidy_share=1.0) == pytest.approx(50)
    assert net_asset_value(1.5, 1, 200, 0, 0, 0.0, halving=0, subsidy_share=1.0) == 0.0


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.1, 5),
    st.floats(0, 3),
    st.floats(10, 3000),
    st.floats(-1, 1),
    st.floats(0, 1),
    st.floats(0, 5),
    st.floats(1, 3000),
    st.floats(0, 1),
)
def test_equals_a_sum_over_days(income, cost, life, decay, rate, salvage, halving, share) -> None:
    assume(abs(income - cost) > 1e-6)  # on the edge it is open on which day one stops
    exact = net_asset_value(income, cost, life, 0.0, decay, rate, salvage, halving, share)
    summed = by_sum(income, cost, life, decay / YEAR, rate / YEAR, salvage, halving, share, 40_000)
    assert exact == pytest.approx(summed, rel=2e-3, abs=2e-3 * (1 + income * life * 0.01))


@settings(max_examples=400, deadline=None)
@given(
    income=st.one_of(st.just(0.0), st.floats(1e-4, 1.0)),
    cost=st.one_of(st.just(0.0), st.floats(1e-4, 1.0)),
    life=st.one_of(st.just(0.0), st.just(400.0), st.floats(1.0, 4_000.0)),
    decay=st.one_of(st.just(0.0), st.floats(-0.004, 0.004)),
    rate=st.one_of(st.just(0.0), st.floats(0.0, 0.003)),
    halving=st.one_of(st.just(0.0), st.just(400.0), st.just(math.inf), st.floats(1e-3, 1_458.0)),
    waits=st.booleans(),
)
def test_one_of_many_is_the_same_to_the_bit(income, cost, life, decay, rate, halving, waits) -> None:
    salvage, wear, share, known = 5.0, 0.001, 0.98, np.empty(4)
    until_halving(decay, rate, wear, halving, known)
    edge = math.log(income / cost) if income > 0.0 and cost > 0.0 else 0.0
    plain = (income, cost, life, salvage, wear, waits, decay, rate, halving, share)
    assert one_of_many(edge, *plain, known) == present_value(*plain)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("growth", [6.0 / YEAR, 1.0, 40.0])
@pytest.mark.parametrize("halving", [0.0, 300.0, 1_458.0])
def test_growth_for_a_hundred_years_is_worth_no_more_than_the_books_move(growth, halving) -> None:
    plain, known = (1.0, 2.0, 36_500.0, 5.0, 0.0, False, -growth, 0.0001, halving, 0.98), np.empty(4)
    until_halving(-growth, 0.0001, 0.0, halving, known)
    assert one_of_many(math.log(0.5), *plain, known) == present_value(*plain) == LARGEST_POSTING / 1e6
    assert net_asset_value(1.0, 2.0, 36_500.0, growth * YEAR, 0.0, 0.0) == LARGEST_POSTING / 1e6


def test_weighted_median() -> None:
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0]), 3) == 2.0
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([10.0, 1.0, 1.0]), 3) == 3.0
    assert math.isnan(weighted_median(np.zeros(2), np.zeros(2), 0))


def test_beliefs() -> None:
    assert trend_step(0.0, 0.01, 1.0, 1.0) == pytest.approx(3.65 * (1 - math.exp(-1)))
    assert chartist_probability(10.0, 0.2, 0.2) == 0.5
    assert chartist_probability(1e9, 1.0, 0.0) == pytest.approx(1.0)
    assert target_weight(0.3, 3.0, 0.25, 0.2) == pytest.approx(0.2)
    assert target_weight(-0.3, 3.0, 0.25, 0.2) == 0.0
    assert reversion(1.0, math.e, 1.0, 0.2, 0.05) == pytest.approx(1.15)
    assert sobered(0.0, 0.2) == 1.0
    assert sobered(0.2**0.5, 0.2) == pytest.approx(math.exp(-1))


@given(st.floats(1e2, 1e6), st.floats(1e2, 1e6), st.floats(0, 0.1), st.floats(1.05, 3))
def test_arbitrage_stops_where_the_marginal_price_meets_value(usd, reserve, fee, ratio) -> None:
    value = usd / reserve * ratio / (1 - fee)
    paid = optimal_purchase(usd, reserve, fee, value)

    def bought(x):
        return reserve * x * (1 - fee) / (usd + x * (1 - fee))

    step = 1e-4 * paid
    assert 2 * step / (bought(paid + step) - bought(paid - step)) == pytest.approx(value, rel=1e-3)
    low = usd / reserve * (1 - fee) / ratio
    sold = optimal_sale(usd, reserve, fee, low)

    def got(y):
        return usd * y * (1 - fee) / (reserve + y * (1 - fee))

    step = 1e-4 * sold
    assert (got(sold + step) - got(sold - step)) / (2 * step) == pytest.approx(low, rel=1e-3)


@pytest.mark.parametrize("law", ["small_world", "scale_free", "blocks"])
@pytest.mark.parametrize("by_kernel", [False, True])
def test_graphs_have_the_degree_asked_for(law, by_kernel) -> None:
    params = SocialParams(graph=law, neighbours=8, largest_drawn=0 if by_kernel else 50_000)
    sizes = np.array([600, 200], np.int64)
    matrix = social.adjacency(social.draw(params, sizes, np.uint64(7)), 800)
    degree = np.diff(matrix.indptr)
    assert degree.mean() == pytest.approx(8, rel=0.06)
    assert (matrix != matrix.T).nnz == 0
    assert matrix.diagonal().sum() == 0
    if law == "scale_free":
        assert degree.max() > 5 * degree.mean()
    if law == "blocks":
        inside = matrix[:600, :600].sum() / matrix[:600].sum()
        assert inside == pytest.approx(0.8 + 0.2 * 0.75, abs=0.05)


def test_edge_list(tmp_path) -> None:
    path = tmp_path / "edges.txt"
    path.write_text("# who knows whom\n0 1\n1 2\n", encoding="utf-8")
    source, target = social.draw(SocialParams(graph="file", edges=str(path)), np.array([3], np.int64), np.uint64(1))
    assert social.adjacency((source, target), 3).toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
