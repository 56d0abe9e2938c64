"""The heat map: bad debt over debt by the coin's volatility and debt over depth."""

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from experiments.credit_risk.grid import LOANS, VOLATILITIES, Grid
from experiments.figures.keep import keep
from experiments.figures.style import RC
from experiments.replicates import t_estimate

SIZE = (5.0, 3.6)  # inches
NAME = "credit_risk.png"
DARK = 0.55  # of the range, above which text is white


def draw(grid: Grid, path: Path) -> None:
    """Draw mean bad debt of every cell, with debt over depth and the share of seeds that had any, and save it."""
    bad = [[100.0 * t_estimate([run.bad for run in grid[r, c]]).mean for c in columns()] for r in rows()]
    most = max(max(line) for line in bad) or 1.0
    with matplotlib.rc_context({**RC, "font.size": 8, "axes.labelsize": 8}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        shown = axes.imshow(bad, origin="lower", cmap="cividis_r", vmin=0.0, vmax=most, aspect="auto")
        for r in rows():
            for c in columns():
                runs = grid[r, c]
                depth = t_estimate([run.depth for run in runs]).mean
                hit = sum(run.bad > 0.0 for run in runs)
                text = f"{bad[r][c]:.2f} %\n{hit} of {len(runs)} seeds\ndebt/depth {depth:.2f}"
                axes.text(
                    c,
                    r,
                    text,
                    ha="center",
                    va="center",
                    fontsize=6,
                    color="white" if bad[r][c] > DARK * most else "black",
                )
        axes.set_xticks(columns(), [f"{v:.2f}" for v in VOLATILITIES])
        axes.set_yticks(rows(), [f"{ltv:.2f}, {cap:g}" for ltv, cap in LOANS])
        axes.set_xlabel("volatility of the coin [1/√year]")
        axes.set_ylabel("loan to value, and cap of pledges over pools' fractions")
        axes.spines[:].set_visible(False)
        figure.colorbar(shown, label="bad debt over debt [%]")
        keep(figure, path)


def rows() -> range:
    """Rows of the grid from below."""
    return range(len(LOANS))


def columns() -> range:
    """Columns of the grid from the left."""
    return range(len(VOLATILITIES))
