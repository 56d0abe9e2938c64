"""Paths that were kept, as fans, for a few points side by side."""

import numpy as np

from experiments.report.charts.base import Gallery
from experiments.report.charts.fan import fan
from experiments.report.html import Section, paragraph
from experiments.report.material import Material
from experiments.stress.fans import together
from model.metric import registry
from model.units import HOURS_PER_DAY

MOST_METRICS = 4
ROOM = 0.05  # of the span, above and below


def section(found: Material, gallery: Gallery) -> Section | None:
    """Fans of the study's metrics first, then of others whose paths were kept; None where there are none."""
    kept = [name for name in found.manifest["columns"] if name in registry()]
    points, paths, _ = found.paths
    if not points or not kept:
        return None
    wanted = [m.name for m in found.metrics if m.name in kept]
    names = [*wanted, *(name for name in kept if name not in wanted)][:MOST_METRICS]
    parts = []
    for name in names:
        fans = {}
        for point in points:
            own = [path for path in paths[point.id] if name in path]
            if own:
                hours = point.tables.get("clock", {}).get("hours_per_tick", HOURS_PER_DAY)
                fans[point.label] = together(own, name, float(hours) / HOURS_PER_DAY)
        known = [f.bands[np.isfinite(f.bands)] for f in fans.values()]
        values = np.concatenate(known) if known else np.zeros(0)
        if not values.size or values.min() == values.max():
            continue
        room = ROOM * float(values.max() - values.min())
        limits = float(values.min()) - room, float(values.max()) + room
        metric = registry()[name]
        for label, each in fans.items():
            note = each.note or f"median, 25–75 % and 5–95 % of {int(each.runs.max()):,} runs"
            parts.append(
                gallery.add(
                    fan(each, metric, label, limits), f"fan {name} {label}", f"{metric.meaning}, {label}: {note}."
                )
            )
    if not parts:
        return None
    note = (
        "Bands are quantiles of runs, day by day, not intervals of a mean: more runs do not make them narrower. All fans "
        f"of a metric have one scale. {len(points)} of {len(found.points)} points are drawn."
    )
    return Section("Paths", "paths", paragraph(note, "note") + f"<div class='figures'>{''.join(parts)}</div>")
