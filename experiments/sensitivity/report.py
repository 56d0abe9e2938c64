"""Sensitivities as tables for the terminal."""

import math

from rich.console import Console

from experiments.console import fill, grid, readable
from experiments.sensitivity.ranking import Sensitivity
from experiments.sensitivity.uncertainty import Interval
from model.unit_names import unit_of

METHODS = {
    "morris": "elementary effects",
    "sobol": "shares of variance",
    "regression": "standardised regression",
}


def number(interval: Interval) -> str:
    """A number with its interval, to three digits: no design knows more.

    >>> number(Interval(0.51234, 0.4, 0.6)), number(Interval(0.5, float("nan"), float("nan")))
    ('0.512 (0.4 to 0.6)', '0.5')
    """
    value, low, high = (readable(float(f"{x:.3g}")) for x in interval)
    return value if math.isnan(interval.low) else f"{value} ({low} to {high})"


def show(found: Sensitivity, console: Console) -> None:
    """One metric: parameters from the most important down."""
    unit = f" [{unit_of(found.unit)}]" if unit_of(found.unit) else ""
    title = f"{found.metric}{unit}: {METHODS[found.method]}"
    table = grid(title, "rank", "parameter", *found.measures, numbers=range(2, 2 + len(found.measures)))
    for k in found.order():
        cells = (number(found.measures[name][k]) for name in found.measures)
        fill(table, found.ranks[k].words(), found.parameters[k], *cells)
    console.print(table)
    if found.pairs:
        pairs = grid("second order: what two explain beyond each alone", "pair", "share", numbers=(1,))
        for pair, interval in sorted(found.pairs.items(), key=lambda item: -abs(item[1].value)):
            fill(pairs, " × ".join(pair), number(interval))
        console.print(pairs)
    noise = "unknown with one replicate" if math.isnan(found.noise) else f"{found.noise:.2%}"
    console.print(
        f"{found.places:,} places, {found.replicates:,} replicates of each; noise share of replicates: {noise}",
        markup=False,
    )
    for note in found.notes:
        console.print(f"· {note}", markup=False)


def sentence(found: Sensitivity) -> str:
    """The answer in one paragraph."""
    order = found.order()
    first = order[0]
    measure = found.measures[found.main]
    if not math.isfinite(measure[first].value) or all(measure[k].value == 0.0 for k in order):
        return f"Nothing that the design varies changes {found.metric}."
    known = [k for k in order if found.ranks[k].best == found.ranks[k].worst]
    if found.ranks[first].worst == 1:
        head = f"{found.parameters[first]} matters most for {found.metric}: {found.main} {number(measure[first])}."
    else:
        tied = [found.parameters[k] for k in order if found.ranks[k].best == 1]
        head = f"Which of {', '.join(tied)} matters most for {found.metric} cannot be told: their intervals overlap."
    return f"{head} {len(known)} of {len(order)} ranks are known."
