"""Which scenario runs, and play, pause, step, reset, speed and seed."""

from collections.abc import Callable
from functools import cache
from typing import Any

import solara

from app import state as phases
from app.address import LARGEST_SEED, Setup, load, whole
from app.parts import tag
from app.session import Session
from app.state import SPEEDS
from app.widgets import Press, Select, Text
from model.errors import ScenarioError
from model.scenario import Scenario

WORDS = {
    phases.BUILDING: "Building the market …",
    phases.CATCHING_UP: "Running to where you were …",
    phases.PAUSED: "Paused",
    phases.PLAYING: "Running",
    phases.ENDED: "The run has ended",
    phases.FAILED: "The run cannot go on",
    phases.CLOSED: "Closed",
}
COMPILING = (
    "Building the market; its rules are compiled for the first time, which happens once and takes up to a minute …"
)


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Scenarios that ship: name, and name in words."""
    return tuple((name, name.replace("_", " ")) for name in Scenario.names())


@solara.component
def Scenarios(session: Session, chosen: str) -> Any:
    """Choice of the scenario; another one begins at its first tick with its own seed."""

    def choose(name: str) -> None:
        session.open(Setup(name, load(name).clock.seed))

    return Select("Scenario", chosen, names(), choose)


@solara.component
def Player(session: Session, phase: str, progress: float, fresh: bool) -> Any:
    """Buttons of time, and in words what the market does."""
    speed, set_speed = solara.use_state(next((word for word, v in SPEEDS.items() if v == session.speed), ""))
    playing, can = phase == phases.PLAYING, phase in (phases.PAUSED, phases.PLAYING)

    def faster(word: str) -> None:
        set_speed(word)
        session.set_speed(SPEEDS[word])

    main = (
        Press("Pause", session.pause, kind="main")
        if playing
        else Press("Play", session.play, kind="main", disabled=not can)
    )
    busy = phase in (phases.BUILDING, phases.CATCHING_UP)
    buttons = [
        main,
        Press("Step", session.step, name="Step one tick", disabled=not can),
        Press("Reset", session.reset, name="Reset to the first tick", disabled=busy),
    ]
    words = COMPILING if phase == phases.BUILDING and fresh else WORDS[phase]
    state = [tag("span", [words], role="status", **{"data-phase": phase})]
    if phase == phases.CATCHING_UP:
        state.append(tag("progress", [], "rs-progress", value=f"{progress:.3f}", max="1", **{"aria-label": words}))
    return tag(
        "div",
        [
            tag("div", buttons, "rs-row"),
            tag("div", state, "rs-state"),
            Select("Speed", speed, [(word, word) for word in SPEEDS], faster),
        ],
        "rs-grid",
    )


@solara.component
def Seed(session: Session, seed: int, complain: Callable[[str], None]) -> Any:
    """Seed of all random streams; another one begins anew."""

    def enter(text: str) -> None:
        try:
            number = whole(text.strip(), "seed", 0, LARGEST_SEED)
        except ScenarioError as error:
            complain(str(error))
            return
        complain("")
        session.restart(seed=number)

    return Text("Seed: equal seeds, equal luck", str(seed), enter)
