"""Distributions that a scenario names for the traits of agents: `cash = { lognormal = { median = 5000, sigma = 1 } }`."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.jit import kernel
from model.streams import normal, u01

_KINDS = ("constant", "uniform", "normal", "lognormal", "pareto", "choice")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Constant(_Strict):
    """The same value for everybody."""

    value: float


class Uniform(_Strict):
    """Uniform between two bounds."""

    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        if self.high < self.low:
            raise ValueError(f"high ({self.high}) is below low ({self.low})")
        return self


class Normal(_Strict):
    """Normal, optionally cut at bounds (values beyond are set to the bound)."""

    mean: float
    sd: float = Field(ge=0)
    low: float = -math.inf
    high: float = math.inf
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lognormal(_Strict):
    """Lognormal by its median and the standard deviation of logs."""

    median: float = Field(gt=0)
    sigma: float = Field(ge=0)


class Pareto(_Strict):
    """Pareto by its minimum and tail exponent."""

    minimum: float = Field(gt=0)
    alpha: float = Field(gt=0)


class Choice(_Strict):
    """One of several values with given weights."""

    values: tuple[float, ...] = Field(min_length=1)
    weights: tuple[float, ...] | None = None

    @model_validator(mode="after")
    def _matching(self) -> "Choice":
        if self.weights is not None and (
            len(self.weights) != len(self.values) or min(self.weights) < 0 or sum(self.weights) <= 0
        ):
            raise ValueError("weights must be as many as values, not negative, and not all zero")
        return self


class Distribution(_Strict):
    """Exactly one of the named forms; a plain number means `constant`."""

    constant: Constant | None = None
    uniform: Uniform | None = None
    normal: Normal | None = None
    lognormal: Lognormal | None = None
    pareto: Pareto | None = None
    choice: Choice | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if isinstance(data, bool):
            raise ValueError("give a number or a distribution")
        if isinstance(data, (int, float)):
            return {"constant": {"value": data}}
        if isinstance(data, dict) and isinstance(data.get("constant"), (int, float)):
            return {"constant": {"value": data["constant"]}}
        return data

    @model_validator(mode="after")
    def _one(self) -> "Distribution":
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError(f"give exactly one of {', '.join(_KINDS)}")
        return self

    def sample(self, key: np.uint64, slots: NDArray[np.int64]) -> NDArray[np.float64]:
        """One value per slot, each a function of (key, slot) alone."""
        out = np.empty(slots.size)
        form, a, b, low, high = self._code()
        table = np.zeros((2, 1))
        if self.choice is not None:
            values = np.array(self.choice.values)
            weights = np.ones(values.size) if self.choice.weights is None else np.array(self.choice.weights)
            table = np.vstack([values, np.cumsum(weights) / math.fsum(weights)])
        _sample(form, a, b, low, high, table, key, slots, out)
        return out

    def _code(self) -> tuple[int, float, float, float, float]:
        inf = math.inf
        if self.constant:
            return 0, self.constant.value, 0.0, -inf, inf
        if self.uniform:
            return 1, self.uniform.low, self.uniform.high, -inf, inf
        if self.normal:
            return 2, self.normal.mean, self.normal.sd, self.normal.low, self.normal.high
        if self.lognormal:
            return 3, math.log(self.lognormal.median), self.lognormal.sigma, -inf, inf
        if self.pareto:
            return 4, self.pareto.minimum, self.pareto.alpha, -inf, inf
        return 5, 0.0, 0.0, -inf, inf

    def describe(self) -> str:
        """Short form for tables: `lognormal(median 5000, sigma 1)`."""
        for kind in _KINDS:
            form = getattr(self, kind)
            if form is not None:
                if kind == "constant":
                    return f"{form.value:g}"
                given = {k: v for k, v in form.model_dump().items() if v is not None and v not in (math.inf, -math.inf)}
                return (
                    f"{kind}("
                    + ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}" for k, v in given.items())
                    + ")"
                )
        return ""


@kernel
def _sample(form: int, a: float, b: float, low: float, high: float, table: Any, key: Any, slots: Any, out: Any) -> None:
    for i in range(out.size):
        if form == 0:
            x = a
        elif form == 1:
            x = a + (b - a) * u01(key, slots[i], 0)
        elif form == 2:
            x = a + b * normal(key, slots[i], 0)
        elif form == 3:
            x = math.exp(a + b * normal(key, slots[i], 0))
        elif form == 4:
            x = a * (1.0 - u01(key, slots[i], 0)) ** (-1.0 / b)
        else:
            u = u01(key, slots[i], 0)
            j = 0
            while j < table.shape[1] - 1 and u >= table[1, j]:
                j += 1
            x = table[0, j]
        out[i] = min(max(x, low), high)
