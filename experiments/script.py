"""What study scripts share, `python -m experiments.NAME`: checked options, errors in one sentence, tables and pictures.

`Options` reads the words of the command line, `loaded` the scenario, `Publisher` prints, fills pages and draws, and
`script` makes of `main` a command that answers with its exit code. `experiments/spiral.py` uses all four.
"""

import argparse
import functools
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol

from rich.console import Console

from experiments import streams
from experiments.disk import unwritable
from experiments.guard import ended
from experiments.parallel import WORKERS
from experiments.sheets import Sheet, fill, marked
from model.errors import ScenarioError
from model.scenario import Scenario

Words = Sequence[str] | None  # of the command line; its own where there are none


class Command(Protocol):
    """A study on the command line; it answers with its exit code."""

    def __call__(self, arguments: Words = None) -> int:
        """Do it."""
        ...


def script(main: Callable[[Words], None]) -> Command:
    """The same study, whose errors become one sentence and an exit code."""

    def guarded(arguments: Words = None) -> int:
        streams.mend()
        return ended(lambda: main(arguments))

    functools.update_wrapper(guarded, main)
    return guarded


class Options(argparse.ArgumentParser):
    """Options of a study; what cannot be used is refused in one sentence.

    Args:
        name: of its module in `experiments`
        about: docstring, of which the first paragraph is shown
    """

    def __init__(self, name: str, about: str | None) -> None:
        super().__init__(prog=f"python -m experiments.{name}", description=(about or "").split("\n\n")[0])

    def error(self, message: str) -> NoReturn:
        """Refuse what argparse has found wrong."""
        ours = message.startswith("argument ")
        raise ScenarioError(message.removeprefix("argument ") if ours else f"{message}; --help tells what there is")

    def whole(self, name: str, default: int | None, told: str, least: int = 1) -> None:
        """A whole number of at least so many."""

        def read(text: str) -> int:
            try:
                found = int(text)
            except ValueError:
                found = least - 1
            if found < least:
                raise ArgumentTypeError(f"{text!r}: give a whole number of {least} or more")
            return found

        self.add_argument(name, type=read, default=default, metavar="N", help=told)

    def path(self, name: str, **told: Any) -> None:
        """A file or folder; ~ is the user's folder, which shells leave as it is in `--out=~/x`."""

        def read(text: str) -> Path:
            try:
                return Path(text).expanduser()
            except RuntimeError:
                raise ArgumentTypeError(f"{text}: there is no such user; write the folder out") from None

        self.add_argument(name, type=read, **told)

    def scenario(self, default: str) -> None:
        """Which scenario is studied."""
        self.add_argument("--scenario", default=default, help="a name from `run.py list`, or a path")

    def workers(self) -> None:
        """How many processes."""
        self.whole("--workers", WORKERS, "processes")

    def published(self, picture: bool = False, page: bool = True) -> None:
        """Where the picture and the tables go, as `Publisher` takes them."""
        if picture:
            told = "folder of the picture; without it none is drawn"
            self.path("--out", metavar="FOLDER", help=told)
        if page:
            self.path("--page", metavar="MD", help="page whose tables are written anew")


def loaded(name: str, *tables: str) -> Scenario:
    """A scenario that has all tables which a study looks at.

    Raises:
        ScenarioError: it is not there, or lacks one
    """
    found = Scenario.load(name)
    missing = ", ".join(f"[{table}]" for table in tables if table not in found.mechanisms)
    if missing:
        raise ScenarioError(f"{name}: has no {missing}, which this study looks at; choose another scenario")
    return found


class Publisher:
    """Prints tables, writes them into the page of --page, and draws into the folder of --out.

    Args:
        given: options as they were read
        marks: all names of tables; a page that lacks one is refused before anything runs
        width: of the terminal's tables; as wide as the terminal by default

    Raises:
        ScenarioError: page or folder cannot be used
    """

    def __init__(self, given: argparse.Namespace, marks: Sequence[str] = (), width: int | None = None) -> None:
        self.console = Console(width=width)
        self.page: Path | None = getattr(given, "page", None)
        self.folder: Path | None = getattr(given, "out", None)
        if self.page is not None:
            for mark in marks:
                marked(self.page, mark)
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise unwritable(self.folder, error) from None

    def tables(self, mark: str, *sheets: Sheet) -> None:
        """Print some tables, and put them between the marks of a name."""
        for sheet in sheets:
            sheet.show(self.console)
        if self.page is not None:
            fill(self.page, mark, "\n\n".join(sheet.markdown() for sheet in sheets))

    def picture(self, name: str, draw: Callable[[Path], object]) -> None:
        """Draw a picture, if one is wanted, and say where it is."""
        if self.folder is None:
            return
        path = self.folder / name
        try:
            draw(path)
        except OSError as error:
            raise unwritable(path, error) from None
        self.console.print(f"picture: {path}")
