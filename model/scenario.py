"""Scenarios: TOML files whose table names are mechanism keys, checked all at once before anything runs."""

import copy
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral
from pathlib import Path
from typing import Any

from model.agent_tables import LARGEST_COUNT, AgentTable, read_agents
from model.changes import changed_params, refuse_conflicts
from model.clock import Clock, ClockParams
from model.errors import ScenarioError
from model.kinds import agent_kinds, named, packages
from model.mechanism import ordered
from model.metric import Metric, recorded
from model.params import Params, facts
from model.scenario_files import DATED, FOLDER, files, find, merged, name_of, rows_of, settings_of
from model.scenario_tables import read_clock, read_mechanisms, read_record, read_words
from model.schedule import Change, Shock, read_changes, read_shocks, too_large_together
from model.sizes import resized
from model.units import HOURS_PER_DAY, SECONDS_PER_DAY


@dataclass(frozen=True, repr=False)
class Scenario:
    """One experiment: parameters of every mechanism, populations, shocks and changes. Immutable.

    Attributes:
        name: file name without its ending
        question: what the scenario asks
        sources: where its figures come from
        clock: start, length, tick, seed
        mechanisms: parameters by mechanism key, in order of construction
        agents: populations by kind
        shocks, changes: dated rows
        tables: the merged TOML, as written
        record: names of the metrics that are recorded, * and ? for many; empty for all
    """

    name: str
    question: str
    sources: tuple[str, ...]
    clock: ClockParams
    mechanisms: dict[str, Params]
    agents: dict[str, AgentTable]
    shocks: tuple[Shock, ...]
    changes: tuple[Change, ...]
    tables: dict[str, Any]
    plugins: tuple[str, ...] = ()
    folder: Path = field(default=FOLDER, compare=False)
    record: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse changes that its parameters, however put together, cannot follow, too long a run, and heaps of shocks."""
        refuse_conflicts(self.mechanisms, self.changes, self.folder)
        refuse_length(self)
        if wrong := too_large_together(self.shocks, Clock(self.clock)):
            raise ScenarioError("\n".join(wrong))

    def __repr__(self) -> str:
        agents = sum(table.count for table in self.agents.values())
        tables = ", ".join(self.mechanisms)
        return f"<Scenario {self.name}: {self.clock.ticks} ticks, {agents:,} agents; {tables}>"

    @classmethod
    def names(cls) -> list[str]:
        """Every scenario that ships."""
        return sorted(p.stem for p in files())

    @classmethod
    def load(cls, name: str | Path, plugins: Sequence[str] = ()) -> "Scenario":
        """Read a scenario by name or path.

        Raises:
            ScenarioError: anything in it cannot be used; the message names every key at fault
        """
        path = find(name)
        called, tables = name_of(path), merged(path)
        return cls.from_tables(tables, called, str(path), plugins, path.parent.resolve())

    @classmethod
    def from_tables(
        cls,
        tables: dict[str, Any],
        name: str,
        label: str | None = None,
        plugins: Sequence[str] = (),
        folder: Path = FOLDER,
    ) -> "Scenario":
        """Check merged tables and build the scenario; `label` opens every message."""
        label, plugins = label or name, named(plugins)
        tables = {**tables, **{key: rows_of(tables[key]) for key in DATED if key in tables}}
        wrong: list[str] = []
        present, mechanisms = read_mechanisms(tables, folder, wrong)
        clock = read_clock(tables, wrong)
        agents = read_agents(tables.get("agents", {}), packages(plugins), present, wrong)
        record = read_record(tables, {*present, *agents}, clock, wrong)
        shocks = read_shocks(tables.get("shocks", []), list(present.values()), wrong)
        changes = read_changes(tables.get("changes", []), present, wrong)
        question, sources = read_words(tables, wrong)
        if wrong:
            raise ScenarioError("\n".join(f"{label}: {line}" for line in wrong))
        try:
            return cls(
                name=name,
                question=question,
                sources=sources,
                clock=clock,
                mechanisms={k: mechanisms[k] for k in ordered(mechanisms)},
                agents=agents,
                shocks=shocks,
                changes=changes,
                tables=tables,
                plugins=plugins,
                folder=folder,
                record=record,
            )
        except ScenarioError as error:
            raise ScenarioError("\n".join(f"{label}: {line}" for line in str(error).split("\n"))) from None

    @classmethod
    def of(cls, given: "Scenario | str | Path", plugins: Sequence[str], values: Mapping[str, Any]) -> "Scenario":
        """A scenario, or that of a name or path, with further plugins and with parameters set by dotted path."""
        chosen = given if isinstance(given, Scenario) else cls.load(given, plugins)
        every = tuple(dict.fromkeys((*chosen.plugins, *named(plugins))))
        chosen = chosen if every == chosen.plugins else replace(chosen, plugins=every)
        return chosen.override(values) if values else chosen

    def seed(self, asked: Any) -> int:
        """Seed of a run: the one that is asked for, or for None the scenario's own."""
        high = facts(ClockParams.model_fields["seed"])["high"]
        if asked is None:
            return self.clock.seed
        if isinstance(asked, bool) or not isinstance(asked, Integral) or not 0 <= int(asked) <= high:
            raise ScenarioError(
                f"rng = {asked!r}: give a whole number from 0 to {high}, the seed of all random streams"
            )
        return int(asked)

    def recorded(self) -> list[Metric]:
        """Metrics that a run of it records."""
        return recorded({*self.mechanisms, *self.agents}, self.record)

    def override(self, values: Mapping[str, Any]) -> "Scenario":
        """The same scenario with some parameters, or whole tables, set by dotted path.

        Raises:
            ScenarioError: a path or value cannot be used; the message names each

        >>> Scenario.load("smoke").override({"clock.ticks": 5}).clock.ticks
        5
        """
        tables = copy.deepcopy(self.tables)
        for path, value in settings_of(values, f"{self.name}: override").items():
            if path.split(".")[0] == "extends":
                raise ScenarioError(f"{self.name}: {path} cannot be set; write a file that extends the other scenario")
            place = tables
            *parents, last = path.split(".")
            for i, part in enumerate(parents):
                place = place.setdefault(part, {})
                if not isinstance(place, dict):
                    raise ScenarioError(f"{self.name}: {path}: {'.'.join(parents[: i + 1])} is not a table")
            place[last] = value
        return Scenario.from_tables(tables, self.name, f"{self.name} with overrides", self.plugins, self.folder)

    def with_agents(self, n: int, keep: Collection[str] = ()) -> "Scenario":
        """The same market with n agents in all: counts by largest remainder, market-wide sizes in proportion.

        Args:
            n: agents, without those of which a market has one alone
            keep: dotted paths of parameters that stay as they are written, counts of kinds among them
        """
        kinds = agent_kinds(packages(self.plugins))
        counts = {
            kind: t.count for kind, t in self.agents.items() if t.count and not getattr(kinds[kind], "single", False)
        }
        total = sum(counts.values())
        free = {kind: count for kind, count in counts.items() if f"agents.{kind}.count" not in keep}
        kept = total - sum(free.values())
        if not free:
            raise ScenarioError(f"{self.name}: has no agents to scale")
        most = kept + len(free) * LARGEST_COUNT
        if isinstance(n, bool) or not isinstance(n, Integral) or not kept + len(free) <= n <= most:
            each = f"one for each kind, and {kept:,} of kinds whose count is given" if kept else "one for each kind"
            raise ScenarioError(
                f"{self.name}: agents = {n!r}: a whole number, {kept + len(free):,} to {most:,}, {each}"
            )
        if n == total:
            return self
        values: dict[str, Any] = {f"agents.{kind}.count": k for kind, k in largest_remainder(free, n - kept).items()}
        for key, params in self.mechanisms.items():
            values |= {f"{key}.{path}": value for path, value in resized(params, n, total).items()}
        return self.override({path: value for path, value in values.items() if path not in keep})

    def resolved(self) -> dict[str, Any]:
        """Every parameter with defaults filled in, as plain data."""
        record = {"record": list(self.record)} if self.record else {}
        return {
            **record,
            "clock": self.clock.model_dump(mode="json"),
            "mechanisms": {k: p.model_dump(mode="json") for k, p in self.mechanisms.items()},
            "agents": {k: t.resolved() for k, t in self.agents.items()},
            "shocks": [s.model_dump(mode="json") for s in self.shocks],
            "changes": [c.model_dump(mode="json") for c in self.changes],
        }

    def fingerprint(self) -> str:
        """Hex digest of everything but the seed."""
        plain = self.resolved()
        plain["clock"].pop("seed")
        return hashlib.blake2b(json.dumps(plain, sort_keys=True).encode(), digest_size=16).hexdigest()


