"""What the runs of a scenario gave, and the words for it: means, chances and paired differences with their intervals."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.answers.words import amount, chance, is_clear, moved, within
from experiments.presets.spec import PLAIN, Numbers
from experiments.statistics import Difference, Interval, clopper_pearson, difference, mean_interval


class Found(NamedTuple):
    """Numbers of all runs.

    Attributes:
        scenario: name
        runs: numbers of each run, by variant, in the order of seeds
        units: of the numbers, by name
    """

    scenario: str
    runs: Mapping[str, Sequence[Numbers]]
    units: Mapping[str, str]

    def values(self, name: str, variant: str = PLAIN) -> NDArray[np.float64]:
        """One number of all runs."""
        return np.array([float(run[name]) for run in self.runs[variant]])

    def hits(self, name: str, variant: str = PLAIN) -> tuple[int, int]:
        """How often something happened, and in how many runs."""
        seen = self.runs[variant]
        return sum(bool(run[name]) for run in seen), len(seen)

    def interval(self, name: str, variant: str = PLAIN) -> Interval:
        """Mean of a number, or probability of what happened or not, with its interval."""
        if self.counted(name):
            return clopper_pearson(*self.hits(name, variant))
        return mean_interval(self.values(name, variant), f"{self.scenario} {variant} {name}")

    def counted(self, name: str) -> bool:
        """Whether a number says that something happened."""
        return isinstance(self.runs[PLAIN][0][name], bool)

    def gap(self, name: str, variant: str) -> Difference:
        """The scenario less a variant, seed by seed."""
        return difference(self.values(name, variant), self.values(name), f"{self.scenario} {variant} {name}")

    # -- words

    def mean(self, name: str, variant: str = PLAIN) -> str:
        """A mean with its interval."""
        return within(self.interval(name, variant), self.units[name])

    def plain(self, name: str, variant: str = PLAIN) -> str:
        """A mean alone."""
        return amount(self.interval(name, variant).value, self.units[name])

    def chance(self, name: str, variant: str = PLAIN) -> str:
        """How often something happened."""
        return chance(*self.hits(name, variant))

    def moved(self, name: str, variant: str) -> str:
        """What becomes of a number from a variant to the scenario: up, down, or no clear effect."""
        return moved(self.gap(name, variant), self.units[name])

    def clear(self, name: str, variant: str) -> int:
        """1 or -1 where a number is clearly higher or lower than under a variant, 0 otherwise."""
        gap = self.gap(name, variant).interval
        if math.isnan(gap.low) or not is_clear(gap):
            return 0
        return 1 if gap.value > 0.0 else -1

    def side(self, name: str, level: float, variant: str = PLAIN) -> int:
        """1 or -1 where the interval lies above or below a level, 0 where it holds it."""
        i = self.interval(name, variant)
        return 1 if i.low > level else -1 if i.high < level else 0

    def record(self) -> dict[str, Any]:
        """All numbers with their intervals, by variant, for JSON."""
        return {variant: {name: self._cell(name, variant) for name in self.units} for variant in self.runs}

    def _cell(self, name: str, variant: str) -> dict[str, Any]:
        i = self.interval(name, variant)
        numbers = {"value": i.value, "low": i.low, "high": i.high}
        kept = {key: float(f"{value:.6g}") if math.isfinite(value) else None for key, value in numbers.items()}
        return {"unit": self.units[name], "n": i.n, **kept, "method": i.method}
