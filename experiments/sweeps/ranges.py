"""What a design variable may be: a list of values, a stepped range, a continuous range, or choices.

Sampling designs draw a column of the unit cube for each variable; `at` maps such a number onto the variable so that
equal parts of the unit interval are equally probable values, whole numbers and choices included.
"""

import math
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

LARGEST_DESIGN = 1_000_000  # rows of one design block; more would not fit into memory as scenarios
SLACK = Decimal("1e-9")  # part of a step by which `stop` may be missed, for steps such as 1/3
FORMS = {"values": ("values",), "choices": ("choices",), "steps": ("start", "stop", "step"), "range": ("low", "high")}


def _number(value: Any) -> Any:
    """A finite number, whole ones kept whole."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("write a finite number")
    return value


Number = Annotated[Any, PlainValidator(_number), WithJsonSchema({"type": "number"})]


class Variable(BaseModel):
    """One variable of a design, in exactly one of four forms; a bare list means `values`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    values: list[Any] | None = Field(default=None, min_length=1, description="levels, one after another")
    choices: list[Any] | None = Field(default=None, min_length=1, description="levels without an order, such as names")
    start: Number = Field(default=None, description="first value of a stepped range")
    stop: Number = Field(default=None, description="last value of a stepped range, itself one of them")
    step: Number = Field(default=None, description="distance between neighbours")
    low: Number = Field(default=None, description="least value of a continuous range")
    high: Number = Field(default=None, description="largest value of a continuous range")
    scale: Literal["linear", "log"] = Field(default="linear", description="log: equal ratios are equally probable")
    type: Literal["float", "int"] = Field(default="float", description="int: whole numbers only")
    levels: int | None = Field(
        default=None, ge=2, le=LARGEST_DESIGN, description="values of a continuous range on a grid"
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        if isinstance(data, list):
            return {"values": data}
        if not isinstance(data, (dict, Variable)):
            raise ValueError("write a list, { values = [..] }, { start, stop, step }, { low, high } or { choices }")
        return data

    @model_validator(mode="after")
    def _one_form(self) -> "Variable":
        given = [form for form, keys in FORMS.items() if any(getattr(self, key) is not None for key in keys)]
        if len(given) != 1:
            raise ValueError("give exactly one of values, choices, start with stop and step, low with high")
        missing = [key for key in FORMS[given[0]] if getattr(self, key) is None]
        if missing:
            raise ValueError(f"{' and '.join(missing)} missing beside {_others(given[0], missing)}")
        if given[0] != "range":
            extra = [key for key in ("scale", "type", "levels") if key in self.model_fields_set]
            if extra:
                raise ValueError(f"{' and '.join(extra)} goes with low and high; leave it out")
        elif self.high <= self.low:
            raise ValueError(f"high {self.high} must be above low {self.low}")
        elif self.scale == "log" and self.low <= 0:
            raise ValueError(f"scale = 'log' needs low above 0, not {self.low}")
        elif self.type == "int" and not (float(self.low).is_integer() and float(self.high).is_integer()):
            raise ValueError(f"type = 'int' needs whole numbers as low and high, not {self.low} and {self.high}")
        if given[0] == "steps":
            if self.step <= 0 or self.stop < self.start:
                raise ValueError("step must be above 0 and stop no less than start")
            if steps(self) > LARGEST_DESIGN:
                raise ValueError(f"that is {steps(self):,} values, at most {LARGEST_DESIGN:,} are allowed")
            last, after = (_step(self, steps(self) - n) for n in (1, 0))
            if self.stop - last > float(SLACK) * self.step:
                raise ValueError(f"stop {self.stop} is none of the steps; give {last} or {after}")
        return self

    @property
    def continuous(self) -> bool:
        """Whether it has a low and a high rather than listed values."""
        return self.low is not None


def _others(form: str, missing: list[str]) -> str:
    return " and ".join(key for key in FORMS[form] if key not in missing)


def steps(variable: Variable) -> int:
    """How many values a stepped range has, `stop` included up to rounding."""
    start, stop, step = (Decimal(str(x)) for x in (variable.start, variable.stop, variable.step))
    return int((stop - start) / step + SLACK) + 1


def listed(variable: Variable) -> list[Any]:
    """Values of a variable that is not continuous, in the order given; steps in decimal arithmetic.

    >>> listed(Variable(start=0.4, stop=1.2, step=0.2))
    [0.4, 0.6, 0.8, 1.0, 1.2]
    """
    if variable.values is not None:
        return list(variable.values)
    if variable.choices is not None:
        return list(variable.choices)
    return [_step(variable, i) for i in range(steps(variable))]


def _step(variable: Variable, i: int) -> int | float:
    """A value of a stepped range, counted from 0."""
    exact = Decimal(str(variable.start)) + i * Decimal(str(variable.step))
    return int(exact) if isinstance(variable.start, int) and isinstance(variable.step, int) else float(exact)


def grid_levels(variable: Variable, levels: int | None) -> list[Any]:
    """Values of a variable on a grid: those listed, or `levels` of its range, both ends included, each once.

    >>> grid_levels(Variable(low=1, high=100, scale="log"), 3), grid_levels(Variable(low=0, high=3, type="int"), 9)
    ([1.0, 10.0, 100.0], [0, 1, 2, 3])
    """
    if not variable.continuous:
        return listed(variable)
    n = variable.levels or levels
    if n is None:
        raise ValueError("a grid needs to know how many values a range has; give levels")
    low, high = float(variable.low), float(variable.high)
    parts = [i / (n - 1) for i in range(n)]
    if variable.scale == "log":
        exact = [_clip(low * (high / low) ** u, low, high) for u in parts]
    else:
        exact = [low + u * (high - low) for u in parts]
    exact[-1] = high
    return list(dict.fromkeys(round(x) for x in exact)) if variable.type == "int" else exact


def grid_count(variable: Variable, levels: int | None) -> int:
    """How many values a variable has on a grid, without making a long list of them."""
    if variable.continuous and variable.type == "float":
        return variable.levels or levels or 0
    return len(grid_levels(variable, levels))


def at(variable: Variable, u: float) -> Any:
    """Value at a place of the unit interval, 0 <= u <= 1.

    Linear: low + u (high - low). Log: low (high / low)^u. Whole numbers low..high: each has the part
    [k, k + 1) of low..high + 1, so that the ends are no rarer than others (on a log scale, k has the probability
    ln((k + 1) / k) / ln((high + 1) / low)). Listed values: equal parts.

    >>> at(Variable(low=1, high=3, type="int"), 0.999), at(Variable(choices=["a", "b"]), 0.5)
    (3, 'b')
    """
    if not variable.continuous:
        values = listed(variable)
        return values[min(int(u * len(values)), len(values) - 1)]
    low, high = float(variable.low), float(variable.high)
    if variable.type == "int":
        top = high + 1.0
        exact = low * (top / low) ** u if variable.scale == "log" else low + u * (top - low)
        return int(_clip(math.floor(exact), low, high))
    if variable.scale == "log":
        return _clip(low * (high / low) ** u, low, high)
    return _clip(low + u * (high - low), low, high)


def corners(variable: Variable) -> list[Any]:
    """Values whose permission decides on all: every listed one, or both ends of a range."""
    if not variable.continuous:
        return listed(variable)
    ends = (variable.low, variable.high)
    return [int(x) for x in ends] if variable.type == "int" else list(ends)


def _clip(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
