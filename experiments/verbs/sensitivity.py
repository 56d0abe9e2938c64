"""`sensitivity`: which parameters of a sweep matter."""

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

PLACE = 80
CUT = GOES_ON


def sensitivity(
    sweep: Annotated[str, typer.Argument(metavar="SWEEP|FOLDER", help="a sweep file, or a folder of its results")],
    metric: Annotated[
        list[str] | None, typer.Option(help="a metric to explain; repeatable; by default those of [outputs] summary")
    ] = None,
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
    """Rank the parameters of a sweep by how much they matter, with intervals; runs the sweep first where needed."""
    packages = ready(plugins=plugins)
    from experiments import console
    from experiments.laboratory import Options
    from experiments.sensitivity import picture, report, study
    from experiments.sensitivity.analysis import analyse

    options = Options(out, engine, workers, scheduler, deadline, new, allow_mixed, not as_json)
    done = study.results(sweep, out, packages, metric or (), options.keywords)
    found = analyse(done.study, done.table, done.metrics)
    pictures = picture.draw(found, done.folder)
    if as_json:
        record = {
            "study": done.study.name,
            "question": done.study.question,
            "folder": str(done.folder),
            "pictures": [str(path) for path in pictures],
            "sensitivities": [each.record() for each in found],
        }
        print(json.dumps(record, indent=1))
    else:
        screen = console.printer()
        screen.print(f"{done.study.name}: {done.study.question}", markup=False)
        for each in found:
            report.show(each, screen)
        screen.print()
        for each in found:
            screen.print(report.sentence(each), markup=False)
        say(f"{pictures[0]}")
    if done.failed:
        raise FailedRuns(f"{done.failed} runs failed; they are kept in {done.folder}/failed")
