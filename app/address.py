"""What a link says: scenario, seed, tick, parameters set from the start, and dated changes; from text and to text.

A link is the query part of the page's address,
`scenario=baseline&seed=1&tick=60&set=offerings.initial:30&change=30:amm.fee_bps:50&version=0.1.0`. Whatever somebody
types there is checked here: names must be those of scenarios that ship, parameters must be known, and no parameter
that names a file can be set.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel

from experiments import runs
from experiments.outputs import version
from model.errors import ScenarioError, nearest
from model.params import facts
from model.scenario import Scenario, largest_remainder

FIRST_SCENARIO = "baseline"
LARGEST_SEED = 2**63 - 1  # of `clock.seed`
MOST_AGENTS = 20_000  # in a market of the browser: a step must not outlast a student's patience
MOST_TICKS = 20_000  # that a link runs silently
MOST_SETTINGS = 200  # parameters and changes in one link
LONGEST_NAME = 80  # characters of a name repeated in a message
AGENTS, TICKS = "agents", "clock.ticks"  # set in a link, and no mechanism's parameter
Change = tuple[int, str, Any]  # a tick, a live parameter, and its value from then on
Part = tuple[str, int | None, Any]  # of a link: a parameter, the tick on which it changes or None, and its value


@dataclass(frozen=True)
class Setup:
    """One run of a market, up to a tick.

    Attributes:
        scenario: name of a scenario that ships
        seed: of all random streams
        tick: ticks that are done
        settings: parameters set from the start, (dotted path, value); `agents` is the number of all agents
        changes: (tick, dotted path, value) of live parameters changed while it ran
    """

    scenario: str = FIRST_SCENARIO
    seed: int = 1
    tick: int = 0
    settings: tuple[tuple[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()

    def build(self) -> Scenario:
        """The scenario as it runs; `run.py` gives the same numbers for it and the seed.

        Raises:
            ScenarioError: something in it cannot be used
        """
        chosen = load(self.scenario)
        values = dict(self.settings)
        sized, agents = AGENTS in values, values.pop(AGENTS, None)
        rows = [*chosen.tables.get("changes", []), *dated(self.changes)]
        if rows:
            values["changes"] = rows
        values["clock.seed"] = self.seed
        chosen = chosen.override(values)
        if sized:
            chosen = chosen.with_agents(whole(agents, AGENTS, 1, MOST_AGENTS), keep=values)
        if sum(table.count for table in chosen.agents.values()) > MOST_AGENTS:
            raise ScenarioError(f"{self.scenario}: the browser runs at most {MOST_AGENTS:,} agents; use `run.py run`")
        runs.check_memory(chosen)
        return chosen

    def in_force(self) -> dict[str, Any]:
        """Parameters, set from the start or changed since, that the next tick goes by."""
        changed = [(path, value) for tick, path, value in sorted(self.changes, key=_tick) if tick <= self.tick]
        return dict(self.settings) | dict(changed)

    def later(self) -> tuple[Change, ...]:
        """Changes that are still to come."""
        return tuple(change for change in self.changes if change[0] > self.tick)

    def changed(self, values: Mapping[str, Any]) -> "Setup":
        """The same run with live parameters changed from the next tick on."""
        new = ((self.tick, path, value) for path, value in values.items())
        return replace(self, changes=tuple(sorted((*self.changes, *new), key=_tick)))

    def anew(self, values: Mapping[str, Any]) -> "Setup":
        """The run from its first tick, with these parameters from the start on; what is still to come stays to come."""
        return replace(self, settings=tuple(values.items()), changes=self.later(), tick=0)

    def at(self, tick: int) -> "Setup":
        """The same run at another tick."""
        return replace(self, tick=tick)


def _tick(change: Change) -> int:
    return change[0]


def dated(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Changes as rows of `[[changes]]`, one per tick, in order."""
    found: dict[int, dict[str, Any]] = {}
    for tick, path, value in changes:
        found.setdefault(tick, {})[path] = value
    return [{"tick": tick, "set": values} for tick, values in sorted(found.items())]


@cache
def load(name: str) -> Scenario:
    """A scenario that ships, by its name, read once while the app runs; a path is refused.

    Raises:
        ScenarioError: there is no such scenario
    """
    if name not in Scenario.names():
        raise ScenarioError(f"{name[:LONGEST_NAME]!r}: no such scenario{nearest(name, Scenario.names())}")
    return Scenario.load(name)


def whole(value: Any, what: str, low: int, high: int) -> int:
    """A whole number in a range.

    Raises:
        ScenarioError: it is not
    """
    try:
        number = int(str(value))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ScenarioError(f"{what} = {str(value)[:LONGEST_NAME]!r}: give a whole number between {low:,} and {high:,}")
    return number


