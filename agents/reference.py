"""The reference net asset value behind `premium`: what a fraction is worth to those who hold it.

For each vault the wealth-weighted median of holders' own NAV over a small keyed sample of holders, whether they have
their fractions at hand, staked or pledged. Each week the sample is drawn anew from the population, since fractions
change hands.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Population
from agents.retail.portfolio import holding
from agents.sheet import COST, HALVING, INCOME, LIFE, SALVAGE, SUBSIDY_SHARE, WAITS, VaultSheet
from agents.valuation import present_value, weighted_median
from model.jit import kernel
from model.streams import normal, u01
from model.units import DAYS_PER_YEAR
from model.view import Aliases

SAMPLE = 8  # holders of one vault
PROBES = 256  # agents asked at most for one vault


@kernel
def _sample(key: Any, n: int, account: Any, balances: Any, fraction: Any, stake: Any, pledge: Any, sample: Any) -> None:
    """Slots of some holders of each vault, the rest -1: everybody if few, else by keyed draws."""
    for v in range(fraction.size):
        found = 0
        sample[v, :] = -1
        if fraction[v] < 0:
            continue
        start = int(u01(key, v, 0) * n)
        probes = min(n, PROBES)
        stride = max(1, n // probes)
        for j in range(probes):
            slot = (start + j * stride) % n
            if holding(balances, fraction[v], stake[v], pledge[v], account[slot]) > 0:
                sample[v, found] = slot
                found += 1
                if found == sample.shape[1]:
                    break


@kernel
def _reference(
    sample: Any,
    account: Any,
    balances: Any,
    wealth: Any,
    fraction: Any,
    stake: Any,
    pledge: Any,
    facts: Any,
    scalars: Any,
    prior: Any,
    weight: Any,
    seen: Any,
    growth: Any,
    discount: Any,
    opinion: Any,
    wear: Any,
    opinion_key: Any,
    held: Any,
    noise: Any,
    values: Any,
    weights: Any,
    out: Any,
) -> None:
    """Median by vault; `noise` keeps the factors of the opinions `held` of the sample, both float64[vault, holder]."""
    out[:] = math.nan
    for v in range(fraction.size):
        n = 0
        if fraction[v] >= 0:
            for j in range(sample.shape[1]):
                slot = sample[v, j]
                if slot < 0 or holding(balances, fraction[v], stake[v], pledge[v], account[slot]) <= 0:
                    continue
                decay = growth[slot] - prior[slot] - weight[slot] * seen[slot]
                value = present_value(
                    facts[INCOME, v],
                    facts[COST, v],
                    facts[LIFE, v],
                    facts[SALVAGE, v],
                    wear[slot] / DAYS_PER_YEAR,
                    scalars[WAITS] > 0.0,
                    decay / DAYS_PER_YEAR,
                    discount[slot] / DAYS_PER_YEAR,
                    scalars[HALVING],
                    scalars[SUBSIDY_SHARE],
                )
                if held[v, j] != opinion[slot]:
                    held[v, j] = opinion[slot]
                    noise[v, j] = math.exp(opinion[slot] * normal(opinion_key, slot, 2 * v + 1))
                values[n] = value * noise[v, j]
                weights[n] = wealth[account[slot]] if account[slot] < wealth.size else 0.0
                n += 1
        out[v] = weighted_median(values, weights, n)


class ReferenceValue:
    """Callable that gives USD per whole fraction by vault, NaN where nobody in the sample holds any; once a tick.

    Args:
        population: investors with their own expectations
        sheet: figures of all vaults
    """

    def __init__(self, population: Population, sheet: VaultSheet) -> None:
        self.population, self.sheet = population, sheet
        self.opinions = population.market.streams.key("opinion", population.table.kind)
        self.sample = np.full((0, SAMPLE), -1, np.int64)
        self.held = self.noise = np.zeros((0, SAMPLE))
        self.values, self.weights, self.aliases = np.zeros(SAMPLE), np.zeros(SAMPLE), Aliases()
        self.tick = -2
        self.value: NDArray[np.float64] = np.zeros(0)

    def __call__(self) -> NDArray[np.float64]:
        """Reference NAV of this tick."""
        population, market = self.population, self.population.market
        tick = market.clock.tick
        if tick == self.tick:
            return self.value
        sheet = self.sheet.look()
        (balances,), assets = self.aliases.of(market.ledger.books.balances), (sheet.fraction, sheet.stake, sheet.pledge)
        fraction = sheet.fraction
        if self.sample.shape[0] != fraction.size or market.clock.new_week:
            self.sample = np.full((fraction.size, SAMPLE), -1, np.int64)
            self.held, self.noise = np.full(self.sample.shape, math.nan), np.zeros(self.sample.shape)
            key = market.streams.key("holders", population.table.kind, tick)
            if len(population):
                _sample(key, len(population), population.account, balances, *assets, self.sample)
        self.tick, self.value = tick, np.empty(sheet.facts.shape[1])
        column = population.columns
        _reference(
            self.sample,
            population.account,
            balances,
            market.wealth,
            *assets,
            sheet.facts,
            sheet.scalars,
            column["drift_prior"],
            column["drift_weight"],
            column["drift_seen"],
            column["growth"],
            column["discount"],
            column["opinion"],
            column["wear"],
            self.opinions,
            self.held,
            self.noise,
            self.values,
            self.weights,
            self.value,
        )
        return self.value
