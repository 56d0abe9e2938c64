"""How a command ends: 0 fine, 1 an error inside a run, 2 input that cannot be used, 3 some runs failed, 130 interrupted.

An error is one sentence on standard error; RIGSHARE_DEBUG=1 shows the traceback as well.
"""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from experiments import interrupts
from experiments.options import FailedRuns, say

FAILED, BAD_INPUT, SOME_FAILED, INTERRUPTED = 1, 2, 3, 130
NOTHING = "nothing was written for the run that was going on"


def ended(work: Callable[[], object], passing: tuple[type[Exception], ...] = (), cut: str = NOTHING) -> int:
    """Do some work and say how it ended.

    Args:
        work: what the command does
        passing: errors that somebody above takes care of
        cut: what an interrupt leaves that says nothing of it itself
    """
    try:
        work()
    except KeyboardInterrupt as error:
        say(f"interrupted; {str(error) or cut}")
        return INTERRUPTED
    except passing:
        raise
    except Exception as error:
        if os.environ.get("RIGSHARE_DEBUG") == "1":
            raise
        code, sentence = verdict(error, cut)
        say(sentence)
        return code
    return 0


def verdict(error: Exception, cut: str = NOTHING) -> tuple[int, str]:
    """Exit code and sentence for an error: what the user must mend, or what went wrong inside."""
    from experiments.disk import FULL, reason, too_long
    from model.errors import ScenarioError

    if interrupts.came:  # and something made another error of it, as modules do while they load
        return INTERRUPTED, f"interrupted; {cut}"
    if isinstance(error, ScenarioError):
        return BAD_INPUT, str(error)
    if isinstance(error, FailedRuns):
        return SOME_FAILED, str(error)
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return BAD_INPUT, str(too_long(error.filename))
    if isinstance(error, OSError) and error.errno in FULL:
        with suppress(OSError):  # what is still buffered cannot be written either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT, f"output cannot be written: {reason(error)}; free some space"
    notes = "; ".join(getattr(error, "__notes__", ()))
    text = f"{type(error).__name__}: {error}" + (f" ({notes})" if notes else "")
    return FAILED, f"{text}\nThis is an error inside the run, not in your input; RIGSHARE_DEBUG=1 shows where."
