"""`check`: everything wrong with a file, at once."""

import json
from typing import Annotated

import typer

from experiments.options import Plugins, ready

PLACE = 50


def check(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="scenario or sweep to check")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="print a JSON Schema of scenarios for editors")] = False,
    sweep_schema: Annotated[bool, typer.Option("--sweep-schema", help="print a JSON Schema of sweeps")] = False,
    plugins: Plugins = None,
) -> None:
    """Check a scenario or a sweep and name everything wrong with it at once."""
    packages = ready(plugins=plugins)
    from model.errors import ScenarioError

    if schema:
        from model import schema as schemas

        print(json.dumps(schemas.schema(packages), indent=1))
        return
    if sweep_schema:
        from experiments.sweeps import schema as schemas_of_sweeps

        print(json.dumps(schemas_of_sweeps.schema(packages), indent=1))
        return
    if file is None:
        raise ScenarioError("check: name a scenario or sweep file, or ask for --schema")
    from experiments import runs
    from experiments.sweeps.file import is_sweep

    if is_sweep(file):
        from experiments.sweeps.file import check_line
        from experiments.sweeps.study import load

        print(f"{file}: {check_line(load(file, packages))}")
        return
    found = runs.prepare(file, {}, None, packages)
    people = sum(table.count for table in found.agents.values())
    print(f"{file}: ok (mechanisms: {len(found.mechanisms)}, agents: {people:,}, ticks: {found.clock.ticks:,})")
