"""The main table: every metric at every point, with its interval, and a warning where a mean cannot be trusted."""

import numpy as np

from experiments.console import readable, rule_words
from experiments.report.html import Section, folded, items, paragraph, table
from experiments.report.material import Material
from experiments.statistics import clopper_pearson, estimated, heavy_tail, quantile
from model.metric import Metric
from model.unit_names import unit_of

MOST_ROWS, OPEN_METRICS = 200, 4
HEADS = ("point", "n", "mean", "sd", "95 % interval of the mean", "median")
SHARE = "runs above 0, exact interval"


def section(found: Material) -> Section:
    """One table for each metric."""
    parts = [one(found, metric, k < OPEN_METRICS) for k, metric in enumerate(found.metrics)]
    note = (
        "Intervals of means are Student's t over replicates, bootstrap-t where 20 or more are skewed, at 95 %. Where a number is 0 in some runs and never below, "
        "the share of runs above 0 stands beside it with its exact interval by Clopper and Pearson."
    )
    empty = paragraph("None of the metrics that the study is about was recorded.")
    return Section("Results", "results", paragraph(note, "note") + "".join(parts) if parts else empty)


def one(found: Material, metric: Metric, opened: bool) -> str:
    """A metric by point; its warnings below."""
    values = {point.id: found.rows(point)[metric.name].to_numpy(float) for point in found.points}
    every = np.concatenate(list(values.values())) if values else np.zeros(0)
    defined = every[~np.isnan(every)]
    chance = defined.size > 0 and defined.min() >= 0.0 and bool((defined == 0.0).any())
    rows, warnings = [], []
    for point in found.points[:MOST_ROWS]:
        own = values[point.id]
        e, known = estimated(own, metric.name), own[~np.isnan(own)]
        span = "needs 2 runs" if e.n < 2 else f"{readable(e.low)} to {readable(e.high)}"
        row = [
            point.label,
            e.n,
            readable(e.mean),
            readable(e.sd),
            span,
            readable(quantile(known, 0.5).value) if e.n else "–",
        ]
        if chance:
            p = clopper_pearson(int((known > 0.0).sum()), known.size)
            row.append(f"{int((known > 0.0).sum())} of {p.n}: {p.low:.1%} to {p.high:.1%}" if p.n else "–")
        rows.append(row)
        warning = heavy_tail(known)
        if warning:
            warnings.append(f"{point.label}: {warning}")
    heads = (*HEADS, SHARE) if chance else HEADS
    unit = f" [{unit_of(metric.unit)}]" if unit_of(metric.unit) else ""
    told = table(heads, rows, range(1, len(heads)), f"{metric.meaning}, {rule_words(metric)} of a run{unit}")
    if len(found.points) > MOST_ROWS:
        told += paragraph(f"{len(found.points) - MOST_ROWS:,} more points in summary.parquet.", "note")
    if warnings:
        told += "<div class='bad'>" + items(warnings) + "</div>"
    return folded(f"{metric.name}{unit}", told, opened)
