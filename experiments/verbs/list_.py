"""`list`: what there is."""

from typing import Annotated

import typer

from experiments.options import Json, Plugins, ready, show

PLACE = 20


def list_(
    mechanisms: Annotated[bool, typer.Option("--mechanisms", help="rules of the market instead")] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="recorded numbers instead")] = False,
    agents: Annotated[bool, typer.Option("--agents", help="kinds of agents and their strategies instead")] = False,
    sweeps: Annotated[bool, typer.Option("--sweeps", help="studies of many runs instead")] = False,
    presets: Annotated[bool, typer.Option("--presets", help="platforms and stresses with the answers found")] = False,
    plugins: Plugins = None,
    as_json: Json = False,
) -> None:
    """List the scenarios that ship, each with its question."""
    packages = ready(plugins=plugins)
    from experiments import describe

    if mechanisms:
        show(describe.mechanisms(), as_json)
    elif metrics:
        show(describe.metrics(), as_json)
    elif agents:
        show(describe.agents(packages), as_json)
    elif sweeps:
        show(describe.sweeps(), as_json)
    elif presets:
        from experiments.presets import book

        show(book.rows(), as_json)
    else:
        show(describe.scenarios(), as_json)
