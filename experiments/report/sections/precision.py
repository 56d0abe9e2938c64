"""How well means are known, and how many replicates it would take to know them better."""

import math

from experiments.console import readable
from experiments.report.html import Section, paragraph, table
from experiments.report.material import Material
from experiments.statistics import defined, reached
from experiments.statistics.precision import longer_side
from model.metric import Metric
from model.unit_names import unit_of

HEADS = ("metric", "unit", "widest half-width", "at", "runs", "wanted", "projected replicates")
HALF = 0.5
SAME, UNKNOWN = "the same in all {:,} runs", "not known"


def section(found: Material) -> Section:
    """For each metric the point that is known worst."""
    rows = [row for metric in found.metrics if (row := one(found, metric))]
    wish = "what the sweep asked for" if found.manifest["stop"] else "half of what was reached"
    note = (
        "The point at which each mean is known worst, the longer side of its interval under Results, and how many "
        f"replicates it would take for {wish}: it shortens as one over their root. Where all runs gave the same number no "
        "spread has been seen, and nobody can say how far others lie."
    )
    return Section("Precision", "precision", paragraph(note, "note") + table(HEADS, rows, (2, 4, 5, 6)) if rows else "")


def one(found: Material, metric: Metric) -> tuple[object, ...] | None:
    """A row, or None where no point has two different values, unless the sweep asked for this metric."""
    stop = found.manifest["stop"]
    asked = float(stop["half_width"]) if stop and stop["metric"] == metric.name else None
    values = {point.label: defined(found.rows(point)[metric.name].to_numpy(float)) for point in found.points}
    sides = {label: longer_side(own, metric.name) for label, own in values.items() if own.size > 1}
    unit = unit_of(metric.unit)
    if asked is not None:
        for label in (label for label in sides if values[label].min() == values[label].max()):
            n = values[label].size
            return metric.name, unit, SAME.format(n), label, n, readable(asked), UNKNOWN
    finite = {label: side for label, side in sides.items() if math.isfinite(side)}
    if not finite:
        return None
    worst = max(finite, key=lambda label: finite[label])
    side = finite[worst]
    state = reached(values[worst], HALF * side if asked is None else asked, metric.name)
    return metric.name, unit, readable(side), worst, state.n, readable(state.wanted), f"{state.projected:,}"
