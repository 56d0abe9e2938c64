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
from agents.retail.appraisal import rates
from agents.retail.portfolio import holding
from agents.retail.traits import RetailColumns
from agents.sheet import COST, HALVING, INCOME, LIFE, SALVAGE, SUBSIDY_SHARE, WAITS, Seen
from agents.valuation import present_value, weighted_median
from agents.vault_sheet import VaultSheet
from model.jit import kernel
from model.streams import normal, u01
from model.units import DAYS_PER_YEAR
from model.view import Aliases

SAMPLE = 8  # holders of one vault
PROBES = 256  # agents asked at most for one vault


@kernel
def _sample(key: Any, n: int, account: Any, balances: Any, seen: Seen, sample: Any) -> None:
    """Slots of some holders of each vault, the rest -1: everybody if few, else by keyed draws."""
    fraction, stake, pledge = seen.fraction, seen.stake, seen.pledge
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
    seen: Seen,
    own: RetailColumns,
    opinion_key: Any,
    held: Any,
    noise: Any,
    values: Any,
    weights: Any,
    out: Any,
) -> None:
    """Median by vault; `noise` keeps the factors of the opinions `held` of the sample, both float64[vault, holder]."""
    fraction, stake, pledge, facts, scalars = seen.fraction, seen.stake, seen.pledge, seen.facts, seen.scalars
    for v in range(fraction.size):
        n = 0
        if fraction[v] >= 0:
            for j in range(sample.shape[1]):
                slot = sample[v, j]
                if slot < 0 or holding(balances, fraction[v], stake[v], pledge[v], account[slot]) <= 0:
                    continue
                decay, rate = rates(own, slot)
                value = present_value(
                    facts[INCOME, v],
                    facts[COST, v],
                    facts[LIFE, v],
                    facts[SALVAGE, v],
                    own.wear[slot] / DAYS_PER_YEAR,
                    scalars[WAITS] > 0.0,
                    decay,
                    rate,
                    scalars[HALVING],
                    scalars[SUBSIDY_SHARE],
                )
                if held[v, j] != own.opinion[slot]:
                    held[v, j] = own.opinion[slot]
                    noise[v, j] = math.exp(own.opinion[slot] * normal(opinion_key, slot, 2 * v + 1))
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
        self.tick, self.value = tick, np.full(sheet.facts.shape[1], math.nan)
        if len(population) == 0:
            return self.value
        (balances,), vaults = self.aliases.of(market.ledger.books.balances), sheet.fraction.size
        if self.sample.shape[0] != vaults or market.clock.new_week:
            self.sample = np.full((vaults, SAMPLE), -1, np.int64)
            self.held, self.noise = np.full(self.sample.shape, math.nan), np.zeros(self.sample.shape)
            key = market.streams.key("holders", population.table.kind, tick)
            _sample(key, len(population), population.account, balances, sheet.seen, self.sample)
        _reference(
            self.sample,
            population.account,
            balances,
            market.wealth,
            sheet.seen,
            population.columns.of(RetailColumns),
            self.opinions,
            self.held,
            self.noise,
            self.values,
            self.weights,
            self.value,
        )
        return self.value
