"""A first run does not wait for its rules to be compiled: it interprets them, and other processes compile meanwhile.

Half a year of a small market is interpreted sooner than all its rules are compiled, and most of that time goes into a
few of them. So a rule that is not in numba's cache is interpreted, those that have cost most are given to the other
processors first, and the run goes over to machine code rule by rule as it gets ready. When the run has ended, they go
on with what is left, so that the next run finds everything. Interpreted or compiled, a rule gives the same numbers to
the bit (tests/golden), and no rule of the run is called by other processes.
"""

import importlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numba

from model import jit
from model.plain import plain

WORTH = 0.005  # s that a rule has cost before it is worth a compiler's time while the run lasts
PATIENCE = 5.0  # s that a rule may cost before the run waits for its machine code
LONG = 0.25  # s of a call after which it waits as well: the market is a large one
MOST = 3  # processes beside the run
Rule = tuple[str, str, tuple[Any, ...]]  # module, name, types of arguments


class Wanted:
    """A rule that is interpreted until it is compiled.

    Attributes:
        rule: what to compile, as another process finds it
        spent: s for which it has been interpreted so far; enough: more than it may be
        given: whether another process has it; ready: set when that has done with it
        called: the rule interpreted, which counts what it costs
    """

    def __init__(self, dispatcher: Any, arguments: tuple[Any, ...]) -> None:
        text = dispatcher.py_func
        self.rule: Rule = text.__module__, text.__name__, tuple(map(numba.typeof, arguments))
        self.spent, self.enough, self.given, self.ready = 0.0, False, False, threading.Event()
        interpreted = plain(dispatcher)

        def called(*values: Any) -> Any:
            began = time.perf_counter()
            try:
                return jit.handed(interpreted(*values))
            finally:
                took = time.perf_counter() - began
                self.spent += took
                self.enough = self.enough or took > LONG or self.spent > PATIENCE

        self.called = called


class Ahead:
    """What a run does about rules that are not in the cache; see `jit.Missing`."""

    def __init__(self, processes: int) -> None:
        self._most, self._lock, self._ending = processes, threading.Lock(), False
        self._wanted: dict[int, Wanted] = {}
        self.others: list[Other] = []
        self._idle: list[Other] = []

    def __call__(self, dispatcher: Any, compiled: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any]:
        """Machine code where there is some, or where it is worth waiting for; otherwise the rule interpreted."""
        wanted = self._wanted.get(id(dispatcher))
        if wanted is None:
            with suppress(jit.NotCompiled):
                return jit.from_cache(dispatcher, compiled, arguments)  # type: ignore[no-any-return]
            wanted = self._wanted[id(dispatcher)] = Wanted(dispatcher, arguments)
            self.start()
        if wanted.enough and wanted.given:
            wanted.ready.wait()
        if wanted.enough or wanted.ready.is_set():
            wanted.given = True
            with jit.COMPILING:
                return compiled(*arguments)  # type: ignore[no-any-return]
        if self._idle and not wanted.given and wanted.spent > WORTH:
            self._give()
        return wanted.called

    def start(self) -> None:
        """Have the other processes come, once; without any, the run compiles by itself."""
        if self._ending or self.others:
            return
        self.others = _others(self._most)
        self._idle = list(self.others)
        for other in self.others:
            threading.Thread(target=self._listen, args=(other,), daemon=True).start()
        if not self.others:
            jit.Missing.instead = None

    def _give(self) -> None:
        """Give what has cost most to a process that has nothing to do."""
        with self._lock:
            left = [wanted for wanted in self._wanted.values() if not wanted.given and wanted.spent > WORTH]
            while self._idle and left and not self._ending:
                dearest = max(left, key=lambda wanted: wanted.spent)
                left.remove(dearest)
                dearest.given = True
                other = self._idle.pop()
                other.doing = dearest
                if not other.asked([dearest.rule]):
                    dearest.ready.set()

    def _listen(self, other: "Other") -> None:
        """Hear of each rule that a process has done with, until it has gone."""
        while other.answers():
            other.done()
            self._idle.append(other)
            self._give()
        with self._lock:
            if other in self._idle:
                self._idle.remove(other)
            other.done()

    def end(self) -> None:
        """Leave the rest to other processes, now on all processors, which end when they have done with it."""
        with self._lock:
            self._ending = True
            left = sorted((each for each in self._wanted.values() if not each.given), key=lambda each: -each.spent)
            if left:
                self.others += _others(1)
            for k, other in enumerate(self.others):
                other.asked([each.rule for each in left[k :: len(self.others)]])
                other.leave()


class Other:
    """A process that compiles rules: this file, silent, with the same modules in reach.

    Attributes:
        doing: the rule that it was given last
    """

    def __init__(self) -> None:
        self.doing: Wanted | None = None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "model.ahead"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self._to, self._from = self.process.stdin, self.process.stdout.fileno()

    def asked(self, rules: list[Rule]) -> bool:
        """Ask for these; whether it can be asked at all."""
        try:
            pickle.dump(rules, self._to)
            self._to.flush()
        except OSError:
            return False
        return True

    def answers(self) -> bool:
        """Wait until it has done with what it was asked for; False when it has gone."""
        return bool(os.read(self._from, 1))

    def done(self) -> None:
        """Note that what it was given last is ready."""
        if self.doing is not None:
            self.doing.ready.set()

    def leave(self) -> None:
        """Ask for no more."""
        with suppress(OSError):
            self._to.close()


def _others(n: int) -> list[Other]:
    """So many processes, or as many as can be had."""
    others: list[Other] = []
    with suppress(OSError):
        while len(others) < n:
            others.append(Other())
    return others


@contextmanager
def other_processors() -> Iterator[Ahead | None]:
    """Interpret a block's rules until others have compiled them; None where this processor is the only one."""
    processes = min(MOST, (os.cpu_count() or 1) - 1)
    if jit.INTERPRETED or processes < 1 or jit.Missing.instead is not None:
        yield None
        return
    ahead = jit.Missing.instead = Ahead(processes)
    try:
        if jit.cold():
            ahead.start()
        yield ahead
    except BaseException:
        for other in ahead.others:
            other.process.kill()
        raise
    finally:
        jit.Missing.instead = None
        ahead.end()


def main() -> None:
    """Compile rules as they are asked for, and say so after each lot; what fails here, the run does itself."""
    if hasattr(os, "nice"):
        os.nice(10)
    importlib.import_module("model.marketplace")
    while True:
        try:
            rules = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        for module, name, types in rules:
            with suppress(Exception):
                getattr(importlib.import_module(module), name).compile(types)
        with suppress(BrokenPipeError):
            print(flush=True)


if __name__ == "__main__":
    main()
