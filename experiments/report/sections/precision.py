"""How well means are known, and how many replicates it would take to know them better."""

import math

from experiments.console import readable, unit_of
from experiments.report.html import Section, paragraph, table
from experiments.report.material import Material
from experiments.statistics import defined, reached
from model.metric import Metric

HEADS = ("metric", "unit", "widest half-width", "at", "replicates", "wanted", "projected replicates")
HALF = 0.5


def section(found: Material) -> Section:
    """For each metric the point that is known worst."""
    rows = [row for metric in found.metrics if (row := one(found, metric))]
    wish = "what the sweep asked for" if found.manifest["stop"] else "half of what was reached"
    note = (
        f"The point at which each mean is known worst, and how many replicates its interval would take for {wish}, by "
        "Stein's two stages."
    )
    return Section("Precision", "precision", paragraph(note, "note") + table(HEADS, rows, (2, 4, 5, 6)) if rows else "")


def one(found: Material, metric: Metric) -> tuple[object, ...] | None:
    """A row, or None where no point has two different values."""
    widest = None
    for point in found.points:
        values = defined(found.rows(point)[metric.name].to_numpy(float))
        if values.size > 1 and values.min() < values.max():
            half = reached(values, math.ulp(1.0)).achieved
            if widest is None or half > widest[0]:
                widest = half, point.label, values
    if widest is None:
        return None
    half, label, values = widest
    stop = found.manifest["stop"]
    asked = float(stop["half_width"]) if stop and stop["metric"] == metric.name else HALF * half
    state = reached(values, asked)
    return metric.name, unit_of(metric.unit), readable(half), label, state.n, readable(asked), f"{state.projected:,}"
