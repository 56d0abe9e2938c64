"""JSON Schema of sweep files, for editors that complete and check TOML while it is written.

Made from the same declarations as the checks of `study.load`. Paths of parameters and names of metrics are offered;
deeper paths, such as one number of a distribution, are allowed as well.
"""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from experiments.sweeps.designs import kinds
from experiments.sweeps.file import Experiment, Outputs, Replicates
from experiments.sweeps.paths import SCENARIO, SEED, TOTAL
from experiments.sweeps.ranges import Variable
from model.agent_tables import trait_fields
from model.clock import ClockParams
from model.kinds import agent_kinds, packages, strategies
from model.mechanism import catalogue
from model.metric import registry
from model.params import facts
from model.schema import DIALECT, strict

DOTTED = r"\."  # a path in quotes; unquoted ones are tables within tables


def parameters(plugins: Sequence[str] = ()) -> dict[str, str]:
    """Every dotted path that a sweep may set, and what it means, with its unit."""
    found = {
        SCENARIO: "scenario that the point starts from",
        TOTAL: "agents in all; sizes that params do not set go with them",
    }
    found |= {f"clock.{name}": _meaning(info) for name, info in ClockParams.model_fields.items()}
    del found[SEED]
    names = packages(plugins)
    for kind, cls in agent_kinds(names).items():
        own = [strategy for (serves, _), strategy in strategies(names).items() if serves == kind]
        found |= {f"agents.{kind}.count": "how many", f"agents.{kind}.strategy": "one strategy, or shares of several"}
        found |= {f"agents.{kind}.{name}": _meaning(info) for name, info in trait_fields(cls, own).items()}
    for key, mechanism in catalogue().items():
        found[f"{key}.enabled"] = "whether the mechanism is there"
        found |= {f"{key}.{name}": _meaning(info) for name, info in mechanism.Params.model_fields.items()}
    return found


def _meaning(info: Any) -> str:
    known = facts(info)
    low, high = known["low"], known["high"]
    span = f", {low} to {high}" if low is not None and high is not None else ""
    unit = f" [{known['unit']}]" if known["unit"] not in ("", "1") else ""
    return f"{known['meaning']}{span}{unit}"


def schema(plugins: Sequence[str] = ()) -> dict[str, Any]:
    """Schema of a sweep file, with the kinds and strategies of `plugins`."""
    known = {name: module.Keys for name, module in kinds().items()}
    models: list[Any] = [Experiment, Replicates, Outputs, Variable, *known.values()]
    references, shared = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    place = {model: references[model, "validation"] for model in models}
    definitions = shared.get("$defs", {})
    paths = parameters(plugins)
    variable = {"anyOf": [place[Variable], {"type": "array", "minItems": 1}]}
    definitions["Vars"] = {
        "type": "object",
        "minProperties": 1,
        "properties": {path: {**variable, "description": text} for path, text in paths.items()},
        "patternProperties": {DOTTED: variable},
    }
    definitions["Row"] = {
        "type": "object",
        "properties": {
            "label": {"type": "string", "description": "name of the point"},
            **{path: {"description": text} for path, text in paths.items()},
        },
    }
    blocks = []
    for name, keys in known.items():
        block = definitions[name] = definitions.pop(place[keys]["$ref"].rsplit("/", 1)[1])
        blocks.append({"$ref": f"#/$defs/{name}"})
        own = block["properties"]
        own["kind"] = {"const": name, "description": (keys.__doc__ or name).strip().splitlines()[0]}
        if "rows" in own:
            own["rows"]["items"] = {"$ref": "#/$defs/Row"}
            del own["vars"]
        else:
            own["vars"] = {"$ref": "#/$defs/Vars"}
    metrics = {"anyOf": [{"enum": sorted(registry())}, {"type": "string"}]}
    for name in ("summary", "record"):
        definitions["Outputs"]["properties"][name]["items"] = metrics
    definitions["TimeSeries"]["properties"]["columns"]["items"] = metrics
    definitions["Stop"]["properties"]["metric"] = {**metrics, "description": "whose mean decides"}
    fixed = {path: {"description": text} for path, text in paths.items() if path not in (SCENARIO, TOTAL)}
    found = {
        "$schema": DIALECT,
        "title": "rigshare sweep",
        "type": "object",
        "additionalProperties": False,
        "required": ["experiment"],
        "properties": {
            "experiment": place[Experiment],
            "params": {"type": "object", "properties": fixed, "description": "fixed overrides of the base"},
            "design": {"type": "array", "items": {"oneOf": blocks}},
            "replicates": place[Replicates],
            "outputs": place[Outputs],
        },
        "$defs": definitions,
    }
    return dict(strict(found))
