"""What the verbs of the command line share: options, getting the market's code ready, and tables of rows."""

import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="a name from `list`, or a path to a .toml")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Plugins = Annotated[
    list[str] | None, typer.Option("--plugins", help="package with further kinds and strategies; repeatable")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="a parameter, `amm.fee_bps=50`; as in TOML, or .5, or plain words; repeatable",
    ),
]
Agents = Annotated[int | None, typer.Option(help="this many agents in all; sizes that are not set go with them")]


def at_home(path: Path | None) -> Path | None:
    """A path whose ~ is the user's folder: shells leave it as it is in `--out=~/x`."""
    try:
        return None if path is None else path.expanduser()
    except RuntimeError:
        raise typer.BadParameter(f"{path}: there is no such user; write the folder out") from None


Out = Annotated[Path, typer.Option(help="folder of results", callback=at_home)]
Engine = Annotated[str, typer.Option(help="serial: in this process; dask: in processes beside it, or on a cluster")]
Scheduler = Annotated[str | None, typer.Option(metavar="URL", help="a running Dask scheduler, tcp://host:8786")]
Workers = Annotated[int | None, typer.Option(help="processes; one for each core by default")]
New = Annotated[bool, typer.Option("--new", help="move a folder that is there to FOLDER.old-1 and begin afresh")]
AllowMixed = Annotated[
    bool, typer.Option("--allow-mixed", help="keep finished runs of other code or configuration, and say so")
]
Deadline = Annotated[float | None, typer.Option(help="seconds that a run may take; an hour by default")]

RESULTS = Path("results")
GOES_ON = "finished runs are kept; the same command goes on from there"  # said of an interrupt
FEW, MANY = "serial", "dask"  # engines of work that a line asks for, and of a file's many runs


class FailedRuns(Exception):
    """A study has finished, and some of its runs failed; the sentence says how many and where they are kept."""


def say(text: str) -> None:
    """Tell the user on standard error."""
    print(text, file=sys.stderr, flush=True)


def ready(jit: bool = True, plugins: Sequence[str] | None = None) -> tuple[str, ...]:
    """Get the market's code ready; says so when nothing has been compiled yet."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells at length where it keeps its fonts
    if not jit:
        os.environ["RIGSHARE_JIT"] = "0"
    if plugins and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    from model.jit import INTERPRETED, cold

    if not jit and not INTERPRETED:
        raise RuntimeError("--no-jit must come before the model is imported; set RIGSHARE_JIT=0 instead")
    if cold():
        say("no rules are compiled yet: this first command takes longer; that happens once")
    if plugins:
        from model.kinds import agent_kinds, packages

        agent_kinds(packages(plugins))
    return tuple(plugins or ())


def show(rows: list[dict[str, Any]], as_json: bool, title: str = "") -> None:
    """Rows as a table, or as JSON."""
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    from experiments import console

    table = console.grid(title, *(rows[0] if rows else ("nothing found",)))
    for row in rows:
        console.fill(table, *(str(value) for value in row.values()))
    console.printer().print(table)
