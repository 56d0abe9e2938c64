"""What others meet of the pools: parameters, actions, and the view."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Trade
from model.params import Params, param


class AmmParams(Params):
    """Reserved table `[amm]`."""

    fee_bps: int = param(
        100,
        "1e-4",
        "part of a swap's input that the pool keeps for its providers",
        live=True,
        ge=0,
        le=1000,
        source="fractional NFT pools on Uniswap v3 chose the 1 % tier; Uniswap v2 itself charges 30",
    )
    protocol_fee: bool = param(
        False,
        "",
        "whether the platform gets one sixth of the growth of sqrt(x y), as pool shares",
        live=True,
        source="Uniswap v2 white paper, section 2.4",
    )
    capacity: int = param(40, "pools", "pools that may exist in a run; at least vaults.capacity", ge=1, le=10_000)
    twap_hours: float = param(
        72.0, "hours", "window of the time-weighted mean price, rounded up to ticks", gt=0, le=8760, source="3 days"
    )
    return_half_life: float = param(
        14.0, "days", "half-life of the running mean of providers' daily return", gt=0, le=365
    )


class Swap(Trade):
    """Pay `amount` into a vault's pool, dollars (`side` 0) or fractions (1), for at least `limit`; filled: bought."""

    venue = "amm"


class AddLiquidity(Action):
    """Add up to `usd` and `fractions` at the pool's ratio, or open a pool with them, for `limit` shares or more."""

    fields = ("vault", "usd", "fractions", "limit")
    phase = "liquidity"


class RemoveLiquidity(Action):
    """Give back `shares` for their part of both balances, at least `limit` of it dollars; filled: dollars."""

    fields = ("vault", "shares", "limit")
    phase = "liquidity"


class AmmView(NamedTuple):
    """What strategies see of the pools; arrays by vault, NaN or 0 where a vault has no pool.

    Attributes:
        price, twap: this morning's price and its time-weighted mean [USD per whole fraction]
        reserve_usd, reserve_fraction: balances [base units]
        fee_bps, fee: part of the input kept [1e-4], and as a share
        share: asset of the pool's shares, -1 for none
        shares: shares in circulation [base units]
        volume: yesterday's trade [USD a day]
        lp_return: running mean of fees and income minus loss against holding [1/day]
    """

    price: NDArray[np.float64]
    twap: NDArray[np.float64]
    reserve_usd: NDArray[np.int64]
    reserve_fraction: NDArray[np.int64]
    fee_bps: int
    fee: float
    share: NDArray[np.int64]
    shares: NDArray[np.int64]
    volume: NDArray[np.float64]
    lp_return: NDArray[np.float64]
