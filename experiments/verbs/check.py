"""`check`: everything wrong with a file, at once."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from experiments.options import Plugins, ready

PLACE = 45
FURTHER: dict[str, Callable[[str], str]] = {}  # by suffix: what checks files of a package above this one


def check(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="a scenario, a study of many runs, or a lesson")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="print a JSON Schema of scenarios for editors")] = False,
    sweep_schema: Annotated[bool, typer.Option("--sweep-schema", help="print a JSON Schema of sweeps")] = False,
    plugins: Plugins = None,
) -> None:
    """Check a scenario, a study or a lesson and name everything wrong with it at once."""
    packages = ready(plugins=plugins)
    from model.errors import ScenarioError

    if schema:
        from model import schema as schemas

        print(json.dumps(schemas.schema(packages), indent=1, allow_nan=False))
    elif sweep_schema:
        from experiments.sweeps import schema as schemas_of_sweeps

        print(json.dumps(schemas_of_sweeps.schema(packages), indent=1, allow_nan=False))
    elif file is None:
        raise ScenarioError("check: name a scenario or a study, or ask for --schema")
    else:
        print(f"{file}: {verdict(file, packages)}")


def verdict(file: str, packages: Sequence[str]) -> str:
    """What a file is, in a line, when nothing is wrong with it; the market of a scenario is opened for that."""
    further = FURTHER.get(Path(file).suffix)
    if further is not None:
        return further(file)
    from experiments import runs
    from experiments.calibrate import file as calibrations
    from experiments.optimise import file as optimisations
    from experiments.study_files import asks
    from experiments.sweeps.file import check_line
    from experiments.sweeps.study import load
    from model.schedule import never_act

    kind = asks(file)
    if kind == "optimise":
        search = optimisations.load(file, packages)
        return f"ok (parameters: {len(search.asked.variables)}, trials: {search.settings.trials:,})"
    if kind == "calibrate":
        fit = calibrations.load(file, packages)
        return f"ok (parameters: {len(fit.asked.variables)}, targets: {fit.fitted})"
    if kind == "sweep":
        return check_line(load(file, packages))
    found = runs.prepare(file, {}, None, packages)
    with runs.opened(found) as market:  # some parts turn out only then not to go together
        late = never_act(found.shocks, found.changes, market.clock, found.clock.ticks)
    people = sum(table.count for table in found.agents.values())
    never = f"; outside of the run, so that nothing comes of it: {', '.join(late)}" if late else ""
    return f"ok (mechanisms: {len(found.mechanisms)}, agents: {people:,}, ticks: {found.clock.ticks:,}){never}"
