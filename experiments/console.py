"""What the command line prints: a run's headline numbers, means and differences over seeds.

Results go to standard output, all else to standard error, so that `--json` can be piped.
"""

import math
import os
import sys
import textwrap
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from experiments import runs
from experiments.grid import Grid
from experiments.replicates import Estimate
from experiments.statistics import estimated, estimated_gap
from model.metric import Metric
from model.unit_names import unit_of

PLAIN_WIDTH = 120  # characters where there is no terminal and COLUMNS does not say
DIGITS = 4
LARGE = 1e15


def printer(stderr: bool = False) -> Console:
    """A console as wide as the terminal or as COLUMNS says, or of a fixed width where there is neither."""
    stream = sys.stderr if stderr else sys.stdout
    known = stream.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(file=stream, width=None if known else PLAIN_WIDTH, highlight=False, soft_wrap=False)


def readable(value: float | None) -> str:
    """A number for people: four digits, thousands separators, no exponent below a quadrillion.

    >>> readable(1234567.8), readable(0.0123456), readable(12.5), readable(float("nan"))
    ('1,234,568', '0.01235', '12.5', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    size = abs(value)
    if math.isinf(value) or size >= LARGE or 0 < size < 10**-DIGITS:
        return f"{value:.{DIGITS - 1}e}"
    if size >= 10 ** (DIGITS - 1) or value == int(value):
        return f"{value:,.0f}"
    places = DIGITS - 1 - math.floor(math.log10(size))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tell(text: str) -> None:
    """One line to standard error."""
    print(text, file=sys.stderr, flush=True)


def grid(title: str, *columns: str, numbers: Iterable[int] = ()) -> Grid:
    """An empty table; columns whose places are in `numbers` are set flush right."""
    return Grid(title, columns, numbers)


def fill(table: Grid, *cells: str) -> None:
    """Add a row of plain text."""
    table.add(*cells)


def chosen(metrics: Iterable[Any]) -> list[Any]:
    """The headline metrics, or all of them where none is."""
    every = list(metrics)
    return [m for m in every if m.headline] or every


RULE_WORDS = {"last": "at the end", "mean": "mean", "sum": "sum", "max": "highest", "min": "lowest"}


def rule_words(metric: Metric) -> str:
    """How a run's path became one number, in words."""
    return "weighted mean" if metric.weight else RULE_WORDS[metric.rule]


def show_run(run: runs.Run) -> None:
    """Headline numbers of one run and where its files are."""
    console = printer()
    shown = chosen(run.metrics)
    agents = sum(table.count for table in run.scenario.agents.values())
    console.print(f"{run.scenario.name}: {run.scenario.question}", markup=False)
    if shown:
        table = grid("", "metric", "unit", "first tick", "last tick", "whole run", "", numbers=(2, 3, 4))
        for m in shown:
            numbers = (readable(run.start[m.name]), readable(run.end[m.name]), readable(run.summary[m.name]))
            fill(table, m.meaning or m.name, unit_of(m.unit), *numbers, rule_words(m))
        console.print(table)
    for shortage in run.shortages:
        console.print(shortage, markup=False)
    early = "" if run.ticks == run.scenario.clock.ticks else f" (of {run.scenario.clock.ticks:,}: stop_when held)"
    console.print(
        f"seed {run.seed} · {run.ticks:,} ticks{early} · {agents:,} agents · {run.seconds['run']:.1f} s "
        f"({1000 * run.seconds['run'] / run.ticks:.2f} ms a tick) · fingerprint {run.fingerprint}",
        markup=False,
    )
    console.print(f"{run.folder}/", markup=False, soft_wrap=True)


def show_means(done: list[runs.Run]) -> None:
    """Means over seeds with their intervals."""
    console = printer()
    first = done[0]
    seeds = f"seeds {done[0].seed} to {done[-1].seed}"
    console.print(f"{first.scenario.name}: {first.scenario.question}", markup=False)
    table = grid(f"means over {seeds}", "metric", "unit", "n", "mean", "sd", "95 % interval", "", numbers=(2, 3, 4, 5))
    for m in chosen(first.metrics):
        e = estimated([run.summary[m.name] for run in done], m.name)
        fill(table, m.meaning or m.name, unit_of(m.unit), *estimate_cells(e), rule_words(m))
    console.print(table)
    for run in done:
        for shortage in run.shortages:
            console.print(f"seed {run.seed}, {shortage}", markup=False)
    console.print(f"{first.folder.parent}/", markup=False, soft_wrap=True)


