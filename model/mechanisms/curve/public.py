"""What others meet of the curves: parameters, actions, and the view."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Trade
from model.params import Params, param

CONTRACT = "NIFTEX v2, contract BondingCurve"


class CurveParams(Params):
    """Reserved table `[curve]`."""

    lp_bps: int = param(
        30,
        "1e-4",
        "providers' fee, of the amount bought or the coins paid out",
        live=True,
        ge=0,
        le=1000,
        source=CONTRACT,
    )
    artist_bps: int = param(
        10, "1e-4", "fee of the vault's creator, in what the pool pays out", live=True, ge=0, le=1000, source=CONTRACT
    )
    platform_bps: int = param(
        0, "1e-4", "the platform's fee, in what the pool pays out", live=True, ge=0, le=1000, source=CONTRACT
    )
    stretch: int = param(
        4,
        "tenths",
        "virtual fractions at the opening, in tenths of the vault's supply; the larger, the flatter",
        ge=1,
        le=100,
        source=CONTRACT,
    )
    capacity: int = param(40, "pools", "pools that may exist in a run; at least vaults.capacity", ge=1, le=10_000)
    return_half_life: float = param(
        14.0, "days", "half-life of the running mean of providers' daily return", gt=0, le=365
    )


class CurveSwap(Trade):
    """Pay dollars (`side` 0, as many of `amount` as the purchase costs) or `amount` fractions (1); filled: bought."""

    venue = "curve"


class AddCurve(Action):
    """Lend `amount` dollars (`side` 0) or fractions (1) to a curve for at least `limit` shares; filled: shares."""

    fields = ("vault", "side", "amount", "limit")
    phase = "liquidity"


class RemoveCurve(Action):
    """Give back `shares` of a `side` for what they own, at least `limit` of it in the side's asset; filled: that."""

    fields = ("vault", "side", "shares", "limit")
    phase = "liquidity"


class CurveView(NamedTuple):
    """What strategies see of the curves; arrays by vault, NaN or 0 where a vault has no pool.

    Attributes:
        price: this morning's price [USD per whole fraction]
        reserve_usd, reserve_fraction: virtual balances k // x and x, of a constant product [base units]
        fee: all fees together [1]
        can_buy, can_sell: most fractions before real balances run dry [base units]
        share: assets of the shares by side and vault, -1 for none
        shares: shares in circulation by side and vault [base units]
        volume: yesterday's trade [USD a day]
        lp_return: running mean of fees and income minus loss against holding, both sides together [1/day]
    """

    price: NDArray[np.float64]
    reserve_usd: NDArray[np.int64]
    reserve_fraction: NDArray[np.int64]
    fee: float
    can_buy: NDArray[np.int64]
    can_sell: NDArray[np.int64]
    share: NDArray[np.int64]
    shares: NDArray[np.int64]
    volume: NDArray[np.float64]
    lp_return: NDArray[np.float64]
