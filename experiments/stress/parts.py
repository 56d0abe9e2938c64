"""What a stressed scenario's runs say: who became insolvent and when, what was lost, who lost, which runs were worst."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import (
    LEVEL,
    Difference,
    Interval,
    Tail,
    clopper_pearson,
    defined,
    difference,
    heavy_tail,
    mean_interval,
    quantile,
)
from experiments.statistics.tails import tail
from experiments.stress import LEAST

if TYPE_CHECKING:
    import pandas as pd

LEFT = ("lending.lost_depositors", "nft_loans.lost_by_depositors")  # bad debt that reserve and fund did not cover
COVERED = ("lending.lost_reserve", "lending.lost_fund", "nft_loans.lost_by_reserve")
POOL_DAYS = ("insolvency.lending_day", "insolvency.nft_loans_day")
MINERS, MINERS_DAY = "insolvency.miners", "insolvency.miners_day"
LIQUIDATED = "lending.liquidated_debt"
GAINS = "gains."
ATS = (0.95, 0.99)  # levels of value at risk and expected shortfall
WORST = 10


class Insolvency(NamedTuple):
    """How likely somebody is to become insolvent within the run, and when.

    Attributes:
        who: "protocol" or "miners"
        meaning: what counts as insolvent
        hits: runs in which it happened
        probability: of a run, with its exact interval
        days: day of the run of the first insolvency, run by run where it happened, ascending
        median_day: of those, with an order-statistic interval
        failed: mean number of miners that failed in a run; None for the protocol
    """

    who: str
    meaning: str
    hits: int
    probability: Interval
    days: tuple[float, ...]
    median_day: Interval
    failed: Interval | None = None

    def by_day(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Days, and the share of all runs insolvent by then; a step function from 0."""
        days = np.array(self.days)
        return days, np.arange(1, days.size + 1) / max(1, self.probability.n)


class Loss(NamedTuple):
    """Something lost in a run [USD]: its mean, its tail, and a warning where the tail is heavy."""

    name: str
    unit: str
    mean: Interval
    largest: float
    tails: tuple[Tail, ...]
    warning: str


class Loser(NamedTuple):
    """One kind of agents.

    Attributes:
        kind: of agents
        gain: mean over runs [USD], negative where they lose
        losing: share of runs in which they lose, exact interval
        tail: of their loss at 95 %, refused where thin
        worst: their largest loss in any run [USD]
        by_shock: paired difference to the same runs without the shocks; None where those were not run
    """

    kind: str
    gain: Interval
    losing: Interval
    tail: Tail
    worst: float
    by_shock: Difference | None


class WorstRun(NamedTuple):
    """A bad run, and how to repeat it.

    Attributes:
        run, label, replicate, seed: which
        left, bad_debt: of all pools, what reserve and fund did not cover, and all [USD]; NaN without a pool
        miners: that failed
        gained: by all agents together [USD]; NaN where it is not recorded
        command: repeats it
    """

    run: str
    label: str
    replicate: int
    seed: int
    left: float
    bad_debt: float
    miners: float
    gained: float
    command: str


def total(table: "pd.DataFrame", names: tuple[str, ...]) -> NDArray[np.float64] | None:
    """Sum of the columns that are there, run by run; None where none is."""
    found = [name for name in names if name in table and table[name].notna().any()]
    return table[found].fillna(0.0).sum(axis=1).to_numpy(float) if found else None


def protocol(table: "pd.DataFrame", level: float = LEVEL, least: float = LEAST) -> Insolvency | None:
    """Pools whose depositors bore bad debt of `least` USD or more; None where there is no pool."""
    left = total(table, LEFT)
    if left is None:
        return None
    names = [name for name in POOL_DAYS if name in table]
    days = table.loc[left >= least, names].min(axis=1).to_numpy(float) if names else np.zeros(0)
    meaning = (
        f"{least:,.2f} USD or more of bad debt is left after reserve and insurance fund; the day is that of the first"
    )
    return _insolvency("protocol", meaning, left >= least, days, level)


