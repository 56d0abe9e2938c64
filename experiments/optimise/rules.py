"""Rules that make one number of a metric's replicates: a mean, a quantile, the mean of a tail."""

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.tails import FEWEST, worst_mean
from model.errors import ScenarioError, nearest

Array = NDArray[np.float64]

PLAIN: dict[str, Callable[[Array], Any]] = {
    "mean": lambda x: np.mean(x, axis=-1),
    "median": lambda x: np.median(x, axis=-1),
    "sd": lambda x: np.std(x, axis=-1, ddof=1),
    "min": lambda x: np.min(x, axis=-1),
    "max": lambda x: np.max(x, axis=-1),
}
LEVELLED = re.compile(r"(es|low_es|var|q)(\d{2}(?:\.\d+)?)")
EXAMPLES = (*PLAIN, "es90", "es95", "es99", "var95", "var99", "low_es90", "q05", "q95")
ROUND = 1e-9


class Rule(NamedTuple):
    """A rule as written.

    Attributes:
        text: es95
        kind: es, low_es, var, q, or a word of PLAIN
        level: 0.95; 0 for plain rules
    """

    text: str
    kind: str
    level: float

    @property
    def tail(self) -> float:
        """Part of all runs that the number rests on; 1 for plain rules."""
        if self.kind == "q":
            return min(self.level, 1.0 - self.level)
        return 1.0 - self.level if self.level else 1.0

    def least(self) -> int:
        """Replicates that leave runs enough in the tail.

        >>> rule("es95").least(), rule("q05").least(), rule("mean").least()
        (200, 200, 1)
        """
        return 1 if self.tail == 1.0 else math.ceil(FEWEST / self.tail - ROUND)

    def of(self, values: Array) -> Array:
        """The number along the last axis.

        es: mean of the worst 1 - level, high is bad, the run at the edge counted in part [AcerbiTasche2002];
        low_es: the same of the lowest; var: smallest x with F(x) >= level; q: quantile, linear between runs.

        >>> rule("es75").of(np.array([1.0, 2.0, 3.0, 4.0]))
        array(4.)
        """
        if self.kind in PLAIN:
            return np.asarray(PLAIN[self.kind](values))
        n = values.shape[-1]
        if self.kind == "q":
            return np.asarray(np.quantile(values, self.level, axis=-1))
        if self.kind == "var":
            place = max(0, math.ceil(self.level * n - ROUND) - 1)
            return np.asarray(np.sort(values, axis=-1)[..., place])
        sign = -1.0 if self.kind == "low_es" else 1.0
        return np.asarray(sign * worst_mean(self.level)(sign * values))


def rule(text: str) -> Rule:
    """Read a rule.

    Raises:
        ScenarioError: there is none of that name, or its level is no share

    >>> rule("es97.5")
    Rule(text='es97.5', kind='es', level=0.975)
    """
    if text in PLAIN:
        return Rule(text, text, 0.0)
    levelled = LEVELLED.fullmatch(text)
    if levelled is None:
        raise ScenarioError(f"rule = {text!r}: no such rule{nearest(text, EXAMPLES)}")
    level = float(levelled[2]) / 100.0
    if not 0.0 < level < 1.0:
        raise ScenarioError(f"rule = {text!r}: a level lies between 0 and 100, such as es95")
    return Rule(text, levelled[1], level)


def too_thin(asked: Rule, replicates: int) -> str:
    """Why a rule cannot be had from so few replicates, and the way out; empty when it can.

    >>> too_thin(rule("es99"), 100)
    'es99 would rest on 1 of 100 runs; give at least 1,000 replicates, or take es90'
    >>> too_thin(rule("es90"), 100)
    ''
    """
    if replicates >= asked.least():
        return ""
    runs = asked.tail * replicates
    instead = "mean"
    level = math.floor((1.0 - FEWEST / replicates) * 100.0 + ROUND) if replicates > FEWEST else 0
    if asked.kind == "q":
        near = min(50, 100 - level)
        level = near if asked.level < 0.5 else 100 - near
        instead = f"q{level:02d}" if 0 < near < 50 else "median"
    elif level >= FEWEST:
        instead = f"{asked.kind}{level:02d}"
    return (
        f"{asked.text} would rest on {runs:.3g} of {replicates} runs; give at least {asked.least():,} replicates, "
        f"or take {instead}"
    )
