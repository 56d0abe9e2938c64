"""A saved study: its answer, means with intervals, its table, its report, files, and what repeats a run of it."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from app import saved, store
from app.frame import Frame
from app.options import saved as drawings
from app.panels.figures import Figure
from app.panels.saved_run import repeat
from app.parts import tag
from app.saved_numbers import Study, axis_of, meaning, means, repeat_of
from app.widgets import Buttons, Rows, Select
from app.widgets.saving import Sheet
from experiments.console import readable
from model.errors import ScenarioError

LARGEST_REPORT = 12_000_000  # bytes that are shown within the page
MOST_RUNS = 400  # that can be chosen


@solara.component
def StudyView(
    root: Path, study: Study, metric: str, choose: Callable[[str], None], save: Callable[[bytes, str], None]
) -> Any:
    """All that is shown of one study.

    Args:
        root: folder of results
        study: chosen
        metric: of the chart
        choose: told another metric
        save: told bytes and a file's name
    """
    open_, set_open = solara.use_state(False)
    run, set_run = solara.use_state("")
    known, record = study.metrics, study.record
    answer = tag(
        "section",
        [
            tag("h2", [str(record["study"])]),
            tag("p", [str(record["question"])], "rs-question"),
            tag("p", [study.answer]),
        ],
        "rs-card rs-wide",
        **{"aria-label": "Answer", "data-study": study.key},
    )
    if not known or study.table.empty:
        return tag(
            "div", [answer, tag("p", ["No run of it has finished yet."], "rs-card rs-empty rs-wide")], "rs-charts"
        )
    shown = metric if metric in known else known[0]
    rows = means(study, shown)
    frame = Frame({"scenario": study.key, "seed": record["root_seed"], "hours": 24.0})
    chart = Figure(drawings.means(shown, rows, axis_of(study)), frame, store.dark.value, wide=True)
    cells = [
        [row.label, f"{row.found.n:,}", *map(readable, (row.found.mean, row.found.low, row.found.high))] for row in rows
    ]
    title = f"{meaning(shown)}: means and 95 % intervals"
    table = Rows(title, ("point", "runs", "mean", "low", "high"), cells, title=title)
    choices = [(name, f"{meaning(name)} ({name})") for name in known]
    parts = [answer, tag("div", [Select("Metric", shown, choices, choose)], "rs-wide"), chart.key(shown), table]
    parts.append(_files(root, study, save, open_, set_open))
    parts.append(_repeat(root, study, run, set_run))
    if open_:
        parts.append(report(root, study.key))
    return tag("div", parts, "rs-charts")


def _files(
    root: Path, study: Study, save: Callable[[bytes, str], None], open_: bool, set_open: Callable[[bool], None]
) -> Any:
    """Files, and the switch of the report."""

    def act(button: str) -> None:
        if button == "csv":
            store.save(study.table.to_csv(index=False), f"{study.key}.csv")
        elif button == "show":
            set_open(not open_)
        else:
            save(saved.content(root, study.key, button), f"{study.key}-{button}")

    there = [file for file in saved.STUDY_FILES if saved.has(root, study.key, file)]
    report = saved.REPORT in there
    buttons = [("csv", "CSV", "All runs as CSV", False)]
    buttons += [(file, file, f"{file} of {study.key}", False) for file in there]
    buttons.append(("show", "Hide the report" if open_ else "Show the report", "Show or hide the report", not report))
    words = "" if report else unreported(root, study.key)
    return Buttons("Files", buttons, act, words)


def _repeat(root: Path, study: Study, run: str, set_run: Callable[[str], None]) -> Any:
    """Choice of a run, and what repeats it."""
    table = study.table.head(MOST_RUNS)
    names = [
        (str(row.run), f"{row.label}, replicate {row.replicate}, seed {row.seed}")
        for row in table.itertuples(index=False)
    ]
    chosen = run if run in dict(names) else names[0][0]
    setup, command = repeat_of(root, study, chosen)
    parts = [tag("h2", ["Repeat one run"]), Select("Run", chosen, names, set_run)]
    parts += [repeat(setup, "the command can.", dict(names)[chosen]), tag("p", [tag("code", [command])], "rs-hint")]
    return tag("section", parts, "rs-card rs-grid", **{"aria-label": "Repeat one run"})


def unreported(root: Path, key: str) -> str:
    """What makes the report that is not there yet, as it can be given to a shell."""
    return f"There is no report yet: python run.py report {shlex.quote(str(root / key))}"


def report(root: Path, key: str) -> Any:
    """The report in a frame that may do nothing but show itself."""
    try:
        text = saved.content(root, key, saved.REPORT, LARGEST_REPORT).decode("utf-8", "replace")
    except ScenarioError as error:
        return tag("p", [str(error)], "rs-note rs-wide", role="alert")
    return tag("section", [Sheet(text, f"Report of {key}")], "rs-card rs-wide", **{"aria-label": "Report"})
