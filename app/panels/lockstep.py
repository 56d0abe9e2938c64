"""Time of several runs in lockstep: play, pause, step, reset, speed and the seed that all of them share."""

from collections.abc import Callable
from typing import Any

import solara

from app import state as phases
from app.address import LARGEST_SEED, whole
from app.panels.controls import COMPILING, WORDS
from app.session import Session
from app.state import SPEEDS, State
from app.widgets import PlayerBox
from model.errors import ScenarioError

WORDS_OF_TWO = {phases.BUILDING: "Building both markets …", phases.PAUSED: "Paused", phases.ENDED: "Both have ended"}


@solara.component
def Lockstep(session: Session, state: State, seed: int, fresh: bool, complain: Callable[[str], None]) -> Any:
    """Everything about time.

    Args:
        session: whose time it is
        state: its state
        seed: of all runs
        fresh: whether rules have yet to be compiled
        complain: told one sentence about what cannot be used, or nothing
    """
    speed, set_speed = solara.use_state(next((word for word, v in SPEEDS.items() if v == session.speed), ""))

    def act(given: Any) -> None:
        wish, value = (given.get("wish"), str(given.get("value", ""))) if isinstance(given, dict) else ("", "")
        plain = {"play": session.play, "pause": session.pause, "step": session.step, "reset": session.reset}
        if wish in plain:
            plain[wish]()
        elif wish == "speed" and value in SPEEDS:
            set_speed(value)
            session.set_speed(SPEEDS[value])
        elif wish == "seed":
            try:
                number = whole(value.strip(), "seed", 0, LARGEST_SEED)
            except ScenarioError as error:
                complain(str(error))
                return
            complain("")
            session.restart(seed=number)

    known = WORDS | WORDS_OF_TWO
    return PlayerBox(
        scenario="",
        scenarios="[]",
        phase=state.phase,
        words=COMPILING if state.phase == phases.BUILDING and fresh else known[state.phase],
        progress=round(state.progress, 3),
        speed=speed,
        speeds=list(SPEEDS),
        seed=str(seed),
        event_act=act,
    )
