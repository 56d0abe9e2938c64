"""Bars, bounds and tests of `python -m experiments.credit_risk`, on runs made up here; and tasks in several processes."""

import math
from types import SimpleNamespace

import pytest

from experiments.credit_risk import Credit, Task, bars, credit, edges, exact_upper, grid, judge, picture, runs
from experiments.spiral import largest_fall


def run(seed, bad=0.0, share=0.04, liquidations=1):
    return Credit(seed, share, 1_000.0, 0.2, liquidations, 0.1, bad, 0.0, 0.9)


def test_the_exact_bound_solves_its_equation():
    for events, trials in ((0, 200), (4, 200), (5, 200), (1, 10)):
        p = exact_upper(events, trials)
        below = math.fsum(math.comb(trials, k) * p**k * (1.0 - p) ** (trials - k) for k in range(events + 1))
        assert below == pytest.approx(0.05)
    assert exact_upper(4, 200) < 0.05 < exact_upper(5, 200)
    with pytest.raises(ValueError, match="at least one trial"):
        exact_upper(0, 0)


def test_bars_are_held_against_what_was_found():
    calm = [run(seed) for seed in range(200)]
    assert judge(calm).held == (True, True, True)
    wild = [run(seed, bad=0.02 if seed < 5 else 0.0, share=0.02, liquidations=0) for seed in range(200)]
    assert judge(wild).held == (False, False, False) and judge(wild).events == 5
    assert [row[-1] for row in bars.sheet(wild).rows].count("missed") == 3


def made(size):
    """A grid of 10 seeds whose bad debt is `size(row, column)` above what the seed brings."""
    return {place: [run(s, bad=s * 1e-4 + size(*place)) for s in range(10)] for place in grid.places()}


def test_a_rising_grid_passes_and_a_hole_is_found():
    rising = made(lambda row, column: 0.01 * (row + column))
    assert len(edges(rising)) == 24 and all(edge.below == 1.0 and edge.gap > 0.0 for edge in edges(rising))
    assert grid.corner(rising) == pytest.approx(0.5**10)
    assert [row[-1] for row in grid.verdict(rising).rows] == ["met", "", "met"]
    hole = made(lambda row, column: 0.0 if (row, column) == (2, 2) else 0.01 * (row + column))
    assert {(edge.lower, edge.upper) for edge in edges(hole) if edge.below < 0.05} == {
        ((1, 2), (2, 2)),
        ((2, 1), (2, 2)),
    }
    flat = made(lambda row, column: 0.0)
    assert [row[-1] for row in grid.verdict(flat).rows] == ["met", "", "missed"]


def test_runs_are_gathered_by_cell_and_drawn(tmp_path):
    planned = grid.tasks("credit_baseline", (1, 2))
    assert len(planned) == 32 and [task.seed for task in planned[:3]] == [1, 2, 1]
    assert dict(planned[2].changed)["bitcoin.volatility"] == grid.VOLATILITIES[1]
    assert dict(planned[-1].changed)["lending.loan_to_value"] == grid.LOANS[-1][0]
    cells = grid.gathered([run(task.seed, bad=i) for i, task in enumerate(planned)], 2)
    assert [found.bad for found in cells[0, 1]] == [2, 3]
    assert len(grid.sheet(cells).rows) == 12
    picture.draw(cells, tmp_path / picture.NAME)
    assert (tmp_path / picture.NAME).stat().st_size > 10_000


def test_a_run_without_debts_has_no_bad_debt():
    found = credit(Task("credit_baseline", 1, (("clock.ticks", 2), ("lending.loan_to_value", 0.01))))
    assert found.seed == 1 and found.bad == 0.0 and found.liquidations == 0


def test_what_a_run_lost_is_over_its_mean_debt(monkeypatch):
    """Lost so far by reserve, fund and depositors, and what stands uncovered at the end; the depth of days with pools."""
    summary = {
        "debt": 1_000.0, "debt_over_value": 0.04, "liquidations": 3.0, "liquidated_debt": 250.0, "health_min": 0.9,
        "lost_reserve": 10.0, "lost_fund": 20.0, "lost_depositors": 30.0,
    }  # fmt: skip
    paths = {
        "lending.debt": [500.0, 1_500.0],
        "amm.depth": [math.nan, 8_000.0],
        "lending.uncovered": [90.0, 40.0],
    }

    class Run:
        def __init__(self, scenario, rng):
            self.recorder = SimpleNamespace(path=paths.__getitem__)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def run(self):
            return SimpleNamespace(summary=lambda: {f"lending.{name}": value for name, value in summary.items()})

    monkeypatch.setattr(runs, "Marketplace", Run)
    assert credit(Task("smoke", 5)) == Credit(5, 0.04, 1_000.0, 0.25, 3, 0.25, 0.10, 0.03, 0.9)


def test_the_largest_fall_is_a_relative_one():
    assert largest_fall([10.0, 9.0, 20.0, 15.0, 18.0, 12.0, 13.0]) == (2, 5)
    assert largest_fall([1.0, 2.0, 3.0]) == (0, 0)
