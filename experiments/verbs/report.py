"""`report`: one page of a study that opens offline, and figures for print."""

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.options import RESULTS, Json, Plugins, at_home, ready, say

PLACE = 55
CUT = "the page was not written; the same command makes it"


def report(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER", help="of a sweep, stress test, comparison, optimisation or calibration, or its name"
        ),
    ],
    page: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="the page; report.html in the folder by default", callback=at_home),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="SVG and PDF for print; figures/ in the folder, or beside FILE", callback=at_home
        ),
    ] = None,
    results: Annotated[
        Path, typer.Option(help="folder of results, for studies given by name", callback=at_home)
    ] = RESULTS,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Write a study's report: one HTML file that opens offline, failures first, and figures for print."""
    ready(plugins=plugins)
    from experiments import console
    from experiments.report.kinds import place_of
    from experiments.report.page import write

    done = write(place_of(folder, results), page, figures)
    if as_json:
        record = {"page": str(done.path), "figures": [str(path) for path in done.figures], "answer": done.told.answer}
        print(json.dumps(record, indent=1))
        return
    console.printer().print(done.told.answer, markup=False)
    say(f"{len(done.figures):,} figures in {done.figures[0].parent}/" if done.figures else "no figures")
    say(f"{done.path}")
