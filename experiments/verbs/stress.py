"""`stress`: shocks laid on a scenario, over many seeds."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    Name,
    New,
    Out,
    Plugins,
    Scheduler,
    Settings,
    Workers,
    ready,
    say,
)
from experiments.stress import LEAST

if TYPE_CHECKING:
    from experiments.stress.analysis import StressResult

SEEDS = 30

PLACE = 70
CUT = GOES_ON


def stress(
    scenario: Name,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="FILE", help="shocks and changes of this scenario; repeatable")
    ] = None,
    shock: Annotated[
        list[str] | None, typer.Option(metavar="ROW", help="'channel=hashrate,factor=.5,day=30,days=30'; repeatable")
    ] = None,
    size: Annotated[
        list[float] | None, typer.Option(help="multiplies the size of every shock added; several make a grid")
    ] = None,
    day: Annotated[float | None, typer.Option(help="day on which the first shock begins, the others after it")] = None,
    seeds: Annotated[int, typer.Option(help="runs of each place")] = SEEDS,
    grid: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=V,V", help="'lending.loan_to_value=.3,.4', size=1,2 or day=30,60; twice at most"),
    ] = None,
    fan: Annotated[
        list[str] | None, typer.Option(metavar="METRIC", help="draw its paths, 5 to 95 % of runs; repeatable")
    ] = None,
    above: Annotated[float, typer.Option(help="USD of bad debt left that make the protocol insolvent")] = LEAST,
    set_: Settings = None,
    ticks: Annotated[int | None, typer.Option(help="length of the runs")] = None,
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
    """Stress a scenario: how likely insolvency is, how bad the tail, who loses, which runs are worst."""
    packages = ready(plugins=plugins)
    from experiments import console, runs
    from experiments.laboratory import Options
    from experiments.stress import points, printing, running, shocks
    from model.errors import ScenarioError

    if seeds < 1:
        raise ScenarioError(f"--seeds {seeds}: give a whole number above 0")
    if not above > 0.0:
        raise ScenarioError(f"--above {above:g}: give USD above 0; {LEAST} leaves out dust alone")
    values = runs.settings(set_, ticks=ticks)
    base = runs.prepare(scenario, values, agents, packages)
    files = [shocks.from_file(name, base) for name in with_ or ()]
    rows = shocks.joined([*files, *(shocks.from_line(text, base) for text in shock or ())])
    sizes = size or [1.0]
    axes = points.axes_of(grid or (), sizes)
    places = points.places(base, rows, axes, sizes[0] if len(sizes) == 1 else 1.0, day)
    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    done = running.run(base, rows, places, seeds, out, fan or (), above, **options.keywords)
    pictures = _pictures(done.result, done.folder)
    if as_json:
        found = {**done.result.record(), "folder": str(done.folder), "files": [str(path) for path in pictures]}
        print(json.dumps(found, indent=1))
    else:
        printing.show(done.result, console.printer())
        say("\n".join((*map(str, pictures), f"{done.folder}/")))
    if done.failed:
        raise FailedRuns(f"{len(done.failed)} runs failed; they are kept in {done.folder}/failed")


def _pictures(result: "StressResult", folder: Path) -> list[Path]:
    """Maps of insolvency and fans of paths, where there are any."""
    from experiments.stress import fans, heat
    from model.metric import registry

    title = f"{result.scenario}: {'; '.join(result.shocks) or 'no shocks added'}"
    made = [path for who in result.maps.values() for path in heat.save(who, title, folder)]
    if result.fans:
        units = {name: registry()[name].unit for name in result.fans}
        made += fans.save(result.fans, units, f"{title} ({result.points[0].label})", folder)
    return made
