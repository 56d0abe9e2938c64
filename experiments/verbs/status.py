"""`status`: how sweeps stand."""

import json
from typing import Annotated

import typer

from experiments.options import RESULTS, Json, Out, say

PLACE = 51


def status(
    study: Annotated[str | None, typer.Argument(metavar="STUDY", help="its name or folder; all by default")] = None,
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Say how sweeps stand: runs done, failed, missing, seconds a run and the time left.

    A damaged study is named on standard error, and the others are listed.
    """
    from experiments.store import find
    from experiments.store import status as states
    from experiments.sweeps.told import show_status
    from model.errors import ScenarioError

    folders = find.studies(out) if study is None else [find.study_folder(study, out)]
    rows, damaged = [], []
    for folder in folders:
        try:
            rows.append(states.status(folder))
        except ScenarioError as error:
            if study is not None:
                raise
            damaged.append(str(error))
    if as_json:
        print(json.dumps(rows, indent=1))
    else:
        show_status(rows)
    for line in damaged:
        say(line)
