"""Dated rows of a scenario: shocks to the world and changes of parameters while the market runs."""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from model.clock import Clock
from model.errors import nearest
from model.journal import Journal
from model.params import Params, complaints, facts, written

FOREVER = 10_000_000.0  # days
LARGEST_SIZE = 1_000.0  # of one shock, and of all that act on a channel at once
PLACES = 9  # decimals of a day, since sixths of a day do not add up in floats


class Shock(BaseModel):
    """One row of `[[shocks]]`: a channel is multiplied by 1 + size for a while.

    `shape = "step"` acts at once, `"ramp"` grows in proportion over `days`, and both last for `lasts` days or for good;
    `"pulse"` acts at once and ends after `days`. A tick in which it acts for a part of the time has that part of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    channel: str
    size: float = Field(ge=-1.0, le=LARGEST_SIZE)
    day: float | None = Field(default=None, ge=0)
    date: datetime.date | None = None
    days: float = Field(default=0.0, ge=0)
    shape: Literal["step", "ramp", "pulse"] = "step"
    lasts: float = Field(default=FOREVER, gt=0)
    source: str

    @model_validator(mode="after")
    def _when(self) -> "Shock":
        if (self.day is None) == (self.date is None):
            raise ValueError("give exactly one of day and date")
        if self.shape != "step" and self.days <= 0:
            raise ValueError(f"a {self.shape} needs days above 0")
        return self

    def begins(self, start: datetime.date) -> float:
        """Day of the run on which it begins."""
        return self.day if self.day is not None else float((self.date - start).days)  # type: ignore[operator]

    def factor(self, day: float, start: datetime.date, length: float) -> float:
        """What the channel is multiplied by in a tick that begins on a day of the run and is so long [days]."""
        since = day - self.begins(start)
        lasts = min(self.days, self.lasts) if self.shape == "pulse" else self.lasts
        acts = round((min(since + length, lasts) - max(since, 0.0)) / length, PLACES)
        if acts <= 0.0:
            return 1.0
        grown = min(1.0, (since + length) / self.days) if self.shape == "ramp" else 1.0
        return 1.0 + self.size * grown * acts


class Change(BaseModel):
    """One row of `[[changes]]`: live parameters that take new values from a tick on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tick: int = Field(ge=0)
    set: dict[str, Any]


class Shocks:
    """All shocks of a run: what each channel is multiplied by today; beginnings and ends become events.

    Args:
        rows: the scenario's shocks; several on one channel multiply
        clock: the run's clock
    """

    def __init__(self, rows: tuple[Shock, ...], clock: Clock) -> None:
        self.rows, self.clock = rows, clock
        self._today: dict[str, float] = {}
        self._acting = [False] * len(rows)

    def refresh(self, journal: Journal) -> None:
        """Work out this tick's factors."""
        if not self.rows:
            return
        day = self.clock.tick * self.clock.dt_days
        today: dict[str, float] = {}
        for i, row in enumerate(self.rows):
            factor = row.factor(day, self.clock.start, self.clock.dt_days)
            today[row.channel] = today.get(row.channel, 1.0) * factor
            if (factor != 1.0) != self._acting[i]:
                self._acting[i] = factor != 1.0
                begins = "begins" if self._acting[i] else "ends"
                journal.event("shock", f"{row.channel} {row.size:+.0%} {begins} ({row.source})", amount=row.size)
        self._today = today

    def __getitem__(self, channel: str) -> float:
        """Factor of a channel, 1 when nothing acts on it."""
        return self._today.get(channel, 1.0)

    def of_day(self, channel: str) -> float:
        """Factor of a channel over the whole day that begins, for what is settled once a day."""
        rows = (row for row in self.rows if row.channel == channel)
        return math.prod(row.factor(self.clock.day, self.clock.start, 1.0) for row in rows)

    def acting(self) -> str:
        """What acts today, in words such as ', with shocks of price x 0.6'; empty for nothing."""
        found = [f"{channel} x {factor:,.4g}" for channel, factor in self._today.items() if factor != 1.0]
        return f", with shocks of {', '.join(found)}" if found else ""


