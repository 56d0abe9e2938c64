"""Scenarios that differ from one base in a few parameters, checked where they differ.

A study has thousands of points. Building each from all its tables takes milliseconds; here only the tables that
change are checked again, with the same outcome as `Scenario.from_tables`, and the digest is put together from the
parts of the base.
"""

import copy
import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from experiments.sweeps.paths import DATED
from model.agent_tables import LARGEST_COUNT, AgentTable, read_agents
from model.clock import ClockParams
from model.errors import ScenarioError
from model.kinds import packages
from model.mechanism import catalogue
from model.params import complaints
from model.scenario import Scenario
from model.schedule import read_changes, read_shocks

CHARACTERS = 16  # of a point's identity, 64 bits: two of a million points agree by chance once in 4e7 studies


class Built(NamedTuple):
    """A scenario and the identity of its point."""

    scenario: Scenario
    id: str


def identity(scenario: Scenario) -> str:
    """Identity of a point: the scenario's digest without its seed, cut short."""
    return scenario.fingerprint()[:CHARACTERS]


def lay(tables: dict[str, Any], path: str, value: Any) -> None:
    """Set a value by dotted path; rows of lists count from 1. Tables on the way are copied, others stay shared.

    Args:
        tables: outermost tables, themselves changed
        path: of the value
        value: what to set

    Raises:
        ScenarioError: a part of the path is no table, or no such row exists
    """
    *parents, last = path.split(".")
    place: Any = tables
    for i, part in enumerate(parents):
        key: Any = _row(place, part, path) if isinstance(place, list) else part
        below = place[key] if isinstance(place, list) or key in place else [] if part in DATED and i == 0 else {}
        if not isinstance(below, (dict, list)):
            raise ScenarioError(f"{path}: {'.'.join(parents[: i + 1])} is not a table")
        place[key] = below = copy.copy(below)
        place = below
    place[_row(place, last, path) if isinstance(place, list) else last] = copy.deepcopy(value)


def _row(rows: list[Any], part: str, path: str) -> int:
    if not part.isdigit() or not 1 <= int(part) <= len(rows):
        raise ScenarioError(f"{path}: {part!r} is none of the {len(rows)} rows; rows count from 1")
    return int(part) - 1


