"""rigshare on the command line: simulate a marketplace of fractional mining rigs.

Exit codes: 0 fine, 1 an error inside a run, 2 input that cannot be used, 3 finished with failed runs, 130 interrupted.
An error is one sentence; RIGSHARE_DEBUG=1 shows the traceback as well.
"""

import signal

from experiments import interrupts, streams

if __name__ == "__main__":
    streams.mend()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt while modules load ends without a word

import functools
import importlib.util
import pkgutil
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import typer

import experiments.verbs
from experiments.guard import NOTHING, ended

LAST = 1_000  # place of a verb that names none

app = typer.Typer(
    help=(__doc__ or "").split("\n\n")[0],
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def guarded(function: Callable[..., None], cut: str) -> Callable[..., None]:
    """The same verb, whose errors become one sentence and an exit code.

    Args:
        function: of the verb
        cut: what an interrupt leaves
    """

    @functools.wraps(function)
    def verb(*args: Any, **kwargs: Any) -> None:
        def work() -> None:
            function(*args, **kwargs)
            sys.stdout.flush()

        code = ended(work, passing=(typer.Exit, typer.Abort, BrokenPipeError), cut=cut)
        if code:
            raise typer.Exit(code)

    return verb


def verbs() -> list[tuple[str, ModuleType]]:
    """Names and modules of all verbs, in their order."""
    names = [info.name for info in pkgutil.iter_modules(experiments.verbs.__path__)]
    found = [(name, importlib.import_module(f"experiments.verbs.{name}")) for name in names]
    if importlib.util.find_spec("app") is not None:
        found.append(("app", importlib.import_module("app.verb")))
    return sorted(found, key=lambda each: (getattr(each[1], "PLACE", LAST), each[0]))


for name, module in verbs():
    app.command(name=name.rstrip("_"))(guarded(getattr(module, name), getattr(module, "CUT", NOTHING)))


if __name__ == "__main__":
    interrupts.heed()
    sys.exit(ended(app))
