"""The figures of a lesson's runs: paths of metrics, made one number by a rule, and parameters of its scenario.

With several seeds a figure is the mean over the runs, and a path the mean of the paths, of those that are defined.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.lessons.rules import AT, DAYS, KNOWN, RULES, Path
from model.errors import ScenarioError, nearest
from model.scenario import Scenario


class Facts:
    """What the names in a lesson's calculations mean.

    Args:
        scenario: as it runs
        runs: paths of metrics by name, of each run; none before the run
        day: length of a tick in days
        given: further numbers by name: `guess`, what the student expects, and `outcome`

    Attributes:
        ticks: that all runs have done
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: Sequence[Mapping[str, Sequence[float]]] = (),
        day: float = 1.0,
        given: Mapping[str, float] | None = None,
    ) -> None:
        self.scenario, self.runs, self.day, self.given = scenario, runs, day, dict(given or {})
        self.ticks = min((len(path) for run in runs for path in run.values()), default=0)

    def knowing(self, **given: float) -> "Facts":
        """The same with further numbers."""
        return Facts(self.scenario, self.runs, self.day, {**self.given, **given})

    def days(self) -> list[float]:
        """Days that the ticks end on."""
        return [(tick + 1) * self.day for tick in range(self.ticks)]

    def name(self, name: str) -> Any:
        """A number that was given, a path, or a parameter.

        Raises:
            ScenarioError: there is no such name
        """
        if name in self.given:
            return self.given[name]
        if name == "day":
            return np.asarray(self.days(), float)
        if any(name in run for run in self.runs):
            paths = np.array([run[name][: self.ticks] for run in self.runs], float)
            return np.array([float(np.mean(c[np.isfinite(c)])) if np.isfinite(c).any() else math.nan for c in paths.T])
        return parameter(self.scenario, name)

    def figure(self, metric: str, rule: str, days: tuple[float, ...]) -> float:
        """A metric's path as one number; the mean over runs.

        Raises:
            ScenarioError: there is no such metric or rule, or the days are odd
        """
        if not self.runs:
            raise ScenarioError(f"{metric}:{rule}: is known only after the run")
        if metric not in self.runs[0]:
            raise ScenarioError(f"{metric}: not recorded by {self.scenario.name}{nearest(metric, self.runs[0])}")
        found = [self._one(np.asarray(run[metric][: self.ticks], float), metric, rule, days) for run in self.runs]
        known = [value for value in found if math.isfinite(value)]
        return math.fsum(known) / len(known) if known else math.nan

    def _one(self, path: Path, metric: str, rule: str, days: tuple[float, ...]) -> float:
        check_rule(metric, rule, len(days))
        ends = [0 if math.isnan(day) else round(day / self.day) - 1 for day in days]
        if any(not 0 <= end < path.size for end in ends):
            shown = ", ".join(f"{day:g}" for day in days)
            raise ScenarioError(f"{metric}:{rule}({shown}): days go from {self.day:g} to {path.size * self.day:g}")
        if rule == AT:
            return float(path[ends[0]])
        part = path[ends[0] : ends[1] + 1] if days else path
        start = ends[0] if days else 0
        return (DAYS[rule](part) + start) * self.day if rule in DAYS else RULES[rule](part)


def check_rule(metric: str, rule: str, days: int | None = None) -> None:
    """Refuse what is no rule.

    Raises:
        ScenarioError: there is no such rule, or it wants another number of days
    """
    if rule not in KNOWN:
        raise ScenarioError(f"{metric}:{rule}: no such rule{nearest(rule, KNOWN)}")
    wanted = (1,) if rule == AT else (0, 2)
    if days is not None and days not in wanted:
        how = "one day, as in at(30)" if rule == AT else "no days or two, as in mean(1, 30)"
        raise ScenarioError(f"{metric}:{rule}: takes {how}")


def parameter(scenario: Scenario, name: str) -> float:
    """A number of the scenario by its dotted path, defaults included.

    Raises:
        ScenarioError: there is none of that name

    >>> parameter(Scenario.load("smoke"), "amm.fee_bps")
    100.0
    """
    key, _, rest = name.partition(".")
    found: Any = None
    if key == "clock":
        found = getattr(scenario.clock, rest, None)
    elif key == "agents":
        kind, _, column = rest.partition(".")
        table = scenario.agents.get(kind)
        found = table.count if table is not None and column == "count" else None
        if found is None:
            found = scenario.tables.get("agents", {}).get(kind, {}).get(column)
    elif key in scenario.mechanisms:
        found = getattr(scenario.mechanisms[key], rest, None)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ScenarioError(
            f"{name}: no metric that {scenario.name} records, and no parameter of it that is a number"
            + (nearest(rest, type(scenario.mechanisms[key]).model_fields) if key in scenario.mechanisms else "")
        )
    return float(found)
