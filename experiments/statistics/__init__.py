"""Statistics of many runs: pure functions on arrays, one idea a file. Undefined values (NaN) are left out."""

from experiments.replicates import LEVEL
from experiments.statistics.bootstrap import bootstrap, generator
from experiments.statistics.intervals import (
    Interval,
    clopper_pearson,
    defined,
    mean,
    paired_probability,
    quantile,
)
from experiments.statistics.means import estimated, estimated_gap, mean_interval
from experiments.statistics.multiple import holm
from experiments.statistics.precision import Precision, projected, reached
from experiments.statistics.tails import Tail, expected_shortfall, heavy_tail, tail_runs, value_at_risk
from experiments.statistics.variance import Difference, difference, variance_reduction

__all__ = [
    "LEVEL",
    "Difference",
    "Interval",
    "Precision",
    "Tail",
    "bootstrap",
    "clopper_pearson",
    "defined",
    "difference",
    "estimated",
    "estimated_gap",
    "expected_shortfall",
    "generator",
    "heavy_tail",
    "holm",
    "mean",
    "mean_interval",
    "paired_probability",
    "projected",
    "quantile",
    "reached",
    "tail_runs",
    "value_at_risk",
    "variance_reduction",
]
