"""Dotted paths of parameters: which exist, what range they have, how they are called for short.

`lending.loan_to_value` is a mechanism's parameter, `lending.enabled` turns it on or off, `clock.ticks` is the clock's,
`agents.miner.count`, `agents.miner.strategy` and `agents.miner.cash` are a population's, `shocks.1.size` belongs to
the first dated row. A design may also vary two things that are no parameters: `scenario`, which scenario the point
starts from, and `agents.count`, how many agents it has in all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from model.agent_tables import read_agents, trait_fields
from model.clock import ClockParams
from model.errors import nearest
from model.kinds import agent_kinds, packages, strategies
from model.mechanism import catalogue
from model.params import complaints
from model.scenario import Scenario
from model.schedule import Change, Shock

SCENARIO, TOTAL, SEED = "scenario", "agents.count", "clock.seed"
DATED: dict[str, type[BaseModel]] = {"shocks": Shock, "changes": Change}
SEED_IS_DRAWN = "seeds come from the study's own; write seed under [experiment], and n under [replicates]"


def depth(head: str, below: str) -> int:
    """How many names a path of a parameter has: `clock.ticks`, but `agents.miner.cash` and `shocks.1.size`."""
    if head == "agents":
        return 2 if below == "count" else 3
    return 3 if head in DATED else 2


def flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted path, whether written `"lending.loan_to_value" = 0.5` or `lending.loan_to_value = 0.5`; tables that are values stay.

    >>> flat({"lending": {"loan_to_value": 0.5}, "clock.ticks": 9, "agents": {"miner": {"cash": {"constant": 1}}}})
    {'lending.loan_to_value': 0.5, 'clock.ticks': 9, 'agents.miner.cash': {'constant': 1}}
    """
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        parts = path.split(".")
        short = path != SCENARIO and len(parts) < depth(parts[0], parts[1] if len(parts) > 1 else "")
        if short and isinstance(value, dict):
            for key, item in value.items():
                walk(f"{path}.{key}", item)
        else:
            found[path] = value

    for key, value in table.items():
        walk(key, value)
    return found


def unknown(path: str, plugins: Sequence[str] = ()) -> str:
    """Why no parameter has this path, with the nearest name; empty if one has.

    >>> unknown("lending.reserve_facto")
    "no such parameter, did you mean 'lending.reserve_factor'?"
    """
    head, *rest = path.split(".")
    if path in (SCENARIO, TOTAL):
        return ""
    if path == SEED:
        return SEED_IS_DRAWN
    if head == "agents":
        return _unknown_agents(rest, plugins)
    if head in DATED:
        if len(rest) < 2 or not rest[0].isdigit() or int(rest[0]) < 1:
            return f"name a row and a key, such as {head}.1.{'size' if head == 'shocks' else 'tick'}"
        return _among(rest[1], DATED[head].model_fields, f"{head}.{rest[0]}")
    known = catalogue()
    if head != "clock" and head not in known:
        return f"no such mechanism{nearest(head, [*known, 'clock', 'agents', *DATED, SCENARIO])}"
    if not rest:
        return f"is a table, not a parameter; name one of its keys, such as {head}.{next(iter(_fields(head)))}"
    return _among(rest[0], _fields(head), head)


def _fields(head: str) -> list[str]:
    if head == "clock":
        return list(ClockParams.model_fields)
    return [*catalogue()[head].Params.model_fields, "enabled"]


def _among(name: str, known: Iterable[str], place: str) -> str:
    names = list(known)
    return "" if name in names else f"no such parameter{nearest(f'{place}.{name}', [f'{place}.{n}' for n in names])}"


def _unknown_agents(rest: Sequence[str], plugins: Sequence[str]) -> str:
    names = packages(plugins)
    kinds = agent_kinds(names)
    if not rest or rest[0] not in kinds:
        return f"no such kind of agent{nearest(rest[0] if rest else '', kinds)} (your own kinds come with --plugins)"
    if len(rest) == 1:
        return f"is a table, not a parameter; name one of its keys, such as agents.{rest[0]}.count"
    return _among(rest[1], agent_keys(rest[0], plugins), f"agents.{rest[0]}")


def agent_keys(kind: str, plugins: Sequence[str] = ()) -> list[str]:
    """Count, strategy and every trait of a kind, those of all its strategies included."""
    names = packages(plugins)
    own = [cls for (serves, _), cls in strategies(names).items() if serves == kind]
    return ["count", "strategy", *trait_fields(agent_kinds(names)[kind], own)]


def refused(base: Scenario, path: str, value: Any) -> list[str]:
    """Why a parameter may not have a value whatever the others are; what others must go with is seen in the points."""
    head, *rest = path.split(".")
    if len(rest) != depth(head, rest[0] if rest else "") - 1 or head in DATED or path in (SCENARIO, TOTAL):
        return []
    if head == "agents":
        wrong: list[str] = []
        own = base.tables.get("agents", {}).get(rest[0], {})
        read_agents({rest[0]: {**own, rest[1]: value}}, packages(base.plugins), base.mechanisms, wrong)
        return [line for line in wrong if line.startswith((f"{path} ", f"{path}:", f"{path}."))]
    if rest[0] == "enabled":
        return [] if isinstance(value, bool) else [f"{path} = {value!r}: write true or false"]
    params = ClockParams if head == "clock" else catalogue()[head].Params
    try:
        params.model_validate({rest[0]: value}, context={"folder": base.folder})
    except ValidationError as error:
        lines = zip(error.errors(), complaints(error, head, params), strict=True)
        return [line for item, line in lines if item["loc"][:1] == (rest[0],)]
    return []


def whole(path: str) -> bool:
    """Whether a parameter of a mechanism or the clock takes whole numbers only, or a population's size."""
    head, *rest = path.split(".")
    if head == "agents":
        return rest[-1] == "count"
    params: Any = ClockParams if head == "clock" else catalogue()[head].Params
    return len(rest) == 1 and rest[0] in params.model_fields and params.model_fields[rest[0]].annotation is int


def short_names(paths: Sequence[str]) -> dict[str, str]:
    """Names for people: the last part of each path where it tells them apart, kinds of agents kept.

    >>> short_names(["lending.loan_to_value", "agents.miner.count", "amm.fee_bps", "curve.fee_bps"])
    {'lending.loan_to_value': 'loan_to_value', 'agents.miner.count': 'miner count', 'amm.fee_bps': 'amm.fee_bps', 'curve.fee_bps': 'curve.fee_bps'}
    """
    found = {}
    for path in paths:
        parts = path.split(".")
        if path == TOTAL:
            found[path] = "agents"
        else:
            dated = [parts[0].removesuffix("s")] if parts[0] in DATED else []
            found[path] = " ".join([*dated, *parts[1:]]) if dated or parts[0] == "agents" else parts[-1]
    names = list(found.values())
    return {path: path if names.count(name) > 1 else name for path, name in found.items()}