def miners(table: "pd.DataFrame", level: float = LEVEL) -> Insolvency | None:
    """Miners whose rigs were seized; None where there are no miners."""
    if MINERS not in table or not table[MINERS].notna().any():
        return None
    failed = table[MINERS].to_numpy(float)
    days = table.loc[failed > 0.0, MINERS_DAY].to_numpy(float) if MINERS_DAY in table else np.zeros(0)
    meaning = "any miner's rigs are seized, for unpaid power or for a loan"
    found = _insolvency("miners", meaning, failed > 0.0, days, level)
    return found._replace(failed=mean_interval(failed, "miners that fail", level))


def _insolvency(who: str, meaning: str, hit: NDArray[np.bool_], days: NDArray[np.float64], level: float) -> Insolvency:
    known = np.sort(defined(days))
    hits = int(hit.sum())
    chance = clopper_pearson(hits, hit.size, level)
    return Insolvency(who, meaning, hits, chance, tuple(known.tolist()), quantile(known, 0.5, level))


def losses(table: "pd.DataFrame", level: float = LEVEL) -> tuple[Loss, ...]:
    """Bad debt, what of it was left, and debt liquidated, as far as they are recorded."""
    left, covered = total(table, LEFT), total(table, COVERED)
    found = {
        "bad debt": None if left is None else left + (0.0 if covered is None else covered),
        "bad debt left": left,
        "debt liquidated": total(table, (LIQUIDATED,)),
    }
    return tuple(
        Loss(
            name,
            "USD",
            mean_interval(values, name, level),
            float(values.max()),
            tuple(tail(values, at, name, level) for at in ATS),
            heavy_tail(values),
        )
        for name, values in found.items()
        if values is not None and values.size
    )


def losers(table: "pd.DataFrame", calm: "pd.DataFrame | None", level: float = LEVEL) -> tuple[Loser, ...]:
    """Every kind of agents whose gain is recorded, largest mean loss first.

    Args:
        table: runs under stress
        calm: the same replicates without the shocks, if they were run
    """
    found = []
    for name in (n for n in table.columns if n.startswith(GAINS) and table[n].notna().any()):
        gain = table[name].to_numpy(float)
        by_shock = None
        if calm is not None and name in calm:
            both = (
                table.set_index("replicate")[name].to_frame("with").join(calm.set_index("replicate")[name], how="inner")
            )
            by_shock = difference(both[name].to_numpy(float), both["with"].to_numpy(float), name, 1, level)
        known = defined(gain)
        share = clopper_pearson(int((known < 0.0).sum()), known.size, level)
        at_worst = -float(known.min())
        mean = mean_interval(gain, name, level)
        found.append(Loser(name.removeprefix(GAINS), mean, share, tail(-gain, ATS[0], name, level), at_worst, by_shock))
    return tuple(sorted(found, key=lambda loser: loser.by_shock.interval.value if loser.by_shock else loser.gain.value))


def worst_runs(table: "pd.DataFrame", commands: dict[str, str], n: int = WORST) -> tuple[WorstRun, ...]:
    """Runs with most bad debt left; then most bad debt, most miners that failed, least gained by all agents.

    Args:
        table: runs under stress
        commands: what repeats a run but for its seed, by label of its point
        n: how many
    """
    zeros = np.zeros(len(table))
    left = total(table, LEFT)
    covered = total(table, COVERED)
    mine = zeros if left is None else left
    debt = mine + (zeros if covered is None else covered)
    failed = table[MINERS].fillna(0.0).to_numpy(float) if MINERS in table else zeros
    gains = total(table, tuple(name for name in table.columns if name.startswith(GAINS)))
    gained = zeros if gains is None else gains
    order = np.lexsort((np.arange(len(table)), gained, -failed, -debt, -mine))[:n]
    found = []
    for i in order.tolist():
        row: Any = table.iloc[i]
        command = f"{commands[str(row['label'])]} --seed {int(row['seed'])}"
        lost = (float(mine[i]), float(debt[i])) if left is not None else (math.nan, math.nan)
        run = (str(row["run"]), str(row["label"]), int(row["replicate"]), int(row["seed"]))
        gain = float(gained[i]) if gains is not None else math.nan
        found.append(WorstRun(*run, *lost, float(failed[i]), gain, command))
    return tuple(found)
