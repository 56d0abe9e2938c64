"""The answer of any sweep: what each variable does to what the sweep is about, the clearest first."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.answers.effects import between, contrast, crossed, levels, numeric, short, variables
from experiments.answers.words import amount, average, is_clear, listed, moved
from experiments.statistics import Difference, holm
from model.metric import registry

if TYPE_CHECKING:
    import pandas as pd

MOST_METRICS, MOST_TOLD = 6, 4
LEVEL = 0.05  # chance of any false finding among all that are told


class Effect(NamedTuple):
    """What going from one place to another does to a metric."""

    metric: str
    where: str
    change: Difference


def unit_of(metric: str) -> str:
    """Unit of a metric; empty for those that the table alone knows."""
    known = registry().get(metric)
    return known.unit if known else ""


def named(metric: str) -> str:
    """A metric in words."""
    known = registry().get(metric)
    meaning = (known.meaning if known else "").split(";")[0].split(", NaN")[0]
    return f"{metric} ({meaning[0].lower()}{meaning[1:]})" if meaning else metric


def paragraph(table: "pd.DataFrame", metrics: Sequence[str]) -> str:
    """Clear effects, then what showed none.

    Args:
        table: one row a run
        metrics: what the sweep is about; the first six are looked at
    """
    chosen = [name for name in metrics if name in table and table[name].notna().any()][:MOST_METRICS]
    if not chosen:
        return "None of the numbers that the sweep is about is defined in any run, so there is no answer."
    found = effects(table, chosen)
    if table["point"].nunique() == 1:
        told = (f"{named(name)} is {average(table[name], name, unit_of(name))}" for name in chosen)
        return f"Over {len(table):,} runs of one scenario, {listed(list(told))}."
    if not found:
        return ranked(table, chosen)
    adjusted = holm([each.change.p for each in found])
    sure = [k for k, p in enumerate(adjusted) if p <= LEVEL and is_clear(found[k].change.interval)]
    sure.sort(key=lambda k: (adjusted[k], -abs(strength(found[k].change))))
    said, seen = [], set()
    for k in sure:
        if found[k].metric not in seen:
            seen.add(found[k].metric)
            said.append(
                f"{found[k].where}, {named(found[k].metric)} {moved(found[k].change, unit_of(found[k].metric))}"
            )
    text = ". ".join(sentence[0].upper() + sentence[1:] for sentence in said[:MOST_TOLD])
    silent = [name for name in chosen if name not in seen]
    if silent:
        none = f"No clear effect on {listed(silent, 'or')}, as far as these replicates can tell"
        text = f"{text}. {none}" if text else none
    least, most = (of(each.change.n for each in found) for of in (min, max))
    n = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{text}. Each difference is over {n} replicates, and all {len(found)} that were looked at are judged together."
    )


def strength(change: Difference) -> float:
    """Difference over its spread."""
    return change.interval.value / change.sd if change.sd > 0.0 else math.inf if change.interval.value else 0.0


def effects(table: "pd.DataFrame", metrics: Sequence[str]) -> list[Effect]:
    """All differences that a design allows: between ends of each variable of a grid, or from its first point to others."""
    found = []
    if crossed(table):
        names = short(variables(table))
        for variable, name in names.items():
            steps = levels(table, variable)
            pairs = [(steps[0], steps[-1])] if numeric(table, variable) else [(steps[0], s) for s in steps[1:]]
            for first, second in pairs:
                where = f"from {name} {shown(first)} to {shown(second)}"
                found += [Effect(m, where, contrast(table, variable, m, first, second)) for m in metrics]
    elif table["point"].nunique() <= MOST_METRICS * 2:
        groups = list(table.groupby("point", sort=False))
        for _, rows in groups[1:]:
            where = f"from {groups[0][1]['label'].iloc[0]} to {rows['label'].iloc[0]}"
            found += [Effect(m, where, between(groups[0][1], rows, m)) for m in metrics]
    return [each for each in found if each.change.n > 1]


def shown(value: object) -> str:
    """A level in words."""
    return (
        amount(float(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value).lower()
    )


def ranked(table: "pd.DataFrame", metrics: Sequence[str]) -> str:
    """For designs that draw places: the variable that goes most closely along with each metric."""
    from experiments.sensitivity.regression import ranked as on_ranks
    from experiments.sensitivity.uncertainty import intervals

    names = [name for name in variables(table) if numeric(table, name)]
    points = table.groupby("point", sort=False)[[*names, *metrics]].mean()
    if not names or len(points) <= len(names) + 1:
        return f"{table['point'].nunique():,} points were run; they differ in too much to name one effect."
    said = []
    for metric in metrics:
        rows = points.dropna(subset=[metric, *names])
        x, y = rows[names].to_numpy(float), rows[metric].to_numpy(float)
        if len(rows) <= len(names) + 1 or np.ptp(y) == 0.0:
            said.append(f"nothing that was varied moves {metric}")
            continue
        known = intervals(lambda r, _, x=x, y=y: on_ranks(x[r], y[r])[0], len(rows), 1, f"answer {metric}")  # type: ignore[misc]
        best = max(range(len(names)), key=lambda k: abs(known[k].value))
        i, name = known[best], short(names)[names[best]]
        if is_clear(i):
            way = "rises" if i.value > 0 else "falls"
            said.append(
                f"{metric} {way} with {name} more than with anything else "
                f"(standardised coefficient of ranks {i.value:.2f}, 95 % interval {i.low:.2f} to {i.high:.2f})"
            )
        else:
            said.append(f"no variable has a clear effect on {metric}")
    text = "; ".join(said)
    return f"Over {len(points):,} points, {text}."
