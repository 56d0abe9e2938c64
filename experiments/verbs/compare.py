"""`compare`: two scenarios under common random numbers."""

import json
from typing import Annotated

import typer

from experiments.options import (
    FEW,
    GOES_ON,
    RESULTS,
    Agents,
    AllowMixed,
    Deadline,
    Engine,
    FailedRuns,
    Json,
    New,
    Out,
    Plugins,
    Scheduler,
    Settings,
    Workers,
    ready,
    say,
)

SEEDS, MOST = 30, 400
First = Annotated[str, typer.Argument(metavar="A", help="a name from `list`, or a path to a .toml")]
Second = Annotated[str, typer.Argument(metavar="B", help="the other scenario")]

PLACE = 60
CUT = GOES_ON


def compare(
    first: First,
    second: Second,
    seeds: Annotated[int | None, typer.Option(help=f"replicates of each; {SEEDS} by default")] = None,
    precision: Annotated[
        str | None,
        typer.Option(metavar="METRIC=H", help="as many as it takes for B - A of a metric to be known within ± H"),
    ] = None,
    most: Annotated[int, typer.Option("--max", help="replicates to spend on --precision at most")] = MOST,
    metrics: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="a metric or pattern, `lending.*`; repeatable")
    ] = None,
    set_: Settings = None,
    set_b: Annotated[
        list[str] | None, typer.Option("--set-b", metavar="KEY=VALUE", help="a parameter of B alone; repeatable")
    ] = None,
    ticks: Annotated[int | None, typer.Option(help="length of both")] = None,
    agents: Agents = None,
    engine: Engine = FEW,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = RESULTS,
    new: New = False,
    allow_mixed: AllowMixed = False,
    deadline: Deadline = None,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Compare two scenarios: paired differences with intervals, who won and who lost."""
    packages = ready(plugins=plugins)
    from experiments import console, runs
    from experiments.compare import analysis, printing, running
    from experiments.laboratory import Options
    from model.errors import ScenarioError

    if seeds is not None and precision is not None:
        raise ScenarioError("--seeds and --precision: give the number of replicates, or the precision that sets it")
    values = runs.settings(set_, ticks=ticks)
    a, b = running.prepare((first, second), values, runs.settings(set_b, "--set-b"), agents, packages)
    known = running.names_of(a, b)
    analysis.chosen(metrics or (), known)  # refuses unknown ones before anything runs
    target = running.wish(precision, most, known) if precision is not None else None
    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    finished, state = running.execute(a, b, SEEDS if seeds is None else seeds, target, out, **options.keywords)
    names = (a.name, b.name if b.name != a.name else f"{b.name} with {', '.join(set_b or ())}")
    found = analysis.analyse(finished.table, *names, metrics or (), state)
    if as_json:
        print(json.dumps({**found.record(), "folder": str(finished.folder)}, indent=1))
    else:
        printing.show(found, console.printer())
        say(f"{finished.folder}/")
    if finished.failed:
        raise FailedRuns(f"{len(finished.failed)} runs failed; they are kept in {finished.folder}/failed")
