"""`optimise`: the frontier between what is wanted."""

import json
from typing import Annotated

import typer

from experiments.options import (
    GOES_ON,
    MANY,
    RESULTS,
    AllowMixed,
    Deadline,
    Engine,
    FailedRuns,
    Json,
    New,
    Out,
    Plugins,
    Scheduler,
    Workers,
    ready,
    say,
)

PLACE = 90
CUT = GOES_ON


def optimise(
    file: Annotated[str, typer.Argument(metavar="FILE", help="an optimisation under scenarios/sweeps, or its path")],
    engine: Engine = MANY,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = RESULTS,
    new: New = False,
    allow_mixed: AllowMixed = False,
    deadline: Deadline = None,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Search for parameters that no others better; winners are run again under fresh seeds."""
    packages = ready(plugins=plugins)
    from experiments import console
    from experiments.laboratory import Options
    from experiments.optimise import file as files
    from experiments.optimise import picture, report
    from experiments.optimise.study import optimise as search

    problem = files.load(file, packages)
    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    frontier = search(problem, options)
    pictures = picture.draw(frontier, frontier.folder)
    if as_json:
        print(json.dumps({**report.record(frontier), "pictures": [str(path) for path in pictures]}, indent=1))
    else:
        screen = console.printer()
        report.show(frontier, screen)
        screen.print(report.sentence(frontier), markup=False)
        say(f"{pictures[0]}")
    if frontier.failed:
        raise FailedRuns(f"{frontier.failed} runs failed; they are kept below {frontier.folder}")
