"""Optimisation files: which parameters may be set how, what is wanted, and what must hold."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from experiments.asked import Asked, ask, rows, stop_at
from experiments.optimise.frontier import Goal, Limit
from experiments.optimise.rules import rule, too_thin
from experiments.optimise.search import Dimension, Sampler
from experiments.sweeps.file import table
from experiments.sweeps.ranges import Variable, listed
from model.errors import ScenarioError, nearest

TABLES = ("optimise", "objective", "constraint")
MOST_OBJECTIVES = 4


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Settings(_Table):
    """`[optimise]`: how much is tried."""

    trials: int = Field(default=100, ge=1, le=100_000, description="places tried in all")
    population: int = Field(default=20, ge=2, le=10_000, description="places proposed before any of them is answered")
    replicates: int = Field(default=30, ge=2, le=1_000_000, description="runs of each place, under common seeds")
    fresh: int | None = Field(
        default=None, ge=0, le=1_000_000, description="runs of each winner under other seeds; as many by default"
    )
    sampler: Sampler = Field(default="nsga2", description="nsga2, tpe or random")


class _Number(_Table):
    metric: str = Field(description="name of a metric")
    rule: str = Field(default="mean", description="mean, median, sd, min, max, es95, low_es95, var95, q05, ...")


class Objective(_Number):
    """`[[objective]]`: a number wanted small or large."""

    sense: Literal["minimise", "maximise"] = Field(description="minimise or maximise")


class Constraint(_Number):
    """`[[constraint]]`: a number that must stay on one side."""

    at_most: float | None = Field(default=None, description="largest value that is allowed")
    at_least: float | None = Field(default=None, description="least value that is allowed")

    @model_validator(mode="after")
    def _one_side(self) -> "Constraint":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give one of at_most and at_least")
        return self


class Problem(NamedTuple):
    """An optimisation, checked."""

    asked: Asked
    settings: Settings
    goals: tuple[Goal, ...]
    limits: tuple[Limit, ...]

    @property
    def fresh(self) -> int:
        """Runs of each winner under other seeds."""
        return self.settings.replicates if self.settings.fresh is None else self.settings.fresh

    @property
    def dimensions(self) -> list[Dimension]:
        """What the search may set."""
        return [dimension(path, v) for path, v in self.asked.variables.items()]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics that are asked for, each once."""
        return tuple(dict.fromkeys([*(goal.metric for goal in self.goals), *(limit.metric for limit in self.limits)]))


def dimension(path: str, variable: Variable) -> Dimension:
    """A searched parameter from its range.

    >>> dimension("a.b", Variable(low=1, high=9, type="int")).integer
    True
    """
    if not variable.continuous:
        return Dimension(path, choices=tuple(listed(variable)))
    log, whole = variable.scale == "log", variable.type == "int"
    return Dimension(path, float(variable.low), float(variable.high), log, whole)


def load(name: str | Path, plugins: Sequence[str] = ()) -> Problem:
    """Read an optimisation file, by path or by name under `scenarios/sweeps`.

    Raises:
        ScenarioError: all its faults, one a line
    """
    wrong: list[str] = []
    asked = ask(name, TABLES, "optimise", plugins, wrong)
    if asked is None:
        stop_at(name, wrong)
        raise AssertionError("a file without a base has faults")
    settings = table("optimise", asked.tables["optimise"], Settings, wrong) or Settings()
    units, replicates = asked.metrics, settings.replicates
    least = replicates if not settings.fresh else min(replicates, settings.fresh)
    goals = [
        Goal(item.metric, rule(item.rule), item.sense == "maximise")
        for item in _rows("objective", asked.tables, Objective, units, least, wrong)
    ]
    limits = [
        Limit(item.metric, rule(item.rule), _bound(item), item.at_least is not None)
        for item in _rows("constraint", asked.tables, Constraint, units, least, wrong)
    ]
    if not asked.tables.get("objective"):
        wrong.append("objective: nothing to optimise; write [[objective]] with metric, rule and sense")
    if len(goals) > MOST_OBJECTIVES:
        wrong.append(
            f"objective: {len(goals)} of them, at most {MOST_OBJECTIVES}: nearly all places would be undominated"
        )
    stop_at(name, wrong)
    return Problem(asked, settings, tuple(goals), tuple(limits))


def _bound(item: Constraint) -> float:
    bound = item.at_least if item.at_most is None else item.at_most
    assert bound is not None
    return bound


def _rows(
    key: str, tables: Mapping[str, Any], model: Any, units: Mapping[str, str], replicates: int, wrong: list[str]
) -> list[Any]:
    """Rows of `[[objective]]` or `[[constraint]]` whose metric is recorded and whose rule has runs enough."""
    found = []
    for place, item in rows(key, tables, model, wrong):
        before = len(wrong)
        if item.metric not in units:
            wrong.append(
                f"{place}: metric = {item.metric!r}: the base records no such metric{nearest(item.metric, units)}"
            )
        try:
            thin = too_thin(rule(item.rule), replicates)
            if thin:
                wrong.append(f"{place}: rule = {item.rule!r}: {thin}")
        except ScenarioError as error:
            wrong.append(f"{place}: {error}")
        if len(wrong) == before:
            found.append(item)
    return found
