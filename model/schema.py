"""JSON Schema of scenario files, for editors that complete and check TOML while it is written.

Made from the same declarations as the checks of `Scenario.load`: reserved tables, every mechanism's parameters, every
kind of agent with its strategies and traits.
"""

import math
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from model.agent_tables import trait_fields
from model.clock import ClockParams
from model.distributions import Distribution
from model.kinds import agent_kinds, packages, strategies
from model.mechanism import catalogue
from model.schedule import Change, Shock

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENABLED = {"type": "boolean", "default": True, "description": "false drops an inherited mechanism"}


def schema(plugins: Sequence[str] = ()) -> dict[str, Any]:
    """Schema of a scenario file, with the kinds and strategies of `plugins`."""
    known = catalogue()
    models: list[Any] = [ClockParams, Distribution, Shock, Change, *(cls.Params for cls in known.values())]
    references, shared = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/$defs/{model}"
    )
    place = {model: references[model, "validation"] for model in models}
    definitions = shared.get("$defs", {})
    plain = definitions["Distribution"]["properties"]
    plain["constant"] = {"anyOf": [{"type": "number"}, plain["constant"]]}
    channels = {name: text for cls in known.values() for name, text in cls.channels.items()}
    if channels:
        definitions["Shock"]["properties"]["channel"]["enum"] = sorted(channels)
    tables = {}
    for key, cls in known.items():
        whole = dict(definitions[place[cls.Params]["$ref"].rsplit("/", 1)[1]])
        whole["properties"] = {"enabled": ENABLED, **whole.get("properties", {})}
        tables[key] = {**whole, "description": (cls.__doc__ or key).strip().splitlines()[0]}
    found = {
        "$schema": DIALECT,
        "title": "rigshare scenario",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "question": {"type": "string", "description": "what the scenario asks"},
            "sources": {"type": "array", "items": {"type": "string"}, "description": "where its figures come from"},
            "extends": {"type": "string", "description": "name or path of the scenario that this one changes"},
            "record": {
                "type": "array",
                "items": {"type": "string"},
                "description": "metrics that are recorded, * and ? for many; left out, all: fewer make runs faster",
            },
            "clock": place[ClockParams],
            "agents": _agents(packages(plugins), place[Distribution]),
            "shocks": {"type": "array", "items": place[Shock]},
            "changes": {"type": "array", "items": place[Change]},
            **tables,
        },
        "$defs": definitions,
    }
    return dict(strict(found))


def strict(plain: Any) -> Any:
    """Plain data without keys whose number JSON has no form for, such as the default of an open end.

    >>> strict({"low": {"type": "number", "default": -math.inf}, "sd": {"default": 1.0}})
    {'low': {'type': 'number'}, 'sd': {'default': 1.0}}
    """
    if isinstance(plain, dict):
        return {key: strict(value) for key, value in plain.items() if not _open(value)}
    return [strict(value) for value in plain] if isinstance(plain, list) else plain


def _open(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _agents(names: tuple[str, ...], distribution: dict[str, Any]) -> dict[str, Any]:
    """Schema of `[agents.*]`: a trait is a number or a distribution."""
    known, kinds = strategies(names), {}
    for kind, cls in agent_kinds(names).items():
        own = {name: strategy for (serves, name), strategy in known.items() if serves == kind}
        share = {"type": "number", "minimum": 0, "maximum": 1}
        mixture = {"type": "object", "properties": dict.fromkeys(own, share), "additionalProperties": False}
        traits = {
            name: {"anyOf": [{"type": "number"}, distribution], "description": info.description or name}
            for name, info in trait_fields(cls, list(own.values())).items()
        }
        kinds[kind] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "count": {"type": "integer", "minimum": 0, "description": "how many"},
                "strategy": {"anyOf": [{"enum": sorted(own)}, mixture], "description": "one, or shares of several"},
                **traits,
            },
        }
    return {"type": "object", "additionalProperties": False, "properties": kinds}
