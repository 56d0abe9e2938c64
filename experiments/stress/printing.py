"""A stress test on the terminal."""

import math

from rich.console import Console

from experiments import console
from experiments.console import readable
from experiments.statistics import Interval
from experiments.stress.analysis import Stressed, StressResult
from experiments.stress.parts import Insolvency

MOST_POINTS = 1  # points told in full; more of them make a table


def percent(p: float) -> str:
    """A probability.

    >>> percent(0.1157), percent(math.nan)
    ('11.6%', '–')
    """
    return "–" if math.isnan(p) else f"{p:.1%}"


def chance(found: Insolvency | None) -> str:
    """Probability with its interval and counts."""
    if found is None:
        return "–"
    p = found.probability
    return f"{percent(p.value)} [{percent(p.low)}, {percent(p.high)}]"


def span(found: Interval) -> str:
    """Value and interval."""
    if math.isnan(found.low):
        return readable(found.value)
    return f"{readable(found.value)} [{readable(found.low)}, {readable(found.high)}]"


def show(result: StressResult, out: Console) -> None:
    """Print insolvency, losses, who loses, and the worst runs."""
    said = "; ".join(result.shocks) or "no shocks added"
    out.print(f"{result.scenario} under stress: {said}", markup=False)
    level = f"{result.level:.0%} intervals in brackets"
    if len(result.points) > MOST_POINTS:
        _grid(result, level, out)
    else:
        _insolvency(result, level, out)
        _losses(result.points[0], level, out)
        _losers(result, level, out)
    _worst(result, out)


def _grid(result: StressResult, level: str, out: Console) -> None:
    """One row for each point; columns of what the scenario has."""
    first = result.points[0]
    names, pool, people = list(first.values), first.protocol is not None, first.miners is not None
    heads = ["runs"]
    heads += ["P(protocol insolvent)"] if pool else []
    heads += ["P(a miner insolvent)"] if people else []
    heads += ["bad debt left, mean [USD]", "largest"] if pool else []
    places = range(len(names), len(names) + len(heads))
    table = console.grid(f"insolvency by place; {level}", *names, *heads, numbers=places)
    for point in result.points:
        cells = [*(str(point.values[name]) for name in names), f"{point.runs:,}"]
        cells += [chance(point.protocol)] if pool else []
        cells += [chance(point.miners)] if people else []
        left = next((loss for loss in point.losses if loss.name == "bad debt left"), None)
        cells += ([span(left.mean), readable(left.largest)] if left else ["–", "–"]) if pool else []
        console.fill(table, *cells)
    out.print(table)


def _insolvency(result: StressResult, level: str, out: Console) -> None:
    """How likely, and when."""
    table = console.grid(
        f"insolvency; exact (Clopper-Pearson) {level}",
        "",
        "who",
        "runs",
        "insolvent",
        "probability",
        "first day, median",
        "miners that fail, mean",
        numbers=(2, 3, 4, 5, 6),
    )
    for point in (*result.points, *((result.calm,) if result.calm else ())):
        for found in (point.protocol, point.miners):
            if found is not None:
                day = f"{readable(found.median_day.value)}" if found.hits else "never"
                if found.hits and math.isfinite(found.median_day.low) and math.isfinite(found.median_day.high):
                    day = span(found.median_day)
                failed = span(found.failed) if found.failed else ""
                row = (f"{point.runs:,}", f"{found.hits:,}", chance(found), day, failed)
                console.fill(table, point.label, found.who, *row)
    out.print(table)
    for found in (result.points[0].protocol, result.points[0].miners):
        if found is not None:
            out.print(f"{found.who}: insolvent where {found.meaning}", markup=False)
    if result.points[0].protocol is None:
        out.print("protocol: this scenario has no pool that lends", markup=False)


def _losses(point: Stressed, level: str, out: Console) -> None:
    """Means and tails; what is refused is said once."""
    if not point.losses:
        return
    names = [loss.name for loss in point.losses]
    table = console.grid(f"losses of a run [USD]; {level}", "", *names, numbers=range(1, 1 + len(names)))
    console.fill(table, "mean", *(span(loss.mean) for loss in point.losses))
    for i, tail in enumerate(point.losses[0].tails):
        tails = [loss.tails[i] for loss in point.losses]
        at = f"{100 * tail.at:g} %"
        console.fill(table, f"value at risk (VaR) {at}", *(_tail(t.value_at_risk) for t in tails))
        console.fill(table, f"expected shortfall (ES) {at}", *(_tail(t.expected_shortfall) for t in tails))
    console.fill(table, "largest", *(readable(loss.largest) for loss in point.losses))
    out.print(table)
    for tail in point.losses[0].tails:
        if tail.refused:
            out.print(tail.refused.replace("VaR at", "VaR and ES at"), markup=False)
    for loss in point.losses:
        if loss.warning:
            out.print(f"{loss.name}: {loss.warning}", markup=False)


def _tail(found: Interval) -> str:
    """Value and interval, or that it is refused."""
    return "refused" if math.isnan(found.value) else span(found)


def _losers(result: StressResult, level: str, out: Console) -> None:
    """Who loses: mean, share of runs, tail."""
    point = result.points[0]
    if not point.losers:
        return
    shocked = any(loser.by_shock for loser in point.losers)
    heads = ["gain, mean", "by the shocks", "runs with a loss", "ES 95 %", "worst loss"]
    heads = heads if shocked else [head for head in heads if head != "by the shocks"]
    table = console.grid(f"who loses [USD]; {level}", "kind", *heads, numbers=range(1, 1 + len(heads)))
    for loser in point.losers:
        short = loser.tail.expected_shortfall
        cells = [span(loser.gain)]
        if shocked:
            cells.append(span(loser.by_shock.interval) if loser.by_shock else "–")
        cells += [
            percent(loser.losing.value),
            _tail(short),
            readable(loser.worst),
        ]
        console.fill(table, loser.kind.replace("_", " "), *cells)
    out.print(table)
    if shocked and all(loser.by_shock.ties == loser.by_shock.n for loser in point.losers if loser.by_shock):
        out.print("the shocks changed no gain in any run: nothing in this scenario answers to them", markup=False)


def _worst(result: StressResult, out: Console) -> None:
    """The worst runs, and below each what repeats it."""
    one = len(result.points) <= MOST_POINTS
    out.print(f"worst {len(result.worst)} runs, and what repeats each", markup=False)
    for place, run in enumerate(result.worst, 1):
        parts = [] if one else [run.label]
        if not math.isnan(run.left):
            parts.append(f"bad debt {readable(run.bad_debt)} USD, {readable(run.left)} of it left")
        parts.append(f"{readable(run.miners)} miners failed")
        if not math.isnan(run.gained):
            parts.append(f"all agents {'gain' if run.gained >= 0.0 else 'lose'} {readable(abs(run.gained))} USD")
        out.print(f"{place:>3}. {'; '.join(parts)}", markup=False)
        out.print(f"     {run.command}", markup=False, soft_wrap=True)
