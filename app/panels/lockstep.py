"""Time of several runs in lockstep: play, pause, step, reset, speed and the seed that all of them share."""

from collections.abc import Callable
from typing import Any

import solara

from app import state as phases
from app.panels.controls import COMPILING, WORDS, acting
from app.session import Session
from app.state import SPEEDS, State
from app.widgets import PlayerBox

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
        event_act=acting(session, set_speed, complain),
    )
