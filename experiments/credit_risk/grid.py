"""Bad debt on a grid of the coin's volatility and debt over depth, and tests of each cell against its lower neighbours.

Debt over the depth of pools is set by how much may be borrowed on a pledge (loan to value) and by how many fractions may be
pledged, over those in pools (cap), both at once; the threshold stays.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from experiments.credit_risk.runs import Credit, Task
from experiments.replicates import t_estimate
from experiments.sheets import Sheet
from experiments.statistics import holm

VOLATILITIES = (0.35, 0.69, 1.05, 1.40)
LOANS = ((0.20, 0.5), (0.32, 1.0), (0.45, 2.0), (0.58, 4.0))  # loan to value, fractions pledged over those in pools
LEVEL = 0.05  # of all tests together
Place = tuple[int, int]  # rows by debt over depth, columns by volatility
Grid = dict[Place, list[Credit]]


def changes(place: Place) -> tuple[tuple[str, Any], ...]:
    """Parameters of a cell."""
    ltv, cap = LOANS[place[0]]
    volatility = VOLATILITIES[place[1]]
    return ("lending.loan_to_value", ltv), ("lending.cap_share", cap), ("bitcoin.volatility", volatility)


def places() -> list[Place]:
    """All cells, row by row."""
    return [(row, column) for row in range(len(LOANS)) for column in range(len(VOLATILITIES))]


def tasks(scenario: str, seeds: Sequence[int]) -> list[Task]:
    """Every cell under every seed."""
    return [Task(scenario, seed, changes(place)) for place in places() for seed in seeds]


def gathered(found: Sequence[Credit], seeds: int) -> Grid:
    """Runs by cell, in the order of `tasks`."""
    return {place: list(found[i * seeds : (i + 1) * seeds]) for i, place in enumerate(places())}


def is_more(lower: Sequence[float], upper: Sequence[float]) -> float:
    """Probability of such differences, or ones that speak more for upper > lower, if there were none    [Wilcoxon1945].

    One-sided signed-rank test of pairs: bad debt is mostly 0 and now and then large, so means would rest on a few runs.

    >>> is_more([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]), is_more([0, 0, 0, 0, 0], [1, 2, 3, 4, 5])
    (1.0, 0.03125)
    """
    from scipy.stats import wilcoxon

    gaps = [b - a for a, b in zip(lower, upper, strict=True) if b != a]
    return float(wilcoxon(gaps, alternative="greater").pvalue) if gaps else 1.0


class Edge(NamedTuple):
    """A cell and a neighbour with less volatility, or less debt over depth.

    Attributes:
        lower, upper: places
        gap: mean of upper less lower, pair by pair
        below: probability, by Holm, of an upper cell so far below if it were not below
    """

    lower: Place
    upper: Place
    gap: float
    below: float


def edges(grid: Grid) -> list[Edge]:
    """All neighbours, tested together."""
    pairs = [
        (lower, upper)
        for lower in grid
        for upper in ((lower[0] + 1, lower[1]), (lower[0], lower[1] + 1))
        if upper in grid
    ]
    bad = {place: [run.bad for run in runs] for place, runs in grid.items()}
    tests = holm([is_more(bad[upper], bad[lower]) for lower, upper in pairs])
    gaps = [t_estimate([b - a for a, b in zip(bad[lower], bad[upper], strict=True)]).mean for lower, upper in pairs]
    return [Edge(*pair, gap, p) for pair, gap, p in zip(pairs, gaps, tests, strict=True)]


def corner(grid: Grid) -> float:
    """Probability of the far corner's bad debt above the near corner's, if it were not above."""
    return is_more([run.bad for run in grid[min(grid)]], [run.bad for run in grid[max(grid)]])


def sheet(grid: Grid, title: str = "") -> Sheet:
    """A row of the grid is three rows of the table: bad debt over debt, debt over depth, liquidations."""
    rows: list[tuple[str, ...]] = []
    for row, (ltv, cap) in enumerate(LOANS):
        own = [grid[row, column] for column in range(len(VOLATILITIES))]
        for name, field, form in (
            ("bad debt / debt", "bad", "{:.2%}"),
            ("debt / depth", "depth", "{:.3f}"),
            ("liquidations", "liquidations", "{:.1f}"),
        ):
            means = (form.format(t_estimate([getattr(run, field) for run in runs]).mean) for runs in own)
            rows.append((f"{ltv:.2f}, {cap:g}" if field == "bad" else "", name, *means))
    headings = ("LTV, cap", "mean of", *(f"volatility {v:.2f}" for v in VOLATILITIES))
    return Sheet(title, headings, rows, left=2)


def verdict(grid: Grid) -> Sheet:
    """What the tests say."""
    all_edges = edges(grid)
    least = min(all_edges, key=lambda edge: edge.below)
    below = sum(edge.below < LEVEL for edge in all_edges)
    p = corner(grid)
    rows = [
        ("cells significantly below a lower neighbour", f"{below} of {len(all_edges)} neighbours", "0", ""),
        ("smallest probability of these tests, by Holm", f"{least.below:.3f}", f"≥ {LEVEL}", ""),
        ("far corner above the near one, probability by chance", f"{p:.2g}", f"< {LEVEL}", ""),
    ]
    marks = ("met" if below == 0 else "missed", "", "met" if p < LEVEL else "missed")
    return Sheet("", ("", "found", "bar", ""), [(*row[:3], mark) for row, mark in zip(rows, marks, strict=True)])
