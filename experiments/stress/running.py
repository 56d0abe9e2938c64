"""Run stressed scenarios, keep each as a file that can be run alone, and hand the table to the analysis."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.compare.running import folder_name
from experiments.store.failures import refuse_empty
from experiments.store.layout import write_whole
from experiments.stress import LEAST
from experiments.stress.analysis import StressResult, analyse
from experiments.stress.fans import Fan, together
from experiments.stress.points import CALM, DAY, SIZE, Place
from experiments.stress.shocks import Rows
from experiments.stress.toml_text import text
from model.errors import ScenarioError, nearest
from model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from experiments.store.failures import Failure
    from experiments.sweeps.study import Study

SCENARIOS = "scenarios"  # folder of composed scenarios within the study's
SAYS = "composed by `stress`"


class Done(NamedTuple):
    """A stress test that has run: where it is, its answers, and the runs that failed."""

    folder: Path
    result: StressResult
    failed: "list[Failure]"


def study_of(base: Scenario, places: Sequence[Place], replicates: int, fans: Sequence[str]) -> "Study":
    """The study of all places under common random numbers; paths are kept of the metrics that fans are wanted of."""
    from experiments.sweeps.study import Study

    known = sorted({m.name for p in places for m in p.scenario.recorded()})
    wrong = [
        f"--fan {name}: this scenario records no such metric{nearest(name, known)}"
        for name in fans
        if name not in known
    ]
    if wrong:
        raise ScenarioError("\n".join(wrong))
    scenarios = {place.label: place.scenario for place in places}
    study = Study.of(
        folder_name("stress", *([base] + [p.scenario for p in places]), also=" ".join(sorted(fans))),
        scenarios,
        replicates,
        question=f"How does {base.name} stand the shocks?",
        root=base.clock.seed,
        common=True,
        every=1 if fans else 0,
        columns=tuple(fans),
    )
    values = {place.label: place.values for place in places}
    return replace(study, points=tuple(p._replace(values=values[p.label]) for p in study.points))


def labelled(table: "pd.DataFrame", study: "Study") -> "pd.DataFrame":
    """Rows for every label, those of equal scenarios once for each."""
    import pandas as pd

    block = study.blocks[0]
    parts = [
        table[table["point"] == row].assign(label=label) for label, row in zip(block.labels, block.rows, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def write_scenarios(places: Sequence[Place], folder: Path, shocks: Sequence[str]) -> dict[str, str]:
    """Write each place as a scenario file; by label, the command that runs it but for the seed.

    Raises:
        ScenarioError: a file cannot be written
    """
    commands, used = {}, set()
    for place in places:
        stem = re.sub(r"[^A-Za-z0-9.]+", "_", place.label).strip("_.") or "stressed"
        while stem in used:
            stem += "_"
        used.add(stem)
        tables = dict(place.scenario.tables)
        tables["sources"] = [*tables.get("sources", []), f"{SAYS}: {'; '.join(shocks) or 'no shocks added'}"]
        path = folder / SCENARIOS / f"{stem}.toml"
        write_whole(path, text(tables).encode())
        plugins = "".join(f" --plugins {shlex.quote(p)}" for p in place.scenario.plugins)
        commands[place.label] = f"python run.py run {shlex.quote(str(path))}{plugins}"
    return commands


def fans_of(folder: Path, table: "pd.DataFrame", metrics: Sequence[str], days_per_tick: float) -> dict[str, Fan]:
    """Fans of the first stressed point, from the kept paths of its runs."""
    from experiments.store import series

    paths = [series(folder, run) for run in table["run"]]
    return {name: together(paths, name, days_per_tick) for name in metrics}


def told(rows: Rows) -> list[str]:
    """Shocks and changes in words.

    >>> told(Rows())
    []
    """
    said = []
    for s in rows.shocks:
        when = f"from day {s.day:g}" if s.day is not None else f"from {s.date}"
        how = f" {s.shape} of {s.days:g} days" if s.shape != "step" else " step"
        said.append(f"{s.channel} {s.size:+.0%},{how} {when}")
    return said + [f"tick {c.tick}: {', '.join(f'{k} = {v}' for k, v in c.set.items())}" for c in rows.changes]


def _shown(rows: Rows, place: Place) -> Rows:
    """Rows as they are in all places: with the sizes and days given where these are axes."""
    if DAY in place.values:
        return rows
    if SIZE not in place.values:
        return place.rows
    pairs = zip(place.rows.shocks, rows.shocks, strict=True)
    return place.rows._replace(shocks=tuple(here.model_copy(update={"size": given.size}) for here, given in pairs))


def run(
    base: Scenario,
    rows: Rows,
    places: Sequence[Place],
    replicates: int,
    root: Path,
    fans: Sequence[str] = (),
    least: float = LEAST,
    **options: Any,
) -> Done:
    """Run all places and answer.

    Args:
        base: scenario under stress
        rows: what was laid on it
        places: where; the one labelled CALM goes without
        replicates: runs of each place
        root: folder of results
        fans: metrics whose paths are wanted
        least: bad debt left from which on the protocol counts as insolvent [USD]
        options: handed to `driver.execute`
    """
    from experiments.sweeps import driver

    words = told(_shown(rows, places[0]))
    asked = {"least": least, "shocks": words}
    study = replace(study_of(base, places, replicates, fans), asked=asked)
    finished = driver.execute(study, root, **options)
    commands = write_scenarios(places, finished.folder, words)
    refuse_empty([p.id for p in study.points], set(finished.table["point"]), finished.failed, finished.folder)
    table = labelled(finished.table, study)
    calm = CALM if any(place.label == CALM for place in places) else None
    first = places[0]
    days = first.scenario.clock.hours_per_tick / 24.0
    bands = fans_of(finished.folder, table[table["label"] == first.label], fans, days) if fans else {}
    values = {place.label: place.values for place in places}
    result = analyse(table, base.name, values, commands, shocks=words, calm=calm, fans=bands, least=least)
    return Done(finished.folder, result, finished.failed)
