"""Which parameter matters more: places in the order of importance, and what cannot be ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.console import plain
from experiments.sensitivity.uncertainty import Interval


class Rank(NamedTuple):
    """Best and worst place that a parameter may have, given all intervals; equal where its rank is known."""

    best: int
    worst: int

    def words(self) -> str:
        """The rank for a table.

        >>> Rank(2, 2).words(), Rank(1, 3).words()
        ('2', 'cannot rank: 1 to 3')
        """
        return str(self.best) if self.best == self.worst else f"cannot rank: {self.best} to {self.worst}"


@dataclass(frozen=True)
class Sensitivity:
    """What a design says about one metric.

    Attributes:
        metric, unit: the result
        method: morris, sobol or regression
        parameters: dotted paths
        measures: intervals by measure, one for each parameter; the first is the one that ranks
        ranks: by parameter
        pairs: second-order shares by pair of parameters; empty without
        noise: part of the variance that is replicate noise; NaN with one replicate
        places, replicates: size of the design
        notes: what a reader must know
    """

    metric: str
    unit: str
    method: str
    parameters: tuple[str, ...]
    measures: dict[str, tuple[Interval, ...]]
    ranks: tuple[Rank, ...]
    pairs: dict[tuple[str, str], Interval]
    noise: float
    places: int
    replicates: int
    notes: tuple[str, ...]

    @property
    def main(self) -> str:
        """The measure that ranks."""
        return next(iter(self.measures))

    def order(self) -> list[int]:
        """Parameters from the most important down; undefined ones last."""
        size = [abs(i.value) if i.value == i.value else -1.0 for i in self.measures[self.main]]
        return sorted(range(len(size)), key=lambda k: (-size[k], k))

    def record(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "method": self.method,
            "places": self.places,
            "replicates": self.replicates,
            "noise_share": plain(self.noise),
            "parameters": [
                {
                    "parameter": self.parameters[k],
                    "rank": list(self.ranks[k]),
                    "can_rank": self.ranks[k].best == self.ranks[k].worst,
                    **{name: [plain(x) for x in found[k]] for name, found in self.measures.items()},
                }
                for k in self.order()
            ],
            "pairs": [{"pair": list(pair), "share": [plain(x) for x in i]} for pair, i in self.pairs.items()],
            "notes": list(self.notes),
        }


def magnitude(interval: Interval) -> Interval:
    """Interval of a number's size, whatever its sign.

    >>> magnitude(Interval(-2.0, -3.0, -1.0)), magnitude(Interval(1.0, -1.0, 3.0))
    (Interval(value=2.0, low=1.0, high=3.0), Interval(value=1.0, low=0.0, high=3.0))
    """
    value, low, high = interval
    if low >= 0.0:
        return interval
    if high <= 0.0:
        return Interval(-value, -high, -low)
    return Interval(abs(value), 0.0, max(-low, high))


def ranks(found: Sequence[Interval]) -> tuple[Rank, ...]:
    """Places of each number in falling order of size: above those whose intervals lie wholly below its own.

    Intervals that touch are not told apart; an undefined number may have any place.

    >>> ranks([Interval(3.0, 2.5, 3.5), Interval(1.0, 0.5, 1.5), Interval(1.2, 0.8, 1.6)])
    (Rank(best=1, worst=1), Rank(best=2, worst=3), Rank(best=2, worst=3))
    """
    sizes = [magnitude(i) for i in found]
    n = len(sizes)
    return tuple(
        Rank(1 + sum(other.low > own.high for other in sizes), n - sum(other.high < own.low for other in sizes))
        for own in sizes
    )
