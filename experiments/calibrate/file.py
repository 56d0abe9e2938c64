"""Calibration files: which parameters are fitted in which range, to which figures, and which figures are held out."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.asked import Asked, ask, rows, stop_at
from experiments.calibrate.distance import Targets
from experiments.calibrate.moments import Moment, moment
from experiments.sweeps.file import table
from experiments.sweeps.ranges import Variable
from model.errors import ScenarioError

TABLES = ("calibrate", "target", "held_out")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Settings(_Table):
    """`[calibrate]`: how much is simulated."""

    replicates: int = Field(default=30, ge=2, le=100_000, description="runs of each place, under common seeds")
    points: int = Field(default=64, ge=2, le=1_000_000, description="places all over the ranges, a power of 2 is best")


class Figure(_Table):
    """`[[held_out]]`: a figure of the world."""

    moment: str = Field(description="a metric, or a rule of its path such as sd(log_change(bitcoin.price))")
    value: float = Field(description="the world's figure")
    standard_error: float | None = Field(
        default=None, gt=0, description="of the value; left out, the world is taken for one run of the model"
    )
    source: str = Field(min_length=1, description="where the value comes from")


class Target(Figure):
    """`[[target]]`: a figure to be met."""

    weight: float | None = Field(
        default=None, ge=0, description="of the squared gap [1/moment²]; left out, 1 over the gap's variance"
    )

    @model_validator(mode="after")
    def _one(self) -> "Target":
        if self.weight is not None and self.standard_error is not None:
            raise ValueError("give standard_error or weight, not both: a standard error makes the weight")
        return self


class Problem(NamedTuple):
    """A calibration, checked.

    Attributes:
        asked: base, ranges, name, seed
        settings: how much is simulated
        moments: of targets, then of held-out figures
        targets: their values
        fitted: how many are targets
        sources: where each value comes from
    """

    asked: Asked
    settings: Settings
    moments: tuple[Moment, ...]
    targets: Targets
    fitted: int
    sources: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Metrics whose paths must be kept."""
        return tuple(sorted({name for item in self.moments for name in item.metrics}))


def place_of(variable: Variable, value: float) -> float:
    """Where a value lies in its range, from 0 to 1.

    >>> place_of(Variable(low=1, high=100, scale="log"), 10.0)
    0.5
    """
    low, high = float(variable.low), float(variable.high)
    return math.log(value / low) / math.log(high / low) if variable.scale == "log" else (value - low) / (high - low)


def load(name: str | Path, plugins: Sequence[str] = ()) -> Problem:
    """Read a calibration file, by path or by name under `scenarios/sweeps`.

    Raises:
        ScenarioError: all its faults, one a line
    """
    wrong: list[str] = []
    asked = ask(name, TABLES, "calibrate", plugins, wrong)
    if asked is None:
        stop_at(name, wrong)
        raise AssertionError("a file without a base has faults")
    settings = table("calibrate", asked.tables["calibrate"], Settings, wrong) or Settings()
    for path, variable in asked.variables.items():
        if not variable.continuous or variable.type == "int":
            wrong.append(f"vars.{path}: a fit needs derivatives, so only {{ low, high }} without type = 'int' will do")
    known = list(asked.metrics)
    fitted = _figures("target", asked.tables, Target, known, wrong)
    held = _figures("held_out", asked.tables, Figure, known, wrong)
    if not wrong and len(fitted) < len(asked.variables):
        wrong.append(
            f"target: {len(fitted)} moments cannot fix {len(asked.variables)} parameters; give at least as many as [vars]"
        )
    stop_at(name, wrong)
    every = [*fitted, *held]
    targets = Targets(
        tuple(item.text for item, _ in every),
        np.array([figure.value for _, figure in every]),
        np.array([_or_nan(figure.standard_error) for _, figure in every]),
        np.array([_or_nan(getattr(figure, "weight", None)) for _, figure in every]),
    )
    sources = tuple(figure.source for _, figure in every)
    return Problem(asked, settings, tuple(item for item, _ in every), targets, len(fitted), sources)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _figures(
    key: str, tables: dict[str, Any], model: Any, known: Sequence[str], wrong: list[str]
) -> list[tuple[Moment, Any]]:
    """Rows of `[[target]]` or `[[held_out]]` with their expressions read."""
    if key == "target" and tables.get(key, []) == []:
        wrong.append("target: nothing to fit; write [[target]] with moment, value and source")
    found = []
    for place, figure in rows(key, tables, model, wrong):
        try:
            found.append((moment(figure.moment, known), figure))
        except ScenarioError as error:
            wrong.append(f"{place}: {error}")
    return found
