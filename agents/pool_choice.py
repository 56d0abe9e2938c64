"""Which mining pool to work for: fee against luck, by mean and variance [CongHeLi2021].

A miner counts in shares of what his work is worth on average until his next look, and reckons as Rosenfeld (2011): luck
that a whole pool shares has the variance of its number of blocks. Larger pools are steadier; paying by work is steady
at once, and dearer.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, Traits, trait
from model.actions import Action
from model.jit import helper, kernel
from model.mechanisms.payout import SCHEMES, JoinPool
from model.streams import u01
from model.units import SECONDS_PER_DAY
from model.view import MarketView

HASHES_PER_SHARE = 2.0**32
GIGAHASH = 1e9


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


class Offer(NamedTuple):
    """Pools and, last, mining alone: what each takes, passes on, and leaves to luck; hash rate that shares its luck."""

    open: Any
    fee: Any
    passed: Any
    lucky: Any
    ghs: Any


class Taste(NamedTuple):
    """Traits by slot."""

    review: Any
    risk_aversion: Any
    inertia: Any
    taste: Any


@kernel
def best_pools(
    slots: Any, account: Any, own: Taste, day: int, pool_of: Any, ghs: Any, offer: Offer, blocks: float, key: Any,
    out: Any,
) -> int:  # fmt: skip
    """Rows (account, pool, status, filled) of those who look today and move; how many.

    Those left alone look every day. Where luck is not shared, as alone, `offer.ghs` is negative.

    Args:
        own: columns by slot
        day: day of the run
        pool_of, ghs: pool and GH/s by account
        blocks: expected in a day for 1 GH/s
        key: of lasting tastes
    """
    alone, n = offer.fee.size - 1, 0
    for i in range(slots.size):
        slot = slots[i]
        who, every = account[slot], np.int64(own.review[slot])
        here = pool_of[who]
        if every <= 0 or ghs[who] <= 0 or here > alone or (here != alone and (slot + day) % every != 0):
            continue
        best, most, stay = here, -math.inf, -math.inf
        for k in range(alone + 1):
            if not offer.open[k]:
                continue
            sharing = float(ghs[who])
            if offer.ghs[k] >= 0.0:
                sharing = offer.ghs[k] if k == here else offer.ghs[k] + sharing
            found = max(sharing * blocks * every, 1e-300)
            worth = certainty_equivalent(offer.fee[k], offer.passed[k], offer.lucky[k], found, own.risk_aversion[slot])
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
def _parts(schemes: tuple[str, ...], subsidy: float, fees: float) -> tuple[NDArray[np.float64], ...]:
    """What each scheme and mining alone pass on of a block reward [1], the part left to luck, and whether luck is shared."""
    split = (subsidy / (subsidy + fees), fees / (subsidy + fees))
    rules = [SCHEMES[name] for name in (*schemes, "solo")]
    parts = [[(by, part) for by, part in zip(rule, split, strict=True)] for rule in rules]
    return (
        np.array([math.fsum(part for by, part in each if by != "kept") for each in parts]),
        np.array([math.fsum(part for by, part in each if by in ("window", "round", "finder")) for each in parts]),
        np.array([rule.subsidy != "finder" for rule in rules], np.float64),
    )


def offers(market: MarketView) -> Offer:
    """What pools and mining alone offer this morning."""
    payout, network = market.payout, market.network
    passed, lucky, shared = _parts(tuple(payout.schemes), network.subsidy, network.fees_per_block)
    paid_out, pools = market.freeze.paid_out if market.has("freeze") else 1.0, payout.fee.size
    taken, fee, ghs = np.ones(pools + 1, np.bool_), np.zeros(pools + 1), np.zeros(pools + 1)  # alone: open, and no fee
    taken[:pools], fee[:pools], ghs[:pools] = payout.open, payout.fee, payout.hashrate
    ghs[shared <= 0.0] = -1.0
    return Offer(taken, fee, passed * paid_out, lucky, ghs)


def choose_pools(cohort: Cohort, market: MarketView) -> Iterator[Action]:
    """Moves of those who look at pools today; none where there is no choice or nobody ever looks."""
    if not market.new_day or len(market.payout.names) < 2:
        return
    population = cohort.population
    drawn = population.table.traits["pool_review"].constant
    if drawn is not None and drawn.value < 1.0:
        return
    rows = np.zeros((len(cohort), 4), np.int64)
    n = best_pools(
        cohort.slots,
        population.account,
        population.columns.of(Taste, "pool_"),
        int(market.day),
        market.payout.pool_of,
        market.rigs.registered,
        market.once(offers),
        GIGAHASH * SECONDS_PER_DAY / HASHES_PER_SHARE / float(market.network.difficulty),
        population.market.streams.key("taste for pools", population.table.kind),
        rows,
    )
    if n:
        yield JoinPool.of_rows(rows[:n])
