"""`sweep`: many runs of one study, resumed by the same command."""

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
)

PLACE = 50
CUT = GOES_ON


def sweep(
    file: Annotated[str, typer.Argument(metavar="SWEEP", help="a name under scenarios/sweeps, or a path to a .toml")],
    engine: Engine = MANY,
    scheduler: Scheduler = None,
    workers: Workers = None,
    out: Out = RESULTS,
    deadline: Deadline = None,
    new: New = False,
    allow_mixed: AllowMixed = False,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Run a sweep, or what is missing of it: a table here, all runs in results/STUDY/."""
    packages = ready(plugins=plugins)
    from experiments.answers import of_finished
    from experiments.console import printer
    from experiments.laboratory import Options
    from experiments.sweeps import told
    from experiments.sweeps.driver import execute
    from experiments.sweeps.study import load

    study = load(file, packages)
    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    done = execute(study, out, **options.keywords)
    if as_json:
        print(json.dumps({**told.record(study, done), "answer": of_finished(study, done)}, indent=1, default=str))
    else:
        told.show(study, done)
        printer().print(of_finished(study, done), markup=False)
    if done.failed:
        raise FailedRuns(
            f"{len(done.failed):,} runs failed; {done.folder}/failed/ has each with the command that repeats it"
        )
