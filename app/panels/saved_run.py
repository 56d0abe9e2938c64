"""Saved runs over one another: a chart of one metric, their numbers side by side, files and links."""

import base64
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import solara

from app import saved, store
from app.address import Setup, encode
from app.export import csv_of_paths
from app.frame import Frame
from app.options import saved as drawings
from app.panels.figures import Figure
from app.parts import coded, tag
from app.saved_numbers import Kept, meaning, metrics, rule, unit
from app.scenario_file import scenario_toml
from app.widgets import Buttons, Rows, Select
from experiments.console import readable
from experiments.outputs import code_hash
from model.metric import registry
from model.unit_names import unit_of

Save = Callable[[bytes, str], None]
MOST_ROWS = 40  # numbers of runs on the page where none is a headline
OTHER_CODE = "made by other code than this: repeating it may give other numbers"


@solara.component
def Overlay(root: Path, runs: Sequence[Kept], metric: str, choose: Callable[[str], None], save: Save) -> Any:
    """All that is shown of the chosen runs.

    Args:
        root: folder of results
        runs: chosen
        metric: of the chart, of those that all have
        choose: told another metric
        save: told bytes and a file's name
    """
    known = metrics(runs)
    if not known:
        return tag("p", ["These runs have no metric in common."], "rs-card rs-empty")
    shown = metric if metric in known else known[0]
    frame = Frame({"scenario": "results", "seed": len(runs), "hours": 24.0})
    choices = [(name, f"{meaning(name)} ({name})") for name in known]
    chart = Figure(drawings.overlay(shown, runs), frame, store.dark.value, wide=True).key(f"overlay {shown}")
    parts = [tag("div", [Select("Metric", shown, choices, choose)], "rs-wide"), chart, _table(runs, known)]
    parts += [_Files(root, run, save).key(run.key) for run in runs]
    return tag("div", parts, "rs-charts")


def _table(runs: Sequence[Kept], known: Sequence[str]) -> Any:
    """Numbers of the runs by each metric's own rule."""
    head = [name for name in known if name in registry() and registry()[name].headline] or list(known)[:MOST_ROWS]
    cells = [
        [meaning(name), unit_of(unit(name)), rule(name), *(readable(run.sums.get(name)) for run in runs)]
        for name in head
    ]
    names = [run.name for run in runs]
    return Rows("Numbers of the runs", ("number", "unit", "rule", *names), cells, title="Numbers of the runs")


@solara.component
def _Files(root: Path, run: Kept, save: Save) -> Any:
    """Files and links of one run."""
    record, key = run.record, run.key
    name = key.replace("/", "-")
    setup = solara.use_memo(
        lambda: saved.setup_of(
            str(record["scenario"]), int(record["seed"]), record["parameters"], str(record["config_hash"])
        ),
        [key],
    )
    toml = solara.use_memo(
        lambda: saved.scenario_text(record) if setup is None else scenario_toml(setup), [key, setup is None]
    )

    def act(button: str) -> None:
        if button == "csv":
            table = run.table
            hours = float(record["parameters"]["clock"]["hours_per_tick"])
            store.save(csv_of_paths({c: table[c].tolist() for c in table.columns}, hours), f"{name}.csv")
        elif button == "toml" and toml is not None:
            store.save(toml, f"{name}.toml")
        else:
            save(saved.content(root, key, button), f"{name}-{button}")

    files = [file for file in saved.RUN_FILES if saved.has(root, key, file)]
    buttons = [("csv", "CSV", f"All numbers of {run.name} as CSV", False)]
    buttons += [(file, file.replace(".parquet", " (Parquet)"), f"{file} of {run.name}", False) for file in files]
    buttons += [("toml", "Scenario (TOML)", f"Scenario of {run.name} as TOML", toml is None)]
    words = f"{record['question']} Seed {int(record['seed'])}, finished {saved.moment(str(record['finished']))}."
    if record.get("code_hash") != code_hash():
        words += f" It was {OTHER_CODE}."
    how = f"the file that Scenario (TOML) saves can: `python run.py run {shlex.quote(f'{name}.toml')}`"
    how = how if toml is not None else "nor can a file of ours."
    return tag("div", [Buttons(run.name, buttons, act, words), repeat(setup, how, run.name)], "rs-tight")


def repeat(setup: Setup | None, otherwise: str, name: str) -> Any:
    """A link to the run in Explore; where it cannot say all of it (`setup` is None), what can."""
    if setup is None:
        return tag("p", coded(f"A link cannot say all that this run was made of; {otherwise}"), "rs-hint")
    link = tag(
        "a",
        ["Repeat this in Explore"],
        href=f"/?{encode(setup)}",
        target="_self",
        **{"aria-label": f"Repeat {name} in Explore"},
    )
    return tag("p", [link], "rs-repeat")


def as_text(content: bytes) -> str:
    """Bytes for `app.widgets.saving.FileSaver`."""
    return base64.b64encode(content).decode("ascii")
