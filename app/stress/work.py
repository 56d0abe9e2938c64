"""The process that works a stress test out: `python -m app.stress.work FOLDER`, started by `app.stress.job`.

It reads the question in `FOLDER/ask.txt`, a link's query, writes one small file per run below FOLDER, and at its end
`answer.json` and `runs.csv`, or `error.txt`. It ends itself when whoever started it is gone.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from app.stress.ask import Ask, drawn, read
from experiments.options import FailedRuns
from experiments.store import read as tidy
from experiments.store.failures import Failure
from experiments.stress import points, running
from experiments.stress.analysis import _plain
from experiments.stress.points import CALM
from model.errors import ScenarioError

ASK, ANSWER, RUNS, ERROR = "ask.txt", "answer.json", "runs.csv", "error.txt"
NICE = 5  # the web server and its students come first
BAD_INPUT, ORPHAN = 2, 3  # exit codes


def work(ask: Ask, folder: Path) -> dict[str, Any]:
    """Run everything and answer; the numbers are those of `run.py stress` for the same question.

    Args:
        ask: the question
        folder: of all files
    """
    base = ask.setup.build()
    rows = ask.rows(base)
    places = points.places(base, rows, {})
    names = drawn(base)
    done = running.run(base, rows, places, ask.seeds, folder, names, engine="serial", progress=False)
    study = running.study_of(base, places, ask.seeds, names)
    table = running.labelled(tidy(done.folder), study)
    table.to_csv(folder / RUNS, index=False)
    days = base.clock.hours_per_tick / 24.0
    calm = running.fans_of(done.folder, table[table["label"] == CALM], names, days)
    scenarios = {p.stem: p.read_text(encoding="utf-8") for p in sorted((done.folder / running.SCENARIOS).iterdir())}
    found = done.result.record()
    found["calm_fans"] = _plain(calm)
    found["scenarios"] = scenarios
    found["failed"] = [_told(failure) for failure in done.failed]
    return found


def _told(failure: Failure) -> str:
    return f"{failure.label}, replicate {failure.replicate}: {failure.message}"


def _end_with(pipe: int) -> None:
    """End this process when the pipe to whoever started it is closed."""
    while os.read(pipe, 1):
        continue
    os._exit(ORPHAN)


def main(folder: Path) -> int:
    """Work, and leave the answer or a sentence behind."""
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        ask, notes = read((folder / ASK).read_text(encoding="utf-8"))
        if notes:
            raise ScenarioError("\n".join(notes))
        found = work(ask, folder)
    except (ScenarioError, FailedRuns) as error:
        (folder / ERROR).write_text(str(error), encoding="utf-8")
        return BAD_INPUT
    hidden = folder / f".{ANSWER}"
    hidden.write_text(json.dumps(found), encoding="utf-8")
    hidden.replace(folder / ANSWER)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
