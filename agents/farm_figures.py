"""What anybody can work out of each farm in the morning: what it takes is worth, what it pays, and what entering costs."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.jit import helper, kernel
from model.mechanisms.farms import STAKABLE, Stakes
from model.units import DAYS_PER_YEAR, INDEX, TOKEN, USD
from model.view import MarketView, frozen

TOKENS, POINTS, DOLLARS = range(3)  # what a farm pays
REWARD, PEG = 0, 1  # tokens
FRACTION, AMM, DEPOSIT, TOKEN_ITSELF, TOKEN_SHARE, PEG_SHARE = (
    STAKABLE.index(name) for name in ("fraction", "amm", "deposit", "token", "token_share", "peg_share")
)
ENTERED = (FRACTION, AMM, DEPOSIT, TOKEN_ITSELF, TOKEN_SHARE, PEG_SHARE)  # kinds of stakes that farmers can buy

# rows of the figures, one column per farm: USD of a base unit staked (0 where it cannot be told), what the farm itself
# pays [USD/year], what the stake earns besides [1/year], dollars of the pool in which it is bought, fee of buying it [1]
UNIT, PAID, MORE, DEPTH, ENTRY = range(5)
FIGURES = 5
# figures of the pool of each token: dollars, tokens and shares [base units], price [USD], drift [log a day]
POOL_USD, POOL_TOKENS, POOL_SHARES, POOL_PRICE, POOL_DRIFT = range(5)
CLICKS = 4.0  # transactions of coming, harvesting and going
CLICKS_IN = 1.0  # of who is in: to stake more, or to sell what he got
LARGEST = float(np.finfo(np.float64).max)
NO_POOLS: tuple[NDArray[Any], ...] = (
    frozen(np.zeros(0, np.int64)),
    frozen(np.zeros(0, np.int64)),
    frozen(np.zeros(0)),
)
_i, _f = types.int64, types.float64


def stakes_of(market: MarketView) -> Stakes:
    """The columns of the morning's view."""
    stakes: Stakes = market.farms.stakes
    return stakes


def pools_of(market: MarketView) -> NDArray[np.float64]:
    """Figures of the pools of the reward token and of the peg, float64[2, 5]."""
    return market.once(_pools)


def _pools(market: MarketView) -> NDArray[np.float64]:
    v = market.farms
    return np.array(
        [
            (v.token_usd, v.token_depth, v.token_shares, v.token_price, v.token_drift),
            (v.peg_usd, v.peg_depth, v.peg_shares, v.peg_price, v.peg_drift),
        ],
        np.float64,
    )


@helper(_f(_f, _f, _i, _i))
def brought(reward, more, amount, staked):
    """What a year brings on a stake [USD]: its part of the reward, shared by what is staked, and what it earns besides.

    365 amount (reward / staked + more)

    Args:
        reward: of the farm [USD/day]; more: of a base unit that only stakes earn [USD/day]
        amount, staked: of the stake and of all, itself among them [base units]

    >>> brought(2.0, 0.5, 1, 4)
    365.0
    """
    return amount * (reward / staked + more) * DAYS_PER_YEAR


@kernel
def _figures(
    farms: Stakes, venue: Any, reserve: Any, shares: Any, lp_return: Any, deposit: float, supply_rate: float,
    pools: Any, fee: float, out: Any,
) -> None:  # fmt: skip
    """Fill `out`, float64[FIGURES, farm].

    Args:
        venue: price, dollars, fractions and fee of each vault's deepest venue
        reserve, shares, lp_return: of the pools of fractions by vault; empty where there are none
        deposit: USD of a base unit of deposit shares; supply_rate: what they earn [1/year]
        pools: of the tokens
        fee: of these pools
    """
    falls = min(0.0, pools[REWARD, POOL_DRIFT]) * DAYS_PER_YEAR
    breaks = min(0.0, pools[PEG, POOL_DRIFT]) * DAYS_PER_YEAR
    for f in range(farms.kind.size):
        kind, v = farms.kind[f], max(farms.vault[f], 0)
        unit = more = 0.0
        depth, entry = pools[PEG, POOL_USD] / USD, 0.5 * fee
        if kind in (FRACTION, AMM) and v >= venue.shape[1]:
            depth = 0.0  # its vault is still to come
        elif kind == FRACTION:
            unit, depth, entry = venue[0, v] / TOKEN, venue[1, v] / USD, venue[3, v]
        elif kind == AMM:
            depth, entry = venue[1, v] / USD, 0.5 * venue[3, v]
            if v < reserve.size:
                unit = 2.0 * reserve[v] / USD / max(shares[v], 1)
                more = lp_return[v]
                more = 0.0 if more != more else min(max(more, -LARGEST), LARGEST)
                more *= DAYS_PER_YEAR
        elif kind == DEPOSIT:
            unit, more, depth, entry = deposit, supply_rate, np.inf, 0.0
        elif kind == TOKEN_ITSELF:
            unit, more, depth, entry = pools[REWARD, POOL_PRICE] / TOKEN, falls, pools[REWARD, POOL_USD] / USD, fee
        elif kind == TOKEN_SHARE:
            unit = 2.0 * pools[REWARD, POOL_USD] / USD / max(pools[REWARD, POOL_SHARES], 1.0)
            more, depth = 0.5 * falls, pools[REWARD, POOL_USD] / USD
        elif kind == PEG_SHARE:
            unit = 2.0 * pools[PEG, POOL_USD] / USD / max(pools[PEG, POOL_SHARES], 1.0)
            more = 0.5 * breaks
        pays = farms.open[f] > 0 and farms.pays[f] != POINTS
        out[UNIT, f] = unit if farms.asset[f] >= 0 else 0.0
        out[PAID, f] = farms.reward_usd[f] * DAYS_PER_YEAR if pays else 0.0
        out[MORE, f], out[DEPTH, f], out[ENTRY, f] = more, depth, entry


def figures_of(market: MarketView, venue: NDArray[np.float64]) -> NDArray[np.float64]:
    """Figures of all farms by the morning's prices, float64[FIGURES, farm], rows named above.

    Args:
        market: what farmers see, with farms
        venue: price, dollars, fractions and fee of each vault's deepest venue
    """
    known = market.once(_known)
    if not known:
        known.append(_measured(market, venue))
    return known[0]


def _known(_: MarketView) -> list[NDArray[np.float64]]:
    """Figures of the morning, once somebody has asked for them."""
    return []


def _measured(market: MarketView, venue: NDArray[np.float64]) -> NDArray[np.float64]:
    farms, out, pools, deposit, rate = market.farms, np.empty((FIGURES, market.farms.n)), NO_POOLS, 0.0, 0.0
    if market.has("amm"):
        pools = market.amm.reserve_usd, market.amm.shares, market.amm.lp_return
    if market.has("lending"):
        deposit, rate = market.lending.index_deposit / INDEX / USD, float(market.lending.supply_rate)
    _figures(stakes_of(market), venue, *pools, deposit, rate, pools_of(market), float(farms.fee), out)
    return out
