"""`calibrate`: parameters fitted to figures of the world."""

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
    Json,
    New,
    Out,
    Plugins,
    Scheduler,
    Workers,
    ready,
    say,
)

PLACE = 95
CUT = GOES_ON


def calibrate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="a calibration under scenarios/sweeps, or its path")],
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
    """Fit parameters to figures of the world by simulated moments, with standard errors and tests."""
    packages = ready(plugins=plugins)
    from experiments import console
    from experiments.calibrate import file as files
    from experiments.calibrate import picture, report
    from experiments.calibrate.study import calibrate as fit
    from experiments.laboratory import Options

    problem = files.load(file, packages)
    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    found = fit(problem, options)
    pictures = picture.draw(found, found.folder)
    if as_json:
        print(json.dumps({**report.record(found), "pictures": [str(path) for path in pictures]}, indent=1))
    else:
        screen = console.printer()
        report.show(found, screen)
        screen.print(report.sentence(found), markup=False)
        say(f"{pictures[0]}")
