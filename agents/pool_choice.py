"""Which mining pool to work for: fee against luck, by mean and variance [CongHeLi2021].

A miner counts in shares of what his work is worth on average until his next look, and reckons as Rosenfeld (2011): luck
that a whole pool shares has the variance of its number of blocks. Larger pools are steadier; paying by work is steady
at once, and dearer.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, Traits, trait
from model.actions import Action
from model.jit import helper, kernel
from model.mechanisms.payout import SCHEMES, JoinPool
from model.sheaf import Sheaf
from model.streams import u01
from model.units import GIGAHASH, HASHES_PER_SHARE, SECONDS_PER_DAY
from model.view import MarketView, frozen

PASSED, PASSED_FEES, LUCKY, LUCKY_FEES, SHARED = range(5)  # rows of what a scheme does with subsidy and fees


class PoolChoiceTraits(Traits):
    """Traits by which a miner compares pools."""

    pool_review: Any = trait(
        0.0, "days", "time between two looks at other pools, over which luck is reckoned; 0 never looks",
        low=0, high=3650,
    )  # fmt: skip
    pool_risk_aversion: Any = trait(
        {"lognormal": {"median": 10.0, "sigma": 1.0}}, "1", "risk aversion relative to the revenue between two looks",
        source="assumption: 3 over a profit of .3 of revenue, for power is paid from the rest",
        low=0, high=1000,
    )  # fmt: skip
    pool_inertia: Any = trait(
        {"lognormal": {"median": 0.005, "sigma": 1.0}}, "1", "gain in shares of income that a move must bring",
        source="assumption; members stay, Cong, He, Li 2021", low=0, high=1,
    )  # fmt: skip
    pool_taste: Any = trait(
        0.005, "1", "scale of lasting tastes for pools (distance, trust, tools), in shares of income",
        source="assumption; discrete choice, McFadden 1974", low=0, high=1,
    )  # fmt: skip


@helper("float64(float64, float64, float64, float64, float64)")
def certainty_equivalent(fee, passed, lucky, blocks, risk_aversion):
    """Worth of a pool: (1 - f) m - A/2 ((1 - f) l)^2 / N, in shares of what the work is worth on average.

    Args:
        fee: f
        passed: m, part of rewards that the pool passes on
        lucky: l, part of rewards that comes only with found blocks
        blocks: N, expected of all who share this luck
        risk_aversion: A, relative to revenue
    """
    kept = 1.0 - fee
    risk = (kept * lucky) ** 2 / blocks if lucky > 0.0 else 0.0
    return kept * passed - 0.5 * risk_aversion * risk


class Taste(Sheaf):
    """Traits by slot."""

    review: Any
    risk_aversion: Any
    inertia: Any
    taste: Any


@kernel
def best_pools(
    slots: Any, account: Any, own: Taste, day: int, pool_of: Any, ghs: Any, taken: Any, fee: Any, hashrate: Any,
    rules: Any, subsidy: float, fees: float, paid_out: Any, blocks: float, key: Any, out: Any,
) -> int:  # fmt: skip
    """Rows (account, pool, status, filled) of those who look today and move; how many.

    Those left alone look every day. Mining alone is the last choice: always open, without a fee.

    Args:
        own: columns by slot
        day: day of the run
        pool_of, ghs: pool and GH/s by account
        taken, fee, hashrate: by pool, whether it takes members, its fee and GH/s
        rules: see `_rules`; subsidy, fees: parts of a block reward
        paid_out: part of it that members get, by pool
        blocks: expected in a day for 1 GH/s
        key: of lasting tastes
    """
    alone, n = fee.size, 0
    for i in range(slots.size):
        slot = slots[i]
        who, every = account[slot], np.int64(own.review[slot])
        here = pool_of[who]
        if every <= 0 or ghs[who] <= 0 or here > alone or (here != alone and (slot + day) % every != 0):
            continue
        best, most, stay = here, -math.inf, -math.inf
        for k in range(alone + 1):
            if k < alone and not taken[k]:
                continue
            sharing, cut = float(ghs[who]), fee[k] if k < alone else 0.0
            if rules[SHARED, k] > 0.0:
                others = float(hashrate[k]) if k < alone else 0.0
                sharing = others if k == here else others + sharing
            found = max(sharing * blocks * every, 1e-300)
            passed = (rules[PASSED, k] * subsidy + rules[PASSED_FEES, k] * fees) * paid_out[k]
            lucky = rules[LUCKY, k] * subsidy + rules[LUCKY_FEES, k] * fees
            worth = certainty_equivalent(cut, passed, lucky, found, own.risk_aversion[slot])
            worth -= own.taste[slot] * math.log(-math.log(max(u01(key, slot, k), 1e-300)))
            if k == here:
                stay = worth
            if worth > most:
                best, most = k, worth
        if best != here and most > stay + own.inertia[slot]:
            out[n, 0], out[n, 1] = who, best
            n += 1
    return n


@lru_cache(maxsize=8)
def _rules(schemes: tuple[str, ...]) -> NDArray[np.float64]:
    """1 where a scheme, or last mining alone, passes subsidy or fees on, leaves them to luck, or shares its luck; else 0."""
    rules = [SCHEMES[name] for name in (*schemes, "solo")]
    kept = [[by != "kept" for by in rule] for rule in rules]
    luck = [[by in ("window", "round", "finder") for by in rule] for rule in rules]
    return np.array(
        [[*k, *by, rule.subsidy != "finder"] for k, by, rule in zip(kept, luck, rules, strict=True)], float
    ).T.copy()


@lru_cache(maxsize=8)
def _in_full(pools: int) -> NDArray[np.float64]:
    """Parts that are paid out where nothing is frozen."""
    return frozen(np.ones(pools + 1))


def choose_pools(cohort: Cohort, market: MarketView) -> Iterator[Action]:
    """Moves of those who look at pools today; none where there is no choice or nobody ever looks."""
    if not market.new_day or len(market.payout.names) < 2:
        return
    population = cohort.population
    if population.columns.most("pool_review", population.size) < 1.0:
        return
    payout, network, rows = market.payout, market.network, np.zeros((len(cohort), 4), np.int64)
    n = best_pools(
        cohort.slots,
        population.account,
        population.columns.of(Taste, "pool_"),
        int(market.day),
        payout.pool_of,
        market.rigs.registered,
        payout.open,
        payout.fee,
        payout.hashrate,
        _rules(tuple(payout.schemes)),
        *map(float, network.split),
        market.freeze.paid_out if market.has("freeze") else _in_full(payout.fee.size),
        GIGAHASH * SECONDS_PER_DAY / HASHES_PER_SHARE / float(network.difficulty),
        population.market.streams.key("taste for pools", population.table.kind),
        rows,
    )
    if n:
        yield JoinPool.of_rows(rows[:n])
