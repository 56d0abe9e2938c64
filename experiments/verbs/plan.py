"""`plan`: the order of a day, or the size of a sweep, before anything runs."""

from typing import Annotated

import typer

from experiments.options import Agents, Json, Plugins, Settings, Workers, ready, show

PLACE = 40


def plan(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO|SWEEP", help="a name from `list`, or a path to a .toml")],
    set_: Settings = None,
    agents: Agents = None,
    workers: Workers = None,
    pilot: Annotated[bool, typer.Option(help="of a sweep: time a few ticks")] = True,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """Print the order of a day as it will really run; of a sweep its runs, expected time and disk."""
    packages = ready(plugins=plugins)
    from experiments import describe, runs
    from experiments.study_files import asks
    from model.errors import ScenarioError

    kind = asks(scenario)
    if kind not in ("", "sweep"):
        raise ScenarioError(
            f"plan {scenario}: is a file of `{kind}`, which goes on until it is done; plan takes sweeps"
        )
    if kind == "sweep":
        from experiments.sweeps.plan import plan_rows
        from experiments.sweeps.study import load

        if set_ or agents is not None:
            raise ScenarioError(f"plan {scenario}: --set and --agents are for scenarios; write [params] in the sweep")
        show(plan_rows(load(scenario, packages), workers, pilot), as_json)
    else:
        show(describe.plan(runs.prepare(scenario, runs.settings(set_), agents, packages)), as_json)
