"""`backtest`: simulated hashrate beside the real one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.options import Json, at_home, ready, say

PLACE = 900


def backtest(
    out: Annotated[
        Path | None, typer.Option(help="draw real and simulated hashrate into this picture", callback=at_home)
    ] = None,
    as_json: Json = False,
) -> None:
    """Let the miners' rules run free on the real revenue of 2018 to 2024: does hashrate follow the real one?"""
    if out is not None:
        _refuse_no_picture(out)
    ready()
    from experiments import console
    from experiments.backtest import report

    if as_json:
        print(json.dumps(report.scores(), indent=1))
    else:
        report.print_table(console.printer())
    if out is not None:
        from experiments.disk import unwritable

        try:
            report.picture(out)
        except OSError as error:
            raise unwritable(out, error) from None
        say(f"{out}")


def _refuse_no_picture(path: Path) -> None:
    """Refuse, before any work, a place that no picture can be written to."""
    from matplotlib.backend_bases import FigureCanvasBase

    from model.errors import ScenarioError

    known = FigureCanvasBase.get_supported_filetypes()
    if path.is_dir():
        raise ScenarioError(f"--out {path}: is a folder; name a picture in it, such as {path / 'backtest.png'}")
    if path.suffix.lower().removeprefix(".") not in known:
        raise ScenarioError(f"--out {path}: is no picture; let it end in one of {', '.join(sorted(known))}")
