"""`compact`: many small files of a sweep into few."""

import json
from typing import Annotated

import typer

from experiments.options import RESULTS, Json, Out

PLACE = 53
CUT = "no run is lost; the same command goes on"


def compact(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="its name or folder")],
    out: Out = RESULTS,
    as_json: Json = False,
) -> None:
    """Pack a sweep's many small files into few; everything finds them there, and runs can still be added."""
    from experiments.store import find, lock, shards

    folder = find.study_folder(study, out)
    with lock.held(folder, "copy it to where you may write"):
        done = shards.compact(folder)
    if as_json:
        print(json.dumps(done._asdict(), indent=1))
    else:
        print(f"{folder}: {done.runs:,} runs packed into {done.shards:,} files, {done.removed:,} small files removed")
