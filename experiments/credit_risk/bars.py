"""Is the credit of a scenario real, and is it safe? Bars over many seeds, with an exact bound of the chance of bad debt."""

from collections.abc import Sequence
from typing import NamedTuple

from experiments.credit_risk.runs import Credit
from experiments.replicates import LEVEL
from experiments.sheets import Sheet
from experiments.statistics import estimated

LEAST_SHARE = 0.03  # of the fractions' value that is owed
LEAST_LIQUIDATIONS = 20  # over all seeds
BAD = 0.01  # bad debt over debt that counts as an event
MOST_BAD = 0.05  # highest bound of its probability


def exact_upper(events: int, trials: int, level: float = LEVEL) -> float:
    """Upper bound of a probability, one-sided and exact: the p at which so few events have probability 1 - level.

    sum over k <= events of C(n, k) p^k (1 - p)^(n - k) = 1 - level                       [ClopperPearson1934]

    Args:
        events: how often it happened
        trials: of how many
        level: probability that the bound holds

    >>> round(exact_upper(0, 200), 5), exact_upper(3, 3)
    (0.01487, 1.0)
    """
    from scipy.stats import beta

    if not 0 <= events <= trials or trials == 0:
        raise ValueError(f"{events} events of {trials} trials: give 0 <= events <= trials, and at least one trial")
    return 1.0 if events == trials else float(beta.ppf(level, events + 1, trials - events))


class Bars(NamedTuple):
    """What the seeds say together.

    Attributes:
        seeds: how many
        share: mean over seeds of mean debt over the fractions' value
        liquidations: in all seeds
        runs: seeds with a liquidation
        events: seeds in which bad debt was above `BAD` of debt
        upper: exact bound of its probability
        worst: largest bad debt over debt
        depositors: seeds in which depositors lost anything
    """

    seeds: int
    share: float
    liquidations: int
    runs: int
    events: int
    upper: float
    worst: float
    depositors: int

    @property
    def held(self) -> tuple[bool, bool, bool]:
        """Whether each bar is met: debt, liquidations, bad debt."""
        return self.share >= LEAST_SHARE, self.liquidations >= LEAST_LIQUIDATIONS, self.upper <= MOST_BAD


def judge(found: Sequence[Credit]) -> Bars:
    """The bars of some runs."""
    events = sum(run.bad > BAD for run in found)
    return Bars(
        len(found),
        estimated([run.share for run in found], "share").mean,
        sum(run.liquidations for run in found),
        sum(run.liquidations > 0 for run in found),
        events,
        exact_upper(events, len(found)),
        max(run.bad for run in found),
        sum(run.depositors > 0.0 for run in found),
    )


def sheet(found: Sequence[Credit], title: str = "") -> Sheet:
    """Each bar with what was found."""
    told = judge(found)
    share = estimated([run.share for run in found], "share")
    depth = estimated([run.depth for run in found], "depth")
    marks = ["met" if held else "missed" for held in told.held]
    rows = [
        ("mean debt over the fractions' value", f"{told.share:.2%}", f"≥ {LEAST_SHARE:.0%}", marks[0]),
        ("its 95 % interval", f"{share.low:.2%} to {share.high:.2%}", "", ""),
        ("liquidations in all", f"{told.liquidations:,}", f"≥ {LEAST_LIQUIDATIONS}", marks[1]),
        ("seeds with any", f"{told.runs} of {told.seeds}", "", ""),
        (f"seeds with bad debt above {BAD:.0%} of debt", f"{told.events} of {told.seeds}", "", ""),
        ("its probability, exact one-sided 95 % upper bound", f"{told.upper:.2%}", f"≤ {MOST_BAD:.0%}", marks[2]),
        ("largest bad debt over debt", f"{told.worst:.2%}", "", ""),
        ("seeds in which depositors lost", f"{told.depositors} of {told.seeds}", "", ""),
        ("mean debt over dollars in pools of fractions", f"{depth.mean:.2f}", "", ""),
    ]
    return Sheet(title, ("", "found", "bar", ""), rows)
