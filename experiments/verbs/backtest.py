"""`backtest`: simulated hashrate beside the real one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.options import Json, ready, say

PLACE = 900


def backtest(
    out: Annotated[Path | None, typer.Option(help="draw real and simulated hashrate into this picture")] = None,
    as_json: Json = False,
) -> None:
    """Let the miners' rules run free on the real revenue of 2018 to 2024: does hashrate follow the real one?"""
    ready()
    from experiments import console
    from experiments.backtest import report

    if as_json:
        print(json.dumps(report.scores(), indent=1))
    else:
        report.print_table(console.printer())
    if out is not None:
        from experiments.outputs import unwritable

        try:
            report.picture(out)
        except OSError as error:
            raise unwritable(out, error) from None
        say(f"{out}")
