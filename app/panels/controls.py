"""Which scenario runs, and play, pause, step, reset, speed and seed."""

from collections.abc import Callable
from functools import cache
from typing import Any

import solara

from app import state as phases
from app.address import LARGEST_SEED, Setup, load, whole
from app.session import Session
from app.state import SPEEDS
from app.widgets import PlayerBox, written
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
COMPILING = "Building the market; its rules are used for the first time, which takes a little longer, once …"


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Scenarios that ship: name, and name in words."""
    return tuple((name, name.replace("_", " ")) for name in Scenario.names())


def acting(
    session: Session,
    set_speed: Callable[[str], None],
    complain: Callable[[str], None],
    choose: Callable[[str], None] | None = None,
) -> Callable[[Any], None]:
    """What the box of buttons calls: play, pause, step, reset, speed, seed, and another scenario where one can be chosen.

    Args:
        session: whose time it is
        set_speed: told the word for a new speed
        complain: told one sentence about what cannot be used, or nothing
        choose: told the name of another scenario
    """

    def act(given: Any) -> None:
        wish, value = (given.get("wish"), str(given.get("value", ""))) if isinstance(given, dict) else ("", "")
        plain = {"play": session.play, "pause": session.pause, "step": session.step, "reset": session.reset}
        if wish in plain:
            plain[wish]()
        elif wish == "speed" and value in SPEEDS:
            set_speed(value)
            session.set_speed(SPEEDS[value])
        elif wish == "scenario" and choose is not None:
            choose(value)
        elif wish == "seed":
            try:
                number = whole(value.strip(), "seed", 0, LARGEST_SEED)
            except ScenarioError as error:
                complain(str(error))
                return
            complain("")
            session.restart(seed=number)

    return act


@solara.component
def Player(
    session: Session, setup: Setup, phase: str, progress: float, fresh: bool, complain: Callable[[str], None]
) -> Any:
    """Everything about time.

    Args:
        session: whose time it is
        setup: what runs
        phase, progress: of `app.state`
        fresh: whether the scenario's rules have yet to be compiled
        complain: told one sentence about what cannot be used, or nothing
    """
    speed, set_speed = solara.use_state(next((word for word, v in SPEEDS.items() if v == session.speed), ""))

    def choose(name: str) -> None:
        if (name, name.replace("_", " ")) in names():
            complain("")
            session.open(Setup(name, load(name).clock.seed))

    return PlayerBox(
        scenario=setup.scenario,
        scenarios=written(names()),
        phase=phase,
        words=COMPILING if phase == phases.BUILDING and fresh else WORDS[phase],
        progress=round(progress, 3),
        speed=speed,
        speeds=list(SPEEDS),
        seed=str(setup.seed),
        event_act=acting(session, set_speed, complain, choose),
    )
