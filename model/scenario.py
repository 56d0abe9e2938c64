"""Scenarios: TOML files whose table names are mechanism keys, checked all at once before anything runs."""

import copy
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.agent_tables import AgentTable, read_agents
from model.clock import ClockParams
from model.errors import ScenarioError, nearest
from model.kinds import agent_kinds, packages
from model.mechanism import catalogue, ordered, unnested
from model.metric import recorded
from model.params import Params, complaints, facts
from model.schedule import Change, Shock, read_changes, read_shocks

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"
NOT_SCENARIOS = ("sweeps", "lessons", "data")
RESERVED = ("question", "sources", "extends", "clock", "agents", "shocks", "changes")


@dataclass(frozen=True)
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
    """

    name: str
    question: str
    sources: tuple[str, ...]
    clock: ClockParams
    mechanisms: dict[str, Params]
    agents: dict[str, AgentTable]
    shocks: tuple[Shock, ...]
    changes: tuple[Change, ...]
    tables: dict[str, Any] = field(repr=False)
    plugins: tuple[str, ...] = ()
    folder: Path = field(default=FOLDER, compare=False)

    @classmethod
    def names(cls) -> list[str]:
        """Every scenario that ships."""
        return sorted(p.stem for p in _files())

    @classmethod
    def load(cls, name: str | Path, plugins: Sequence[str] = ()) -> "Scenario":
        """Read a scenario by name or path.

        Raises:
            ScenarioError: anything in it cannot be used; the message names every key at fault
        """
        path = find(name)
        tables = merged(path, ())
        return cls.from_tables(tables, path.stem, str(path.name), plugins, path.parent)

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
        label = label or name
        known, wrong = catalogue(), []
        mechanisms: dict[str, Params] = {}
        for key, table in unnested(tables).items():
            if key in RESERVED:
                continue
            if key not in known:
                wrong.append(f"[{key}]: no such mechanism{nearest(key, [*known, *RESERVED])}")
            elif not isinstance(table, dict):
                wrong.append(f"{key} = {table!r}: a mechanism is a table; write [{key}]")
            elif table.get("enabled", True) not in (True, False):
                wrong.append(f"{key}.enabled = {table['enabled']!r}: write true or false")
            elif table.get("enabled", True):
                values = {k: v for k, v in table.items() if k != "enabled"}
                try:
                    mechanisms[key] = known[key].Params.model_validate(values, context={"folder": folder})
                except ValidationError as error:
                    wrong += complaints(error, key, known[key].Params)
        clock = ClockParams()
        try:
            clock = ClockParams.model_validate(tables.get("clock", {}))
        except ValidationError as error:
            wrong += complaints(error, "clock", ClockParams)
        agents = read_agents(tables.get("agents", {}), packages(plugins), wrong)
        watched = clock.stop_when.metric if clock.stop_when else None
        names = [m.name for m in recorded({*mechanisms, *agents})]
        if watched is not None and watched not in names:
            wrong.append(
                f"clock.stop_when.metric = {watched!r}: this scenario records no such metric{nearest(watched, names)}"
            )
        shocks = read_shocks(tables.get("shocks", []), [known[k] for k in mechanisms], wrong)
        changes = read_changes(tables.get("changes", []), {k: known[k] for k in mechanisms}, wrong)
        question, sources = tables.get("question", ""), tables.get("sources", [])
        if not isinstance(question, str):
            wrong.append(f"question = {question!r}: write one sentence in quotes")
        if not isinstance(sources, list) or not all(isinstance(s, str) for s in sources):
            wrong.append("sources: write a list of sentences in quotes")
        if wrong:
            raise ScenarioError("\n".join(f"{label}: {line}" for line in wrong))
        try:
            keys = ordered(mechanisms)
        except ScenarioError as error:
            raise ScenarioError(f"{label}: {error}") from None
        return cls(
            name=name,
            question=question,
            sources=tuple(sources),
            clock=clock,
            mechanisms={k: mechanisms[k] for k in keys},
            agents=agents,
            shocks=shocks,
            changes=changes,
            tables=tables,
            plugins=tuple(plugins),
            folder=folder,
        )

    def override(self, values: Mapping[str, Any]) -> "Scenario":
        """The same scenario with some parameters set by dotted path.

        >>> Scenario.load("smoke").override({"clock.ticks": 5}).clock.ticks
        5
        """
        tables = copy.deepcopy(self.tables)
        for path, value in values.items():
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

    def with_agents(self, n: int) -> "Scenario":
        """The same market with n agents in all: counts by largest remainder, market-wide sizes in proportion."""
        kinds = agent_kinds(packages(self.plugins))
        alone = {kind: t.count for kind, t in self.agents.items() if getattr(kinds[kind], "single", False)}
        counts = {kind: t.count for kind, t in self.agents.items() if t.count > 0 and kind not in alone}
        total = sum(counts.values())
        if not counts:
            raise ScenarioError(f"{self.name}: has no agents to scale")
        if n < len(counts):
            raise ScenarioError(f"{self.name}: agents = {n}: at least {len(counts)}, one for each kind")
        scaled = largest_remainder(counts, n)
        values: dict[str, Any] = {f"agents.{kind}.count": count for kind, count in scaled.items()}
        for key, params in self.mechanisms.items():
            for name, info in type(params).model_fields.items():
                extra = info.json_schema_extra
                if isinstance(extra, dict) and extra.get("scales"):
                    high = facts(info)["high"]
                    value = getattr(params, name) * n / total
                    value = value if high is None else min(value, high)
                    values[f"{key}.{name}"] = max(1, round(value)) if isinstance(getattr(params, name), int) else value
        return self.override(values)

    def resolved(self) -> dict[str, Any]:
        """Every parameter with defaults filled in, as plain data."""
        return {
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


def _files() -> list[Path]:
    return [
        p for p in FOLDER.rglob("*.toml") if not any(part in NOT_SCENARIOS for part in p.relative_to(FOLDER).parts[:-1])
    ]


def find(name: str | Path, beside: Path | None = None) -> Path:
    """Path of a scenario given by name, or by path (relative to `beside` or the working folder)."""
    text = str(name)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        path = (beside / text) if beside is not None and not Path(text).is_absolute() else Path(text)
        if not path.is_file():
            raise ScenarioError(f"{text}: no such file; `run.py list` shows the scenarios that ship")
        return path
    known = {p.stem: p for p in _files()}
    local = beside / f"{text}.toml" if beside is not None else None
    if local is not None and local.is_file():
        return local
    if text not in known:
        raise ScenarioError(f"{text}: no such scenario{nearest(text, known)}")
    return known[text]


def read_toml(path: Path) -> dict[str, Any]:
    """Tables of a TOML file, or one sentence on why it cannot be read."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{path.name}: is not a text file (byte {error.start} is not UTF-8); give a TOML scenario"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path.name}: is not valid TOML: {error}; mend that line") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from None


