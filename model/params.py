"""Parameters: each is born once with unit, range, meaning and source; docs, sliders and messages are made from it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from model.errors import nearest
from model.unit_names import known_unit


class Params(BaseModel):
    """Parameters of one mechanism or agent kind; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, arbitrary_types_allowed=True)

    def too_long(self, seconds: int) -> str:
        """Why these parameters cannot carry a run of so many seconds, beginning with the name of one; empty if they can."""
        return ""

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        """Text, true and false are no numbers, and nothing else is a switch; pydantic alone would convert them.

        A day may be text or TOML's own date, and is kept as text.
        """
        field = cls.model_fields[str(info.field_name)]
        if type(value) is date and facts(field)["unit"] == "date":
            return value.isoformat()
        reason = _misfit(field.annotation, value)
        if reason:
            raise ValueError(reason)
        return value


def _misfit(kind: Any, value: Any) -> str:
    """Why a value would have to be converted to become a kind of number, switch or list of them; empty if it fits."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _misfit(inside[0], value)
    if origin in (Union, UnionType):
        reasons = [_misfit(each, value) for each in inside if each is not NoneType]
        return reasons[0] if value is not None and all(reasons) else ""
    if kind is bool and not isinstance(value, bool):
        return "input should be true or false"
    if kind in (int, float) and isinstance(value, (bool, str, bytes)):
        return f"input should be a valid {'integer' if kind is int else 'number'}"
    if origin is Literal and isinstance(value, bool) and not any(each is value for each in inside):
        return f"input should be {', '.join(map(repr, inside[:-1]))} or {inside[-1]!r}"
    if kind is str and not isinstance(value, str):
        return "write it in quotes"
    if origin in (list, tuple) and isinstance(value, (list, tuple)):
        kinds = inside if origin is tuple and inside[-1] is not Ellipsis else inside[:1] * len(value)
        return _first_misfit(zip(kinds, range(1, len(value) + 1), value, strict=False))
    if origin is dict and isinstance(value, dict):
        return _first_misfit((inside[1], repr(key), item) for key, item in value.items())
    return ""


def _first_misfit(items: Iterable[tuple[Any, Any, Any]]) -> str:
    """Reason of the first of some (kind, place, item) that does not fit."""
    reasons = ((place, item, _misfit(kind, item)) for kind, place, item in items)
    return next((f"item {place}, {item!r}: {reason}" for place, item, reason in reasons if reason), "")


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
        unit: one of `model.unit_names`: "1" for a share, "" for a choice or a switch
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
        json_schema_extra={"unit": known_unit(unit, of=default), "source": source, "live": live, "scales": scales},
    )


def one_of(known: Callable[[], Sequence[str]]) -> Any:
    """A word out of a list that is made when it is first needed, and that editors are told."""

    class Choice(AfterValidator):
        def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> Any:
            return {**handler(core), "enum": known()}

    def check(word: str) -> str:
        if word not in known():
            raise ValueError(f"write one of {', '.join(known())}{nearest(word, known())}")
        return word

    return Choice(check)


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


def written(value: Any) -> str:
    """A value about as it stood in the file.

    >>> written("two"), written(date(2023, 1, 5))
    ("'two'", '2023-01-05')
    """
    return str(value) if isinstance(value, date) else repr(value)


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
                f"{path} = {written(item['input'])}: no such parameter{nearest(str(item['loc'][-1]), model.model_fields)}"
            )
            continue
        reason = str(item["msg"]).removeprefix("Value error, ")
        reason = reason[:1].lower() + reason[1:]
        if item["type"] == "model_type":
            reason = "write a table of keys and values"
        if name in model.model_fields:
            known = facts(model.model_fields[name])
            span = (
                f", allowed {known['low']} to {known['high']}"
                if known["low"] is not None and known["high"] is not None
                else ""
            )
            unit = f" [{known['unit']}]" if known["unit"] not in ("", "1") else ""
            reason += f"{span}{unit}"
        value = "" if isinstance(item["input"], dict) else f" = {written(item['input'])}"
        found.append(f"{path}{value}: {reason}")
    return found
