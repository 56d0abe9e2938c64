"""Time: ticks of 1 to 24 hours, days from the start date; rates are converted here and nowhere else."""

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from model.params import Params, param
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY


class StopWhen(BaseModel):
    """End a run early: `stop_when = { metric = "bitcoin.price", below = 5000 }`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    metric: str
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> "StopWhen":
        if (self.below is None) == (self.above is None):
            raise ValueError("stop_when needs exactly one of below and above")
        return self


def parse_start(text: str) -> date:
    """Date of the first day from `2023-01` or `2023-01-15`."""
    parts = text.split("-")
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
    except (ValueError, IndexError):
        raise ValueError("write the start as YYYY-MM or YYYY-MM-DD") from None


class ClockParams(Params):
    """Reserved table `[clock]`."""

    start: str = param("2023-01", "date", "first day of the run, YYYY-MM or YYYY-MM-DD")
    ticks: int = param(365, "ticks", "length of the run", ge=1, le=1_000_000)
    hours_per_tick: Literal[1, 4, 6, 12, 24] = param(24, "hours", "length of a tick; crises within a day want 1 or 4")
    seed: int = param(1, "1", "seed of all random streams", ge=0, le=2**63 - 1)
    stop_when: StopWhen | None = Field(
        default=None, description="end the run early", json_schema_extra={"unit": "", "source": ""}
    )

    @field_validator("start")
    @classmethod
    def _a_date(cls, text: str) -> str:
        if not date(2009, 1, 3) <= parse_start(text) <= date(2100, 1, 1):
            raise ValueError("the start must lie between 2009-01-03 and 2100-01-01")
        return text


class Clock:
    """Where a run stands.

    Attributes:
        tick: number of the running tick, -1 before the first
        dt_days, dt_years: length of a tick
    """

    def __init__(self, params: ClockParams) -> None:
        self.start = parse_start(params.start)
        self.hours = params.hours_per_tick
        self.ticks = params.ticks
        self.tick = -1
        self.dt_days = self.hours / HOURS_PER_DAY
        self.dt_years = self.dt_days / DAYS_PER_YEAR
        self.per_day = HOURS_PER_DAY // self.hours
        self._dated, self._date = -1, self.start

    @property
    def day(self) -> int:
        """Whole days since the start."""
        return max(self.tick, 0) // self.per_day

    @property
    def new_day(self) -> bool:
        """Whether this tick is the first of its day."""
        return self.tick % self.per_day == 0

    @property
    def day_ends(self) -> bool:
        """Whether this tick is the last of its day."""
        return (self.tick + 1) % self.per_day == 0

    @property
    def new_week(self) -> bool:
        """Whether this tick is the first of a week of the run."""
        return self.tick % (DAYS_PER_WEEK * self.per_day) == 0

    @property
    def date(self) -> date:
        """Calendar date of the running tick."""
        if self._dated != self.tick:
            self._dated, self._date = self.tick, self.start + timedelta(days=self.day)
        return self._date

    def ticks_of(self, days: float) -> int:
        """Ticks that a duration in days takes, rounded up, at least one."""
        hours = round(days * HOURS_PER_DAY)
        return max(1, -(-hours // self.hours))

    def per_tick(self, probability_per_day: float) -> float:
        """Probability within one tick of an event with a given probability per day."""
        return 1.0 - (1.0 - probability_per_day) ** self.dt_days
