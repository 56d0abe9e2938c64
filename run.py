"""rigshare on the command line: simulate a marketplace of fractional mining rigs.

Exit codes: 0 fine, 1 an error inside a run, 2 input that cannot be used, 3 finished with failed runs, 130 interrupted.
An error is one sentence; RIGSHARE_DEBUG=1 shows the traceback as well.
"""

import errno
import functools
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import typer

import experiments.verbs
from experiments.options import FailedRuns, say

FAILED, BAD_INPUT, SOME_FAILED, INTERRUPTED = 1, 2, 3, 130
LAST = 1_000  # place of a verb that names none

app = typer.Typer(
    help=(__doc__ or "").split("\n\n")[0],
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def guarded(function: Callable[..., None]) -> Callable[..., None]:
    """The same verb, whose errors become one sentence and an exit code."""

    @functools.wraps(function)
    def verb(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except KeyboardInterrupt as error:
            say(f"interrupted; {error or 'nothing was written for the run that was going on'}")
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("RIGSHARE_DEBUG") == "1":
                raise
            code, sentence = verdict(error)
            say(sentence)
            raise typer.Exit(code) from None

    return verb


def verdict(error: Exception) -> tuple[int, str]:
    """Exit code and sentence for an error: what the user must mend, or what went wrong inside."""
    from model.errors import ScenarioError

    if isinstance(error, ScenarioError):
        return BAD_INPUT, str(error)
    if isinstance(error, FailedRuns):
        return SOME_FAILED, str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        with suppress(OSError):  # what is still buffered cannot be written either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT, f"output cannot be written: {error.strerror}; free some space"
    notes = "; ".join(getattr(error, "__notes__", ()))
    text = f"{type(error).__name__}: {error}" + (f" ({notes})" if notes else "")
    return FAILED, f"{text}\nThis is an error inside the run, not in your input; RIGSHARE_DEBUG=1 shows where."


def verbs() -> list[tuple[str, ModuleType]]:
    """Names and modules of all verbs, in their order."""
    names = [info.name for info in pkgutil.iter_modules(experiments.verbs.__path__)]
    found = [(name, importlib.import_module(f"experiments.verbs.{name}")) for name in names]
    if importlib.util.find_spec("app") is not None:
        found.append(("app", importlib.import_module("app.verb")))
    return sorted(found, key=lambda each: (getattr(each[1], "PLACE", LAST), each[0]))


for name, module in verbs():
    app.command(name=name.rstrip("_"))(guarded(getattr(module, name)))


if __name__ == "__main__":
    app()
