"""`run`: one scenario, one seed or several."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.options import RESULTS, Agents, Json, Name, Out, Plugins, Settings, ready, say

if TYPE_CHECKING:
    from experiments.runs import Run
    from model.scenario import Scenario

PLACE = 10


def run(
    scenario: Name,
    as_json: Json = False,
    set_: Settings = None,
    seed: Annotated[int | None, typer.Option(help="of all random streams; the scenario's own by default")] = None,
    seeds: Annotated[int, typer.Option(help="this many seeds, counted up from the first; prints means")] = 1,
    ticks: Annotated[int | None, typer.Option(help="length of the run")] = None,
    agents: Agents = None,
    out: Out = RESULTS,
    plugins: Plugins = None,
    force: Annotated[bool, typer.Option("--force", help="replace the files of a different run")] = False,
    no_jit: Annotated[bool, typer.Option("--no-jit", help="interpret the rules; slow, same numbers")] = False,
    compare: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="run this one too; prints paired differences")
    ] = None,
) -> None:
    """Run a scenario: a summary here, all figures in results/SCENARIO/SEED-HASH8/."""
    packages = ready(not no_jit, plugins)
    from experiments import console, runs
    from model.ahead import other_processors
    from model.errors import ScenarioError
    from model.params import facts

    if seeds < 1:
        raise ScenarioError(f"--seeds {seeds}: give a whole number above 0")
    if compare is not None and seeds < 2:
        raise ScenarioError(f"--compare {compare}: needs replicates; add --seeds 10 or more")
    values = runs.settings(set_, ticks=ticks, seed=seed)
    chosen = [runs.prepare(name, values, agents, packages) for name in (scenario, compare) if name is not None]
    first, largest = chosen[0].clock.seed, facts(type(chosen[0].clock).model_fields["seed"])["high"]
    if first + seeds - 1 > largest:
        raise ScenarioError(f"--seeds {seeds}: counted up from {first}, allowed are seeds 0 to {largest}")
    spans = [each.clock.ticks * each.clock.hours_per_tick for each in chosen]
    if len(set(spans)) > 1:
        raise ScenarioError(
            f"--compare {compare}: {scenario} runs {spans[0]:,} hours and {compare} {spans[1]:,}; give both the same --ticks"
        )
    for each in chosen:
        if not runs.compiled(each):
            say(f"rules of {each.name} that are not compiled yet are interpreted until they are; this happens once")
    with other_processors():
        done = [_seeds(each, first, seeds, out, force, as_json) for each in chosen]
    if as_json and seeds == 1:
        print(json.dumps(console.run_record(done[0][0]), indent=1))
    elif as_json:
        record = {"means": {group[0].scenario.name: console.estimate_records(group) for group in done}}
        if compare is not None:
            record["differences"] = console.estimate_records(done[0], done[1])
        record["runs"] = [console.run_record(each) for group in done for each in group]  # type: ignore[assignment]
        print(json.dumps(record, indent=1))
    elif seeds == 1:
        console.show_run(done[0][0])
    else:
        for group in done:
            console.show_means(group)
        if compare is not None:
            console.show_differences(done[0], done[1])


def _seeds(scenario: "Scenario", first: int, n: int, out: Path, force: bool, quiet: bool) -> list["Run"]:
    """All seeds of one scenario, one after the other."""
    from experiments import runs
    from experiments.sweeps.progress import meter

    done = []
    for seed in range(first, first + n):
        with meter(f"{scenario.name}, seed {seed}", quiet, "ticks") as tell:
            done.append(runs.execute(scenario, seed, out, force, lambda ticks, total: tell(ticks, 0, total)))
    return done
