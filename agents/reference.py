"""The reference net asset value behind `premium`: what a fraction is worth to those who hold it.

For each vault the wealth-weighted median of holders' own NAV, whether they have their fractions at hand, staked or
pledged. Once a week, on a day of each vault's own, holders are asked, many from anywhere in the population; until the
next time the reference is the NAV of whoever was in the middle, by his expectations and that day's figures.
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
from agents.valuation import MOST, present_value, weighted_median
from agents.vault_sheet import VaultSheet
from model.jit import kernel
from model.streams import normal, u01
from model.units import DAYS_PER_WEEK, DAYS_PER_YEAR
from model.view import Aliases

HOLDERS = 64  # of one vault that are asked
PROBES = 512  # agents looked at for them
UNASKED, NOBODY = -2, -1
NEVER = -1  # no vault's day


@kernel
def _own_value(slot: int, v: int, seen: Seen, own: RetailColumns, opinion_key: Any) -> float:
    """What a fraction is worth to one investor, by his expectations and his lasting opinion [USD]."""
    facts, scalars = seen.facts, seen.scalars
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
    return min(value * math.exp(own.opinion[slot] * normal(opinion_key, slot, 2 * v + 1)), MOST)


@kernel
def _middle(
    v: int, key: Any, n: int, account: Any, balances: Any, wealth: Any, seen: Seen, own: RetailColumns, opinion_key: Any,
    space: Any,
) -> int:  # fmt: skip
    """Slot of the holder whose value is the median by wealth of those asked: everybody if few, else by a keyed draw."""
    slots, worth, values, weights = space
    probes = min(n, PROBES)
    start, stride, found = int(u01(key, v, 0) * n), max(1, n // max(1, probes)), 0
    for j in range(probes):
        slot = (start + j * stride) % n
        who = account[slot]
        if holding(balances, seen.fraction[v], seen.stake[v], seen.pledge[v], who) > 0:
            slots[found] = slot
            worth[found] = values[found] = _own_value(slot, v, seen, own, opinion_key)
            weights[found] = wealth[who] if who < wealth.size else 0.0
            found += 1
            if found == slots.size:
                break
    median = weighted_median(values, weights, found)
    for j in range(found):
        if worth[j] == median:
            return int(slots[j])
    return NOBODY


@kernel
def _reference(
    weekday: int, key: Any, n: int, account: Any, balances: Any, wealth: Any, seen: Seen, own: RetailColumns,
    opinion_key: Any, middle: Any, space: Any, out: Any,
) -> None:  # fmt: skip
    """Reference by vault; `middle` keeps whose value it is, and is asked for anew on the vault's day or when he has sold."""
    for v in range(out.size):
        out[v] = math.nan
        if seen.fraction[v] < 0:
            continue
        slot = middle[v]
        sold = slot >= 0 and holding(balances, seen.fraction[v], seen.stake[v], seen.pledge[v], account[slot]) <= 0
        if sold or slot == UNASKED or v % DAYS_PER_WEEK == weekday:
            slot = middle[v] = _middle(v, key, n, account, balances, wealth, seen, own, opinion_key, space)
        if slot >= 0:
            out[v] = _own_value(slot, v, seen, own, opinion_key)


class ReferenceValue:
    """Callable that gives USD per whole fraction by vault, NaN where nobody who was asked holds any; once a tick.

    Args:
        population: investors with their own expectations
        sheet: figures of all vaults
    """

    def __init__(self, population: Population, sheet: VaultSheet) -> None:
        self.population, self.sheet = population, sheet
        self.opinions = population.market.streams.key("opinion", population.table.kind)
        self.middle = np.full(0, UNASKED)
        self.space = np.zeros(HOLDERS, np.int64), np.zeros(HOLDERS), np.zeros(HOLDERS), np.zeros(HOLDERS)
        self.aliases = Aliases()
        self.tick = -2
        self.value: NDArray[np.float64] = np.zeros(0)

    def __call__(self) -> NDArray[np.float64]:
        """Reference NAV of this tick."""
        population, market = self.population, self.population.market
        clock = market.clock
        if clock.tick == self.tick:
            return self.value
        sheet = self.sheet.look()
        self.tick, self.value = clock.tick, np.full(sheet.facts.shape[1], math.nan)
        if len(population) == 0:
            return self.value
        vaults = sheet.fraction.size
        if self.middle.size != vaults:
            new = np.full(max(0, vaults - self.middle.size), UNASKED)
            self.middle = np.concatenate((self.middle[:vaults], new))
        _reference(
            clock.day % DAYS_PER_WEEK if clock.new_day else NEVER,
            market.streams.key("holders", population.table.kind, clock.tick),
            len(population),
            population.account,
            self.aliases.of(market.ledger.books.balances)[0],
            market.wealth,
            sheet.seen,
            population.columns.of(RetailColumns),
            self.opinions,
            self.middle,
            self.space,
            self.value[:vaults],
        )
        return self.value
