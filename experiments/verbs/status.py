"""`status`: how studies stand."""

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
    """Say how studies stand: runs done, failed, missing, seconds a run and the time left.

    A search counts the batches that it has asked for; how many more it will ask for nobody knows before its end.
    A damaged study is named on standard error, and the others are listed.
    """
    from experiments.store import find
    from experiments.store import status as states
    from experiments.sweeps.told import show_status
    from model.errors import ScenarioError

    folders = find.studies(out, find.ALL) if study is None else [find.study_folder(study, out, find.ALL)]
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