def show_differences(first: list[runs.Run], second: list[runs.Run]) -> None:
    """Paired differences between two scenarios under the same seeds."""
    a, b = first[0].scenario.name, second[0].scenario.name
    common = {m.name for m in second[0].metrics}
    table = grid(
        f"{b} minus {a}, paired by seed",
        "metric",
        "unit",
        "n",
        "difference",
        "sd",
        "95 % interval",
        "",
        numbers=(2, 3, 4, 5),
    )
    for m in (m for m in chosen(first[0].metrics) if m.name in common):
        e = estimated_gap([run.summary[m.name] for run in first], [run.summary[m.name] for run in second], m.name)
        fill(table, m.meaning or m.name, unit_of(m.unit), *estimate_cells(e), rule_words(m))
    printer().print(table)


def estimate_cells(e: Estimate) -> tuple[str, str, str, str]:
    """n, mean, sd and interval for a table."""
    span = "needs 2 seeds" if math.isnan(e.low) else f"{readable(e.low)} to {readable(e.high)}"
    return str(e.n), readable(e.mean), readable(e.sd), span


def plain(value: float) -> float | None:
    """A number that JSON and charts can hold; None where it is undefined or has no bound."""
    return value if math.isfinite(value) else None


def run_record(run: runs.Run) -> dict[str, Any]:
    """One run for `--json`."""
    return {
        "scenario": run.scenario.name,
        "seed": run.seed,
        "ticks": run.ticks,
        "fingerprint": run.fingerprint,
        "folder": str(run.folder),
        "seconds": run.seconds,
        "shortages": run.shortages,
        "metrics": {
            m.name: {
                "unit": m.unit,
                "rule": m.rule,
                "value": plain(run.summary[m.name]),
                "first": plain(run.start[m.name]),
                "last": plain(run.end[m.name]),
            }
            for m in run.metrics
        },
    }


def estimate_records(first: list[runs.Run], second: list[runs.Run] | None = None) -> dict[str, Any]:
    """Means of one scenario, or paired differences between two, by metric for `--json`."""
    found = {}
    names = [m for m in first[0].metrics if second is None or m.name in second[0].summary]
    for m in names:
        values = [r.summary[m.name] for r in first]
        if second is None:
            e = estimated(values, m.name)
        else:
            e = estimated_gap(values, [r.summary[m.name] for r in second], m.name)
        numbers = {"mean": e.mean, "sd": e.sd, "low": e.low, "high": e.high}
        found[m.name] = {"unit": m.unit, "rule": m.rule, "n": e.n, **{k: plain(v) for k, v in numbers.items()}}
    return found


def show_page(page: dict[str, Any]) -> None:
    """A scenario's question, sources and parameters, table by table as in its file."""
    width = printer().width
    print(f"{page['scenario']}: {page['question']}")
    for source in page["sources"]:
        print(indented(f"source: {source}", width, 2))
    parent = page["extends"]
    if parent:
        print(f"  extends {parent}; what differs is marked *")
    last = ""
    for row in page["parameters"]:
        place, key = row["parameter"].rsplit(".", 1)
        if place != last:
            print(f"\n[{place}]")
            last = place
        value, before = row["value"], row.get("parent", row["value"])
        differs = value != before
        facts = ", ".join(x for x in (unit_of(row["unit"]), row["range"], "live" if row["live"] else "") if x)
        line = f"{'*' if differs else ' '} {key} = {value}" + (f"  [{facts}]" if facts else "")
        print(line + (f"  ({parent}: {before})" if differs else ""))
        print(indented(row["meaning"] + (f"; source: {row['source']}" if row["source"] else ""), width, 6))
    print()
    for path in page["removed"]:
        print(f"* without {path}")
    for kind in ("shocks", "changes"):
        for entry in page[kind]:
            print(indented(f"{kind[:-1]}: " + ", ".join(f"{k} = {v}" for k, v in entry.items()), width, 2))


def indented(text: str, width: int, by: int) -> str:
    """Text wrapped to a width, all lines set in; continued lines a little further."""
    return textwrap.fill(text, width, initial_indent=" " * by, subsequent_indent=" " * (by + 2))