def refuse_length(scenario: Scenario) -> None:
    """Refuse parameters, those of dated changes too, that cannot carry a run of the scenario's length."""
    clock, known = scenario.clock, dict(scenario.mechanisms)
    seconds = clock.ticks * clock.hours_per_tick * SECONDS_PER_DAY // HOURS_PER_DAY
    wrong = []
    dated = sorted(enumerate(scenario.changes, 1), key=lambda numbered: numbered[1].tick)
    for label, row in (("", None), *((f"changes row {i}: ", row) for i, row in dated)):
        before, known = known, known if row is None else changed_params(known, row.set, scenario.folder, label)
        for key, params in known.items():
            reason = params.too_long(seconds)
            if reason and (row is None or params is not before[key]):
                wrong.append(f"{label}{key}.{reason}")
    if wrong:
        raise ScenarioError("\n".join(wrong))


def largest_remainder(counts: Mapping[str, int], n: int) -> dict[str, int]:
    """Scale counts to a total of n, at least one each [Hamilton's method].

    >>> largest_remainder({"a": 70, "b": 29, "c": 1}, 10)
    {'a': 7, 'b': 2, 'c': 1}
    """
    total = sum(counts.values())
    exact = {kind: count * n / total for kind, count in counts.items()}
    result = {kind: max(1, int(x)) for kind, x in exact.items()}
    while sum(result.values()) < n:
        kind = max(result, key=lambda k: (exact[k] - result[k], k))
        result[kind] += 1
    while sum(result.values()) > n:
        kind = min((k for k in result if result[k] > 1), key=lambda k: (exact[k] - result[k], k))
        result[kind] -= 1
    return result
