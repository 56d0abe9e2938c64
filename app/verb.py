"""The verb `run.py app`; the verb `check` also takes lessons."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.options import at_home
from experiments.verbs.check import FURTHER

HOST_HELP = "address to listen at; anything but 127.0.0.1 lets other machines in"


def app(
    host: Annotated[str, typer.Option(help=HOST_HELP)] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="port; the next free one if it is in use")] = 8765,
    no_open: Annotated[bool, typer.Option("--no-open", help="do not open the browser")] = False,
    results: Annotated[Path, typer.Option(help="folder of results that pages may read", callback=at_home)] = Path(
        "results"
    ),
) -> None:
    """Open the laboratory in the browser: play, turn sliders, compare, and take a link home. Works offline."""
    from app.server import serve

    serve(host, port, not no_open, results)


def lesson(file: str) -> str:
    """What `check` says of a lesson: what came out of its bet, and the right answers."""
    from app.lessons.check import check_file

    return check_file(file)


FURTHER[".md"] = lesson
