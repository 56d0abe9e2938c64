"""What others meet of the weighted pools: parameters, actions, and the view."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Trade
from model.params import Params, param


class WeightedParams(Params):
    """Reserved table `[weighted]`."""

    weight: float = param(
        0.8,
        "1",
        "weight of fractions in a pool; dollars have the rest",
        ge=0.02,
        le=0.98,
        source="80/20 pools of Balancer",
    )
    fee_bps: int = param(
        30,
        "1e-4",
        "part of a swap's input that the pool keeps for its providers",
        live=True,
        ge=0,
        le=1000,
        source="common fee of Balancer's pools, .3 %",
    )
    most_in: float = param(
        0.3,
        "1",
        "largest input of one swap over the pool's balance of it",
        gt=0,
        le=0.5,
        source="Balancer v2, WeightedMath, _MAX_IN_RATIO",
    )
    capacity: int = param(40, "pools", "pools that may exist in a run; at least vaults.capacity", ge=1, le=10_000)
    return_half_life: float = param(
        14.0, "days", "half-life of the running mean of providers' daily return", gt=0, le=365
    )


class WeightedSwap(Trade):
    """Pay `amount` into a vault's pool, dollars (`side` 0) or fractions (1), for at least `limit`; filled: bought."""

    venue = "weighted"


class AddWeighted(Action):
    """Add up to `usd` and `fractions` at the pool's ratio, or open a pool with them, for `limit` shares or more."""

    fields = ("vault", "usd", "fractions", "limit")
    phase = "liquidity"


class RemoveWeighted(Action):
    """Give back `shares` for their part of both balances, at least `limit` of it dollars; filled: dollars."""

    fields = ("vault", "shares", "limit")
    phase = "liquidity"


class WeightedView(NamedTuple):
    """What strategies see of the weighted pools; arrays by vault, NaN or 0 where a vault has no pool.

    Attributes:
        price: this morning's price [USD per whole fraction]
        reserve_usd, reserve_fraction: balances of the constant product with the same price and depth [base units]
        fee: part of the input kept [1]
        weight: weight of fractions in a pool [1]
        can_buy, can_sell: most fractions in one swap [base units]
        share: asset of the pool's shares, -1 for none
        shares: shares in circulation [base units]
        volume: yesterday's trade [USD a day]
        lp_return: running mean of fees and income minus loss against holding [1/day]
    """

    price: NDArray[np.float64]
    reserve_usd: NDArray[np.int64]
    reserve_fraction: NDArray[np.int64]
    fee: float
    weight: float
    can_buy: NDArray[np.int64]
    can_sell: NDArray[np.int64]
    share: NDArray[np.int64]
    shares: NDArray[np.int64]
    volume: NDArray[np.float64]
    lp_return: NDArray[np.float64]
