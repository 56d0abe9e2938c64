"""`[agents.KIND]` tables: how many, which strategies, and a distribution for each trait."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from model.distributions import Distribution
from model.errors import nearest
from model.kinds import agent_kinds, strategies
from model.params import Params, facts
from model.unit_names import known_unit

LARGEST_COUNT = 20_000_000


def trait(
    default: float | dict[str, dict[str, Any]],
    unit: str,
    meaning: str,
    *,
    source: str = "assumption",
    low: float = float("-inf"),
    high: float = float("inf"),
) -> Any:
    """Declare a trait of an agent kind or strategy: a column drawn once per agent.

    Args:
        default: a number or a distribution as in a scenario file
        unit, meaning, source: as for parameters
        low, high: draws beyond are set to the bound; constants beyond are refused
    """
    from pydantic import Field

    return Field(
        default_factory=lambda: Distribution.model_validate(default),
        description=meaning,
        json_schema_extra={"unit": known_unit(unit), "source": source, "low": low, "high": high},
    )


class Traits(Params):
    """Traits of one agent kind; every field is a `Distribution`."""


@dataclass(frozen=True)
class AgentTable:
    """One population: its kind, size, strategy shares and the distributions of its traits."""

    kind: str
    count: int
    shares: dict[str, float]
    traits: dict[str, Distribution]
    bounds: dict[str, tuple[float, float]]

    def resolved(self) -> dict[str, Any]:
        """Plain data with defaults filled in."""
        return {
            "count": self.count,
            "strategy": self.shares,
            "traits": {k: d.model_dump(mode="json", exclude_none=True) for k, d in self.traits.items()},
        }


def trait_bounds(field: FieldInfo) -> tuple[float, float]:
    """Bounds of a declared trait."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return float(extra.get("low", float("-inf"))), float(extra.get("high", float("inf")))  # type: ignore[arg-type]


def trait_fields(kind: Any, used: list[Any]) -> dict[str, FieldInfo]:
    """Declared traits of a kind and of the strategies it uses, by name."""
    fields = dict(kind.Traits.model_fields)
    for strategy in used:
        own = getattr(strategy, "Traits", None)
        if own is not None:
            fields.update(own.model_fields)
    return fields


def _shares(given: Any, kind: str, known: dict[str, Any], wrong: list[str]) -> dict[str, float]:
    shares = {given: 1.0} if isinstance(given, str) else given
    if not isinstance(shares, dict) or not all(isinstance(v, (int, float)) and v >= 0 for v in shares.values()):
        wrong.append(
            f"agents.{kind}.strategy = {given!r}: name a strategy, or give shares such as {{ a = 0.8, b = 0.2 }}"
        )
        return {}
    for name in shares:
        if name not in known:
            wrong.append(
                f"agents.{kind}.strategy = {name!r}: no such strategy of {kind}{nearest(name, known)} "
                "(your own strategies come with --plugins)"
            )
    total = sum(shares.values())
    if shares and abs(total - 1.0) > 1e-6:
        wrong.append(f"agents.{kind}.strategy: shares sum to {total:g}; make them sum to 1")
    return {k: float(v) for k, v in shares.items()}


def read_agents(
    tables: Any, plugins: tuple[str, ...], mechanisms: Collection[str], wrong: list[str]
) -> dict[str, AgentTable]:
    """Check `[agents.*]` of a scenario with these mechanisms; what cannot be used is added to `wrong`."""
    if not tables:
        return {}
    if not isinstance(tables, dict):
        wrong.append(f"agents = {tables!r}: write one table [agents.KIND] for each kind")
        return {}
    kinds, every = agent_kinds(plugins), strategies(plugins)
    found: dict[str, AgentTable] = {}
    for name, table in tables.items():
        if name not in kinds:
            wrong.append(
                f"agents.{name}: no such kind of agent{nearest(name, kinds)} (your own kinds come with --plugins)"
            )
            continue
        if not isinstance(table, dict):
            wrong.append(f"agents.{name} = {table!r}: write a table [agents.{name}]")
            continue
        kind = kinds[name]
        known = {s: cls for (serves, s), cls in every.items() if serves == name}
        shares = _shares(table.get("strategy", kind.strategy), name, known, wrong)
        fields = trait_fields(kind, [known[s] for s in shares if s in known])
        count = table.get("count", 0)
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= LARGEST_COUNT:
            wrong.append(f"agents.{name}.count = {count!r}: a whole number, allowed 0 to {LARGEST_COUNT}")
            count = 0
        needs = {key for rule in (kind, *(known[s] for s in shares if s in known)) for key in rule.needs}
        if count and (lacking := sorted(needs.difference(mechanisms))):
            wrong.append(f"agents.{name} needs [{'], ['.join(lacking)}]: add that, or leave these agents out")
        traits: dict[str, Distribution] = {}
        for key, value in table.items():
            if key in ("count", "strategy"):
                continue
            if key not in fields:
                wrong.append(
                    f"agents.{name}.{key} = {value!r}: no such trait{nearest(key, [*fields, 'count', 'strategy'])}"
                )
                continue
            traits.update(_trait(f"agents.{name}.{key}", key, value, fields[key], wrong))
        full = {k: traits[k] if k in traits else facts(f)["default"] for k, f in fields.items()}
        found[name] = AgentTable(name, count, shares, full, {k: trait_bounds(f) for k, f in fields.items()})
    return found


def _trait(path: str, key: str, value: Any, field: FieldInfo, wrong: list[str]) -> dict[str, Distribution]:
    try:
        drawn = Distribution.model_validate(value)
    except ValidationError as error:
        for item in error.errors():
            where = ".".join([path, *(str(p) for p in item["loc"])])
            if item["type"] == "extra_forbidden":
                wrong.append(f"{where} = {item['input']!r}: no such form of distribution")
            else:
                wrong.append(f"{where}: {str(item['msg']).removeprefix('Value error, ')}")
        return {}
    low, high = trait_bounds(field)
    fixed = (
        [drawn.constant.value] if drawn.constant else [drawn.uniform.low, drawn.uniform.high] if drawn.uniform else []
    )
    if any(not low <= x <= high for x in fixed):
        wrong.append(f"{path} = {value!r}: allowed {low:g} to {high:g} [{facts(field)['unit']}]")
    return {key: drawn}
