"""What a session shows a page: the phase, what runs, and its frames; immutable."""

from dataclasses import dataclass

from app.address import Setup
from app.frame import Frame

SPEEDS = {
    "1 tick/s": 1.0,
    "2 ticks/s": 2.0,
    "5 ticks/s": 5.0,
    "10 ticks/s": 10.0,
    "30 ticks/s": 30.0,
    "full speed": 0.0,
}
FIRST_SPEED = "5 ticks/s"
BUILDING, CATCHING_UP, PAUSED, PLAYING, ENDED, FAILED, CLOSED = (
    "building",
    "catching up",
    "paused",
    "playing",
    "ended",
    "failed",
    "closed",
)
OVER = "The run has ended; reset it to try other values."


@dataclass(frozen=True)
class State:
    """What a page draws.

    Attributes:
        phase: one of the constants of this module, such as PAUSED
        setups: what runs, `tick` being the ticks done at the last frame
        frames: one snapshot per run; empty before the first
        progress: share of the way while it catches up
        message: one sentence on what went wrong or what was done; empty if nothing is to be said
        number: counts frames
    """

    phase: str = BUILDING
    setups: tuple[Setup, ...] = ()
    frames: tuple[Frame, ...] = ()
    progress: float = 0.0
    message: str = ""
    number: int = 0

    @property
    def frame(self) -> Frame | None:
        """Snapshot of the first run."""
        return self.frames[0] if self.frames else None

    def leads_to(self, setup: Setup) -> bool:
        """Whether the first run is this one, and there or further on."""
        return bool(self.setups) and self.setups[0].at(0) == setup.at(0) and self.setups[0].tick >= setup.tick

    @property
    def busy(self) -> bool:
        """Whether no gesture can act yet."""
        return self.phase in (BUILDING, CATCHING_UP)
