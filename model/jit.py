"""Compilation: five decorators.

A `kernel` is a loop called from Python and compiled at its first call; a `maker` is a kernel that may make arrays. A
`helper` has an explicit signature and is inlined wherever kernels call it; a `rare` helper is called rather than inlined; an
`instruction` is one of the machine's own. None but makers count references to the arrays that they are given, which
whoever calls holds: counting made a posting in the ledger twenty times as slow and each call twice. Where compiled
loops are kept, `model.kernel_cache` says.

`RIGSHARE_JIT=0` (`run.py --no-jit`), or numba's own `NUMBA_DISABLE_JIT=1`, runs the same functions interpreted, to the
same fingerprint.
"""

import os
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from model.kernel_cache import folder

INTERPRETED = os.environ.get("RIGSHARE_JIT", "1") == "0" or os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")

if INTERPRETED:
    os.environ["NUMBA_DISABLE_JIT"] = "1"

import numba  # noqa: E402  (reads the switch above)

if INTERPRETED:
    numba.config.DISABLE_JIT = 1  # type: ignore[attr-defined]  # where somebody has imported it before


if not INTERPRETED and not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(folder())  # type: ignore[attr-defined]


def cache() -> Path:
    """Folder of compiled rules."""
    return Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]


def cold() -> bool:
    """Whether nothing has been compiled into the cache folder yet, so that a first run will take longer."""
    return not INTERPRETED and not any(cache().rglob("*.nbi"))


COMPILING = threading.RLock()  # two threads may need the same helper first; helpers use helpers
COUNTED: dict[str, Any] = {"cache": True, "error_model": "numpy", "no_cfunc_wrapper": True}
OPTIONS: dict[str, Any] = {**COUNTED, "_nrt": False}
PLAIN: dict[int, Callable[..., Any]] = {}  # by id of a rule: what it is interpreted as, where that is not its own text


class NotCompiled(Exception):
    """A rule is not in the cache for the types that it is called with."""


class Missing:
    """What is done about a rule that has no machine code yet: it is compiled, unless `instead` says otherwise.

    Attributes:
        instead: takes the rule, how to compile it, and the arguments of the call; answers what is called with them
    """

    instead: Callable[[Any, Callable[..., Any], tuple[Any, ...]], Callable[..., Any]] | None = None


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop over the market's columns; called from Python, specialised at its first call."""
    return _specialised(function, OPTIONS)


def maker(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop that makes arrays, to return them or for itself."""
    return _specialised(function, COUNTED)


def handed(found: Any) -> Any:
    """What an interpreted rule found as a compiled one hands it to Python, whose whole numbers have no end.

    >>> [type(number).__name__ for number in handed((np.int64(3), np.float64(0.5), np.bool_(True)))]
    ['int', 'float', 'bool']
    """
    if isinstance(found, np.generic):
        return found.item()
    return tuple(map(handed, found)) if type(found) is tuple else found


def _specialised(function: Callable[..., Any], options: dict[str, Any]) -> Callable[..., Any]:
    """Compile a function for the types of its first call."""
    if INTERPRETED:

        @wraps(function)
        def interpreted(*arguments: Any, **names: Any) -> Any:
            return handed(function(*arguments, **names))

        return interpreted
    rule: Any = numba.njit(nogil=True, **options)(function)
    compiled = rule._compile_for_args

    def first(*arguments: Any, **names: Any) -> Any:
        if Missing.instead is None:
            return compiled(*arguments, **names)
        return Missing.instead(rule, compiled, arguments)

    rule._compile_for_args = first
    return rule  # type: ignore[no-any-return]


def from_cache(rule: Any, compiled: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The machine code of a rule for a call, as `compiled` gives it, from the cache alone.

    Raises:
        NotCompiled: it is not there
    """

    def refuse(*_: Any) -> None:
        raise NotCompiled

    with COMPILING:
        rule._compiler.compile = refuse
        try:
            return compiled(*arguments)
        finally:
            del rule._compiler.compile


def _declared(
    signature: Any, options: dict[str, Any], plain: Callable[..., Any] | None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for one signature, at its first use: what a run does not use costs nothing."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        if INTERPRETED:
            return plain or function
        dispatcher: Any = numba.njit(**options)(function)
        if plain is not None:
            PLAIN[id(dispatcher)] = plain
        template, invoked = dispatcher.get_call_template, dispatcher._compile_for_args

        def ready() -> None:
            with COMPILING:
                if dispatcher._can_compile:
                    dispatcher.compile(signature)
                    dispatcher.disable_compile()

        def from_kernel(arguments: Any, keywords: Any) -> Any:
            ready()
            return template(arguments, keywords)

        def from_python(*arguments: Any, **keywords: Any) -> Any:
            if not dispatcher._can_compile:
                return invoked(*arguments, **keywords)
            ready()
            return next(iter(dispatcher.overloads.values())).entry_point

        dispatcher.get_call_template, dispatcher._compile_for_args = from_kernel, from_python
        return dispatcher  # type: ignore[no-any-return]

    return declare


def rare(
    signature: Any, *, plain: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function that kernels call seldom; left out of line, it keeps what calls it small and quick to compile."""
    return _declared(signature, OPTIONS, plain)


def helper(
    signature: Any, *, from_python: bool = True, plain: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a small function that kernels of any file inline; without a wrapper for Python it compiles sooner.

    Arithmetic that only machine integers can do is given a second time in `plain` Python, which is what is interpreted.
    """
    return _declared(signature, {**OPTIONS, "forceinline": True, "no_cpython_wrapper": not from_python}, plain)


def instruction(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Make an instruction of the machine a function for kernels, from what emits it; interpreted, it is `plain`."""

    def declare(emitter: Callable[..., Any]) -> Any:
        if INTERPRETED:
            return plain
        from numba.extending import intrinsic

        emitted = intrinsic(emitter)
        PLAIN[id(emitted)] = plain
        return emitted

    return declare
