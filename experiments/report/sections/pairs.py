"""Every point against the first, replicate by replicate under common random numbers."""

import math

from experiments.answers.effects import between, common_seeds
from experiments.console import readable
from experiments.report.html import Section, folded, paragraph, table
from experiments.report.material import Material
from experiments.statistics import holm
from model.unit_names import unit_of

MOST_POINTS, OPEN_METRICS, LEVEL = 100, 2, 0.05
LEAST_P = 0.001  # shown as such
HEADS = (
    "point",
    "pairs",
    "difference",
    "95 % interval",
    "p, all points judged together",
    "higher in",
    "variance saved",
)


def section(found: Material) -> Section | None:
    """Tables by metric; None with a single point."""
    points = [point for point in found.points if len(found.rows(point))][: MOST_POINTS + 1]
    if len(points) < 2:
        return None
    first, common = points[0], common_seeds(found.table)
    note = (
        f"Difference of each point to “{first.label}”, paired by replicate. "
        + (
            "Both have the same seed, and so share their luck; "
            if common
            else "Seeds differ between points, so that nothing is saved; "
        )
        + "p is Holm's, which keeps the chance of any false finding in a table at its level. Variance saved is how many "
        "times more runs it would take without pairing."
    )
    parts = []
    for k, metric in enumerate(found.metrics):
        changes = [between(found.rows(first), found.rows(point), metric.name) for point in points[1:]]
        rows = []
        for point, d, p in zip(points[1:], changes, holm([d.p for d in changes]), strict=True):
            i = d.interval
            span = "needs 2 pairs" if d.n < 2 or math.isnan(i.low) else f"{readable(i.low)} to {readable(i.high)}"
            sure = " *" if p <= LEVEL and (i.low > 0 or i.high < 0) else ""
            share = f"{d.better.value:.0%} of pairs" if d.n else "–"
            saved = f"{d.reduction:.1f}×" if math.isfinite(d.reduction) else "–"
            rows.append((point.label, d.n, f"{readable(i.value)}{sure}", span, chance(p), share, saved))
        unit = f" [{unit_of(metric.unit)}]" if unit_of(metric.unit) else ""
        parts.append(folded(f"{metric.name}{unit}", table(HEADS, rows, range(1, len(HEADS))), k < OPEN_METRICS))
    star = paragraph("* clear: its interval leaves 0 out, and its p is at most .05.", "note")
    return Section("Differences between points", "differences", paragraph(note, "note") + "".join(parts) + star)


def chance(p: float) -> str:
    """A p-value for a table.

    >>> chance(0.0001), chance(0.25)
    ('< .001', '0.250')
    """
    return "–" if math.isnan(p) else "< .001" if p < LEAST_P else f"{p:.3f}"
