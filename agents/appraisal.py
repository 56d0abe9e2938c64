"""What an NFT without rigs is worth to those who look at it, and for how much its maker offers fractions.

Art and collectibles: what comparable sales say. Land: rent capitalised. Game items: usage times decay. Mining rights
and infrastructure: rent over what is left of the term. Incomes are those that all can see, smoothed.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.mechanisms.nfts.formulas import fading_value, land_value, term_value
from model.nft_kind import NftKind
from model.units import TOKEN

LEAST_RATIO, MOST_RATIO = 0.1, 10.0  # comparable sales further from appraisals are passed over as no market
UNKNOWN = math.nan
LAND, GAME_ITEM = int(NftKind.METAVERSE_LAND), int(NftKind.GAME_ITEM)
FOR_A_TERM = (int(NftKind.MINING_RIGHT), int(NftKind.INFRASTRUCTURE))


def nft_value(kind: int, nft: int, nfts: Any) -> float:
    """Value of a whole NFT [USD].

    Args:
        kind: `NftKind`
        nft: its number
        nfts: the view of the mechanism `nfts`
    """
    income = max(0.0, float(nfts.income[nft]))
    if kind == LAND:
        return float(land_value(income, nfts.land_yield))
    if kind == GAME_ITEM:
        return float(fading_value(income, nfts.game_decay, nfts.discount))
    if kind in FOR_A_TERM:
        return float(term_value(income, float(nfts.days_left[nft]), nfts.discount))
    return float(nfts.appraisal[nft])


@kernel
def _fractions(
    nft: Any, supply: Any, kind: Any, income: Any, appraisal: Any, days_left: Any, land_yield: float, game_decay: float,
    discount: float, out: Any,
) -> None:  # fmt: skip
    """`nft_value` over supply, by vault."""
    for v in range(nft.size):
        n = nft[v]
        out[v] = UNKNOWN
        if n < 0 or supply[v] <= 0:
            continue
        earns, value = max(0.0, income[n]), appraisal[n]
        if kind[n] == LAND:
            value = land_value(earns, land_yield)
        elif kind[n] == GAME_ITEM:
            value = fading_value(earns, game_decay, discount)
        elif kind[n] in FOR_A_TERM:
            value = term_value(earns, days_left[n], discount)
        out[v] = value / (supply[v] / TOKEN)


def fraction_values(nft: NDArray[np.int64], supply: NDArray[np.int64], nfts: Any) -> NDArray[np.float64]:
    """Value of a whole fraction by vault [USD]; NaN for vaults that hold no NFT.

    Args:
        nft: number of the NFT that each vault holds, -1 for none
        supply: fractions outstanding [base units]
        nfts: the view of the mechanism `nfts`
    """
    values = np.empty(nft.size)
    _fractions(
        nft, supply, nfts.kind, nfts.income, nfts.appraisal, nfts.days_left, float(nfts.land_yield),
        float(nfts.game_decay), float(nfts.discount), values,
    )  # fmt: skip
    return values


def comparable_ratio(price: NDArray[np.float64], value: NDArray[np.float64], like: NDArray[np.bool_]) -> float:
    """What fractions of like vaults fetch over their value: lower median, 1 where nothing alike trades.

    Args:
        price: USD per whole fraction by vault, 0 where nothing trades
        value: USD per whole fraction by vault
        like: vaults of the same kind

    >>> comparable_ratio(np.array([9.0, 0.0, 24.0]), np.array([10.0, 5.0, 20.0]), np.array([True, True, True]))
    0.9
    """
    ratios = sorted(float(p) / float(w) for p, w in zip(price[like], value[like], strict=True) if p > 0.0 and w > 0.0)
    ratios = [r for r in ratios if LEAST_RATIO <= r <= MOST_RATIO]
    return ratios[(len(ratios) - 1) // 2] if ratios else 1.0


def reserve_price(value: float, ratio: float, trust: float, markup: float, cut: float, failures: float) -> float:
    """Price that a maker asks for the whole NFT [USD]: value ratio^trust markup (1 - cut)^failures.

    Args:
        value: of the NFT [USD]
        ratio: price over value of comparable sales
        trust: weight of those sales, in [0, 1]
        markup: over that
        cut: by which the price is lowered after each failed offering
        failures: offerings of this NFT that failed so far

    >>> round(reserve_price(1_000.0, 0.81, 0.5, 1.1, 0.2, 1.0), 6)
    792.0
    """
    return value * math.exp(trust * math.log(ratio)) * markup * math.exp(failures * math.log1p(-cut))
