"""Columns of the pools as one tuple, the second argument of both kernels; growth makes new arrays."""

from typing import Any

import numpy as np

from model.mechanisms.payout.formulas import SCHEMES
from model.mechanisms.payout.params import PayoutParams
from model.sheaf import Sheaf

BY_WORK, BY_WINDOW, BY_ROUND, BY_FINDER, KEPT = range(5)
RULES = {"work": BY_WORK, "window": BY_WINDOW, "round": BY_ROUND, "finder": BY_FINDER, "kept": KEPT}
FEE, WINDOW, NETWORK_SHARE, RUIN = range(4)  # columns of `terms`
SUBSIDY, FEES, COST, LOW, NET = range(5)  # columns of `result`
HEAD, FILLED, HITS, BROKE, DEPTH = range(5)  # places of `marks`
MOST_HITS = 4096
LEAST_DEPTH = 2
LARGEST_PAST = 40_000_000  # cells of memory; a window that would need more is cut at its old end


class Table(Sheaf):
    """State of the pools; satoshi, GH/s and shares of difficulty 1. [pool] unless said."""

    operator: Any  # account, int64
    rules: Any  # how subsidy and fees are passed on, int64[pool, 2]
    terms: Any  # fee, window X, network share, probability of ruin, float64[pool, 4]
    alive: Any  # bool
    endowed: Any  # bool
    members: Any  # GH/s of members, of those alone, of the direct ones, float64[pool + 2]
    hashrate: Any  # GH/s of the whole pool
    since: Any  # shares since its last block
    result: Any  # received subsidy and fees, owed for work, lowest reserve, change of it, float64[pool, 5]
    rate: Any  # satoshi per GH/s of subsidy (or all) and of fees, float64[pool + 2, 2]
    budget: Any  # satoshi that work, and windows, may still take, int64[pool, 2]
    before: Any  # operator's coins before the tick's payments, int64
    received: Any  # int64
    paid: Any  # int64[pool + 2]
    retained: Any  # int64
    hits: (
        Any  # blocks of those alone and of solo pools: where in members' hash rate, subsidy, fees, pool, float64[n, 4]
    )
    window_of: Any  # place in `past`, -1 for none, int64
    weight: Any  # satoshi per GH/s in this tick and earlier ones, float64[pool, 1 + tick]
    shares: Any  # of the whole pool in earlier ticks, float64[pool, tick]
    strength: Any  # GH/s of the whole pool and members' part of it in earlier ticks, float64[pool, tick, 2]
    past: Any  # GH/s delivered to a pool in earlier ticks, float64[window, tick, account]
    points: Any  # satoshi that a window gives, before the fee, float64[account]
    marks: Any  # place of the last tick, ticks kept, hits, pools that broke, depth wanted, int64[5]
    pool_of: Any  # pool by account; number of pools = alone, one more = direct, int64[account]
    gross: Any  # satoshi paid in this tick, int64[account]


def lay_out(params: PayoutParams, operator: list[int]) -> Table:
    """Columns for the pools of a scenario, without accounts."""
    pools = params.pools
    n, whole = len(pools), np.int64
    rules = np.array([[RULES[part] for part in SCHEMES[p.scheme]] for p in pools], whole)
    lucky = np.isin(rules, (BY_WINDOW, BY_ROUND)).any(axis=1)
    return Table(
        operator=np.array(operator, whole),
        rules=rules,
        terms=np.array([[p.fee, p.window, p.network_share, p.ruin] for p in pools]),
        alive=np.ones(n, np.bool_),
        endowed=rules[:, 0] != BY_WORK,
        members=np.zeros(n + 2),
        hashrate=np.zeros(n),
        since=np.zeros(n),
        result=np.zeros((n, 5)),
        rate=np.zeros((n + 2, 2)),
        budget=np.zeros((n, 2), whole),
        before=np.zeros(n, whole),
        received=np.zeros(n, whole),
        paid=np.zeros(n + 2, whole),
        retained=np.zeros(n, whole),
        hits=np.zeros((MOST_HITS, 4)),
        window_of=np.where(lucky, np.cumsum(lucky) - 1, -1).astype(whole),
        weight=np.zeros((n, 1 + LEAST_DEPTH)),
        shares=np.zeros((n, LEAST_DEPTH)),
        strength=np.zeros((n, LEAST_DEPTH, 2)),
        past=np.zeros((int(lucky.sum()), LEAST_DEPTH, 0)),
        points=np.zeros(0),
        marks=np.array([0, 0, 0, 0, LEAST_DEPTH], whole),
        pool_of=np.zeros(0, whole),
        gross=np.zeros(0, whole),
    )


def grown(t: Table, accounts: int) -> Table:
    """The table with room for more accounts, and for as many earlier ticks as it wants and memory allows."""
    windows, depth, width = t.past.shape
    most = max(LEAST_DEPTH, LARGEST_PAST // max(1, accounts * windows))
    wanted = int(t.marks[DEPTH])
    deeper = depth if wanted <= depth else max(depth, min(most, 2 * wanted))
    more = accounts - t.pool_of.size
    if deeper == depth and more <= 0:
        return t
    n = t.operator.size
    head, filled = int(t.marks[HEAD]), int(t.marks[FILLED])
    old = [(head - a) % depth for a in range(filled)][::-1]
    past, shares, strength = np.zeros((windows, deeper, accounts)), np.zeros((n, deeper)), np.zeros((n, deeper, 2))
    past[:, :filled, :width], shares[:, :filled], strength[:, :filled] = (
        t.past[:, old],
        t.shares[:, old],
        t.strength[:, old],
    )
    t.marks[HEAD] = max(0, filled - 1)
    return t._replace(
        weight=np.zeros((n, 1 + deeper)),
        shares=shares,
        strength=strength,
        past=past,
        points=np.zeros(max(accounts, width)),
        pool_of=np.concatenate([t.pool_of, np.full(more, n)]),
        gross=np.concatenate([t.gross, np.zeros(more, np.int64)]),
    )