class Variants:
    """Scenarios made from one base.

    Args:
        base: where values that a variant does not name come from
    """

    def __init__(self, base: Scenario) -> None:
        self.base = base
        self._clock = _text(_clock_of(base.clock))
        self._mechanisms = {key: _text(p.model_dump(mode="json")) for key, p in base.mechanisms.items()}
        self._rest = {kind: _rest(table) for kind, table in base.agents.items()}
        self._agents = {kind: _population_text(t.count, self._rest[kind]) for kind, t in base.agents.items()}
        self._shocks = _rows_text(base.shocks)
        self._changes = _rows_text(base.changes)
        self._switched: dict[str, Variants | None] = {}

    def of(self, values: Mapping[str, Any]) -> Built:
        """The base with some parameters set by dotted path.

        Raises:
            ScenarioError: they cannot be used together; one line for each fault
        """
        switches = {path: value for path, value in values.items() if path.endswith(".enabled")}
        if switches and len(switches) < len(values):
            switched = self._with(switches)
            if switched is not None:
                return switched.of({path: value for path, value in values.items() if path not in switches})
        heads = dict.fromkeys(path.split(".")[0] for path in values)
        tables = dict(self.base.tables)
        for path, value in values.items():
            lay(tables, path, value)
        if switches or not all(self._same_kind(head, values, tables) for head in heads):
            return self._whole(tables)
        return self._patched(tables, values, list(heads))

    def _with(self, switches: dict[str, Any]) -> "Variants | None":
        """Variants of the base with mechanisms turned on or off; None where that base cannot stand by itself."""
        key = _text(switches)
        if key not in self._switched:
            try:
                self._switched[key] = Variants(self.of(switches).scenario)
            except ScenarioError:
                self._switched[key] = None
        return self._switched[key]

    def _same_kind(self, head: str, values: Mapping[str, Any], tables: Mapping[str, Any]) -> bool:
        """Whether a table may change by itself: the same mechanisms and populations exist before and after.

        A clock that stops by a metric may not: which metrics there are, the whole market says.
        """
        if head == "agents":
            kinds = (path.split(".")[1] for path in values if path.startswith("agents."))
            return all(kind in self.base.agents for kind in kinds)
        off = self.base.tables.get(head, {}).get("enabled", True) is False if head in catalogue() else False
        plain = head in DATED or (head == "clock" and "stop_when" not in tables["clock"])
        return plain or head in self.base.mechanisms or off

    def _whole(self, tables: dict[str, Any]) -> Built:
        base, label = self.base, "a variant"
        try:
            scenario = Scenario.from_tables(tables, base.name, label, base.plugins, base.folder)
        except ScenarioError as error:
            raise ScenarioError("\n".join(x.removeprefix(f"{label}: ") for x in str(error).split("\n"))) from None
        return Built(scenario, identity(scenario))

    def _populations(
        self, tables: dict[str, Any], values: Mapping[str, Any], wrong: list[str]
    ) -> dict[str, tuple[AgentTable, str]]:
        """Populations that change, with their JSON; what stays is shared with the base."""
        changed: dict[str, set[str]] = {}
        for path in values:
            head, *rest = path.split(".")
            if head == "agents":
                changed.setdefault(rest[0], set()).add(rest[1])
        found: dict[str, tuple[AgentTable, str]] = {}
        for kind, names in changed.items():
            own, count = self.base.agents[kind], tables[kind].get("count")
            same = names == {"count"} and type(count) is int and 0 <= count <= LARGEST_COUNT
            if same and (own.count or not count):  # what nobody needed so far is looked for below
                found[kind] = dataclasses.replace(own, count=count), _population_text(count, self._rest[kind])
                continue
            known = packages(self.base.plugins)
            for table in read_agents({kind: tables[kind]}, known, self.base.mechanisms, wrong).values():
                if "strategy" not in names:
                    traits = {name: t if name in names else own.traits[name] for name, t in table.traits.items()}
                    table = dataclasses.replace(table, shares=own.shares, traits=traits, bounds=own.bounds)
                found[kind] = table, _population_text(table.count, _rest(table))
        return found

    def _patched(self, tables: dict[str, Any], values: Mapping[str, Any], heads: list[str]) -> Built:
        base = self.base
        wrong: list[str] = []
        clock, mechanisms, agents, shocks, changes = base.clock, base.mechanisms, base.agents, base.shocks, base.changes
        clock_text, mechanism_texts, agent_texts = self._clock, self._mechanisms, self._agents
        shock_text, change_text, known = self._shocks, self._changes, {k: catalogue()[k] for k in base.mechanisms}
        for head in heads:
            try:
                if head == "clock":
                    clock = ClockParams.model_validate(tables["clock"])
                    clock_text = _text(_clock_of(clock))
                elif head == "agents":
                    read = self._populations(tables["agents"], values, wrong)
                    agents = {**agents, **{kind: table for kind, (table, _) in read.items()}}
                    agent_texts = {**agent_texts, **{kind: text for kind, (_, text) in read.items()}}
                elif head == "shocks":
                    shocks = read_shocks(tables["shocks"], list(known.values()), wrong)
                    shock_text = _rows_text(shocks)
                elif head == "changes":
                    changes = read_changes(tables["changes"], known, wrong)
                    change_text = _rows_text(changes)
                elif head in known:
                    given = {key: value for key, value in tables[head].items() if key != "enabled"}
                    params = known[head].Params.model_validate(given, context={"folder": base.folder})
                    mechanisms = {**mechanisms, head: params}
                    mechanism_texts = {**mechanism_texts, head: _text(params.model_dump(mode="json"))}
            except ValidationError as error:
                wrong += complaints(error, head, ClockParams if head == "clock" else catalogue()[head].Params)
        if wrong:
            raise ScenarioError("\n".join(wrong))
        scenario = dataclasses.replace(
            base, clock=clock, mechanisms=mechanisms, agents=agents, shocks=shocks, changes=changes, tables=tables
        )
        record = f'"record": {_text(list(base.record))}, ' if base.record else ""
        whole = (
            f'{{"agents": {_joined(agent_texts)}, "changes": {change_text}, "clock": {clock_text}, '
            f'"mechanisms": {_joined(mechanism_texts)}, {record}"shocks": {shock_text}}}'
        )
        return Built(scenario, hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()[:CHARACTERS])


def _rest(table: AgentTable) -> str:
    """JSON of a population after its count."""
    plain = table.resolved()
    return _text({"strategy": plain["strategy"], "traits": plain["traits"]})[1:]


def _population_text(count: int, rest: str) -> str:
    return f'{{"count": {count}, {rest}'


def _rows_text(rows: Sequence[BaseModel]) -> str:
    return _text([row.model_dump(mode="json") for row in rows])


def _clock_of(clock: ClockParams) -> dict[str, Any]:
    return clock.model_dump(mode="json", exclude={"seed"})


def _text(plain: Any) -> str:
    """JSON as `Scenario.fingerprint` writes it."""
    return json.dumps(plain, sort_keys=True)


def _joined(texts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(key)}: {texts[key]}" for key in sorted(texts)) + "}"
