"""`status`: how sweeps stand."""

import json
from typing import Annotated

import typer

from experiments.options import RESULTS, Json, Out

PLACE = 51


def status(
    study: Annotated[str | None, typer.Argument(metavar="STUDY", help="its name or folder; all by default")] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Say how sweeps stand: runs done, failed, missing, seconds a run and the time left."""
    from experiments.store import find
    from experiments.store import status as states
    from experiments.sweeps.told import show_status

    folders = find.studies(out) if study is None else [find.study_folder(study, out)]
    rows = [states.status(folder) for folder in folders]
    if as_json:
        print(json.dumps(rows, indent=1))
    else:
        show_status(rows)
