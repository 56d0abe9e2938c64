"""A comparison on the terminal."""

import math
from collections.abc import Sequence

from rich.console import Console

from experiments import console
from experiments.compare.analysis import Comparison, Row
from experiments.console import readable
from model.unit_names import unit_of

SMALLEST_P = 1e-4
SMALLEST_SHOWN = 1e-3  # numbers below are written with an exponent


def p_value(p: float) -> str:
    """A p-value for people.

    >>> p_value(0.0312), p_value(1e-9), p_value(math.nan)
    ('.031', '<.0001', '–')
    """
    if math.isnan(p):
        return "–"
    return "<.0001" if p < SMALLEST_P else f"{p:.2g}" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def short(value: float) -> str:
    """A number in few letters.

    >>> short(-4.95312e-05), short(12345.678)
    ('-5.0e-05', '12,346')
    """
    return f"{value:.1e}" if 0.0 < abs(value) < SMALLEST_SHOWN else readable(value)


def times(factor: float) -> str:
    """How many times fewer runs pairing takes.

    >>> times(12.34), times(math.inf), times(math.nan)
    ('12.3', 'all', '–')
    """
    return "–" if math.isnan(factor) else "all" if math.isinf(factor) else f"{factor:,.3g}"


def span(row: Row) -> str:
    """An interval; b marks a bootstrapped one, h a heavy tail."""
    low, high, method = row.difference.interval.low, row.difference.interval.high, row.difference.interval.method
    if math.isnan(low):
        return "needs 2 replicates"
    mark = "" if method == "t" else " b"
    return f"{short(low)} to {short(high)}{mark}{' h' if row.difference.warning else ''}"


def same(row: Row) -> bool:
    """Whether both scenarios gave the same number in every replicate, so that there is nothing to test."""
    return row.difference.ties == row.difference.n


def show(found: Comparison, out: Console) -> None:
    """Print metrics, then who won and who lost, then what the marks mean."""
    a, b = found.first, found.second
    out.print(f"A: {a}\nB: {b}\n{found.replicates} replicates, paired by common random numbers", markup=False)
    differing = [row for row in found.rows if not same(row)]
    if differing:
        _table(differing, "", out)
    alike = ", ".join(row.metric.name for row in found.rows if same(row))
    if alike:
        out.print(f"the same in every replicate: {alike}", markup=False)
    if found.sectors:
        _table(found.sectors, "who won and who lost from A to B: gain over the run by kind of agent", out)
        _winners(found, out)
    for line in notes(found):
        out.print(line, markup=False)


def _table(rows: Sequence[Row], title: str, out: Console) -> None:
    """Rows of one table."""
    heads = ("A", "B", "B - A", f"{rows[0].difference.interval.level:.0%} interval", "p", "B better", "reduction")
    table = console.grid(title, "metric", *heads, numbers=range(1, 1 + len(heads)))
    for row in rows:
        d, unit = row.difference, unit_of(row.metric.unit)
        better = "–" if d.n == 0 else f"{d.better.value:.0%}{'' if row.sense else ' ↑'}"
        console.fill(
            table,
            row.metric.name + (f" [{unit}]" if unit else ""),
            short(d.first),
            short(d.second),
            short(d.interval.value),
            span(row),
            p_value(row.adjusted),
            better,
            times(d.reduction),
        )
    out.print(table)


def _winners(found: Comparison, out: Console) -> None:
    """Who surely gained and who surely lost, after Holm, in a sentence."""
    alpha = 1.0 - found.level
    sure = [r for r in found.sectors if r.adjusted <= alpha]
    groups = {
        "won": [r for r in sure if r.difference.interval.value > 0.0],
        "lost": [r for r in sure if r.difference.interval.value < 0.0],
        "cannot be told": [r for r in found.sectors if r not in sure],
    }
    parts = []
    for word, rows in groups.items():
        names = ", ".join(r.metric.name.split(".")[1].replace("_", " ") for r in rows)
        parts += [f"{word}: {names}"] if names else []
    out.print(f"from A to B, with p of at most {alpha:.2g}, {'; '.join(parts)}", markup=False)


def notes(found: Comparison) -> list[str]:
    """What the marks mean, and every warning."""
    rows = (*found.rows, *found.sectors)
    said = [
        "p: paired t test, adjusted by Holm; reduction: variance of an unpaired difference over that of the paired one"
    ]
    if any(not row.sense for row in rows):
        said.append("↑ no sense is known for the metric: share of replicates in which B is higher")
    if any(row.difference.interval.method != "t" for row in rows):
        said.append("b: differences are skewed; bootstrap-t rather than t")
    if found.unpaired:
        said.append(f"{found.unpaired} replicates finished on one side only and are left out")
    said += [f"h: {row.metric.name}: {row.difference.warning}" for row in rows if row.difference.warning]
    if found.precision is not None:
        name, p = found.precision
        word = "reached" if p.reached else f"not reached; it takes about {p.projected:,} replicates"
        said.append(
            f"difference of {name}: the same in all {p.n:,} pairs, so that nothing is known of others; "
            f"a half-width of {readable(p.wanted)} was asked for: not reached"
            if p.same
            else f"half-width of the difference of {name}: {readable(p.achieved)} with {p.n:,} replicates, "
            f"{readable(p.wanted)} asked for: {word}"
        )
    return said
