"""What each variable does: lines with bands, heat maps with intervals, or points and ranks where a design is no grid."""

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.answers.effects import between, crossed, levels, numeric, shared, short, variables
from experiments.console import readable
from experiments.replicates import Estimate
from experiments.report.charts.base import Gallery
from experiments.report.charts.dots import dots
from experiments.report.charts.heat import heat
from experiments.report.charts.lines import lines
from experiments.report.html import Section, paragraph
from experiments.report.material import Material
from experiments.report.sections.ranks import ranks
from experiments.statistics import estimated
from model.metric import Metric

if TYPE_CHECKING:
    import pandas as pd

MOST_METRICS, MOST_LINES, MOST_DOTS = 6, 6, 40
MOST_CELLS = 60  # of a heat map


def section(found: Material, gallery: Gallery) -> Section | None:
    """Figures for the first metrics; None where nothing varies."""
    table = found.table
    if table.empty or table["point"].nunique() < 2:
        return None
    moving = [m for m in found.metrics if table[m.name].nunique() > 1]
    still = [m.name for m in found.metrics if m not in moving and table[m.name].notna().any()]
    names = variables(table)
    if crossed(table):
        parts = [figure for metric in moving[:MOST_METRICS] for figure in grid(table, names, metric, gallery)]
        note = "Bands and bars are 95 % intervals of the mean over replicates."
        if len(names) == 2:
            note += " Hatched cells cannot be told from the one at the lower left: the paired difference may be 0."
        elif len(names) > 2:
            note += " In each figure the other variables are averaged over, where all levels have the number."
    elif table["point"].nunique() <= MOST_DOTS:
        parts = [by_point(found, metric, gallery) for metric in moving[:MOST_METRICS]]
        note = "A dot is the mean of a point's replicates, its line the 95 % interval."
    else:
        parts, note = [], "Points are drawn over ranges; what each variable contributes is ranked below."
    body = paragraph(note, "note") + f"<div class='figures'>{''.join(parts)}</div>"
    if len(names) > 2 or not crossed(table):
        body += ranks(found, gallery)
    if len(moving) > MOST_METRICS:
        body += paragraph(f"Not drawn: {', '.join(m.name for m in moving[MOST_METRICS:])}; see the tables.", "note")
    if still:
        body += paragraph(
            f"The same in every run: {', '.join(f'{n} = {readable(float(table[n].dropna().iloc[0]))}' for n in still)}.",
            "note",
        )
    return Section("Effects", "effects", body)


def mean_at(rows: "pd.DataFrame", metric: str) -> Estimate:
    """Mean over replicates, each averaged over the places in `rows` first."""
    return estimated(rows.groupby("replicate")[metric].mean(), metric)


def grid(table: "pd.DataFrame", names: list[str], metric: Metric, gallery: Gallery) -> list[str]:
    """Figures of one metric over a full grid."""
    words, made = short(names), []
    if len(names) == 2:
        x, y = (names[1], names[0]) if numeric(table, names[1]) and not numeric(table, names[0]) else names
        ys, xs = levels(table, y), levels(table, x)
        if len(ys) <= MOST_LINES:
            paths = {f"{word(v)}": [mean_at(at(table, x, a, y, v), metric.name) for a in xs] for v in ys}
            figure = lines(paths, xs, words[x], metric, numeric(table, x), words[y])
            made.append(
                gallery.add(
                    figure,
                    f"{metric.name} by {words[x]} and {words[y]}",
                    f"{metric.meaning}, by {words[x]} and {words[y]}.",
                )
            )
        if len(xs) * len(ys) <= MOST_CELLS:
            cells = [[mean_at(at(table, x, a, y, v), metric.name) for a in xs] for v in ys]
            unclear = np.array([[not differs(table, metric.name, x, xs[0], a, y, ys[0], v) for a in xs] for v in ys])
            unclear[0, 0] = False
            figure = heat(cells, unclear, words[x], xs, words[y], ys, metric)
            made.append(
                gallery.add(figure, f"map of {metric.name}", f"{metric.meaning}: mean, and below it its 95 % interval.")
            )
        return made
    for name in names:
        steps, rows = levels(table, name), shared(table, name, metric.name) if len(names) > 1 else table
        path = {"": [mean_at(rows[rows[name] == v], metric.name) for v in steps]}
        figure = lines(path, steps, words[name], metric, numeric(table, name))
        made.append(gallery.add(figure, f"{metric.name} by {words[name]}", f"{metric.meaning}, by {words[name]}."))
    return made


def at(table: "pd.DataFrame", x: str, a: Any, y: str, b: Any) -> "pd.DataFrame":
    """Runs of one cell."""
    return table[(table[x] == a) & (table[y] == b)]


def differs(table: "pd.DataFrame", metric: str, x: str, x0: Any, a: Any, y: str, y0: Any, b: Any) -> bool:
    """Whether a cell can be told from the first."""
    first, cell = at(table, x, x0, y, y0), at(table, x, a, y, b)
    if first.empty or cell.empty:
        return False
    i = between(first, cell, metric).interval
    return bool(i.low > 0.0 or i.high < 0.0)


def by_point(found: Material, metric: Metric, gallery: Gallery) -> str:
    """A dot for each point."""
    means = {point.label: estimated(found.rows(point)[metric.name], metric.name) for point in found.points}
    return gallery.add(dots(means, metric), f"{metric.name} by point", f"{metric.meaning}, by point.")


def word(value: Any) -> str:
    """A level in a key."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return readable(float(value)) if number else str(value).replace("_", " ")
