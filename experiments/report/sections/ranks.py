"""Variables of designs with many of them, ranked by how much they matter."""

import math
from typing import TYPE_CHECKING

from experiments.report.charts.base import PER_ROW, WIDTH, Gallery, blank
from experiments.report.html import items, paragraph, table
from experiments.report.material import Material
from experiments.report.svg import drawing
from experiments.sensitivity.analysis import analyse
from experiments.sensitivity.folder import study_of
from experiments.sensitivity.picture import panel
from experiments.sensitivity.ranking import Sensitivity
from experiments.sensitivity.report import METHODS, number, sentence
from model.errors import ScenarioError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.sweeps.study import Study

MOST_METRICS = 6
ROOM = 1.1  # inches


def ranks(found: Material, gallery: Gallery) -> str:
    """Bars and tables by metric, or why nothing can be ranked."""
    try:
        study = study_of(found.folder, tuple(found.manifest["plugins"]))
        named = [metric.name for metric in found.metrics][:MOST_METRICS]
        judged = [each for name in named for each in tried(found, study, name)]
    except ScenarioError as error:
        return paragraph(f"Variables are not ranked: {error}", "note")
    if not judged:
        return ""
    parts = "".join(gallery.add(chart(s), f"ranks {s.metric} {s.method}", sentence(s)) for s in judged)
    return f"<h3>Which variable matters</h3><div class='figures'>{parts}</div>" + "".join(rows(s) for s in judged)


def tried(found: Material, study: "Study", metric: str) -> list[Sensitivity]:
    """Sensitivities of a metric; none where too many of its runs are undefined."""
    try:
        return analyse(study, found.table, [metric])
    except ScenarioError:
        return []


@drawing()
def chart(found: Sensitivity) -> "Figure":
    """Bars of one metric."""
    figure, axes = blank(WIDTH, PER_ROW * len(found.parameters) + ROOM)
    panel(axes, found)
    return figure


def rows(found: Sensitivity) -> str:
    """The numbers of one metric."""
    heads = ("rank", "parameter", *found.measures)
    body = (
        (found.ranks[k].words(), found.parameters[k], *(number(found.measures[name][k]) for name in found.measures))
        for k in found.order()
    )
    noise = "unknown with one replicate" if math.isnan(found.noise) else f"{found.noise:.1%}"
    notes = (f"noise share of replicates: {noise}", *found.notes)
    return table(heads, body, caption=f"{found.metric}: {METHODS[found.method]}") + items(notes, "note")
