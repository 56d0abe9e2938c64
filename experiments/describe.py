"""What there is and what it means: scenarios, mechanisms, agents, metrics, and the list of a day.

Every function returns plain rows; the command line prints them as tables or JSON, the reference pages as Markdown.
"""

from collections.abc import Sequence
from typing import Any

from experiments.study_files import refuse_studies
from model.kinds import agent_kinds, packages, strategies
from model.mechanism import actions_of, catalogue
from model.metric import registry
from model.params import facts
from model.scenario import Scenario
from model.scenario_files import FOLDER, find, merged, read_toml

Row = dict[str, Any]


def first_line(thing: Any) -> str:
    """First sentence of a docstring, without its full stop."""
    text = (thing.__doc__ or "").strip()
    return text.splitlines()[0].rstrip(".") if text else ""


def scenarios() -> list[Row]:
    """Every scenario that ships, with its question."""
    rows = []
    for name in Scenario.names():
        tables = merged(find(name), ())
        rows.append({"scenario": name, "question": str(tables.get("question", ""))})
    return rows


def sweeps() -> list[Row]:
    """Every study of many runs that ships, with its question."""
    found = {path.stem: read_toml(path) for path in sorted((FOLDER / "sweeps").glob("*.toml"))}
    return [{"sweep": name, "question": str(t.get("experiment", {}).get("question", ""))} for name, t in found.items()]


def mechanisms() -> list[Row]:
    """Every mechanism with what it does, what it needs, and the actions it settles."""
    return [
        {
            "mechanism": key,
            "meaning": first_line(cls),
            "needs": ", ".join(cls.needs),
            "actions": ", ".join(a.__name__ for a in actions_of(cls)),
        }
        for key, cls in catalogue().items()
    ]


def metrics() -> list[Row]:
    """Every metric with unit, rule of summary, and meaning."""
    return [
        {
            "metric": m.name,
            "unit": m.unit,
            "rule": f"{m.rule} weighted by {m.weight}" if m.weight else m.rule,
            "meaning": m.meaning,
        }
        for m in registry().values()
    ]


def agents(plugins: Sequence[str] = ()) -> list[Row]:
    """Every kind of agent with its strategies."""
    names = packages(plugins)
    known = strategies(names)
    return [
        {
            "agent": kind,
            "meaning": first_line(cls),
            "strategies": ", ".join(name for serves, name in known if serves == kind),
        }
        for kind, cls in agent_kinds(names).items()
    ]


def span(low: Any, high: Any) -> str:
    """Range in words.

    >>> span(0, None), span(0, 1), span(None, None)
    ('0 and more', '0 to 1', '')
    """
    if low is None and high is None:
        return ""
    if high is None:
        return f"{number(low)} and more"
    if low is None:
        return f"up to {number(high)}"
    return f"{number(low)} to {number(high)}"


def number(x: float) -> str:
    """A bound as text.

    >>> number(1_000_000), number(0.25), number(2**63 - 1)
    ('1,000,000', '0.25', '9.22e+18')
    """
    return f"{x:,.10g}" if abs(x) < 1e12 else f"{x:.3g}"


def shown(value: Any) -> str:
    """A parameter's value as text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if hasattr(value, "describe"):
        return str(value.describe())
    if hasattr(value, "model_dump"):
        value = {k: v for k, v in value.model_dump(mode="json").items() if v is not None}
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(v) for v in value) + "]"
    return str(value)


def field_rows(prefix: str, fields: dict[str, Any], values: Any = None) -> list[Row]:
    """Rows of declared parameters: path, value (default where none is given), unit, range, meaning, source, live."""
    rows = []
    for name, info in fields.items():
        known = facts(info)
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        low, high = extra.get("low", known["low"]), extra.get("high", known["high"])
        low, high = (None if x in (float("inf"), float("-inf")) else x for x in (low, high))
        value = known["default"] if values is None else values[name]
        rows.append(
            {
                "parameter": f"{prefix}.{name}",
                "value": shown(value),
                "unit": known["unit"],
                "range": span(low, high),
                "meaning": known["meaning"],
                "source": known["source"],
                "live": known["live"],
            }
        )
    return rows


def parameters(scenario: Scenario) -> list[Row]:
    """Every parameter and trait of a scenario, by table."""
    from model.agent_tables import trait_fields

    clock = type(scenario.clock).model_fields
    rows = field_rows("clock", clock, {name: getattr(scenario.clock, name) for name in clock})
    for key, params in scenario.mechanisms.items():
        fields = type(params).model_fields
        rows += field_rows(key, fields, {name: getattr(params, name) for name in fields})
    names = packages(scenario.plugins)
    kinds, known = agent_kinds(names), strategies(names)
    for kind, table in scenario.agents.items():
        blank = {"unit": "", "range": "", "source": "", "live": False}
        rows.append({"parameter": f"agents.{kind}.count", "value": f"{table.count}", "meaning": "how many", **blank})
        shares = ", ".join(f"{name} {share:g}" for name, share in table.shares.items())
        rows.append({"parameter": f"agents.{kind}.strategy", "value": shares, "meaning": "shares by strategy", **blank})
        used = [known[kind, name] for name in table.shares]
        rows += field_rows(f"agents.{kind}", trait_fields(kinds[kind], used), table.traits)
    return rows


def parent_of(name: str) -> tuple[str, Scenario] | None:
    """The scenario that a scenario extends, by the name it gives."""
    path = find(name)
    parent = read_toml(path).get("extends")
    return (parent, Scenario.load(find(parent, path.parent))) if isinstance(parent, str) else None


def scenario_page(name: str, plugins: Sequence[str] = ()) -> dict[str, Any]:
    """Question, sources, parameters and what differs from the scenario that it extends."""
    refuse_studies(name)
    scenario = Scenario.load(name, plugins)
    rows = parameters(scenario)
    parent = parent_of(name)
    if parent is not None:
        before = {row["parameter"]: row["value"] for row in parameters(parent[1])}
        for row in rows:
            row["parent"] = before.get(row["parameter"], "absent")
    present = {row["parameter"] for row in rows}
    return {
        "scenario": scenario.name,
        "question": scenario.question,
        "sources": list(scenario.sources),
        "extends": parent[0] if parent else None,
        "parameters": rows,
        "removed": sorted(path for path in before if path not in present) if parent else [],
        "shocks": [shock.model_dump(mode="json", exclude_defaults=True) for shock in scenario.shocks],
        "changes": [change.model_dump(mode="json") for change in scenario.changes],
    }


def plan(scenario: Scenario) -> list[Row]:
    """The day as it will really run: stage, whose rule, and what it does."""
    from model.marketplace import Marketplace

    with Marketplace(scenario) as market:
        return [{"stage": line.stage, "of": line.owner, "what": line.text} for line in market.plan]
