"""Answers: one paragraph on what a sweep has found, made from its table.

A file here belongs to the sweep of its name, found by scanning: `NEEDS` names the columns without which it has nothing to
say, and `answer(table)` returns the paragraph. A sweep without a file, or with other columns, is told by `generic`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.answers.generic import paragraph
from experiments.answers.words import few
from model.scan import modules

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweeps.driver import Finished
    from experiments.sweeps.study import Study

FOLDER = "folder"  # attribute of a table: where its study lies, for answers that need the order of its design
NO_RUN = "No run has finished, so there is no answer yet."


@cache
def answers() -> dict[str, Any]:
    """Modules with an answer, by name of the sweep with underscores."""
    found = {}
    for module in modules("experiments.answers"):
        if hasattr(module, "answer"):
            found[module.__name__.rsplit(".", 1)[1]] = module
    return dict(sorted(found.items()))


def own(name: str, table: "pd.DataFrame") -> Callable[["pd.DataFrame"], str] | None:
    """The answer written for a sweep, None where there is none or the table lacks what it looks at."""
    module = answers().get(name.replace("-", "_"))
    if module is None or any(need not in table for need in module.NEEDS):
        return None
    found: Callable[[pd.DataFrame], str] = module.answer
    return found


def answer(
    name: str, table: "pd.DataFrame", metrics: Sequence[str], folder: Path | None = None, missing: int = 0
) -> str:
    """What a sweep has found, in one paragraph.

    Args:
        name: of the sweep
        table: one row a run, as the driver gives it
        metrics: that the sweep is about, for sweeps without an answer of their own
        folder: of its results
        missing: runs that were asked for and are not in the table
    """
    if table.empty:
        return NO_RUN
    told = table.copy()
    told.attrs[FOLDER] = str(folder) if folder is not None else ""
    written = own(name, told)
    text = written(told) if written is not None else paragraph(told, metrics)
    return f"{text} {few(len(table), missing)}".strip()


def of_finished(study: "Study", done: "Finished") -> str:
    """The answer of a sweep that has just ended."""
    from experiments.sweeps.told import watched

    metrics = [metric.name for metric in watched(study, list(done.table.columns))]
    return answer(study.name, done.table, metrics, done.folder, len(done.failed))