def too_large_together(shocks: Sequence[Shock], clock: Clock) -> list[str]:
    """What is wrong with channels on which shocks that act at once do more than the largest shock may do alone."""
    rows: dict[str, list[int]] = {}
    for i, shock in enumerate(shocks):
        rows.setdefault(shock.channel, []).append(i)
    found = []
    for channel, own in rows.items():
        if math.prod(max(1.0, 1.0 + shocks[i].size) for i in own) <= 1.0 + LARGEST_SIZE:
            continue
        for tick in range(clock.ticks):  # a rise and a fall together may be largest at any
            day = tick * clock.dt_days
            factors = {i: shocks[i].factor(day, clock.start, clock.dt_days) for i in own}
            factor = math.prod(factors.values())
            if factor > (1.0 + LARGEST_SIZE) * (1.0 + 1e-9):
                which = ", ".join(str(i + 1) for i in own if factors[i] > 1.0)
                found.append(
                    f"shocks rows {which}: channel = {channel!r}: together they multiply it by {factor:,.6g} on day {day:g}, "
                    f"allowed up to {1.0 + LARGEST_SIZE:,g}; weaken them, or let one end before the next begins"
                )
                break
    return found


def never_act(shocks: tuple[Shock, ...], changes: tuple[Change, ...], clock: Clock, ticks: int) -> list[str]:
    """Rows whose time lies outside of a run of so many ticks, by table and number."""
    days = ticks * clock.dt_days
    late = [
        f"shocks row {i}" for i, row in enumerate(shocks, 1)
        if (begins := row.begins(clock.start)) >= days or begins + (row.days if row.shape == "pulse" else row.lasts) <= 0.0
    ]  # fmt: skip
    return late + [f"changes row {i}" for i, row in enumerate(changes, 1) if row.tick >= ticks]


def read_shocks(rows: Any, mechanisms: list[Any], wrong: list[str]) -> tuple[Shock, ...]:
    """Check `[[shocks]]` against the channels that the scenario's mechanisms listen to."""
    channels = {name for m in mechanisms for name in getattr(m, "channels", {})}
    found = []
    for i, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        try:
            shock = Shock.model_validate(row)
        except ValidationError as error:
            wrong += [f"shocks row {i}: {line}" for line in _misfits(error, "shocks", Shock)]
            continue
        if shock.channel not in channels:
            wrong.append(
                f"shocks row {i}: channel = {shock.channel!r}: no mechanism of this scenario listens to it{nearest(shock.channel, channels)}"
            )
        found.append(shock)
    return tuple(found)


def _misfits(error: ValidationError, table: str, model: type[BaseModel]) -> list[str]:
    """One sentence for each thing wrong with a row of `[[table]]`: key, value, reason, nearest name."""
    found = []
    for item in error.errors():
        place, kind = ".".join(map(str, item["loc"])), item["type"]
        value = "" if isinstance(item["input"], dict) else f" = {written(item['input'])}"
        if kind == "model_type":
            found.append(f"{written(item['input'])[:40]}: write each row as a table [[{table}]]")
        elif kind == "extra_forbidden":
            found.append(f"{place}{value}: no such key{nearest(place, model.model_fields)}")
        elif kind == "dict_type":
            found.append(f'{place}{value}: write a table such as {{ "amm.fee_bps" = 30 }}')
        else:
            reason = str(item["msg"]).removeprefix("Value error, ")
            found.append(f"{place}{value}: {reason[:1].lower() + reason[1:]}")
    return found


def check_live(path: str, known: Mapping[str, type[Params]]) -> str:
    """Why a parameter may not change while the market runs; empty if it may."""
    key, _, name = path.partition(".")
    if key == "agents":
        return "agents keep what they drew; live parameters of mechanisms can change while the market runs"
    if key not in known:
        return f"no mechanism '{key}' in this scenario{nearest(key, known)}"
    fields = known[key].model_fields
    if name not in fields:
        return f"no such parameter{nearest(name, fields)}"
    if not facts(fields[name])["live"]:
        live = [n for n, f in fields.items() if facts(f)["live"]]
        return f"cannot change while the market runs; these of [{key}] can: {', '.join(live) or 'none'}"
    return ""


def read_changes(rows: Any, mechanisms: dict[str, Any], wrong: list[str]) -> tuple[Change, ...]:
    """Check `[[changes]]`: known, live parameters with values in range; what must go together, a scenario checks."""
    known = {key: mechanism.Params for key, mechanism in mechanisms.items()}
    found = []
    for i, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        try:
            change = Change.model_validate(row)
        except ValidationError as error:
            wrong += [f"changes row {i}: {line}" for line in _misfits(error, "changes", Change)]
            continue
        for path in change.set:
            reason = check_live(path, known)
            if reason:
                wrong.append(f"changes row {i}: {path}: {reason}")
                continue
            key, _, name = path.partition(".")
            try:
                known[key].model_validate({name: change.set[path]})
            except ValidationError as error:
                lines = zip(error.errors(), complaints(error, key, known[key]), strict=True)
                wrong += [f"changes row {i}: {line}" for item, line in lines if item["loc"][:1] == (name,)]
        found.append(change)
    return tuple(found)
