"""A student's market: a worker thread that steps one run, or several in lockstep, and hands frames to the page.

The page never touches a market. It calls `play`, `pause`, `step`, `reset`, `change`, `restart`, `open`, `watch`, which
only leave a wish behind and return at once, and it draws `session.state`, which is immutable. All work is done by the
session's own thread, so a pause takes effect on the page immediately, however long a step takes.

    session = Session(told=lambda: counter.set(counter.value + 1))  # told in the worker thread after every change
    session.open(Setup("baseline", seed=1, tick=60))                # builds, and runs silently to the tick
    session.open(first, second)                                     # two runs in lockstep: state.frames has two
    session.play(); session.pause(); session.step()
    session.change("amm.fee_bps", 50)                               # a live parameter of all runs, from the next tick on
    session.restart(settings={"offerings.initial": 10})             # begins anew
    session.close()                                                 # gives the memory back

`state.setups` says what runs now, and is what links and files are made from.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app.address import Setup
from app.pair import unequal
from app.run import Run
from app.state import BUILDING, CATCHING_UP, CLOSED, ENDED, FAILED, FIRST_SPEED, OVER, PAUSED, PLAYING, SPEEDS, State
from model.errors import InvariantViolated, ScenarioError

FRAME_SECONDS = 0.5  # between frames while it runs: 2 frames a second
NETWORK_SECONDS = 2.0  # between new looks at the network while it runs
PROGRESS_SECONDS = 0.5  # between reports while it catches up
LONGEST_WAIT = 1.0  # seconds; a worker looks whether it is still wanted at least that often


class Session:
    """One student's run or runs.

    Args:
        told: called in the worker thread after every change of `state`

    Attributes:
        state: what to draw
        speed: ticks a second, 0 for as fast as it goes
    """

    def __init__(self, told: Callable[[], None] = lambda: None) -> None:
        self.told = told
        self.state = State()
        self.speed = SPEEDS[FIRST_SPEED]
        self.watched: int | None = None
        self._runs: list[Run] = []
        self._wanted: tuple[Setup, ...] | None = None
        self._pending: dict[str, Any] = {}
        self._playing = self._closing = self._look = False
        self._steps = 0
        self._wake = threading.Condition()
        self._worker: threading.Thread | None = None

    # -- what a page may ask for; each returns at once

    def open(self, *setups: Setup) -> None:
        """Begin these runs, one or several in lockstep, and run silently to the tick of the first."""
        with self._wish():
            self._wanted, self._playing, self._steps = setups, False, 0
            self._pending.clear()
            self._set(phase=BUILDING, setups=setups, progress=0.0, message="")
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, daemon=True, name="market")
                self._worker.start()

    def play(self) -> None:
        """Let ticks pass."""
        with self._wish():
            if self.state.phase == PAUSED:
                self._playing = True
                self._set(phase=PLAYING, message="")

    def pause(self) -> None:
        """Let no further tick begin."""
        with self._wish():
            self._playing, self._steps, self._look = False, 0, True
            if self.state.phase == PLAYING:
                self._set(phase=PAUSED)

    def step(self, ticks: int = 1) -> None:
        """Let so many ticks pass, and pause."""
        with self._wish():
            if self.state.phase in (PAUSED, PLAYING):
                self._playing = False
                self._steps += ticks
                self._set(phase=PAUSED, message="")

    def change(self, path: str, value: Any) -> None:
        """Give a live parameter of all runs a new value from their next tick on; runs that failed begin anew with it."""
        if self.state.phase == FAILED:
            self.restart({path: value})
            return
        with self._wish():
            if self.state.phase == ENDED:
                self._set(message=OVER)
            elif self.state.phase != CLOSED:
                self._pending[path] = value
                self._set(message="")

    def restart(self, settings: Mapping[str, Any] | None = None, seed: int | None = None) -> None:
        """Begin all runs anew with further parameters, and with what was changed on the way set from the start."""
        begun = [setup.anew({**setup.in_force(), **self._pending, **(settings or {})}) for setup in self.state.setups]
        self.open(*(setup if seed is None else replace(setup, seed=seed) for setup in begun))

    def reset(self) -> None:
        """Back to the first tick, sliders where they stand."""
        self.restart()

    def watch(self, account: int | None) -> None:
        """Which account frames describe."""
        with self._wish():
            self.watched, self._look = account, True

    def set_speed(self, ticks_per_second: float) -> None:
        """Ticks a second, 0 for as fast as it goes."""
        with self._wish():
            self.speed = ticks_per_second

    def close(self) -> None:
        """End the worker; it gives the markets' memory back."""
        self.told = lambda: None
        with self._wish():
            self._closing = True

    @property
    def pending(self) -> dict[str, Any]:
        """New values of live parameters that wait for the next tick."""
        return dict(self._pending)

    def paths(self) -> list[dict[str, list[float]]]:
        """All recorded metrics of each run so far, by name, in full: for files."""
        return [run.paths() for run in self._runs]

    # -- the worker

    @contextmanager
    def _wish(self) -> Iterator[None]:
        """Change what is wanted, wake the worker, and tell the page once no lock is held: telling draws it."""
        with self._wake:
            before = self.state
            yield
            self._wake.notify_all()
        if self.state is not before:
            self.told()

    def _set(self, **parts: Any) -> None:
        self.state = replace(self.state, **parts)

    def _work(self) -> None:
        """Serve wishes until closed; what goes wrong inside a run ends the run, becomes a sentence, and is in the log."""
        try:
            while not self._closing:
                try:
                    self._serve()
                except Exception as error:
                    logging.getLogger(__name__).exception("an error inside a run")
                    self._fail(f"{type(error).__name__}: {error}; this is an error inside the run, reset it to go on")
        finally:
            while self._runs:
                self._runs.pop().close()
            self._set(phase=CLOSED, frames=())

    def _serve(self) -> None:
        next_frame = last_network = 0.0
        while True:
            with self._wake:
                while not self._due():
                    self._wake.wait(LONGEST_WAIT)
                if self._closing:
                    return
                wanted, self._wanted = self._wanted, None
                look, self._look = self._look, False
                stepping = self._playing or self._steps > 0
            began = time.monotonic()
            if wanted is not None:
                self._begin(wanted)
            elif look and not stepping:
                self._frame(network=True)
            elif self._tick():
                now = time.monotonic()
                if not self._playing or now >= next_frame or look:
                    fresh = not self._playing or now - last_network >= NETWORK_SECONDS
                    self._frame(network=fresh)
                    next_frame = max(next_frame, now - FRAME_SECONDS) + FRAME_SECONDS
                    last_network = now if fresh else last_network
                self._pace(began)

    def _due(self) -> bool:
        if self._closing or self._wanted is not None:
            return True
        return bool(self._runs) and (self._playing or self._steps > 0 or self._look)

    def _begin(self, setups: tuple[Setup, ...]) -> None:
        """Build the runs, and run silently to where they are wanted; at least the first tick."""
        while self._runs:
            self._runs.pop().close()
        try:
            if why := unequal(*setups):
                raise ScenarioError(why)
            for setup in setups:
                self._runs.append(Run(setup))
        except (ScenarioError, InvariantViolated) as error:
            self._fail(str(error))
            return
        target, told = max(1, setups[0].tick), 0.0
        while self._runs[0].done < target and all(run.running for run in self._runs):
            if self._closing or self._wanted is not None:
                return
            if not self._safely(Run.step):
                return
            now = time.monotonic()
            if now - told > PROGRESS_SECONDS:
                told = now
                with self._wish():
                    if self._wanted is None:
                        self._set(phase=CATCHING_UP, progress=self._runs[0].done / target)
        self._frame(network=True, progress=1.0, **self._standing())

    def _tick(self) -> bool:
        """One tick of all runs with the changes that wait for it; whether it was done."""
        with self._wake:
            self._steps = max(0, self._steps - 1)
            pending, self._pending = self._pending, {}
            setups = self.state.setups
        if (pending and not self._change(pending, setups)) or not self._safely(Run.step):
            return False
        if not all(run.running for run in self._runs):
            with self._wake:
                self._playing, self._steps = False, 0
                if self._wanted is None:
                    self._set(**self._standing())
        return True

    def _standing(self) -> dict[str, Any]:
        """Parts of the state of runs that stand; what waits for a tick that never comes is dropped with a word."""
        if all(run.running for run in self._runs):
            return {"phase": PAUSED}
        dropped, self._pending = self._pending, {}
        return {"phase": ENDED, "message": OVER if dropped else self.state.message}

    def _change(self, values: dict[str, Any], setups: tuple[Setup, ...]) -> bool:
        """Hand new values to all runs; whether all were taken. Otherwise the tick waits, and the page says why."""
        found, why = [], []
        for setup, run in zip(setups, self._runs, strict=False):
            taken, refused = run.change(values)
            found.append(setup.at(run.done).changed(taken))
            why += refused
        with self._wish() if why else self._wake:
            if self._wanted is None:
                self._set(setups=tuple(found))
                if why:
                    self._playing, self._steps = False, 0
                    self._set(phase=PAUSED, message="\n".join(dict.fromkeys(why)))
        return not why

    def _safely(self, act: Callable[[Run], None]) -> bool:
        """Do something with every run; what a scenario does not allow becomes a sentence on the page."""
        try:
            for run in self._runs:
                act(run)
        except ScenarioError as error:
            with self._wish():
                self._playing, self._steps = False, 0
                self._set(phase=PAUSED, message=str(error))
            return False
        return True

    def _fail(self, message: str) -> None:
        while self._runs:
            self._runs.pop().close()
        with self._wish():
            if self._wanted is None:
                self._playing, self._steps = False, 0
                self._set(phase=FAILED, message=message, frames=())

    def _frame(self, network: bool, **parts: Any) -> None:
        """Look at all runs and hand the frames over, unless other runs are wanted by now."""
        frames = tuple(run.frame(self.watched, network) for run in self._runs)
        with self._wish():
            if self._wanted is None and not self._closing:
                setups = tuple(s.at(run.done) for s, run in zip(self.state.setups, self._runs, strict=True))
                self._set(frames=frames, setups=setups, number=self.state.number + 1, **parts)

    def _pace(self, began: float) -> None:
        """Wait until the next tick is due, or until somebody wants something else."""
        with self._wake:
            while self._playing and self.speed > 0.0 and not (self._closing or self._wanted or self._look):
                left = began + 1.0 / self.speed - time.monotonic()
                if left <= 0.0:
                    return
                self._wake.wait(left)
