"""Which fee of the pools leaves their providers most, at each depth, and what a higher fee costs traders."""

from typing import TYPE_CHECKING

from experiments.answers.effects import between, contrast, levels
from experiments.answers.words import amount, average, is_clear, listed, moved

if TYPE_CHECKING:
    import pandas as pd

FEE, SEED = "param.amm.fee_bps", "param.offerings.seed_bps"
RETURN, VOLUME, GAP = "amm.lp_return", "amm.volume", "fractions.mispricing"
NEEDS = (FEE, SEED, RETURN, VOLUME, GAP)
DAYS = 365.0
BPS = 10_000.0


def answer(table: "pd.DataFrame") -> str:
    """The best fee by depth, whether it is surely better than the next, then volume and mispricing."""
    told = table.assign(**{RETURN: DAYS * table[RETURN]})
    fees, winners = levels(told, FEE), []
    said = []
    for seed in levels(told, SEED):
        rows = told[told[SEED] == seed]
        order = sorted(fees, key=lambda fee: -rows[rows[FEE] == fee][RETURN].mean())
        best, second = (rows[rows[FEE] == fee] for fee in order[:2])
        change = between(second, best, RETURN)
        sure = is_clear(change.interval)
        winners.append(order[0])
        gap = "clearly above" if sure else "not to be told from"
        said.append(
            f"where {amount(seed / BPS, '%')} of proceeds open a pool, a fee of {amount(order[0] / BPS, '%')} leaves most, "
            f"{average(best[RETURN], f'{RETURN} {seed}', '%')} a year, {gap} that of {amount(order[1] / BPS, '%')}"
        )
    same = "The same fee is best at every depth" if len(set(winners)) == 1 else "The best fee depends on depth"
    ends = contrast(told, FEE, RETURN, fees[0], fees[-1])
    depth = contrast(told, SEED, RETURN, *(levels(told, SEED)[k] for k in (0, -1)))
    costs = [
        f"volume {moved(contrast(told, FEE, VOLUME, fees[0], fees[-1]), 'USD/day')}",
        f"the mean distance of prices from net asset value {moved(contrast(told, FEE, GAP, fees[0], fees[-1]), 'log')}",
    ]
    return (
        f"Providers' return, fees and income less loss against holding: {'; '.join(said)}. {same}. "
        f"Over all depths, from a fee of {amount(fees[0] / BPS, '%')} to {amount(fees[-1] / BPS, '%')} their return {moved(ends, '%')}; "
        f"{listed(costs)}. From the thinnest to the deepest pools their return {moved(depth, '%')}."
    )
