"""Shocks and changes taken from files or from a line, made larger or smaller, moved, and laid on a scenario."""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from experiments.values import day_of, number_of
from model.clock import Clock
from model.errors import ScenarioError, nearest
from model.mechanism import catalogue
from model.params import facts
from model.scenario import Scenario
from model.scenario_files import find, merged
from model.schedule import Change, Shock, read_changes, read_shocks

LINE = ("channel", "factor", "size", "day", "date", "days", "shape", "lasts", "source")
UNTIL_SAID = "given on the command line"
NOTHING, LARGEST = -1.0, 1000.0  # size at which a channel is gone, and the most that one may have


class Rows(NamedTuple):
    """Dated rows, checked."""

    shocks: tuple[Shock, ...] = ()
    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shocks or self.changes)


def rows_of(tables: dict[str, Any], label: str, base: Scenario) -> Rows:
    """The [[shocks]] and [[changes]] of some tables, checked against the base.

    Raises:
        ScenarioError: a row cannot be used; `label` opens each line
    """
    wrong: list[str] = []
    known = {key: catalogue()[key] for key in base.mechanisms}
    shocks = read_shocks(tables.get("shocks", []), list(known.values()), wrong)
    changes = read_changes(tables.get("changes", []), known, wrong)
    if wrong:
        raise ScenarioError("\n".join(f"{label} on {base.name}: {line}" for line in wrong))
    return Rows(shocks, changes)


def from_file(name: str, base: Scenario) -> Rows:
    """Shocks and changes of a scenario file, those of its parents included; nothing else of it is used."""
    path = find(name)
    found = rows_of(merged(path), str(path), base)
    if not found:
        raise ScenarioError(f"--with {name}: has no [[shocks]] and no [[changes]]; name a file with some")
    return found


def from_line(text: str, base: Scenario) -> Rows:
    """One shock from `channel=hashrate,factor=.5,day=30,days=30`; with `days` a pulse, without a step that stays."""
    row: dict[str, Any] = {}
    for part in text.split(","):
        key, equals, value = (word.strip() for word in part.partition("="))
        if not equals or key not in LINE or key in row:
            raise ScenarioError(f"--shock {text!r}: {part.strip()!r}: write KEY=VALUE, each once{nearest(key, LINE)}")
        row[key] = value
    if ("factor" in row) == ("size" in row):
        raise ScenarioError(f"--shock {text!r}: give factor=.5 (half of it) or size=-.5 (as much less), one of them")
    for key in ("factor", "size", "day", "days", "lasts"):
        if key in row:
            found = number_of(row[key])
            if found is None:
                raise ScenarioError(f"--shock {text!r}: {key} = {row[key]!r}: write a number")
            row[key] = found
    if "date" in row:
        begins = day_of(row["date"])
        if begins is None:
            raise ScenarioError(f"--shock {text!r}: date = {row['date']!r}: write it as 2023-05-01")
        row["date"] = begins
    for key, low in (("factor", 0.0), ("size", NOTHING)):
        if key in row and not low <= row[key] <= low - NOTHING + LARGEST:
            raise ScenarioError(
                f"--shock {text!r}: {key} = {row[key]:g}: allowed {low:g} to {low - NOTHING + LARGEST:g}"
            )
    if "factor" in row:
        row["size"] = row.pop("factor") - 1.0
    row.setdefault("shape", "pulse" if row.get("days") else "step")
    row.setdefault("source", UNTIL_SAID)
    return rows_of({"shocks": [row]}, f"--shock {text!r}", base)


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows of several files as one."""
    return Rows(tuple(s for p in parts for s in p.shocks), tuple(c for p in parts for c in p.changes))


def scaled(rows: Rows, times: float) -> Rows:
    """All sizes of shocks times a number; changes set values and have no size.

    Raises:
        ScenarioError: a channel would fall below nothing
    """
    if not 0.0 <= times < float("inf"):
        raise ScenarioError(f"size {times:g}: multiplies the size of every shock; give 0 or more")
    for shock in rows.shocks:
        if shock.size * times < NOTHING:
            raise ScenarioError(
                f"size {times:g}: {shock.channel} {shock.size:+.0%} would become {shock.size * times:+.0%}; "
                f"give at most {-1.0 / shock.size:.4g}"
            )
    return rows._replace(shocks=tuple(s.model_copy(update={"size": s.size * times}) for s in rows.shocks))


def moved(rows: Rows, day: float, clock: Clock) -> Rows:
    """All rows moved by the same time, so that the first begins on a day of the run.

    Raises:
        ScenarioError: the day lies before or after the run
    """
    if not 0.0 <= day < clock.ticks * clock.dt_days:
        raise ScenarioError(f"day {day:g}: the run has days 0 to {clock.ticks * clock.dt_days - clock.dt_days:g}")
    begins = [s.begins(clock.start) for s in rows.shocks] + [c.tick * clock.dt_days for c in rows.changes]
    later = day - min(begins)
    shocks = tuple(s.model_copy(update={"day": s.begins(clock.start) + later, "date": None}) for s in rows.shocks)
    ticks = round(later / clock.dt_days)
    return Rows(shocks, tuple(c.model_copy(update={"tick": c.tick + ticks}) for c in rows.changes))


def laid_on(base: Scenario, rows: Rows, values: dict[str, Any], label: str) -> Scenario:
    """The base with parameters set and rows appended; files that parameters name are given by full path.

    Args:
        base: scenario
        rows: to append to its own
        values: parameters by dotted path
        label: opens error messages
    """
    found = base.override(values) if values else base
    tables = copy.deepcopy(found.tables)
    if rows.shocks:
        tables["shocks"] = [*tables.get("shocks", []), *(_shock(s) for s in rows.shocks)]
    if rows.changes:
        tables["changes"] = [*tables.get("changes", []), *(c.model_dump() for c in rows.changes)]
    for key, params in found.mechanisms.items():
        for name, info in type(params).model_fields.items():
            file = getattr(params, name)
            if facts(info)["unit"] == "path" and file:
                tables[key] = {**tables.get(key, {}), name: str((found.folder / file).resolve())}
    return Scenario.from_tables(tables, base.name, label, base.plugins, base.folder)


def _shock(shock: Shock) -> dict[str, Any]:
    """A row as in a file; what was left open stays open."""
    defaults = {name: info.default for name, info in Shock.model_fields.items()}
    return {k: v for k, v in shock.model_dump().items() if v is not None and v != defaults[k]}
