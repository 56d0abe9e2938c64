"""Fit of the process of appraisals to sales of CryptoPunks, 2017-2021.

`python -m experiments.fit_nfts [FOLDER]` prints it; FOLDER holds nft_floor_daily.csv. With x the log of the floor
(7-day median of the daily 10th percentile of sales, in ETH), the variance of changes over k weeks is fitted, in
relative terms and by least squares, to k anchor_sd^2 + 2 gap_sd^2 (1 - 2^(-7k/T)): a random walk of comparable sales,
and a gap that reverts with half-life T. The default keeps anchor_sd and T of the whole period, and takes the gap that
makes weekly changes as large as in the last, busiest year (.24).
"""

import csv
import math
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from experiments.script import Options, Words, script
from experiments.sources import FOLDER, existing

SALES = "nft_floor_daily.csv"
WEEKS = 16
LONGEST_SILENCE = 14  # days for which the last floor is carried on
PERIODS = (("2017-07-01", "2021-04-30"), ("2018-01-01", "2021-04-30"), ("2020-06-01", "2021-04-30"))


class Fit(NamedTuple):
    """Weekly sd of the anchor, stationary sd of the gap (logs), its half-life [days], rms of relative errors."""

    anchor_sd: float
    gap_sd: float
    half_life: float
    error: float
    weekly_sd: float  # as seen in the sample


def log_floor(folder: Path, first: str, last: str) -> NDArray[np.float64]:
    """Log floor by day, NaN where nothing was sold for long."""
    with existing(folder / SALES).open() as file:
        known = {row["date"]: row["floor_proxy_eth"] for row in csv.DictReader(file)}
    start, end = date.fromisoformat(first).toordinal(), min(date.fromisoformat(last), date.fromisoformat(max(known)))
    out, seen, age = [], math.nan, 0
    for ordinal in range(start - LONGEST_SILENCE, end.toordinal() + 1):
        text = known.get(date.fromordinal(ordinal).isoformat(), "")
        seen, age = (math.log(float(text)), 0) if text else (seen, age + 1)
        if ordinal >= start:
            out.append(seen if age <= LONGEST_SILENCE else math.nan)
    return np.array(out)


def variances(x: NDArray[np.float64], weeks: int) -> NDArray[np.float64]:
    """Sample variance of log changes over 1 to so many weeks, from every day on."""
    changes = (x[7 * k :] - x[: -7 * k] for k in range(1, weeks + 1))
    return np.array([float(np.nanvar(c, ddof=1)) for c in changes])


def fit(x: NDArray[np.float64], weeks: int = WEEKS) -> Fit:
    """Least squares on relative errors of the variances."""
    seen, k = variances(x, weeks), np.arange(1, weeks + 1)

    def errors(p: NDArray[np.float64]) -> NDArray[np.float64]:
        model = k * p[0] ** 2 + 2.0 * p[1] ** 2 * (1.0 - np.exp(-math.log(2.0) * 7.0 * k / p[2]))
        relative: NDArray[np.float64] = model / seen - 1.0
        return relative

    found = optimize.least_squares(errors, [0.1, 0.3, 20.0], bounds=([0.0, 0.0, 2.0], [1.0, 2.0, 500.0]))
    error = math.sqrt(float(np.mean(found.fun**2)))
    anchor_sd, gap_sd, half_life = (float(p) for p in found.x)
    return Fit(anchor_sd, gap_sd, half_life, error, math.sqrt(float(seen[0])))


@script
def main(arguments: Words = None) -> None:
    """Print the fit of each period."""
    options = Options("fit_nfts", __doc__)
    options.path("folder", nargs="?", default=FOLDER, help=f"folder of {SALES}")
    folder = options.parse_args(arguments).folder
    for first, last in PERIODS:
        x = log_floor(folder, first, last)
        f = fit(x, WEEKS if x.size > 2 * 365 else WEEKS // 2)
        print(
            f"{first} to {last}: anchor {f.anchor_sd:.3f} a week, gap {f.gap_sd:.3f}, half-life {f.half_life:.1f} days, "
            f"relative error {f.error:.3f}, weekly sd {f.weekly_sd:.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
