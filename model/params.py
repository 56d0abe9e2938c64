"""Parameters: each is born once with unit, range, meaning and source; docs, sliders and messages are made from it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from model.errors import nearest


class Params(BaseModel):
    """Parameters of one mechanism or agent kind; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, arbitrary_types_allowed=True)


def param(
    default: Any,
    unit: str,
    meaning: str,
    *,
    source: str = "assumption",
    live: bool = False,
    scales: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:
    """Declare a parameter.

    Args:
        default: value when a scenario does not name it
        unit: unit, "1" for a share
        meaning: one sentence
        source: where the default comes from
        live: whether it may change while the market runs
        scales: whether it grows in proportion with the number of agents
        ge: least allowed value
        gt: bound that must be exceeded
        le: largest allowed value
        lt: bound that must not be reached
    """
    factory = (
        {"default_factory": lambda: type(default)(default)}
        if isinstance(default, (list, dict))
        else {"default": default}
    )
    return Field(
        **factory,
        description=meaning,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        json_schema_extra={"unit": unit, "source": source, "live": live, "scales": scales},
    )


def facts(field: FieldInfo) -> dict[str, Any]:
    """Unit, meaning, source, range and liveness of a declared parameter, for docs and messages."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    low = high = None
    for bound in field.metadata:
        low = getattr(bound, "ge", None) if getattr(bound, "ge", None) is not None else low
        low = getattr(bound, "gt", None) if getattr(bound, "gt", None) is not None else low
        high = getattr(bound, "le", None) if getattr(bound, "le", None) is not None else high
        high = getattr(bound, "lt", None) if getattr(bound, "lt", None) is not None else high
    return {
        "unit": extra.get("unit", ""),
        "meaning": field.description or "",
        "source": extra.get("source", ""),
        "live": bool(extra.get("live", False)),
        "low": low,
        "high": high,
        "default": field.get_default(call_default_factory=True),
    }


def complaints(error: ValidationError, prefix: str, model: type[BaseModel]) -> list[str]:
    """One sentence for each thing wrong with a table: dotted key, value, range or nearest name.

    Args:
        error: what pydantic found
        prefix: the table's dotted name
        model: whose fields are known
    """
    found = []
    for item in error.errors():
        path = ".".join([prefix, *(str(part) for part in item["loc"])]) if prefix else ".".join(map(str, item["loc"]))
        name = str(item["loc"][0]) if item["loc"] else ""
        if item["type"] == "extra_forbidden":
            found.append(
                f"{path} = {item['input']!r}: no such parameter{nearest(str(item['loc'][-1]), model.model_fields)}"
            )
            continue
        reason = str(item["msg"]).removeprefix("Value error, ")
        reason = reason[:1].lower() + reason[1:]
        if name in model.model_fields:
            known = facts(model.model_fields[name])
            span = (
                f", allowed {known['low']} to {known['high']}"
                if known["low"] is not None and known["high"] is not None
                else ""
            )
            unit = f" [{known['unit']}]" if known["unit"] not in ("", "1") else ""
            reason += f"{span}{unit}"
        found.append(f"{path} = {item['input']!r}: {reason}")
    return found