def merged(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """Tables of a scenario laid over those it extends."""
    path = path.resolve()
    if path in seen:
        chain = " -> ".join(p.name for p in (*seen[seen.index(path) :], path))
        raise ScenarioError(f"{path.name}: extends itself ({chain}); remove one `extends`")
    own = read_toml(path)
    parent = own.pop("extends", None)
    if parent is None:
        return own
    if not isinstance(parent, str):
        raise ScenarioError(f"{path.name}: extends = {parent!r}: write a scenario's name or path in quotes")
    try:
        base = merged(find(parent, path.parent), (*seen, path))
    except ScenarioError as error:
        if str(error).startswith(f"{parent}: no such"):
            raise ScenarioError(f"{path.name}: extends = {error}") from None
        raise
    return lay_over(base, own)


def lay_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own tables over the parent's: tables merge, arrays replace, shocks and changes append."""
    result = copy.deepcopy(base)
    for key, value in own.items():
        if key in ("shocks", "changes") and isinstance(value, list):
            result[key] = [*result.get(key, []), *value]
        elif (
            isinstance(value, dict)
            and isinstance(result.get(key), dict)
            and key != "strategy"
            and not _is_distribution(value)
        ):
            result[key] = lay_over(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def _is_distribution(table: dict[str, Any]) -> bool:
    """Distributions replace as a whole: half of one and half of another means nothing."""
    return len(table) == 1 and set(table) <= {"constant", "uniform", "normal", "lognormal", "pareto", "choice"}
