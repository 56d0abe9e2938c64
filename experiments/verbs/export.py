"""`export`: a sweep for other programs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.options import RESULTS, Json, Out, at_home

PLACE = 54
CUT = "no file of the export was replaced"


def export(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="its name or folder")],
    csv: Annotated[bool, typer.Option("--csv", help="as CSV; the folder is Parquet already")] = False,
    series: Annotated[bool, typer.Option("--series", help="the time series too")] = False,
    force: Annotated[bool, typer.Option("--force", help="replace files that are there")] = False,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="folder of the files; STUDY/csv/ by default", callback=at_home)
    ] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Write a sweep's summary and design as CSV, into STUDY/csv/ or a folder of your own."""
    from experiments.store import export as files
    from experiments.store import find
    from model.errors import ScenarioError

    if not csv:
        raise ScenarioError("export: say as what; --csv is there, and the folder can be read as Parquet as it is")
    written = [str(path) for path in files.export(find.study_folder(study, out), series, force, to)]
    print(json.dumps(written, indent=1) if as_json else "\n".join(written))
