"""A tick of all NFTs: what they are appraised at and what they earn."""

import math
from typing import Any, NamedTuple

import numpy as np

from model.books import Books, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.nfts.formulas import (
    fading_value,
    gap_step,
    index_step,
    land_value,
    licence_income,
    right_income,
    term_value,
)
from model.nft_kind import NftKind
from model.sheaf import Sheaf
from model.streams import normal
from model.units import DAYS_PER_YEAR, USD

ART, COLLECTIBLE = int(NftKind.ART), int(NftKind.COLLECTIBLE)
LAND, GAME = int(NftKind.METAVERSE_LAND), int(NftKind.GAME_ITEM)
RENT, POWER = int(Flow.RENT), int(Flow.POWER)
RIGHT, NODE = int(NftKind.MINING_RIGHT), int(NftKind.INFRASTRUCTURE)


class Weather(NamedTuple):
    """What a tick brings to all NFTs alike."""

    price_factor: float  # of a shock on art and collectibles
    usage_factor: float  # of a shock on usage and rents
    break_even: float  # power price at which rigs now shipping earn nothing [USD/kWh]
    network_fees: float  # of a block [USD]; negative where nodes earn by usage


class Climate(Sheaf):
    """What all ticks have alike, until a parameter changes."""

    days: float  # length of the tick
    price_gap_sd: float
    price_half_life: float
    usage_gap_sd: float
    usage_half_life: float
    land_yield: float
    game_decay: float
    discount: float
    contract: float  # power price of mining rights [USD/kWh]
    let_share: float
    take_or_pay: float
    smoothing_days: float


@kernel
def move_indices(key: Any, index: Any, days: float, drift: Any, weekly_sd: Any) -> None:
    """Log levels of comparable sales and of usage, by kind."""
    for kind in range(index.size):
        index[kind] = index_step(index[kind], days, drift[kind], weekly_sd[kind], normal(key, kind, 0))


@kernel
def appraise(
    key: Any, table: Any, n: int, index: Any, climate: Climate, price_factor: float, usage_factor: float,
    break_even: float, network_fees: float,
) -> None:  # fmt: skip
    """Appraisals and incomes of one tick; `table.income` gets USD base units, rounded towards zero.

    The last four are those of `Weather`.
    """
    w = climate
    seen = 1.0 - math.exp(-w.days / w.smoothing_days)
    fading = math.exp(-w.game_decay * w.days / DAYS_PER_YEAR)
    for i in range(n):
        table.income[i] = 0
        if table.owner[i] < 0:
            continue
        kind = table.kind[i]
        by_price = kind in (ART, COLLECTIBLE)
        if by_price:
            gap = gap_step(table.gap[i], w.days, w.price_half_life, w.price_gap_sd, normal(key, i, 0))
        else:
            gap = gap_step(table.gap[i], w.days, w.usage_half_life, w.usage_gap_sd, normal(key, i, 0))
        if kind == GAME:
            table.base[i] *= fading
        common = table.base[i] * math.exp(index[kind] - table.since[i])
        common *= price_factor if by_price else usage_factor
        own = math.exp(gap)
        if by_price:
            earned = licence_income(common * own, table.rate[i])
        elif kind == RIGHT:
            earned = right_income(table.base[i], break_even, w.contract, w.let_share, w.take_or_pay)
        elif kind == NODE and network_fees >= 0.0 and table.rate[i] > 0.0:
            earned = table.base[i] * usage_factor * network_fees / table.rate[i]
        else:
            earned = common * own
        lasts = min(1.0, table.days_left[i] / w.days)
        table.days_left[i] = max(0.0, table.days_left[i] - w.days)
        table.gap[i] = gap
        table.income[i] = np.int64(earned * lasts * w.days * USD)
        table.smoothed[i] += (earned - table.smoothed[i]) * seen
        if by_price:
            table.anchor[i], table.appraisal[i] = common, common * own
        elif kind == LAND:
            table.anchor[i] = land_value(common, w.land_yield)
            table.appraisal[i] = land_value(earned, w.land_yield)
        elif kind == GAME:
            table.anchor[i] = fading_value(common, w.game_decay, w.discount)
            table.appraisal[i] = fading_value(earned, w.game_decay, w.discount)
        else:
            table.appraisal[i] = term_value(table.smoothed[i], table.days_left[i], w.discount)
            table.anchor[i] = table.appraisal[i]


@kernel
def pay_incomes(
    books: Books, n: int, income: Any, owner: Any, kind: Any, world: int, rest: int, utilities: int
) -> Any:  # fmt: skip
    """Pay owners what their NFTs earn, then book standing charges as a payable.

    Args:
        n: NFTs so far; income: USD base units by NFT
        rest: the rest of the network, which pays for mining rights while its cash lasts; -1 for none

    Returns:
        what was earned and charged [USD base units], and an NFT whose income or charge could not be booked, -1 for none
    """
    rent = charges = 0
    cash = books.balances[USD_ASSET, rest] if rest >= 0 else 0
    for k in range(n):
        due = income[k]
        if due <= 0:
            continue
        payer = world
        if rest >= 0 and kind[k] == RIGHT and due <= cash:
            payer, cash = rest, cash - due
        if not pay(books, USD_ASSET, payer, owner[k], due, RENT):
            return rent, charges, k
        rent += due
    for k in range(n):
        if income[k] < 0:
            if not pay(books, PAYABLE_ASSET, utilities, owner[k], -income[k], POWER):
                return rent, charges, k
            charges -= income[k]
    return rent, charges, -1