def checked(path: str, scenario: Scenario, value: Any = None) -> str:
    """A parameter that a link may set.

    Args:
        path: of the parameter
        scenario: whose parameter it is
        value: that it is to have; its range is checked where the scenario is built

    Raises:
        ScenarioError: it is unknown in the scenario, names a file, or is a number and the value a word
    """
    key, _, name = path.partition(".")
    if path in (AGENTS, TICKS):
        return _no_word(path, 0, value)
    if key == "agents" and path.count(".") == 2 and name.split(".")[0] in scenario.agents:
        return path
    if key not in scenario.mechanisms:
        raise ScenarioError(f"{path[:LONGEST_NAME]}: not in this scenario{nearest(key, scenario.mechanisms)}")
    table: Any = scenario.mechanisms[key]
    *within, last = name.split(".")
    for part in (*within, last):
        fields = type(table).model_fields if isinstance(table, BaseModel) else {}
        if part not in fields:
            raise ScenarioError(f"{path[:LONGEST_NAME]}: no such parameter{nearest(part, fields)}")
        known, table = facts(fields[part]), getattr(table, part)
    if known["unit"] == "path":
        raise ScenarioError(f"{path}: names a file; write a scenario of your own and use `run.py run`")
    return _no_word(path, table, value)


def _no_word(path: str, own: Any, value: Any) -> str:
    """The parameter; a number in quotes is refused, since sliders would have to count with it."""
    if isinstance(own, int | float) and not isinstance(own, bool) and isinstance(value, str | bool):
        raise ScenarioError(f"{path} = {json.dumps(value)[:LONGEST_NAME]}: give a number without quotes")
    return path


def encode(setup: Setup) -> str:
    """The query part of a link.

    >>> encode(Setup("smoke", 3, 10, (("offerings.initial", 4),))).split("&")[:4]
    ['scenario=smoke', 'seed=3', 'tick=10', 'set=offerings.initial%3A4']
    """
    pairs = [("scenario", setup.scenario), ("seed", str(setup.seed)), ("tick", str(setup.tick))]
    pairs += [("set", f"{path}:{json.dumps(value)}") for path, value in setup.settings]
    pairs += [("change", f"{tick}:{path}:{json.dumps(value)}") for tick, path, value in setup.changes]
    return urlencode([*pairs, ("version", version())])


def decode(query: str | None) -> tuple[Setup, list[str]]:
    """The run that a link names, and one sentence for each thing in it that was left out."""
    pairs, notes = parse_qsl(query or ""), []
    first = dict(reversed(pairs))
    setup = Setup()
    try:
        scenario = load(first.get("scenario", FIRST_SCENARIO))
        setup = Setup(scenario.name, scenario.clock.seed)
    except ScenarioError as error:
        return setup, [f"{error}; here is the scenario {FIRST_SCENARIO}"]
    settings: dict[str, Any] = {}
    changes: dict[tuple[int, str], Any] = {}
    for key, text in [pair for pair in pairs if pair[0] in ("set", "change")][:MOST_SETTINGS]:
        try:
            *tick, path, value = text.split(":", 1 if key == "set" else 2)
            read = json.loads(value)
            path = checked(path, scenario, read)
            if key == "set":
                settings[path] = read
            else:
                changes[whole(tick[0], "tick", 0, scenario.clock.ticks), path] = read
        except ScenarioError as error:
            notes.append(f"left out of the link: {error}")
        except (ValueError, RecursionError):  # brackets within brackets
            notes.append(f"left out of the link: {key}={text[:LONGEST_NAME]!r} cannot be read")
    found = {"seed": setup.seed, "tick": setup.tick}
    for key, most in (("seed", LARGEST_SEED), ("tick", MOST_TICKS)):
        try:
            found[key] = whole(first.get(key, found[key]), key, 0, most)
        except ScenarioError as error:
            notes.append(f"left out of the link: {error}")
    ordered = sorted(changes.items(), key=lambda row: row[0][0])
    parts: list[Part] = [(path, None, value) for path, value in settings.items()]
    parts += [(path, at, value) for (at, path), value in ordered]
    setup, refused = _buildable(Setup(scenario.name, found["seed"], found["tick"]), parts)
    notes += [f"left out of the link: {error}" for error in refused]
    made = first.get("version", version())
    if made != version():
        notes.append(f"this link was made with version {made[:LONGEST_NAME]}, this is {version()}: numbers may differ")
    return setup, notes


def _buildable(plain: Setup, parts: list[Part]) -> tuple[Setup, list[str]]:
    """The run with all of a link's parameters that can be used, and why others cannot.

    Parameters of one mechanism may depend on each other: they are tried together, and one by one where that fails.
    """
    setup, refused = _with(plain, parts)
    why: list[str] = []
    if not refused:
        return setup, why
    for table in dict.fromkeys(path.partition(".")[0] for path, *_ in parts):
        own = [part for part in parts if part[0].partition(".")[0] == table]
        setup, refused = _with(setup, own)
        for part in own if refused else ():
            setup, refused = _with(setup, [part])
            why += refused
    return setup, why


def _with(setup: Setup, parts: list[Part]) -> tuple[Setup, list[str]]:
    """A run with further settings and changes, or as it was, and why."""
    settings = tuple((path, value) for path, tick, value in parts if tick is None)
    added = [(tick, path, value) for path, tick, value in parts if tick is not None]
    changes = sorted([*setup.changes, *added], key=_tick)
    wider = replace(setup, settings=setup.settings + settings, changes=tuple(changes))
    try:
        wider.build()
    except ScenarioError as error:
        return setup, [str(error)]
    return wider, []


def counts(scenario: Scenario, agents: int) -> dict[str, int]:
    """How many of each kind there would be among so many agents."""
    now = {kind: table.count for kind, table in scenario.agents.items() if table.count > 0}
    return largest_remainder(now, agents)
